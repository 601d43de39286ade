"""Many files: the same results in the same order with one process, several, a cache and a cluster."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dockopt.batch import files, pool, run, stamps, work
from dockopt.batch.cache import Cache
from dockopt.batch.discovery import Target, find
from dockopt.batch.pool import Workers
from dockopt.batch.results import Result, Status
from dockopt.batch.said import Said, said_of
from dockopt.batch.stamps import Stamps
from dockopt.batch.work import Contexts, Done, Job, Task
from dockopt.config import Settings
from dockopt.report.screen import Style
from dockopt.report.text import TextLook

FILES = run.WORTH_A_POOL + 2 * run.GROUP + 5
PYTHON = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n# {}\n"
PLAIN = "FROM debian:12\nRUN apt-get update && apt-get install -y curl # {}\n"
KILLS = "FROM kill\n"
KILLS_ONCE = "FROM kill-once\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for number in range(FILES):
        folder = tmp_path / "tree" / f"{number:03}"
        folder.mkdir(parents=True)
        (folder / "Dockerfile").write_text((PYTHON if number % 2 else PLAIN).format(number), encoding="utf-8")
        (folder / "requirements.txt").write_text("flask==3.0.3\n", encoding="utf-8")
    (tmp_path / "tree" / "007" / "Dockerfile").write_text("{{ x }}\n", encoding="utf-8")
    return tmp_path


def tasks(**changes: object) -> Iterator[Task]:
    job = Job(Settings())._replace(**changes)  # type: ignore[arg-type]
    return (Task(target, job) for target in find(["tree"]) if isinstance(target, Target))


def processes(told: list[str], number: int = 2) -> Workers:
    return Workers(lambda: pool.process_pool(number), number, told.append)


def texts() -> list[bytes]:
    return [path.read_bytes() for path in sorted(Path("tree").rglob("Dockerfile"))]


def ran(found: Iterable[Task | Result], workers: Workers | None = None, cache: Cache | None = None) -> list[Result]:
    return [one for one in run.run(found, workers, cache) if isinstance(one, Result)]


def alone(**changes: object) -> list[Result]:
    return ran(tasks(**changes))


def test_processes_give_what_one_gives() -> None:
    told: list[str] = []
    expected = alone()
    assert ran(tasks(), processes(told)) == expected
    assert (len(expected), told) == (FILES, [])
    assert {result.status for result in expected} == {Status.CHANGED, Status.REFUSED}


def test_processes_write_what_one_writes() -> None:
    told: list[str] = []
    before = texts()
    expected = [result.data for result in alone()]
    ran(tasks(write=True), processes(told))
    assert texts() == expected != before
    assert [path.name for path in sorted(Path("tree/000").iterdir())] == ["Dockerfile", "requirements.txt"]


def test_results_that_are_there_already_keep_their_place() -> None:
    known = Result("gone", Status.ERROR, "no such file")
    mixed: list[Task | Result] = [known, *tasks(), known]
    found = ran(mixed, processes([]))
    assert (found[0], found[-1], found[1:-1]) == (known, known, alone())


@contextmanager
def counting() -> Iterator[list[int]]:
    """Gets an entry for each file that is worked out here."""
    counted: list[int] = []

    def count(task: Task, contexts: Contexts | None = None) -> Done:
        counted.append(1)
        return original(task, contexts)

    original = work.process
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "process", count)
        yield counted


def cached(here: Path, **changes: object) -> tuple[list[Result], int]:
    """Results with the cache, and how many were worked out."""
    with counting() as counted:
        found = ran(tasks(watch=True, **changes), None, Cache(str(here / "cache")))
    return found, len(counted)


def test_a_second_run_takes_all_from_the_cache(here: Path) -> None:
    first = cached(here)
    assert first == (alone(), FILES)
    assert cached(here) == (first[0], 0)
    assert cached(here, settings=Settings(max_fixes=0))[1] == FILES
    assert cached(here, measure=False)[1] == FILES


def said(here: Path, look: TextLook, workers: Workers | None = None) -> tuple[list[Result | Said], int]:
    """What is said with the cache, and how many files were worked out here for that."""
    with counting() as counted:
        found = list(run.run(tasks(watch=True, tell=look), workers, Cache(str(here / "cache"))))
    return found, len(counted)


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_said_is_that_of_the_results(here: Path, number: int) -> None:
    workers = processes([], number) if number > 1 else None
    narrow, wide = (TextLook(Style(width=width), Style(), several=True) for width in (60, 100))
    expected = [said_of(result, narrow) for result in alone()]
    assert said(here, narrow, workers) == (expected, FILES if workers is None else 0)
    assert said(here, narrow) == (expected, 0)
    others = [said_of(result, wide) for result in alone()]
    assert others != expected
    assert said(here, wide) == (others, 0)
    assert cached(here) == (alone(), 0)
    (here / "tree" / "001" / "requirements.txt").write_text("flask==3.0.2\n", encoding="utf-8")
    assert said(here, wide) == ([said_of(result, wide) for result in alone()], 1)


def test_what_was_said_does_not_keep_a_file_from_being_written(here: Path) -> None:
    look = TextLook(Style(), Style())
    expected = alone()
    said(here, look)
    found = list(run.run(tasks(watch=True, write=True, tell=look), None, Cache(str(here / "cache"))))
    assert found == [said_of(result, look) for result in expected]
    assert texts() == [result.data for result in expected]


def test_cached_results_are_written(here: Path) -> None:
    expected = [result.data for result in cached(here)[0]]
    assert cached(here, write=True)[1] == 0
    assert texts() == expected


CHANGES: dict[str, tuple[Callable[[Path], object], int]] = {
    "Dockerfile": (lambda folder: (folder / "Dockerfile").write_text(PLAIN.format("new"), encoding="utf-8"), 1),
    "manifest": (lambda folder: (folder / "requirements.txt").write_text("flask==3.0.2\n", encoding="utf-8"), 1),
    "new file": (lambda folder: (folder / "setup.py").write_text("", encoding="utf-8"), 1),
    "file gone": (lambda folder: (folder / "requirements.txt").unlink(), 1),
    "link": (lambda folder: (folder / "setup.py").symlink_to("requirements.txt"), 1),
    "deep file": (lambda folder: deep(folder).write_text("", encoding="utf-8"), 1),
    "ignore file": (lambda folder: (folder / ".dockerignore").write_text("requirements.txt\n", encoding="utf-8"), 1),
    "own ignore file": (lambda folder: (folder / "Dockerfile.dockerignore").write_text("*.txt\n", encoding="utf-8"), 1),
    "time only": (lambda folder: os.utime(folder / "requirements.txt", (0, 0)), 0),
}


def deep(folder: Path) -> Path:
    (folder / "package").mkdir()
    return folder / "package" / "setup.py"


@pytest.mark.parametrize(("change", "redone"), CHANGES.values(), ids=CHANGES)
def test_what_a_result_rests_on_is_asked_again(here: Path, change: Callable[[Path], object], redone: int) -> None:
    cached(here)
    change(here / "tree" / "001")
    found, worked = cached(here)
    assert (found, worked) == (alone(), redone)


@pytest.mark.parametrize(("change", "redone"), CHANGES.values(), ids=CHANGES)
def test_stamps_show_what_a_result_rests_on(
    here: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object], redone: int
) -> None:
    monkeypatch.setattr(stamps, "MOMENT", -(10**12))  # files need not lie still
    look = TextLook(Style(), Style())
    said(here, look)
    change(here / "tree" / "001")
    expected = [said_of(result, look) for result in alone()]
    reads = []

    def read(path: str, place: str) -> bytes:
        reads.append(path)
        return original(path, place)

    original = files.read
    monkeypatch.setattr(files, "read", read)
    assert said(here, look) == (expected, redone)
    assert set(reads) == {str(Path("tree/001/Dockerfile"))}
    assert said(here, look) == (expected, 0)


def test_a_file_that_was_just_written_has_no_stamp() -> None:
    (task,) = (task for task in tasks() if "001" in task.target.path)
    found = Stamps()
    assert (found.of_file(task), found.of_context(task)) == ("", "")


def test_a_damaged_cache_is_none(here: Path) -> None:
    cached(here)
    for path in (here / "cache").iterdir():
        path.write_bytes(b"no database" * 1000)
    assert cached(here) == (alone(), FILES)


def test_a_cache_that_cannot_be_is_none(here: Path) -> None:
    (here / "cache").write_text("a file", encoding="utf-8")
    assert cached(here) == (alone(), FILES)


def killing(tasks: tuple[Task, ...]) -> tuple[Done, ...]:
    """Works, but for files at which the worker dies: always, or only the first time."""
    done = []
    for task in tasks:
        text = Path(task.target.place).read_text(encoding="utf-8")
        flag = Path(task.target.place).with_name("flag")
        if text == KILLS or (text == KILLS_ONCE and not flag.exists()):
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(work.process(task))
    return tuple(done)


@pytest.mark.skipif(sys.platform != "linux", reason="workers must see the patched function")
def test_a_killed_worker_takes_only_its_file_with_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "tree" / "050" / "Dockerfile").write_text(KILLS, encoding="utf-8")
    (here / "tree" / "060" / "Dockerfile").write_text(KILLS_ONCE, encoding="utf-8")
    expected = alone()
    monkeypatch.setattr(pool, "work_through", killing)
    told: list[str] = []
    found = ran(tasks(write=True), processes(told))
    reason = "the process at work on it was killed; is there enough memory?"
    expected[50] = Result(str(Path("tree/050/Dockerfile")), Status.ERROR, reason)
    assert [one.path for one in found] == [one.path for one in expected]
    assert (found[50], len(told)) == (expected[50], 1)
    assert texts()[:50] == [result.data for result in expected[:50]]
    assert texts()[51:] == [result.data for result in expected[51:]]


def children(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                fields = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent and fields[0] != "Z":
                found.append(int(process.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_parent_that_goes_leaves_no_worker_and_whole_files_only(here: Path, how: signal.Signals) -> None:
    for number in range(300):
        folder = here / "tree" / f"more{number:03}"
        folder.mkdir()
        (folder / "Dockerfile").write_text(PYTHON.format(number), encoding="utf-8")
    before = {path: path.read_bytes() for path in sorted((here / "tree").rglob("Dockerfile"))}
    command = [sys.executable, "-m", "dockopt", "fix", "--no-cache", "--jobs", "2", "tree"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=heed) as parent:  # noqa: PLW1509
        first = here / "tree" / "000" / "Dockerfile"
        until(lambda: first.read_bytes() != before[first] and len(children(parent.pid)) == 2)
        workers = children(parent.pid)
        parent.send_signal(how)
        parent.wait(30)
        until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert [str(path) for path in (here / "tree").rglob("*.dockopt")] == []
    after = {path: path.read_bytes() for path in before}
    done = {path for path in before if after[path] != before[path]}
    ran(tasks(write=True))
    assert {path: path.read_bytes() for path in done} == {path: after[path] for path in done}
    assert len(done) < len(before)


def heed() -> None:
    """Whoever started the tests may have had interrupts ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_full_disk_leaves_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    before = texts()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    found = alone(write=True)
    reasons = {result.reason for result in found if result.status is Status.ERROR}
    assert reasons == {"cannot be written: no space left on device"}
    assert texts() == before
    assert [path.name for path in sorted(Path("tree/000").iterdir())] == ["Dockerfile", "requirements.txt"]


def test_files_that_vanish(here: Path) -> None:
    todo = list(tasks())
    (here / "tree" / "003" / "Dockerfile").unlink()
    found = ran(iter(todo), processes([]))
    assert [result.path for result in found] == [task.target.path for task in todo]
    assert [result.reason for result in found if result.status is Status.ERROR] == [
        "cannot be read: no such file or directory"
    ]


def test_a_cluster_gives_what_one_process_gives(here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    distributed = pytest.importorskip("distributed")
    from dockopt.batch.cluster import cluster

    expected = alone()
    scratch = str(tmp_path_factory.mktemp("dask"))
    os.chdir(scratch)  # workers stand somewhere else
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=scratch
    ) as local:
        os.chdir(here)
        address = local.scheduler_address.replace("tcp://", "dask://")
        assert ran(tasks(), cluster(address, print)) == expected
        ran(tasks(write=True), cluster(address, print))
    assert texts() == [result.data for result in expected]
