"""`dockopt fix` on files as they come: exit status, bytes, bad input, one failure beside others."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from dockopt.cli import main
from dockopt.config import Settings
from dockopt.context.tree import Context
from dockopt.engine import pipeline
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.errors import OverlapError

PLAIN = b"FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"
FIXED = b"FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"
FIX = ("fix", "--select", "remove-apt-lists")


class Ran(NamedTuple):
    status: int
    out: bytes
    errors: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Ran:
        status = main(arguments)
        out, errors = capfdbinary.readouterr()
        return Ran(status, out, errors.decode())

    return call


def test_status_and_bytes(run: Run) -> None:
    Path("Dockerfile").write_bytes(PLAIN)
    assert run(*FIX, "--check").status == 1
    assert run(*FIX, "--diff").status == 1
    assert Path("Dockerfile").read_bytes() == PLAIN
    assert run(*FIX).status == 0
    assert Path("Dockerfile").read_bytes() == FIXED
    assert run(*FIX, "--check", "--diff").status == 0
    assert run(*FIX, "Dockerfile", "gone").status == 2


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.rstrip(b"\n"),
        PLAIN.replace(b"\n", b"\r\n"),
        b"# caf\xe9 \x80\xff\n" + PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        PLAIN.replace(b"RUN", b"\n\n\n\n\n# \xe4\xb8\xad\n\n\n\nRUN"),
    ],
    ids=["no newline", "CRLF", "latin-1", "BOM", "blank lines"],
)
@pytest.mark.parametrize("name", ["Dockerfile", "my app/Dockerfile", "caf\u00e9/Dockerfile.dev"])
def test_git_applies_the_diff(run: Run, data: bytes, name: str) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    diff = run(*FIX, "--diff", ".").out
    diff_of_absolute_path = run(*FIX, "--diff", str(path.absolute())).out
    assert diff == diff_of_absolute_path
    assert run(*FIX, "--format", "diff").out == diff
    written = path.read_bytes()
    path.write_bytes(data)
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(Path.cwd().parent)}
    subprocess.run(["git", "apply", "-"], input=diff, check=True, capture_output=True, env=environment)
    assert path.read_bytes() == written != data


def test_git_applies_the_diff_of_a_link(run: Run) -> None:
    Path("docker").mkdir()
    Path("docker/build").write_bytes(PLAIN)
    Path("Dockerfile").symlink_to("docker/build")
    ran = run(*FIX, "--diff", "Dockerfile")
    assert ran.out.startswith(b"--- a/docker/build\n+++ b/docker/build\n")
    assert run(*FIX, "Dockerfile").status == 0
    assert (Path("docker/build").read_bytes(), Path("Dockerfile").is_symlink()) == (FIXED, True)


def test_the_context_of_a_link_is_the_folder_it_lies_in(run: Run) -> None:
    Path("docker").mkdir()
    text = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
    Path("docker/build").write_text(text, encoding="utf-8")
    Path("requirements.txt").write_text("flask==3.0.3\n", encoding="utf-8")
    Path("app.py").write_text("import flask\n", encoding="utf-8")
    Path("Dockerfile").symlink_to("docker/build")
    select = ("--select", "move-manifests-first", "--check")
    assert run("fix", *select, "Dockerfile").status == 1
    assert run("fix", *select, "docker/build").status == 0
    assert run("fix", *select, "--context", ".", "docker/build").status == 1


def test_standard_input_to_standard_output(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def given(data: bytes) -> None:
        read, write = os.pipe()
        os.write(write, data)
        os.close(write)
        monkeypatch.setattr("sys.stdin", os.fdopen(read, "r"))

    given(b"# \xff\r\n" + PLAIN)
    assert run(*FIX, "-")[:2] == (0, b"# \xff\r\n" + FIXED)
    given(PLAIN)
    assert run(*FIX, "--diff", "-").out.startswith(b"--- a/Dockerfile\n+++ b/Dockerfile\n@@ ")
    given(PLAIN)
    assert json.loads(run(*FIX, "--format", "json", "-").out)["files"][0]["text"] == FIXED.decode()
    given(b"{% if x %}\nFROM a\n{% endif %}\n")
    refused = run(*FIX, "-")
    assert refused[:2] == (2, b"{% if x %}\nFROM a\n{% endif %}\n")
    assert refused.errors == "Dockerfile:1: refused: unrendered template: render it to a Dockerfile first\n"


def test_output(run: Run) -> None:
    Path("Dockerfile").write_bytes(PLAIN)
    assert run(*FIX, "--output", "new", "Dockerfile").status == 0
    assert (Path("Dockerfile").read_bytes(), Path("new").read_bytes()) == (PLAIN, FIXED)
    assert run(*FIX, "--output", "-", "Dockerfile")[:2] == (0, FIXED)
    assert run(*FIX, "--output", "no/folder", "Dockerfile") == (
        2,
        b"",
        "Dockerfile: error: no/folder cannot be written: no such file or directory\n",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Dockerfile:1: refused: file with no instructions"),
        (b"# only a comment\n", "Dockerfile:1: refused: file with no instructions"),
        (b"\x7fELF\x02\x01\x00\x00\xff\xfe", "Dockerfile:1: refused: "),
        (b"FROM a\n<<<<<<< ours\nRUN b\n", "Dockerfile:2: refused: merge-conflict marker: resolve the conflict first"),
        (b"{{ if x }}\nFROM a\n", "Dockerfile:1: refused: unrendered template: render it to a Dockerfile first"),
        (b"FROM a\nINSTALL curl\n", "Dockerfile:2: refused: unknown instruction: INSTALL"),
        (b"all: build\n\tcc x.c\n", "Dockerfile:1: refused: unknown instruction: all:"),
        (b"FROM a\nRUN " + b"x" * 1_000_000 + b"\n", "Dockerfile:2: refused: line greater than"),
        (b"FROM a\nRUN " + b"x" * 10_000_000 + b"\n", "Dockerfile: error: larger than 2 MB, which no Dockerfile is"),
    ],
    ids=["empty", "comment", "binary", "conflict", "template", "unknown", "makefile", "1 MB line", "10 MB line"],
)
def test_bad_content_is_one_line(run: Run, data: bytes, message: str) -> None:
    Path("Dockerfile").write_bytes(data)
    ran = run("fix", "Dockerfile")
    assert (ran.status, ran.out, ran.errors.count("\n")) == (2, b"", 1)
    assert ran.errors.startswith(message)
    assert Path("Dockerfile").read_bytes() == data


def test_a_refused_file_found_by_search_is_no_failure(run: Run) -> None:
    Path("Dockerfile").write_bytes(b"{{ if x }}\nFROM a\n")
    assert run("fix", "--check").status == 0
    assert run("fix", "--check", "Dockerfile").status == 2


@pytest.mark.parametrize(("error", "name"), [(RecursionError, "RecursionError"), (OverlapError, "OverlapError")])
def test_the_other_files_are_still_done(
    error: type[Exception], name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for letter in "abcd":
        Path(f"{letter}.Dockerfile").write_bytes(PLAIN.replace(b"curl", letter.encode()))
    Path("b.Dockerfile").chmod(0o444)

    def failing(text: str, settings: Settings, context: Context | None) -> Outcome:
        if "install -y c" in text:
            raise error("too deep")
        return optimize(text, settings, context)

    monkeypatch.setattr(pipeline, "optimize", failing)
    ran = run(*FIX)
    assert ran.status == 2
    assert ran.errors == (
        "b.Dockerfile: error: read-only; not written\n"
        f"c.Dockerfile: error: internal error: {name}: too deep; nothing was written, please report this file\n"
    )
    written = [b"rm -rf" in Path(f"{letter}.Dockerfile").read_bytes() for letter in "abcd"]
    assert written == [True, False, False, True]


def test_mode_bits_stay(run: Run) -> None:
    Path("Dockerfile").write_bytes(PLAIN)
    Path("Dockerfile").chmod(0o640)
    run(*FIX)
    assert (Path("Dockerfile").read_bytes(), stat.S_IMODE(Path("Dockerfile").stat().st_mode)) == (FIXED, 0o640)


@pytest.mark.parametrize(
    ("options", "colours"), [(("--color", "always"), True), (("--color", "never"), False), ((), False)]
)
def test_colours(run: Run, options: tuple[str, ...], colours: bool) -> None:
    Path("Dockerfile").write_bytes(PLAIN)
    ran = run(*FIX, "--diff", *options)
    assert (b"\x1b[32m+RUN" in ran.out, "\x1b[1m" in ran.errors) == (colours, colours)


def test_a_reader_that_goes_away_is_no_accident(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.Dockerfile").write_bytes(PLAIN + b"LABEL x=" + b"y" * 4000 + b"\n")
    command = f"{sys.executable} -m dockopt fix --select remove-apt-lists --diff . 2>errors | head -c 1; cat errors"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert b"Traceback" not in done.stdout
    assert b"BrokenPipe" not in done.stdout
    assert done.stderr == b""


def dockopt(redirections: str, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    command = f"{sys.executable} -m dockopt fix --select remove-apt-lists --diff {redirections}"
    return subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, check=False)


def test_streams_that_are_closed(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(PLAIN)
    without_output = dockopt(". >&-", tmp_path)
    assert (without_output.returncode, without_output.stderr[:11]) == (1, b"Dockerfile:")
    assert dockopt(". 2>&-", tmp_path).stdout.startswith(b"--- a/Dockerfile\n")
    assert dockopt("- <&-", tmp_path).stderr == b"Dockerfile:1: refused: file with no instructions\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(PLAIN)
    done = dockopt("--format diff . >/dev/full", tmp_path)
    assert (done.returncode, done.stderr) == (2, b"dockopt: the output cannot be written: no space left on device\n")
