"""Layers and image archives put together in memory, in both shapes that engines write."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

CHARACTER_DEVICE, FIFO = tarfile.CHRTYPE, tarfile.FIFOTYPE


class Member(NamedTuple):
    """One entry of a layer: a file by its content, anything else by its type."""

    name: str
    content: bytes = b""
    type: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644
    owner: int = 0
    group: int = 0
    numbers: tuple[int, int] = (0, 0)
    attributes: Mapping[str, str] | None = None


class Made(NamedTuple):
    """One image to pack."""

    tags: Sequence[str]
    layers: Mapping[str, bytes]
    history: Sequence[Mapping[str, Any]] = ()
    config: Mapping[str, Any] | None = None


def folder(name: str, mode: int = 0o755) -> Member:
    return Member(name, type=tarfile.DIRTYPE, mode=mode)


def link(name: str, target: str) -> Member:
    return Member(name, type=tarfile.SYMTYPE, target=target, mode=0o777)


def same(name: str, target: str) -> Member:
    return Member(name, type=tarfile.LNKTYPE, target=target)


def tar(*members: Member) -> bytes:
    taken = io.BytesIO()
    with tarfile.open(fileobj=taken, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for member in members:
            entry = tarfile.TarInfo(member.name)
            entry.type, entry.linkname, entry.size = member.type, member.target, len(member.content)
            entry.mode, entry.uid, entry.gid = member.mode, member.owner, member.group
            entry.devmajor, entry.devminor = member.numbers
            entry.pax_headers = {f"SCHILY.xattr.{key}": value for key, value in (member.attributes or {}).items()}
            archive.addfile(entry, io.BytesIO(member.content))
    return taken.getvalue()


def squeezed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def blobs(*images: Made) -> bytes:
    """An archive as docker 25 and newer write it."""
    members = [Member("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), folder("blobs"), folder("blobs/sha256")]
    manifests = []
    for number, image in enumerate(images):
        config = f"blobs/sha256/config{number}"
        layers = [f"blobs/sha256/{name}" for name in image.layers]
        members += [Member(name, data) for name, data in zip(layers, image.layers.values(), strict=True)]
        members += [Member(config, document(image))]
        manifests.append({"Config": config, "RepoTags": list(image.tags) or None, "Layers": layers})
    return tar(*members, Member("manifest.json", json.dumps(manifests).encode()))


def folders(*images: Made) -> bytes:
    """An archive as older engines write it: a folder a layer, and links where images share one."""
    members = []
    manifests = []
    written: dict[str, str] = {}
    for number, image in enumerate(images):
        layers = []
        for name, data in image.layers.items():
            place = f"{number}-{name}"
            layers.append(f"{place}/layer.tar")
            held = link(layers[-1], f"../{written[name]}") if name in written else Member(layers[-1], data)
            written.setdefault(name, layers[-1])
            members += [folder(place), Member(f"{place}/VERSION", b"1.0"), held]
        members.append(Member(f"config{number}.json", document(image)))
        manifests.append({"Config": f"config{number}.json", "RepoTags": list(image.tags), "Layers": layers})
    return tar(*members, Member("manifest.json", json.dumps(manifests).encode()), Member("repositories", b"{}"))


def document(image: Made) -> bytes:
    return json.dumps({"config": image.config, "history": list(image.history)}).encode()
