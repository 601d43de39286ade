"""What an archive in the build context unpacks to, read from its headers. Nothing is written, and limits hold."""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

TAR_AT_MOST = 4_000_000_000
COMPRESSED_AT_MOST = 24_000_000
"""Bytes of a compressed tar that are worth the second that reading its headers may take."""
UNPACKED_AT_MOST = 600_000_000
MEMBERS_AT_MOST = 50_000
MAGIC = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"),
)
TAR_MAGIC_AT = 257


class Archive(NamedTuple):
    """`kind` is "tar", "gz", "bz2", "xz", "zst" or "zip"; `files` are paths and bytes, links and folders left out.

    `complete` is False where the archive is too large, damaged or packed in a way that cannot be read here.
    """

    kind: str
    files: tuple[tuple[str, int], ...] = ()
    complete: bool = True


def read(file: BinaryIO) -> Archive | None:
    """The archive in a seekable file; None where it is none, as with a single compressed file."""
    file.seek(0)
    head = file.read(512)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    kind = next((name for magic, name in MAGIC if head.startswith(magic)), "")
    if kind == "zip":
        return _zip(file)
    if kind == "zst":
        return Archive(kind, complete=False)
    if not kind and head[TAR_MAGIC_AT : TAR_MAGIC_AT + 5] != b"ustar":
        return None
    if size > (COMPRESSED_AT_MOST if kind else TAR_AT_MOST):
        return Archive(kind or "tar", complete=False)
    return _tar(file, kind)


def _tar(file: BinaryIO, kind: str) -> Archive | None:
    import lzma  # noqa: PLC0415 - only where an archive is read
    import tarfile  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    sizes: dict[str, int] = {}
    read_any = False
    try:
        with tarfile.open(fileobj=file, mode="r|*") if kind else tarfile.open(fileobj=file, mode="r:") as archive:
            for member in archive:
                read_any = True
                if archive.offset > UNPACKED_AT_MOST and kind:
                    return Archive(kind, complete=False)
                if member.isfile():
                    sizes[_plain(member.name)] = member.size
                if len(sizes) > MEMBERS_AT_MOST:
                    return Archive(kind or "tar", complete=False)
    except tarfile.ReadError:
        return Archive(kind or "tar", complete=False) if read_any else None
    except (OSError, EOFError, lzma.LZMAError, zlib.error, tarfile.TarError):
        return Archive(kind or "tar", complete=False)
    return Archive(kind or "tar", tuple(sorted(sizes.items())))


def _zip(file: BinaryIO) -> Archive:
    import zipfile  # noqa: PLC0415

    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()[:MEMBERS_AT_MOST]
            files = {_plain(entry.filename): entry.file_size for entry in entries if not entry.is_dir()}
            return Archive("zip", tuple(sorted(files.items())), complete=len(entries) < MEMBERS_AT_MOST)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Archive("zip", complete=False)


def _plain(name: str) -> str:
    return "/".join(part for part in name.split("/") if part not in ("", ".", ".."))


def stripped(files: Iterable[tuple[str, int]], folders: int) -> Iterator[tuple[str, int]]:
    """Files without the first folders of their names; those that have fewer are left out."""
    for name, size in files:
        parts = name.split("/")[folders:]
        if parts:
            yield "/".join(parts), size
