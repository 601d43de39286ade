"""Calling an engine's command line: with a time limit, in a process group that never outlives us."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, NamedTuple

from dockopt.errors import BuildError

TEXT_KEPT = 200_000
"""Characters of output: the end of a log is where the reason stands."""
GRACE = 10.0
"""Seconds between asking a process to stop and killing it."""


class Ran(NamedTuple):
    """What a call gave; `status` None says that it took longer than it was given."""

    status: int | None
    out: str
    errors: str
    seconds: float

    @property
    def good(self) -> bool:
        return self.status == 0

    @property
    def log(self) -> str:
        return self.out + self.errors


def run(words: Sequence[str], *, seconds: float = 60.0, text: str = "") -> Ran:
    """Run a program to its end, or to the end of its time.

    Raises:
        BuildError: the program cannot be started.
    """
    started = time.monotonic()
    process = _start(words, stdin=subprocess.PIPE if text else subprocess.DEVNULL)
    status: int | None = None
    try:
        out, errors = process.communicate(text.encode() or None, timeout=seconds)
        status = process.returncode
    except subprocess.TimeoutExpired:
        _end(process)
        out, errors = process.communicate()
    except BaseException:
        _end(process)
        raise
    return Ran(status, _text(out), _text(errors), time.monotonic() - started)


@contextmanager
def reading(words: Sequence[str]) -> Iterator[IO[bytes]]:
    """A program's standard output while it runs.

    Raises:
        BuildError: it cannot be started, or fails after its output was read.
    """
    process = _start(words, stdin=subprocess.DEVNULL)
    assert process.stdout
    assert process.stderr
    try:
        yield process.stdout
        process.stdout.read()
        errors = _text(process.stderr.read())
        if process.wait():
            raise BuildError(f"{' '.join(words[:3])} failed: {last_line(errors)}")
    finally:
        if process.poll() is None:
            _end(process)
        process.stdout.close()
        process.stderr.close()
        process.wait()


def last_line(log: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def _start(words: Sequence[str], stdin: int) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - the words are ours or the user's own options
            words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise BuildError(f"{words[0]} cannot be started: {(error.strerror or str(error)).lower()}") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the whole group to stop, then make it; builds are cancelled in the engine when their client goes."""
    for signal_ in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_)
        except (ProcessLookupError, PermissionError):
            return
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            continue
        return


def _text(data: bytes) -> str:
    return data[-TEXT_KEPT:].decode("utf-8", "replace")
