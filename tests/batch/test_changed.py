"""Which Dockerfiles a change concerns, asked of a real repository."""

import subprocess
from pathlib import Path

import pytest

from dockopt.batch.changed import changed
from dockopt.errors import SettingsError


def git(*words: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    for path in ("a/Dockerfile", "b/Dockerfile", "b/package.json", "b/src/main.js", "c/Dockerfile"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "one")
    return tmp_path


def concerned(here: Path, since: str = "HEAD", *, staged: bool = False) -> list[str]:
    found = changed(str(here / "a"), "" if staged else since, staged=staged)
    folders = [here / name for name in "abc"]
    return [one.name for one in folders if found.concerns(str(one / "Dockerfile"), str(one))]


def test_changed_and_new_files(here: Path) -> None:
    assert concerned(here) == []
    (here / "a/Dockerfile").write_text("2\n", encoding="utf-8")
    (here / "c/Dockerfile.dockerignore").write_text("2\n", encoding="utf-8")
    assert concerned(here) == ["a", "c"]


def test_a_manifest_counts_and_a_source_does_not(here: Path) -> None:
    (here / "b/src/main.js").write_text("2\n", encoding="utf-8")
    assert concerned(here) == []
    (here / "b/package.json").unlink()
    assert concerned(here) == ["b"]


def test_settings_count_for_all_below(here: Path) -> None:
    (here / "dockopt.toml").write_text("", encoding="utf-8")
    assert concerned(here) == ["a", "b", "c"]


def test_since_a_revision(here: Path) -> None:
    (here / "a/Dockerfile").write_text("2\n", encoding="utf-8")
    git("commit", "-qam", "two")
    assert concerned(here) == []
    assert concerned(here, "HEAD~1") == ["a"]


def test_staged_only(here: Path) -> None:
    (here / "a/Dockerfile").write_text("2\n", encoding="utf-8")
    (here / "b/Dockerfile").write_text("2\n", encoding="utf-8")
    git("add", "b")
    assert concerned(here, staged=True) == ["b"]


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~9"])
def test_no_such_revision(here: Path, revision: str) -> None:
    with pytest.raises(SettingsError, match="git rev-parse failed: "):
        changed(str(here), revision)
    assert not (here / "x").exists()


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="git rev-parse failed: "):
        changed(str(tmp_path), "HEAD")
