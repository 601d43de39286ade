"""`dockopt data`: what is there, and how newer package lists are taken in."""

from pathlib import Path

import pytest

from dockopt.cli import main
from dockopt.debian import store
from tests.debian.packages import stanza
from tests.debian.test_lists import MAIN, release


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKOPT_DATA", str(tmp_path / "data"))
    store.load.cache_clear()


def lists(folder: Path, date: str) -> str:
    folder.mkdir()
    release(folder, MAIN, Date=date)
    (folder / f"{MAIN}_main_binary-amd64_Packages").write_text(stanza("a") + "\n" + stanza("b"))
    return str(folder)


def test_bundled_indexes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("data", "show")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "bullseye (Debian 11)",
        "bookworm (Debian 12)",
        "trixie (Debian 13)",
    ]
    assert all(line.endswith(", bundled") for line in lines)


def test_newer_lists_are_taken_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = lists(tmp_path / "lists", "Tue, 01 Jan 2999 00:00:00 UTC")
    written = tmp_path / "data" / "bookworm.index.gz"
    assert main(("data", "update", folder)) == 0
    assert capsys.readouterr().out == (
        f"bookworm (Debian 12): 2 packages of 2999-01-01, read from 1 list, written to {written}\n"
    )
    assert main(("data", "show")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith(", bundled, replaced by a newer one")
    assert lines[2] == f"bookworm (Debian 12): 2 packages of 2999-01-01, {written}"


def test_older_lists_are_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = lists(tmp_path / "lists", "Mon, 01 Jan 2001 00:00:00 UTC")
    assert main(("data", "update", folder)) == 0
    known = store.load("bookworm")
    assert known is not None
    assert capsys.readouterr().out == (
        f"bookworm: the lists are of 2001-01-01, those in use of {known.date}; nothing to do\n"
    )
    assert not (tmp_path / "data").exists()


def test_single_files_of_a_named_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "Packages"
    path.write_text(stanza("a"))
    assert main(("data", "update", "--release", "forky", str(path))) == 0
    assert capsys.readouterr().out.startswith("forky (Debian forky): 1 package of 20")
    found = store.load("forky")
    assert found is not None
    assert found.names == ("a",)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("{}",), "{}: holds no package lists of Debian or Ubuntu; apt-get update fetches them"),
        (("{}/none",), "{}/none: is no folder of package lists; --release says what single files are of"),
        (("--release", "trixie"), "--release: needs the `Packages` files of the release"),
        (("--release", "trixie", "{}/none"), "{}/none: no such file or directory"),
    ],
)
def test_what_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert main(("data", "update", *(word.format(tmp_path) for word in arguments))) == 2
    assert capsys.readouterr().err == f"dockopt: {message.format(tmp_path)}\n"
