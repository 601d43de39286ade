"""Bundled indexes and those of the user: the newer one of a release is used."""

from pathlib import Path

import pytest
from tests.debian.packages import HEADER, stanza

from dockopt.debian import store
from dockopt.debian.compile import Source, compile_index


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKOPT_DATA", str(tmp_path))
    store.load.cache_clear()


def index(date: str, codename: str = "bookworm") -> bytes:
    return compile_index(HEADER._replace(date=date, codename=codename), [Source(stanza("only"), "r")], ())


@pytest.mark.parametrize("codename", ["bullseye", "bookworm", "trixie"])
def test_bundled_indexes(codename: str) -> None:
    found = store.load(codename)
    assert found is not None
    assert found.codename == codename
    assert {"curl", "git", "wget"} <= found.popular
    assert len(found.names) > 55_000
    for name in ("dpkg", "python3", "zsh"):
        assert [one.name for one in found.versions(name)][:1] == [name]


def test_other_releases_are_unknown() -> None:
    assert store.load("buster") is None


def test_a_newer_index_of_the_user_is_used() -> None:
    path = store.save("bookworm", index("2999-01-01"))
    found = store.load("bookworm")
    assert found is not None
    assert (found.date, found.names) == ("2999-01-01", ("only",))
    used = [(one.header.codename, one.path == path) for one in store.stored() if one.used]
    assert used == [("bullseye", False), ("bookworm", True), ("trixie", False)]


def test_an_older_one_is_not() -> None:
    store.save("bookworm", index("2001-01-01"))
    found = store.load("bookworm")
    assert found is not None
    assert found.date > "2026"
    assert [(one.bundled, one.used) for one in store.stored() if one.header.codename == "bookworm"] == [
        (True, True),
        (False, False),
    ]


def test_a_release_of_the_user_s_own() -> None:
    store.save("noble", index("2026-01-01", "noble"))
    found = store.load("noble")
    assert found is not None
    assert found.names == ("only",)
    assert [one.header.codename for one in store.stored()] == ["bullseye", "bookworm", "trixie", "noble"]


def test_a_broken_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "noble.index.gz").write_bytes(b"broken")
    (tmp_path / "bookworm.index.gz").write_bytes(b"broken")
    assert store.load("noble") is None
    found = store.load("bookworm")
    assert found is not None
    assert len(found.names) > 55_000
