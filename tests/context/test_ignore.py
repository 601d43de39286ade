"""What `.dockerignore` rules leave out: a table of known behaviour, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.context.ignore import Ignore
from dockopt.context.tree import MemoryContext

TABLE = [
    ("a", "a", True),
    ("a", "b", False),
    ("a", "a/b/c", True),
    ("a", "b/a", False),
    ("/a", "a", True),
    ("a/", "a/b", True),
    ("a/", "a", True),
    ("./a", "a", True),
    ("a//b", "a/b", True),
    ("a/../b", "b", True),
    ("/../a", "a", True),
    ("../a", "a", False),
    (".", "a", False),
    ("/", "a", False),
    ("*", "a/b", True),
    ("*.md", "README.md", True),
    ("*.md", "docs/README.md", False),
    ("*/*.md", "docs/README.md", True),
    ("*/*.md", "docs/en/README.md", False),
    ("**/*.md", "README.md", True),
    ("**/*.md", "docs/en/README.md", True),
    ("**/node_modules", "node_modules/x.js", True),
    ("**/node_modules", "web/node_modules/x.js", True),
    ("**/node_modules", "web/my_node_modules/x.js", False),
    ("**node_modules", "web/my_node_modules/x.js", True),
    ("web/**", "web", False),
    ("web/**", "web/a/b", True),
    ("web/**/", "web/a/b", True),
    ("web/**/b", "web/b", True),
    ("web/**/b", "web/a/a/b", True),
    ("**", "anything/at/all", True),
    ("web**", "website/a", True),
    ("**/foo/**", "a/foo/b", True),
    ("**/foo/**", "a/foo", False),
    ("temp?", "tempa", True),
    ("temp?", "temp", False),
    ("temp?", "temp/a", False),
    ("[ab].txt", "a.txt", True),
    ("[^ab].txt", "a.txt", False),
    ("[a-c].txt", "b.txt", True),
    (r"a\*b", "a*b", True),
    (r"a\*b", "axb", False),
    (r"\#a", "#a", True),
    ("#a", "#a", False),
    (" #a", "#a", True),
    ("  a  ", "a", True),
    ("a b", "a b", True),
    ("a.b", "axb", False),
    ("(a)+", "(a)+", True),
    ("{a,b}", "a", False),
    ("$a", "$a", True),
    ("A", "a", False),
    ("\ufeffa", "a", True),
    ("\ufeff# c\na", "a", True),
    ("a\r\nb\r\n", "b", True),
    ("*\n!a", "a", False),
    ("*\n!a", "a/b", False),
    ("*\n!a\na/b", "a/b", True),
    ("*\n!/a/", "a/b", False),
    ("*\n! a", "a", False),
    ("!a\n*", "a", True),
    ("*.md\n!README.md", "README.md", False),
    ("*.md\n!README.md\nREADME*", "README.md", True),
    ("node_modules\n!node_modules/keep", "node_modules/keep/x", False),
    ("node_modules\n!node_modules/keep", "node_modules/x", True),
    ("*\n!src/**/*.py", "src/a/b.py", False),
    ("*\n!src/**/*.py", "src/a/b.txt", True),
    ("*\n!**/package.json", "a/b/package.json", False),
    ("*\n!a/b\na", "a/b", False),
    (".git", ".github/x", False),
    (".*", ".env", True),
    (".*", "a/.env", False),
    ("a" * 300, "a" * 300, True),
    ("caf\u00e9", "caf\u00e9", True),
    ("*.\udcff", "x.\udcff", True),
]


@pytest.mark.parametrize(("text", "path", "ignored"), TABLE)
def test_table(text: str, path: str, ignored: bool) -> None:
    assert Ignore.parse(text).ignores(path) is ignored


@pytest.mark.parametrize("text", ["[a", "!", "a\\", "[]a]", r"\q*", "[a-]"])
def test_a_build_would_stop(text: str) -> None:
    ignore = Ignore.parse("x\n" + text)
    assert ignore.problems == (f".dockerignore:2: not a pattern: {text}",)
    assert ignore.ignores("x")


@pytest.mark.parametrize(
    ("text", "folder", "may"),
    [
        ("a", "a", False),
        ("*\n!b", "a", False),
        ("*\n!a", "a", False),
        ("*\n!a/b", "a", True),
        ("*\n!a/b", "a/c", False),
        ("*\n!*/b/c", "a", True),
        ("*\n!*/b/c", "a/c", False),
        ("*\n!**/b", "a/c", True),
        ("*\n![ab]/b", "a", True),
    ],
)
def test_folders_worth_a_walk(text: str, folder: str, may: bool) -> None:
    assert Ignore.parse(text).may_take_back(folder) is may


names = st.sampled_from(["a", "b", "ab", "c.md"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
elements = st.sampled_from(["a", "b", "*", "**", "a*", "?", "[ab]", "*.md"])
patterns = st.builds(
    lambda mark, parts: mark + "/".join(parts), st.sampled_from(["", "!"]), st.lists(elements, min_size=1, max_size=3)
)
files = st.lists(patterns, max_size=5).map("\n".join)


@given(files, paths, names)
def test_nothing_comes_back_below_a_folder_not_worth_a_walk(text: str, folder: str, name: str) -> None:
    ignore = Ignore.parse(text)
    if ignore.ignores(folder) and not ignore.may_take_back(folder):
        assert ignore.ignores(f"{folder}/{name}")


@given(st.text(), st.text(alphabet="ab/*.", min_size=1))
def test_any_text_is_read(text: str, path: str) -> None:
    assert Ignore.parse(text).ignores(path) in {True, False}


def test_memory_context_hides_what_is_ignored() -> None:
    context = MemoryContext({".dockerignore": "*.log\n!keep.log\n", "a.log": "", "keep.log": "", "b/c.py": "x"})
    assert list(context.files) == [".dockerignore", "b/c.py", "keep.log"]
    assert context.read("a.log") is None
    assert context.read("b/c.py") == "x"
