"""How often files changed, from git and from a table; git runs nothing that the repository asks for."""

import shutil
import subprocess
from pathlib import Path

import pytest

from dockopt.context.folder import FolderContext
from dockopt.context.history import History, of_table, parsed, read
from dockopt.context.tree import MemoryContext

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *words: str) -> None:
    settings = ["-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "web").mkdir(parents=True)
    git(root, "init", "-q")
    for number in range(3):
        (root / "web" / "app.py").write_text(f"{number}\n", encoding="utf-8")
        (root / "web" / "ö ü.txt").write_text("once\n", encoding="utf-8")
        (root / "top.txt").write_text(f"{number // 2}\n", encoding="utf-8")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "change")
    return root


@needs_git
def test_a_repository(repository: Path) -> None:
    assert read(str(repository)) == History({"web/app.py": 3, "web/ö ü.txt": 1, "top.txt": 2}, 3)


@needs_git
def test_a_folder_of_a_repository_has_paths_of_its_own(repository: Path) -> None:
    assert FolderContext(str(repository / "web")).history == History({"app.py": 3, "ö ü.txt": 1}, 3)


@needs_git
def test_settings_of_the_repository_run_nothing(repository: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n", encoding="utf-8")
    trap.chmod(0o755)
    git(repository, "config", "log.showSignature", "true")
    for name in ("gpg.program", "core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
        git(repository, "config", name, str(trap))
    git(repository, "config", "core.hooksPath", str(tmp_path))
    assert read(str(repository)) is not None
    assert not (tmp_path / "sprung").exists()


@needs_git
def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert read(str(tmp_path)) is None
    assert MemoryContext({}).history is None


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read(str(tmp_path)) is None


def test_what_git_prints() -> None:
    assert parsed("\1\0\na\0b/c\0\1\0\na\0") == History({"a": 2, "b/c": 1}, 2)
    assert parsed("") is None


def test_a_table() -> None:
    text = "path\tbytes\tcommits\na/b.py\t10\t7\nc.py\t1\t2\nbroken\n"
    assert of_table(text) == History({"a/b.py": 7, "c.py": 2}, 7)
    assert of_table(text, "a") == History({"b.py": 7}, 7)
    assert of_table("path\tcommits\n") is None
    assert of_table("no table") is None
