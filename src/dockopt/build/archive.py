"""Images read from the stream of an image archive (`docker save` and its like), without a file on disk.

Both shapes are read: one folder a layer with `layer.tar`, and `blobs/sha256`. Layers may be compressed with gzip, and
several archives may follow one another.
"""

import gzip
import hashlib
import json
import re
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, cast

from dockopt.build.forward import Forward
from dockopt.build.image import FILE, FOLDER, LINK, OTHER, Entry, Image, Layer, Step
from dockopt.errors import BuildError

JSON_AT_MOST = 4_000_000
BLOCK = 512
TAR, GZIP, ZSTD = b"\0ustar", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
MANIFEST = "manifest.json"
DAMAGE = (tarfile.TarError, EOFError, OSError, zlib.error, LookupError, ValueError, TypeError, AttributeError)
UNSAID = re.compile(r"^(?:localhost|docker\.io(?:/library)?)/")
COMMAND = re.compile(r"(?P<run>RUN )?(?:\|\d+ .*?)?(?P<shell>/\S+(?: \S+)*? -\w*c) (?P<rest>.*)")
GONE, EMPTIED = ".wh.", ".wh..wh..opq"
KEPT_TEXTS = re.compile(
    r"etc/(passwd|group)|var/lib/dpkg/(status|info/[^/]+\.list)|lib/apk/db/installed|var/lib/dpkg/status\.d/[^/]+"
)
ATTRIBUTE = "SCHILY.xattr."
NOT_OURS = ("dev/", "proc/", "sys/")
COMPRESSED_PYTHON = ".pyc"
PYTHON_HEADER = slice(4, 16)
"""Flags, time and size of the source: differ between two builds of one file."""
CHUNK = 1 << 20
BUFFER = 1 << 16
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass
class _Seen:
    layers: dict[str, Layer] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    manifests: list[Mapping[str, Any]] = field(default_factory=list)


def read(stream: IO[bytes], known: Mapping[str, Layer] | None = None) -> Mapping[str, Image]:
    """The images of an archive by their tags, which go without the registry's name where it goes without saying.

    Layers that are `known` by a name with a digest are not read again.

    Raises:
        BuildError: it is no image archive, or one in a form that is not known.
    """
    seen = _Seen({name: layer for name, layer in (known or {}).items() if DIGEST.search(name)})
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=BUFFER, ignore_zeros=True) as archive:
            for member in archive:
                _take(archive, member, seen)
        return _images(seen)
    except DAMAGE as error:
        raise BuildError(f"the image archive cannot be read: {error}") from error


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, seen: _Seen) -> None:
    name = member.name.removeprefix("./")
    if member.issym() or member.islnk():
        seen.links[name] = _target(name, member)
        return
    content = archive.extractfile(member) if member.isreg() and name not in seen.layers else None
    if content is None:
        return
    start = content.read(BLOCK)
    if start[:1] in (b"{", b"[") and TAR not in start and member.size <= JSON_AT_MOST:
        document = json.loads(start + content.read())
        seen.documents[name] = document
        seen.manifests += document if name == MANIFEST else ()
    elif len(start) == BLOCK or start.startswith((GZIP, ZSTD)):
        seen.layers[name] = _layer(name, _Joined(start, content))


def _target(name: str, member: tarfile.TarInfo) -> str:
    """Where a link within the archive leads, as a path of the archive."""
    if member.islnk():
        return member.linkname.removeprefix("./")
    parts = name.split("/")[:-1]
    for part in member.linkname.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


class _Joined:
    """A stream that was looked into, from its beginning."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self.start = start
        self.rest = rest

    def read(self, size: int = -1) -> bytes:
        if not self.start:
            return self.rest.read(size)
        taken = self.start if size < 0 else self.start[:size]
        self.start = self.start[len(taken) :]
        return taken + self.rest.read(size - len(taken) if size >= 0 else -1)


def _layer(name: str, stream: _Joined) -> Layer:
    """A layer from its own archive."""
    start = stream.start
    if start.startswith(ZSTD):
        raise BuildError("the engine keeps layers compressed with zstd, which dockopt does not read")
    source: Any = gzip.GzipFile(fileobj=stream, mode="r") if start.startswith(GZIP) else stream  # type: ignore[call-overload]
    entries: dict[str, Entry] = {}
    removed: set[str] = set()
    emptied: set[str] = set()
    texts: dict[str, str] = {}
    with tarfile.open(fileobj=cast("IO[bytes]", Forward(source.read)), mode="r:") as archive:
        for member in archive:
            path = member.name.removeprefix("./").strip("/")
            folder, _, last = path.rpartition("/")
            if path in ("", ".") or f"{path}/".startswith(NOT_OURS):
                continue
            if last == EMPTIED:
                emptied.add(folder)
            elif last.startswith(GONE):
                removed.add(f"{folder}/{last[len(GONE) :]}".lstrip("/"))
            else:
                entry = _entry(archive, member, path, entries, texts)
                entries[path] = entry._replace(attributes=_attributes(member)) if member.pax_headers else entry
    while source.read(CHUNK):
        pass
    return Layer(name, entries, frozenset(removed), frozenset(emptied), texts)


def _entry(
    archive: tarfile.TarFile, member: tarfile.TarInfo, path: str, known: Mapping[str, Entry], texts: dict[str, str]
) -> Entry:
    mode, owner, group = member.mode & 0o7777, member.uid, member.gid
    if member.isdir():
        return Entry(FOLDER, mode, owner, group, 0, "")
    if member.issym():
        return Entry(LINK, 0o777, owner, group, 0, member.linkname)
    if member.islnk():
        same = known.get(member.linkname.removeprefix("./").strip("/"))
        return Entry(FILE, mode, owner, group, 0, same.content if same else member.linkname)
    if not member.isreg():
        return Entry(OTHER, mode, owner, group, 0, f"{member.devmajor} {member.devminor}")
    content = archive.extractfile(member)
    assert content
    if KEPT_TEXTS.fullmatch(path):
        data = content.read()
        texts[path] = data.decode("utf-8", "replace")
        return Entry(FILE, mode, owner, group, member.size, hashlib.sha256(data).hexdigest())
    return Entry(FILE, mode, owner, group, member.size, _hash(content, path))


def _attributes(member: tarfile.TarInfo) -> str:
    """Extended attributes as text; values may hold any bytes."""
    found = sorted((key, value) for key, value in member.pax_headers.items() if key.startswith(ATTRIBUTE))
    return " ".join(f"{key.removeprefix(ATTRIBUTE)}={value!r}" for key, value in found)


def _hash(content: IO[bytes], path: str) -> str:
    found = hashlib.sha256()
    if path.endswith(COMPRESSED_PYTHON):
        start = content.read(16)
        found.update(start[: PYTHON_HEADER.start])
    while data := content.read(CHUNK):
        found.update(data)
    return found.hexdigest()


def _images(seen: _Seen) -> Mapping[str, Image]:
    if not seen.manifests:
        raise BuildError("the image archive has no manifest")
    return {
        UNSAID.sub("", tag): image
        for manifest in seen.manifests
        for image in (_image(manifest, seen),)
        for tag in manifest["RepoTags"] or ()
    }


def _image(manifest: Mapping[str, Any], seen: _Seen) -> Image:
    document = seen.documents[manifest["Config"]]
    layers = [seen.layers.get(name) or seen.layers[seen.links[name]] for name in manifest["Layers"]]
    return Image(document.get("config") or {}, tuple(_steps(document.get("history") or (), layers)))


def _steps(history: Iterable[Mapping[str, Any]], layers: list[Layer]) -> list[Step]:
    """The history with its layers; layers that no line tells of stand at the end."""
    waiting = list(layers)
    steps = []
    for line in history:
        layer = waiting.pop(0) if not line.get("empty_layer") and waiting else None
        steps.append(Step(_instruction(str(line.get("created_by", ""))), layer))
    return steps + [Step("", layer) for layer in waiting]


def _instruction(text: str) -> str:
    """A line of the history as a Dockerfile would have it."""
    text = re.sub(r"\s+", " ", text).removesuffix(" # buildkit").strip()
    found = COMMAND.fullmatch(text)
    if not found:
        return text
    if found["rest"].startswith("#(nop)"):
        return found["rest"].removeprefix("#(nop)").strip()
    return f"RUN {found['rest']}" if found["shell"] == "/bin/sh -c" else f"RUN {found['shell']} {found['rest']}"
