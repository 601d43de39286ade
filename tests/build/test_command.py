"""Calling programs: limits of time and output, and that nothing runs on afterwards."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockopt.build import command
from dockopt.build.command import BYTES_KEPT, last_line, reading, run
from dockopt.errors import BuildError

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "GRACE", 0.5)
    monkeypatch.setattr(command, "LAST_WORDS", 0.2)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Path]:
    """A file into which a shell and its child write their ids; whoever lives on is ended."""
    file = tmp_path / "ids"
    yield file
    for number in ids(file):
        if lives(number):
            os.kill(number, signal.SIGKILL)


def ids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def survivors(file: Path) -> list[int]:
    """Those of the group that are still there when they have had time to go."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and any(map(lives, ids(file))):
        time.sleep(0.02)
    return [number for number in ids(file) if lives(number)]


def family(file: Path, trap: str = "") -> list[str]:
    """A shell with a child, both of which never end by themselves."""
    child = f"{trap} echo $$ >> {file}; while :; do sleep 0.1; done"
    return ["sh", "-c", f"{trap} echo $$ >> {file}; sh -c '{child}' & echo started; echo why >&2; wait; wait; wait"]


def test_what_a_program_gives() -> None:
    ran = run(["sh", "-c", "echo out; echo errors >&2; exit 3"])
    assert (ran.status, ran.out, ran.errors, ran.log, ran.good) == (3, "out\n", "errors\n", "out\nerrors\n", False)
    assert run(["true"]).good


def test_input_is_empty() -> None:
    assert run(["cat"]).out == ""


def test_output_need_not_be_text() -> None:
    assert run(["printf", r"a\377b"]).out == "a\N{REPLACEMENT CHARACTER}b"


def test_the_end_of_much_output_is_kept() -> None:
    script = (
        "import sys; [print('x' * 1000, file=f) for _ in range(3000) for f in (sys.stdout, sys.stderr)]; print('end')"
    )
    ran = run([sys.executable, "-c", script])
    assert ran.status == 0
    assert ran.out.endswith("x\nend\n")
    assert (len(ran.out), len(ran.errors)) == (BYTES_KEPT, BYTES_KEPT)


def test_endless_output_ends_with_the_time() -> None:
    ran = run(["yes"], seconds=0.5)
    assert (ran.status, ran.good, len(ran.out)) == (None, False, BYTES_KEPT)


@pytest.mark.parametrize("trap", ["", 'trap "" TERM;'], ids=["heeds", "ignores"])
def test_the_end_of_the_time_ends_the_whole_group(group: Path, trap: str) -> None:
    ran = run(family(group, trap), seconds=1.0)
    assert (ran.status, ran.out, ran.errors) == (None, "started\n", "why\n")
    assert len(ids(group)) == 2
    assert survivors(group) == []


def test_a_child_that_ignores_its_parents_end_is_killed(group: Path) -> None:
    child = f'trap "" TERM; echo $$ >> {group}; while :; do sleep 0.1; done'
    assert run(["sh", "-c", f"sh -c '{child}' & exec sleep 60"], seconds=1.0).status is None
    assert len(ids(group)) == 1
    assert survivors(group) == []


def test_what_it_started_in_a_group_of_its_own_is_ended(group: Path) -> None:
    child = f"import os, time; os.setsid(); open({str(group)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    assert run(["sh", "-c", f'"$0" -c "{child}" & exec sleep 60', sys.executable], seconds=1.5).status is None
    assert len(ids(group)) == 1
    assert survivors(group) == []


def test_a_daemon_that_holds_the_output_open_is_not_waited_for(group: Path) -> None:
    daemon = f"import os, time; os.setsid(); open({str(group)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    ran = run(["sh", "-c", f'"$0" -c "{daemon}" & sleep 1; echo done', sys.executable], seconds=PATIENCE)
    assert (ran.status, ran.out) == (0, "done\n")
    assert lives(*ids(group))


@pytest.mark.parametrize("trap", ["", 'trap "" TERM;'], ids=["heeds", "ignores"])
def test_ctrl_c_ends_the_whole_group(group: Path, trap: str) -> None:
    def interrupt() -> None:
        while len(ids(group)) < 2:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        run(family(group, trap), seconds=PATIENCE)
    thread.join()
    assert survivors(group) == []


@pytest.mark.parametrize("call", [run, lambda words: reading(words).__enter__()])
def test_a_missing_program_is_told(call: object) -> None:
    assert callable(call)
    with pytest.raises(BuildError, match=r"\Ano-such-engine cannot be started: no such file or directory\Z"):
        call(["no-such-engine", "version"])


def test_a_program_that_may_not_be_run_is_told(tmp_path: Path) -> None:
    file = tmp_path / "engine"
    file.write_text("")
    with pytest.raises(BuildError) as caught:
        run([str(file)])
    assert str(caught.value) == f"{file} cannot be started: permission denied"


def test_output_is_read_while_it_comes() -> None:
    with reading(["sh", "-c", "printf one; sleep 0.2; printf two; printf three"]) as stream:
        assert stream.read(6) == b"onetwo"


def test_much_on_the_other_stream_does_not_block() -> None:
    script = "import sys; sys.stderr.write('x' * 1_000_000); sys.stderr.flush(); print('done')"
    with reading([sys.executable, "-c", script]) as stream:
        assert stream.read() == b"done\n"


def test_a_program_that_fails_after_its_output_is_told() -> None:
    with (
        pytest.raises(BuildError, match=r"\Apodman failed to give its images: two\Z"),
        reading(["sh", "-c", "printf half; echo one >&2; echo two >&2; exit 1"], "podman") as stream,
    ):
        assert stream.read() == b"half"


def read_and_refuse(words: list[str], size: int) -> bytes:
    with reading(words) as stream:
        found = stream.read(size)
        raise BuildError(f"cannot be read: {found!r}")


def test_the_programs_reason_goes_before_the_readers() -> None:
    with pytest.raises(BuildError, match=r"\Ash failed to give its images: gone\Z"):
        read_and_refuse(["sh", "-c", "printf half; sleep 0.1; echo gone >&2; exit 1"], 100)


def test_the_readers_reason_stands_where_the_program_is_well(group: Path) -> None:
    with pytest.raises(BuildError, match=r"\Acannot be read: b'started'\Z"):
        read_and_refuse(family(group), 7)
    assert survivors(group) == []


@pytest.mark.parametrize(
    ("log", "line"), [("", "no reason given"), ("\n \n", "no reason given"), ("one\n two \n\n", "two")]
)
def test_the_last_line_that_says_something(log: str, line: str) -> None:
    assert last_line(log) == line
