"""Archives in a build context: what they unpack to, and what is no archive or cannot be read."""

import bz2
import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from dockopt.context import archives
from dockopt.context.archives import Archive, read, stripped
from dockopt.context.folder import FolderContext
from dockopt.context.tree import MemoryContext

SIZES = {"a/one.txt": 700, "a/b/two.bin": 30_000, "./three": 5}
FILES = (("a/b/two.bin", 30_000), ("a/one.txt", 700), ("three", 5))


def packed(mode: str) -> bytes:
    taken = io.BytesIO()
    with tarfile.open(fileobj=taken, mode=mode) as archive:  # type: ignore[call-overload]
        for name, size in SIZES.items():
            entry = tarfile.TarInfo(name)
            entry.size = size
            archive.addfile(entry, io.BytesIO(b"x" * size))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "a/one.txt"
        archive.addfile(link)
    return taken.getvalue()


@pytest.mark.parametrize(("mode", "kind"), [("w", "tar"), ("w:gz", "gz"), ("w:bz2", "bz2"), ("w:xz", "xz")])
def test_files_of_a_tar_without_its_links(mode: str, kind: str) -> None:
    assert read(io.BytesIO(packed(mode))) == Archive(kind, FILES)


def test_files_of_a_zip() -> None:
    taken = io.BytesIO()
    with zipfile.ZipFile(taken, "w") as archive:
        archive.writestr("x/y", "12345")
        archive.mkdir("z")
    assert read(taken) == Archive("zip", (("x/y", 5),))


@pytest.mark.parametrize(
    "data", [b"", b"plain text", b"\x7fELF" + b"\0" * 900, gzip.compress(b"x" * 9000, mtime=0), bz2.compress(b"")]
)
def test_what_is_no_archive(data: bytes) -> None:
    assert read(io.BytesIO(data)) is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (gzip.compress(packed("w")[:3000], mtime=0), "gz"),
        (packed("w")[:3000], "tar"),
        (b"PK\x03\x04 and no more", "zip"),
        (b"\x28\xb5\x2f\xfd of zstandard", "zst"),
    ],
)
def test_what_cannot_be_read(data: bytes, kind: str) -> None:
    found = read(io.BytesIO(data))
    assert found is not None
    assert (found.kind, found.complete) == (kind, False)


@pytest.mark.parametrize("limit", ["COMPRESSED_AT_MOST", "UNPACKED_AT_MOST", "MEMBERS_AT_MOST"])
def test_limits(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, limit, 1)
    assert read(io.BytesIO(packed("w:gz"))) == Archive("gz", complete=False)


def test_the_same_file_twice_counts_once() -> None:
    taken = io.BytesIO()
    with tarfile.open(fileobj=taken, mode="w") as archive:
        for size in (900, 20):
            entry = tarfile.TarInfo("same")
            entry.size = size
            archive.addfile(entry, io.BytesIO(b"x" * size))
    assert read(io.BytesIO(taken.getvalue())) == Archive("tar", (("same", 20),))


def test_leading_folders_are_stripped() -> None:
    assert list(stripped(FILES, 1)) == [("b/two.bin", 30_000), ("one.txt", 700)]


def test_archives_of_a_context(tmp_path: Path) -> None:
    (tmp_path / "site.tgz").write_bytes(packed("w:gz"))
    (tmp_path / "hidden.tgz").write_bytes(packed("w:gz"))
    (tmp_path / ".dockerignore").write_text("hidden.tgz\n")
    (tmp_path / "link.tgz").symlink_to("/etc/passwd")
    context = FolderContext(str(tmp_path))
    assert context.archive("site.tgz") == Archive("gz", FILES)
    assert [context.archive(name) for name in ("hidden.tgz", "link.tgz", "absent.tgz", ".dockerignore")] == [None] * 4
    assert MemoryContext({"a.tar": "text"}).archive("a.tar") is None


def test_bytes_of_a_repository(tmp_path: Path) -> None:
    objects = tmp_path / ".git" / "objects" / "ab"
    objects.mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("x" * 30)
    (objects / "cdef").write_text("y" * 4000)
    context = FolderContext(str(tmp_path))
    assert (list(context.files), context.summarised, context.bytes_in(".git")) == ([".git/HEAD"], (".git",), 4000)
