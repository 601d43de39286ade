"""Work spread over processes or a cluster: groups of files go out, results come back in the order of the files.

A worker that dies takes nothing with it but the files it had at hand: those are tried again one by one, alone.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from typing import NamedTuple

from dockopt.batch import files
from dockopt.batch.garbage import collect_seldom
from dockopt.batch.results import Result, Status
from dockopt.batch.work import WRITING, Done, Task, work_through
from dockopt.errors import DockoptError

AHEAD = 4
"""Groups for each worker that are handed out before the first is asked for."""
Group = tuple[Task, ...]


class Workers(NamedTuple):
    """How to get an executor, and how many workers it has."""

    make: Callable[[], Executor]
    number: int
    told: Callable[[str], None]
    """Takes a line about workers that died."""
    elsewhere: bool = False
    """Whether they may stand in another folder, so that paths must be whole."""


class Pool:
    """Groups in, results out. The workers begin with the first group: there is none where all is known already."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.broken = False
        self._executor: Executor | None = None

    @property
    def executor(self) -> Executor:
        if self._executor is None:
            self._executor = self.workers.make()
        return self._executor

    def submit(self, group: Group) -> "Future[tuple[Done, ...]] | None":
        """None where the executor broke; `result` sees to that."""
        try:
            return self.executor.submit(work_through, group)
        except BrokenExecutor:
            return None

    def result(self, group: Group, future: "Future[tuple[Done, ...]] | None") -> tuple[Done, ...]:
        try:
            if future is not None:
                return future.result()
        except BrokenExecutor:
            pass
        except DockoptError:
            raise
        except Exception as error:  # noqa: BLE001 - a cluster has errors of its own for workers that are lost
            return tuple(_lost(task, f"its worker failed: {type(error).__name__}") for task in group)
        return self._again(group)

    def _again(self, group: Group) -> tuple[Done, ...]:
        """A group whose worker died, or whose pool broke because another's did, in a pool of its own."""
        if not self.broken:
            self.broken = True
            self.workers.told("a worker process was killed; what it had finished last may be missing here")
        if isinstance(self.executor, ProcessPoolExecutor):
            self.executor.shutdown(wait=True)  # none of its processes is there any more, not even as a zombie
        sweep(group)
        found = self._alone(group)
        if found is None and len(group) == 1:
            found = (_lost(group[0], "the process at work on it was killed; is there enough memory?"),)
        return found or tuple(done for task in group for done in self._again((task,)))

    def _alone(self, group: Group) -> tuple[Done, ...] | None:
        with process_pool(1) as executor:
            try:
                return executor.submit(work_through, group).result()
            except BrokenExecutor:
                return None

    def renew(self) -> None:
        """A new executor where the old one broke."""
        self.executor.shutdown(wait=False)
        self._executor = self.workers.make()

    def close(self) -> None:
        """Let what runs come to its end, and nothing else begin."""
        if isinstance(self._executor, ProcessPoolExecutor):
            self._executor.shutdown(wait=True, cancel_futures=True)
        elif self._executor is not None:
            self._executor.shutdown(wait=False)


def sweep(group: Group) -> None:
    """Remove what workers that are gone left beside files that they were about to replace."""
    for task in group:
        if task.job.write:
            files.sweep(task.target.place)


def _lost(task: Task, reason: str) -> Done:
    return Done(Result(task.target.path, Status.ERROR, reason))


def in_order(groups: Iterable[Group], workers: Workers) -> Iterator[tuple[Done, ...]]:
    """What came of each group, in the order of the groups; an empty group goes through at no cost."""
    pool = Pool(workers)
    waiting: deque[tuple[Group, Future[tuple[Done, ...]] | None]] = deque()

    def first() -> tuple[Done, ...]:
        group, future = waiting.popleft()
        if not group:
            return ()
        done = pool.result(group, future)
        if future is None or isinstance(future.exception(), BrokenExecutor):
            pool.renew()
            for at, (other, known) in enumerate(waiting):
                if other and (known is None or (known.done() and isinstance(known.exception(), BrokenExecutor))):
                    sweep(other)
                    waiting[at] = other, pool.submit(other)
        return done

    try:
        for group in groups:
            waiting.append((group, pool.submit(group) if group else None))
            if len(waiting) > AHEAD * workers.number:
                yield first()
        while waiting:
            yield first()
    finally:
        pool.close()


def process_pool(number: int) -> Executor:
    """Worker processes of this machine, which end when we do and leave Ctrl-C to us."""
    import multiprocessing  # noqa: PLC0415

    from dockopt.engine.registry import transforms  # noqa: PLC0415

    transforms()  # loaded once: workers share the memory
    method = "fork" if sys.platform == "linux" else None
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(number, context, initializer=_begin)


def _begin() -> None:
    """In a worker: leave interrupts to the parent, end at once when told to, and watch whether the parent is there.

    A handler of the parent's for requests to end would only be in the way of a pool that is taken down.
    """
    import signal  # noqa: PLC0415
    import threading  # noqa: PLC0415

    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    """End as soon as the parent is gone and no file is being replaced. Signals are for the thread that works."""
    import signal  # noqa: PLC0415
    from multiprocessing import parent_process  # noqa: PLC0415
    from multiprocessing.connection import wait  # noqa: PLC0415

    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGHUP})
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        with WRITING:
            os._exit(1)
