"""Calling an engine's command line: with a time limit, in a process group that never outlives us."""

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from dockopt.build.troubles import demand_engine
from dockopt.errors import BuildError

BYTES_KEPT = 200_000
"""Of each output: the end of a log is where the reason stands."""
CHUNK = 1 << 16
PROCESSES = "/proc"
GRACE = 10.0
"""Seconds between asking a process to stop and killing it."""
PAUSE = 0.02
LAST_WORDS = 1.0
"""Seconds for a program whose output ended too early to say why."""


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


def run(words: Sequence[str], *, seconds: float = 60.0, grace: float | None = None) -> Ran:
    """Run a program to its end, or to the end of its time and of its grace.

    Raises:
        BuildError: the program cannot be started.
    """
    started = time.monotonic()
    process = _start(words, subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    kept: dict[IO[bytes], bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
    status: int | None = None
    try:
        _read(process, kept, started + seconds)
        status = process.wait(max(0.0, started + seconds - time.monotonic()))
    except subprocess.TimeoutExpired:
        _end(process, grace)
        with suppress(subprocess.TimeoutExpired):
            _read(process, kept, time.monotonic() + LAST_WORDS)
    except BaseException:
        _end(process)
        raise
    finally:
        for stream in kept:
            stream.close()
    out, errors = (_text(data) for data in kept.values())
    return Ran(status, out, errors, time.monotonic() - started)


@contextmanager
def reading(words: Sequence[str], name: str = "") -> Iterator[IO[bytes]]:
    """A program's standard output while it runs; `name` is the engine's, where a shell calls it.

    Raises:
        BuildError: it cannot be started, or fails; its reason goes before what the reader made of half an output.
    """
    with tempfile.TemporaryFile() as errors:
        process = _start(words, errors)
        assert process.stdout
        try:
            yield process.stdout
            while process.stdout.read(CHUNK):
                pass
            process.wait()
            _demand_success(process, errors, name or words[0])
        except BuildError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(LAST_WORDS)
            _demand_success(process, errors, name or words[0])
            raise
        finally:
            _end(process)
            process.stdout.close()


def last_line(log: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def _start(words: Sequence[str], errors: int | IO[bytes]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - the words are ours or the user's own options
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
    except OSError as error:
        raise BuildError(f"{words[0]} cannot be started: {(error.strerror or str(error)).lower()}") from error


def _read(process: "subprocess.Popen[bytes]", kept: dict[IO[bytes], bytearray], end: float) -> None:
    """Read streams to their ends, keeping the last of each; who else holds them open is not waited for.

    Raises:
        subprocess.TimeoutExpired: there is no end in time.
    """
    with selectors.DefaultSelector() as selector:
        for stream, data in kept.items():
            selector.register(stream, selectors.EVENT_READ, data)
        while selector.get_map():
            left = end - time.monotonic()
            if left <= 0:
                raise subprocess.TimeoutExpired(process.args, 0)
            ready = selector.select(min(left, LAST_WORDS))
            if not ready and process.poll() is not None:
                return
            for key, _ in ready:
                more = os.read(key.fd, CHUNK)
                if not more:
                    selector.unregister(key.fileobj)
                key.data.extend(more)
                del key.data[:-BYTES_KEPT]


def _demand_success(process: "subprocess.Popen[bytes]", errors: IO[bytes], name: str) -> None:
    if not process.returncode:
        return
    errors.seek(0)
    log = _text(errors.read())
    demand_engine(name, log)
    raise BuildError(f"{name} failed to give its images: {last_line(log)}")


def _end(process: "subprocess.Popen[bytes]", grace: float | None = None) -> None:
    """Ask the whole group to stop, then make it; builds are cancelled in the engine when their client goes.

    What it started in groups of its own is made to stop too: podman leaves behind what a build runs.
    """
    outside = set(_descendants(process.pid))
    end = time.monotonic() + (GRACE if grace is None else grace)
    try:
        there = _signal(process, signal.SIGTERM)
        while there and time.monotonic() < end:
            time.sleep(PAUSE)
            process.poll()
            there = _signal(process, 0)
    finally:
        _signal(process, signal.SIGKILL)
        process.wait()
        for one in outside.intersection(_processes()):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(one.number, signal.SIGKILL)


def _signal(process: "subprocess.Popen[bytes]", number: int) -> bool:
    """Whether there was anybody to get the signal."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class _Process(NamedTuple):
    number: int
    born: str


def _processes() -> dict[_Process, int]:
    """All processes with their parents' numbers, where the system tells."""
    found = {}
    for file in Path(PROCESSES).glob("[0-9]*/stat"):
        with suppress(OSError):
            words = file.read_text(errors="replace").rpartition(")")[2].split()
            found[_Process(int(file.parent.name), words[19])] = int(words[1])
    return found


def _descendants(number: int) -> Iterator[_Process]:
    """Children, their children and so on."""
    parents = _processes()
    wanted = {number}
    while wanted:
        children = [process for process, parent in parents.items() if parent in wanted]
        yield from children
        wanted = {child.number for child in children}


def _text(data: bytes | bytearray) -> str:
    return data.decode("utf-8", "replace")
