"""A context on disk: what is listed, what is read, and what is left alone."""

import os
from pathlib import Path

import pytest

from dockopt.context import folder as folder_module
from dockopt.context.folder import FolderContext
from dockopt.context.tree import ContextFile


def write(root: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    write(folder, a_dot_py="print()\n", src__b_dot_py="b", node_modules__x__index_dot_js="x")
    return folder


def test_files_with_sizes_and_modes(root: Path) -> None:
    (root / "a.py").chmod(0o755)
    (root / "to").symlink_to("src/b.py")
    context = FolderContext(str(root))
    assert list(context.files.values()) == [
        ContextFile("a.py", 8, executable=True),
        ContextFile("node_modules/x/index.js", 1),
        ContextFile("src/b.py", 1),
        ContextFile("to", 8, link="src/b.py"),
    ]
    assert context.complete
    assert context.read("to") == "b"


def test_ignored_files_are_not_there(root: Path) -> None:
    (root / ".dockerignore").write_text("node_modules\n*.py\n")
    context = FolderContext(str(root))
    assert not context.has("a.py")
    assert context.read("a.py") is None
    assert list(context.files) == [".dockerignore", "src/b.py"]
    assert not context.has("a.py")
    assert not context.is_folder("node_modules")


def test_exceptions_reach_into_ignored_folders(root: Path) -> None:
    (root / ".dockerignore").write_text("*\n!node_modules/x/*.js\n")
    context = FolderContext(str(root))
    assert list(context.files) == ["node_modules/x/index.js"]
    assert context.is_folder("node_modules/x")


def test_a_dockerfile_may_have_its_own_rules(root: Path) -> None:
    (root / ".dockerignore").write_text("*\n")
    (root / "web.Dockerfile.dockerignore").write_text("src\nnode_modules\n*ignore\n")
    context = FolderContext(str(root), str(root / "web.Dockerfile"))
    assert list(context.files) == ["a.py"]


def test_git_is_summarised(root: Path) -> None:
    write(root, _dot_git__HEAD="ref: x\n", _dot_git__objects__ab__cd="z")
    context = FolderContext(str(root))
    assert [file.path for file in context.under(".git")] == [".git/HEAD"]
    assert context.summarised == (".git",)
    assert context.complete
    assert context.is_folder(".git/objects")


def test_empty_folders_are_sent(root: Path) -> None:
    (root / "logs").mkdir()
    context = FolderContext(str(root))
    assert context.is_folder("logs")
    assert not list(context.under("logs"))


def test_links_are_not_followed_outside(root: Path) -> None:
    (root.parent / "secret").write_text("s")
    (root / "out").symlink_to("../secret")
    (root / "folder").symlink_to("..")
    context = FolderContext(str(root))
    assert context.has("out")
    assert context.read("out") is None
    assert context.read("folder/secret") is None
    assert not context.has("folder/secret")
    assert context.read("../secret") is None


def test_a_link_to_an_ignored_file_dangles(root: Path) -> None:
    (root / ".dockerignore").write_text("src\n")
    (root / "to").symlink_to("src/b.py")
    (root / "self").symlink_to("self")
    context = FolderContext(str(root))
    assert context.read("to") is None
    assert context.read("self") is None


def test_names_that_are_not_text_survive(root: Path) -> None:
    place = os.fsencode(str(root)) + b"/caf\xe9.txt"
    Path(os.fsdecode(place)).write_bytes(b"ok")
    context = FolderContext(str(root))
    assert context.has("caf\udce9.txt")
    assert context.read("caf\udce9.txt") == "ok"
    assert "caf\udce9.txt" in context.files


def test_what_cannot_be_read_as_text(root: Path) -> None:
    (root / "binary").write_bytes(b"\xff\xfe")
    (root / "large").write_bytes(b"a" * (4 * 1024 * 1024 + 1))
    context = FolderContext(str(root))
    assert context.read("binary") is None
    assert context.read("large") is None
    assert context.read("absent") is None
    assert context.read("src") is None
    assert context.read("a\0b") is None


def test_too_many_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "FILES_AT_MOST", 2)
    context = FolderContext(str(root))
    assert not context.complete
    assert len(context.files) == 2


def test_absent_folder(tmp_path: Path) -> None:
    context = FolderContext(str(tmp_path / "nowhere"))
    assert context.files == {}
    assert not context.complete


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_folder(root: Path) -> None:
    (root / "src").chmod(0)
    context = FolderContext(str(root))
    assert not context.complete
    (root / "src").chmod(0o755)


def test_rules_that_stop_a_build(root: Path) -> None:
    (root / ".dockerignore").write_text("[\n")
    assert not FolderContext(str(root)).complete


def test_texts_are_read_once(root: Path) -> None:
    context = FolderContext(str(root))
    assert context.read("a.py") == "print()\n"
    (root / "a.py").write_text("changed")
    assert context.read("a.py") == "print()\n"
