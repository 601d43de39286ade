"""Folders of lists as apt keeps them: which releases, which suites, of which day."""

import bz2
import gzip
import lzma
import os
from pathlib import Path

import pytest
from tests.debian.packages import stanza

from dockopt.debian.compile import Source
from dockopt.debian.lists import find_lists, found_files
from dockopt.debian.stanzas import read_text, stanzas
from dockopt.errors import InputError

MAIN = "deb.example.org_debian_dists_bookworm"
SECURITY = "deb.example.org_debian-security_dists_bookworm-security"


def release(folder: Path, prefix: str, **fields: str) -> None:
    lines = {"Origin": "Debian", "Codename": "bookworm", "Suite": "stable", "Version": "12.5", **fields}
    text = "-----BEGIN PGP SIGNED MESSAGE-----\n\n" + "".join(f"{key}: {value}\n" for key, value in lines.items())
    (folder / f"{prefix}_InRelease").write_text(text)


def test_suites_of_one_release(tmp_path: Path) -> None:
    release(
        tmp_path, SECURITY, Codename="bookworm-security", Suite="stable-security", Date="Sun, 01 Feb 2026 1:00:00 UTC"
    )
    release(tmp_path, MAIN, Date="Sat, 31 Jan 2026 12:00:00 UTC")
    (tmp_path / f"{MAIN}_main_binary-amd64_Packages").write_text(stanza("a"))
    (tmp_path / f"{MAIN}_main_binary-arm64_Packages").write_text(stanza("b"))
    (tmp_path / f"{MAIN}_contrib_binary-amd64_Packages").write_text(stanza("c"))
    (tmp_path / f"{SECURITY}_main_binary-amd64_Packages").write_text(stanza("a", "2"))
    (found,) = find_lists(str(tmp_path))
    assert found.header == (
        "debian",
        "12",
        "bookworm",
        "2026-02-01",
        {"r": ("bookworm", "stable"), "s": ("bookworm-security", "stable-security")},
        0,
    )
    assert found.sources() == [Source(stanza("a"), "r"), Source(stanza("a", "2"), "s")]


def test_ubuntu_has_components_and_suites_of_its_own(tmp_path: Path) -> None:
    for suite, day in (("noble", "01"), ("noble-updates", "03")):
        prefix = f"archive.example.org_ubuntu_dists_{suite}"
        date = f"Thu, {day} Jan 2026 1:00:00 UTC"
        release(tmp_path, prefix, Origin="Ubuntu", Suite=suite, Codename="noble", Version="24.04", Date=date)
        (tmp_path / f"{prefix}_main_binary-amd64_Packages").write_text(stanza(f"{suite}-main"))
        (tmp_path / f"{prefix}_universe_binary-amd64_Packages").write_text(stanza(f"{suite}-universe"))
    (found,) = find_lists(str(tmp_path))
    assert found.header[:5] == (
        "ubuntu",
        "24.04",
        "noble",
        "2026-01-03",
        {"r": ("noble",), "u": ("noble-updates",)},
    )
    assert [source.suite for source in found.sources()] == ["r", "r", "u", "u"]


@pytest.mark.parametrize(
    "fields",
    [
        {"Origin": "Somebody"},
        {"Codename": "bookworm-backports", "Suite": "stable-backports"},
        {"Codename": "bookworm-security"},
    ],
)
def test_other_lists_are_left_alone(tmp_path: Path, fields: dict[str, str]) -> None:
    release(tmp_path, MAIN, **fields)
    (tmp_path / f"{MAIN}_main_binary-amd64_Packages").write_text(stanza("a"))
    assert find_lists(str(tmp_path)) == ()


def test_a_release_without_packages_is_no_release(tmp_path: Path) -> None:
    release(tmp_path, MAIN)
    assert find_lists(str(tmp_path)) == ()


def test_single_files(tmp_path: Path) -> None:
    path = tmp_path / "Packages"
    path.write_text(stanza("a"))
    os.utime(path, (1_770_000_000, 1_770_000_000))
    found = found_files("trixie", [str(path)])
    assert found.header == ("debian", "13", "trixie", "2026-02-02", {"r": ("trixie",)}, 0)
    assert found.sources() == [Source(stanza("a"), "r")]
    with pytest.raises(InputError, match="none: no such file or directory"):
        found_files("trixie", ["none"])
    with pytest.raises(InputError, match="needs the `Packages` files"):
        found_files("trixie", [])


@pytest.mark.parametrize(
    ("ending", "packed"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)]
)
def test_compressed_files(tmp_path: Path, ending: str, packed: type[bytes]) -> None:
    path = tmp_path / f"Packages{ending}"
    path.write_bytes(packed(b"Package: caf\xc3\xa9\n"))
    assert read_text(str(path)) == "Package: café\n"


@pytest.mark.parametrize("ending", [".gz", ".xz", ".bz2"])
def test_broken_files_are_named(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"Packages{ending}"
    path.write_bytes(b"not compressed")
    with pytest.raises(InputError) as caught:
        read_text(str(path))
    assert caught.value.path == str(path)


def test_a_compression_that_only_apt_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dockopt.debian.stanzas.HELPERS", ())
    with pytest.raises(InputError, match="only apt can read this compression; unpack the file first"):
        read_text(str(tmp_path / "Packages.lz4"))


def test_stanzas() -> None:
    text = "Package: a\nVersion: 1\nDepends: b,\n c\n\nPackage: no-version\n\n\nPackage: d\nVersion: 2:3\n"
    assert list(stanzas(text)) == [
        {"Package": "a", "Version": "1", "Depends": "b, c"},
        {"Package": "d", "Version": "2:3"},
    ]
