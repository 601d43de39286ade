"""Diffs: headers and hunks as git writes them, and git itself turning the old bytes into the new ones."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockopt.text.diff import header, unified_diff
from dockopt.text.source import SourceText, to_bytes

LINE = st.sampled_from(
    ["FROM a", "RUN b", "RUN c \\", "", "\ttab", "\udcff", "-- x", "++ y", "\r", "caf\u00e9", "\x0cpage"]
)
TEXT = st.lists(st.tuples(LINE, st.sampled_from(["\n", "\r\n"]))).map(lambda lines: "".join(a + b for a, b in lines))
ANY_END = st.tuples(TEXT, st.sampled_from(["", "CMD x", "CMD y"])).map("".join)


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent), "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=given, capture_output=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def apply(folder: Path, name: str, before: bytes, diff: str) -> bytes:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(before)
    git(folder, "apply", "--whitespace=nowarn", given=to_bytes(diff))
    return (folder / name).read_bytes()


def test_hunks_and_headers() -> None:
    before = "".join(f"{number}\n" for number in range(1, 21))
    after = before.replace("3\n", "three\n", 1).replace("\n17\n", "\n")
    assert unified_diff(before, after, "a b/Dockerfile") == (
        "--- a/a b/Dockerfile\t\n"
        "+++ b/a b/Dockerfile\t\n"
        "@@ -1,6 +1,6 @@\n 1\n 2\n-3\n+three\n 4\n 5\n 6\n"
        "@@ -14,7 +14,6 @@\n 14\n 15\n 16\n-17\n 18\n 19\n 20\n"
    )


def test_equal_texts_have_no_diff() -> None:
    assert not unified_diff("FROM a\n", "FROM a\n", "Dockerfile")


def test_no_newline_at_the_end() -> None:
    assert unified_diff("FROM a", "FROM b\n", "D") == (
        "--- a/D\n+++ b/D\n@@ -1 +1 @@\n-FROM a\n\\ No newline at end of file\n+FROM b\n"
    )


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("a/Dockerfile", "a/Dockerfile"),
        ("a/my file", "a/my file\t"),
        ("a/caf\u00e9", "a/caf\u00e9"),
        ('a/"x"', '"a/\\"x\\""'),
        ("a/tab\there", '"a/tab\\there"'),
        ("a/bell\x07\x01", '"a/bell\\a\\001"'),
    ],
)
def test_paths_in_headers(path: str, written: str) -> None:
    assert header(path) == written


@pytest.mark.parametrize(
    "name", ["Dockerfile", "my app/Dockerfile", "caf\u00e9/Dockerfile", 'say "hi"/Dockerfile', "tab\t/Dockerfile"]
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"FROM a\r\nRUN b\r\n", b"FROM a\r\nRUN c\r\n"),
        (b"FROM a\nRUN b", b"FROM a\nRUN b && c"),
        (b"FROM a\nRUN b\n", b"FROM a\nRUN b\nCMD c"),
        (b"FROM a\n# caf\xe9\nRUN b\n", b"FROM a\n# caf\xe9\nRUN c\n"),
        (b"FROM a\n-- x\n", b"FROM a\n++ x\n"),
        (b"FROM a\x0cb\x1c\nRUN \x85\n", b"FROM a\x0cb\x1c\nRUN c\n"),
        (b"", b"FROM a\n"),
        (b"FROM a\n" + b"#\n" * 3000 + b"RUN b\n" * 3000, b"FROM a\n" + b"RUN c\n" * 3000 + b"#\n" * 3000),
    ],
)
def test_git_applies(tmp_path: Path, name: str, before: bytes, after: bytes) -> None:
    texts = SourceText.from_bytes(before).text, SourceText.from_bytes(after).text
    assert apply(tmp_path, name, before, unified_diff(*texts, name)) == after


@given(before=ANY_END, after=ANY_END)
@settings(max_examples=60)
def test_git_applies_any(tmp_path_factory: pytest.TempPathFactory, before: str, after: str) -> None:
    if before == after or not before or not after:
        return
    folder = tmp_path_factory.mktemp("git")
    assert apply(folder, "Dockerfile", to_bytes(before), unified_diff(before, after, "Dockerfile")) == to_bytes(after)
