"""What COPY selects, and where it lands."""

import pytest

from dockopt.context.folder import FolderContext
from dockopt.context.sources import Matched, destination, is_remote, match
from dockopt.context.tree import MemoryContext

CONTEXT = MemoryContext(
    dict.fromkeys(
        ("a.txt", "b.txt", "c/d.txt", "c/e/f.txt", "package.json", "package-lock.json", "x*y", "web/a/i.js", "web/b"),
        "",
    )
)


def files(source: str) -> tuple[str, ...]:
    return match(CONTEXT, [source])[0].files


@pytest.mark.parametrize("source", [".", "./", "/", "", "c/..", "..", "../../", "/."])
def test_the_whole_context(source: str) -> None:
    found = match(CONTEXT, [source])[0]
    assert found.is_folder
    assert found.files == found.landing == tuple(CONTEXT.files)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.txt", ("a.txt",)),
        ("/a.txt", ("a.txt",)),
        ("../a.txt", ("a.txt",)),
        ("./c/../a.txt", ("a.txt",)),
        ("*.txt", ("a.txt", "b.txt")),
        ("?.txt", ("a.txt", "b.txt")),
        ("[^a].txt", ("b.txt",)),
        ("c/*", ("c/d.txt", "c/e/f.txt")),
        ("c/*.txt", ("c/d.txt",)),
        ("*/*.txt", ("c/d.txt",)),
        ("**/*.txt", ("c/d.txt",)),
        ("package*.json", ("package-lock.json", "package.json")),
        (r"x\*y", ("x*y",)),
        ("x*", ("x*y",)),
        ("nothing*", ()),
        ("[", ()),
    ],
)
def test_selected(source: str, expected: tuple[str, ...]) -> None:
    found = match(CONTEXT, [source])[0]
    assert found.files == expected
    assert found.missing is (not expected)


def test_a_folder_gives_its_contents() -> None:
    assert match(CONTEXT, ["c/"]) == (
        Matched("c/", ("c/d.txt", "c/e/f.txt"), is_folder=True, landing=("d.txt", "e/f.txt")),
    )


def test_a_pattern_over_files_and_folders() -> None:
    found = match(CONTEXT, ["web/*"])[0]
    assert found.files == ("web/a/i.js", "web/b")
    assert found.landing == ("i.js", "b")
    assert found.glob
    assert not found.is_folder


@pytest.mark.parametrize(
    ("sources", "dest", "workdir", "expected"),
    [
        (["a.txt"], "/x/", "/", {"a.txt": "/x/a.txt"}),
        (["a.txt"], "/x/z.txt", "/", {"a.txt": "/x/z.txt"}),
        (["a.txt"], ".", "/app", {"a.txt": "/app/a.txt"}),
        (["a.txt"], "./", "/app", {"a.txt": "/app/a.txt"}),
        (["a.txt"], "/app", "/app", {"a.txt": "/app/a.txt"}),
        (["a.txt"], "/app", "/app/web", {"a.txt": "/app/a.txt"}),
        (["a.txt"], "/srv", "/app", {"a.txt": "/srv/a.txt"}),
        (["a.txt"], "x", "/app", None),
        (["a.txt"], "../a.txt", "/app/web", {"a.txt": "/app/a.txt"}),
        (["c"], "x", "/app", {"c/d.txt": "/app/x/d.txt", "c/e/f.txt": "/app/x/e/f.txt"}),
        (["c"], "/", "/app", {"c/d.txt": "/d.txt", "c/e/f.txt": "/e/f.txt"}),
        (["a.txt", "b.txt"], "/x/", "/", {"a.txt": "/x/a.txt", "b.txt": "/x/b.txt"}),
        (["a.txt", "b.txt"], "/x", "/", None),
        (["*.txt"], "/x", "/", None),
        (["package*.json"], "./", "/app", {name: f"/app/{name}" for name in ("package-lock.json", "package.json")}),
        (["absent"], "./", "/app", None),
    ],
)
def test_landing(sources: list[str], dest: str, workdir: str, expected: dict[str, str] | None) -> None:
    assert destination(match(CONTEXT, sources), dest, workdir) == expected


def test_folders_known_to_the_caller() -> None:
    assert destination(match(CONTEXT, ["a.txt"]), "/srv/www", "/", ["/srv/www"]) == {"a.txt": "/srv/www/a.txt"}


@pytest.mark.parametrize(("source", "remote"), [("https://x/y", True), ("git@host:a/b", True), ("a", False)])
def test_remote(source: str, remote: bool) -> None:
    assert is_remote(source) is remote


def test_links_are_followed_as_copy_does(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("context")
    (root / "real").mkdir()
    (root / "real/file").write_text("x")
    (root / "to").symlink_to("real")
    (root / "up").symlink_to("../../real/file")
    (root / "loop").symlink_to("loop")
    context = FolderContext(str(root))
    assert match(context, ["to", "up", "to/file", "loop"]) == (
        Matched("to", ("real/file",), is_folder=True, landing=("file",), linked=True),
        Matched("up", ("real/file",), landing=("up",), linked=True),
        Matched("to/file", ("real/file",), landing=("file",), linked=True),
        Matched("loop", (), missing=True, linked=True),
    )


def test_an_empty_folder_is_not_missing(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("context")
    (root / "empty").mkdir()
    assert match(FolderContext(str(root)), ["empty", "e*"]) == (
        Matched("empty", (), is_folder=True),
        Matched("e*", (), is_folder=True, glob=True),
    )
