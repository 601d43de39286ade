"""`dockopt fix --interactive` in front of a pseudo-terminal: what is answered is what becomes of the file."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.formats.runs import dockopt, environment, write

PLAIN = "RUN apt-get update && apt-get install -y curl\n"
CLEAN = "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"
TWO = f"FROM debian:12\n{PLAIN}ENV A=1\n{PLAIN}"
SELECTED = ("--select", "remove-apt-lists")


def session(folder: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Exit status and screen, with the answers typed one a line."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dockopt", "fix", "--interactive", "--color", "never", *SELECTED, *arguments]
    process = subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(folder))
    os.close(theirs)
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode() + b"\x04")
    screen = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        screen += data
    os.close(ours)
    return process.wait(60), screen.decode()


@pytest.mark.parametrize(
    ("answers", "first", "second"),
    [
        ("y", CLEAN, CLEAN),
        ("n", PLAIN, PLAIN),
        ("syn", CLEAN, PLAIN),
        ("sny", PLAIN, CLEAN),
        ("snn", PLAIN, PLAIN),
        ("sa", CLEAN, CLEAN),
        ("sd", PLAIN, PLAIN),
        ("syd", CLEAN, PLAIN),
        ("?e?y", CLEAN, CLEAN),
        ("xn", PLAIN, PLAIN),
        ("", PLAIN, PLAIN),
    ],
)
def test_answers(answers: str, first: str, second: str, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": TWO})
    status, screen = session(tmp_path, answers)
    assert status == 0, screen
    assert (tmp_path / "Dockerfile").read_text() == f"FROM debian:12\n{first}ENV A=1\n{second}"


def test_quitting_skips_all_that_comes(tmp_path: Path) -> None:
    write(tmp_path, {"a/Dockerfile": TWO, "b/Dockerfile": TWO, "c/Dockerfile": TWO})
    session(tmp_path, "yq", ".")
    found = [(tmp_path / name / "Dockerfile").read_text() == TWO for name in "abc"]
    assert found == [False, True, True]


def test_what_is_shown(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": TWO.replace(f"ENV A=1\n{PLAIN}", "")})
    _, screen = session(tmp_path, "?en")
    lines = [line.rstrip() for line in screen.replace("\r\n", "\n").splitlines()]
    assert "+RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*" in lines
    assert "  - the lists are fetched here and not removed (proven, line 2)" in lines
    assert "Delete apt's package lists in the `RUN` that downloaded them." in lines
    assert "n - skip this fix" in lines
    assert screen.count("Take this fix [y,n,e,a,d,q,?]?") == 3


def test_the_rest_follows_what_was_not_taken(tmp_path: Path) -> None:
    """A fix that only followed from one that was skipped is not asked about, nor made."""
    text = "FROM python:3.12\nCOPY . /app\nRUN pip install flask\nWORKDIR /app\nCMD python app.py\n"
    write(tmp_path, {"Dockerfile": text})
    command = [sys.executable, "-m", "dockopt", "fix", "--interactive"]
    done = subprocess.run(
        command, cwd=tmp_path, input=b"n\n" * 30, capture_output=True, check=False, env=environment(tmp_path)
    )
    assert done.returncode == 0
    assert done.stdout.count(b"Take th") >= 1
    assert (tmp_path / "Dockerfile").read_text() == text


@pytest.mark.parametrize("option", ["--check", "--diff", "--verify", "--format=json", "--split-by=file", "-"])
def test_nothing_else_decides_beside_it(option: str, tmp_path: Path) -> None:
    done = dockopt(tmp_path, "fix", "--interactive", option)
    assert done.status == 2
    assert b"--interactive asks and writes" in done.errors
