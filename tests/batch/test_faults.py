"""What goes wrong around a run of the program: nothing is half written, the rest is done, and the status is 2."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.batch.test_run import children, heed, until
from tests.formats.runs import environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="file systems and processes of Linux")
TEXT = "FROM debian:12\nRUN apt-get update && apt-get install -y curl # {}\n"
DONE = TEXT.replace(" # {}", " # {}").replace("curl #", "curl && rm -rf /var/lib/apt/lists/* #")
OPTIONS = ("fix", "--no-cache", "--select", "remove-apt-lists")
HEEDING_MODES = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all")
"""Root, for whom nothing is read-only, without what makes that so."""
FEW, MANY = 5, 400


def tree(folder: Path, number: int) -> list[Path]:
    files = [folder / f"{at:03}" / "Dockerfile" for at in range(number)]
    for at, path in enumerate(files):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(at))
    return files


def text_of(at: int) -> str:
    return f"FROM debian:12\nRUN apt-get update && apt-get install -y curl\nENV NUMBER={at}\n"


def done_of(at: int) -> str:
    return text_of(at).replace("curl\n", "curl && rm -rf /var/lib/apt/lists/*\n")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "tree"
    place.mkdir()
    yield place
    for path in [place, *place.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """As somebody for whom modes matter."""
    before: tuple[str, ...] = ()
    if os.getuid() == 0:
        if subprocess.run([*HEEDING_MODES, "true"], capture_output=True, check=False).returncode:
            pytest.skip("root cannot put its rights aside here")
        before = HEEDING_MODES
    command = [*before, sys.executable, "-m", "dockopt", *OPTIONS, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment(folder), timeout=120)


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.dockopt")]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("harm", "message"),
    [
        pytest.param(lambda path: path.chmod(0), "cannot be read: permission denied", id="unreadable file"),
        pytest.param(lambda path: path.chmod(0o444), "read-only; not written", id="read-only file"),
        pytest.param(
            lambda path: path.parent.chmod(0o555), "its folder is read-only; not written", id="read-only folder"
        ),
        pytest.param(
            lambda path: path.parent.chmod(0), "the folder cannot be read: permission denied", id="closed folder"
        ),
    ],
)
def test_one_file_that_cannot_be(harm: Callable[[Path], None], message: str, jobs: str, folder: Path) -> None:
    number = FEW if jobs == "1" else MANY // 4
    files = tree(folder, number)
    harm(files[2])
    done = run(folder, "--jobs", jobs, ".")
    assert (done.returncode, message in done.stderr.decode()) == (2, True), done.stderr
    assert len(done.stderr.splitlines()) == 1
    files[2].parent.chmod(0o755)
    files[2].chmod(0o644)
    assert [path.read_text() for path in files] == [text_of(at) if at == 2 else done_of(at) for at in range(number)]
    assert left(folder) == []


def test_files_that_vanish_meanwhile(folder: Path) -> None:
    """Whoever is first: a file is gone, or written whole, or an error of its own."""
    files = tree(folder, MANY)

    def remove() -> None:
        until(lambda: files[0].read_text() != text_of(0))
        for path in reversed(files[MANY // 2 :]):
            path.unlink()

    thread = threading.Thread(target=remove)
    thread.start()
    command = [sys.executable, "-m", "dockopt", *OPTIONS, "--jobs", "2", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment(folder), timeout=120)
    thread.join()
    errors = done.stderr.decode().splitlines()
    assert done.returncode == (2 if errors else 0)
    assert all("no such file or directory" in line for line in errors)
    assert [path.read_text() for path in files[: MANY // 2]] == [done_of(at) for at in range(MANY // 2)]
    assert [path.name for path in folder.rglob("*") if path.is_file() and path not in files] == []


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """A file system of its own with room for so much."""
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_disk_that_is_full(jobs: str, tmp_path: Path) -> None:
    """Room for the files as they are, and none for another: all stay as they were, and no part of a new one is left."""
    place = tmp_path / "disk"
    with small_disk(place, "1m"):
        files = tree(place, MANY // 4)
        with (place / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError, match="No space left"):  # noqa: PT012
            while True:
                filler.write(b"x" * 4096)
        command = [sys.executable, "-m", "dockopt", *OPTIONS, "--jobs", jobs, "."]
        done = subprocess.run(
            command, cwd=place, capture_output=True, check=False, env=environment(tmp_path), timeout=120
        )
        lines = done.stderr.decode().splitlines()
        assert done.returncode == 2
        assert len(lines) == len(files)
        assert {line.partition(": ")[2] for line in lines} == {"error: cannot be written: no space left on device"}
        assert [path.read_text() for path in files] == [text_of(at) for at in range(len(files))]
        assert left(place) == []
        (place / "filler").unlink()
        done = subprocess.run(
            command, cwd=place, capture_output=True, check=False, env=environment(tmp_path), timeout=120
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert [path.read_text() for path in files] == [done_of(at) for at in range(len(files))]


def test_output_that_finds_no_room(tmp_path: Path) -> None:
    """A report is cut short with a message, and the files are whole."""
    files = tree(tmp_path / "tree", FEW)
    command = [sys.executable, "-m", "dockopt", *OPTIONS, "--format", "json", "tree"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=environment(tmp_path),
            timeout=120,
        )
    assert done.returncode == 2
    assert done.stderr == b"dockopt: the output cannot be written: no space left on device\n"
    assert all(path.read_text() in (text_of(at), done_of(at)) for at, path in enumerate(files))


def status(process: "subprocess.Popen[bytes]") -> int:
    """As a shell gives it.

    Python ends by the signal itself when the interruption met the evaluation of a text, as in the making of a
    NamedTuple, even if it was caught there.
    """
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def started(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "dockopt", *OPTIONS, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(folder),
        preexec_fn=heed,  # noqa: PLW1509 - nothing else runs yet
    )


def test_a_killed_worker_costs_a_line_and_the_status_alone(folder: Path) -> None:
    files = tree(folder, 4 * MANY)
    with started(folder, "--jobs", "2", ".") as process:
        until(lambda: files[0].read_text() != text_of(0) and len(children(process.pid)) == 2)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert errors.decode().splitlines()[-1].startswith("dockopt: a worker process was killed")
    assert [path.read_text() for path in files] == [done_of(at) for at in range(len(files))]
    assert left(folder) == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c(jobs: str, folder: Path) -> None:
    """Whole files only, an end within seconds, and the status that a shell gives an interrupted program."""
    files = tree(folder, 4 * MANY)
    with started(folder, "--jobs", jobs, ".") as process:
        until(lambda: files[0].read_text() != text_of(0))
        process.send_signal(signal.SIGINT)
        at = time.monotonic()
        _, errors = process.communicate(timeout=60)
    assert status(process) == 130, errors
    assert time.monotonic() - at < 30
    texts = [path.read_text() for path in files]
    assert all(text in (text_of(at), done_of(at)) for at, text in enumerate(texts))
    assert text_of(len(files) - 1) == texts[-1]
    assert left(folder) == []
