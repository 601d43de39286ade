"""Many files: cached results taken, the others worked out here or by workers, changed files written, all in order."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain, islice
from typing import TYPE_CHECKING

from dockopt.batch.garbage import collecting_seldom
from dockopt.batch.groups import Found, Group, without_cache
from dockopt.batch.results import Result, Status
from dockopt.batch.work import Contexts, Done, Task, process, with_headers

if TYPE_CHECKING:
    from dockopt.batch.cache import Cache
    from dockopt.batch.pool import Workers
    from dockopt.batch.said import Said
    from dockopt.errors import InputError

GROUP = 24
"""Files that are handed out at once: neighbours, which often share a context."""
WORTH_A_POOL = 3 * GROUP


def run(
    found: Iterable[Found], workers: "Workers | None" = None, cache: "Cache | None" = None
) -> "Iterator[Result | Said]":
    """A result for each task, or what is said of it, and each result that is one already, in the order given.

    Few files are worked through here whatever workers there are.
    """
    found = iter(found)
    first = list(islice(found, WORTH_A_POOL))
    few = len(first) < WORTH_A_POOL
    grouped = _grouped(chain(first, found), GROUP)
    groups = _looked_up(grouped, cache) if cache else map(without_cache, grouped)
    pairs: Iterator[tuple[Group, Iterable[Done]]]
    with _closing(cache), nullcontext() if few else collecting_seldom():
        if workers is None or few:
            pairs = ((group, _here(group.missing)) for group in groups)
        else:
            pairs = _by_workers(groups, workers)
        for group, done in pairs:
            yield from _merged(group, done, cache)


def _here(tasks: tuple[Task, ...]) -> Iterator[Done]:
    """Each as soon as it is asked for."""
    contexts = Contexts()
    return (process(task, contexts) for task in tasks)


def _by_workers(groups: Iterable[Group], workers: "Workers") -> Iterator[tuple[Group, Iterable[Done]]]:
    from collections import deque  # noqa: PLC0415

    from dockopt.batch.pool import in_order  # noqa: PLC0415 - a single process does without

    handed: deque[Group] = deque()

    def missing() -> Iterator[tuple[Task, ...]]:
        for group in groups:
            handed.append(group)
            yield tuple(map(_with_whole_paths, group.missing)) if workers.elsewhere else group.missing

    for done in in_order(missing(), workers):
        group = handed.popleft()
        yield group, map(_renamed, group.missing, done) if workers.elsewhere else done


def _with_whole_paths(task: Task) -> Task:
    target, job = task
    context = os.path.abspath(job.context) if job.context else job.context
    return Task(target._replace(path=os.path.abspath(target.path)), job._replace(context=context, tell=None))


def _renamed(task: Task, done: Done) -> Done:
    """A result under the name that the user knows."""
    assert done.result is not None
    return done._replace(result=with_headers(done.result, task.target))


def _grouped(found: Iterable[Found], size: int) -> Iterator[list[Found]]:
    found = iter(found)
    while group := list(islice(found, size)):
        yield group


def _looked_up(groups: Iterable[list[Found]], cache: "Cache") -> Iterator[Group]:
    from dockopt.batch.lookup import look_up  # noqa: PLC0415 - only where results are kept

    return (look_up(group, cache) for group in groups)


def _merged(group: Group, done: Iterable[Done], cache: "Cache | None") -> "Iterator[Result | Said]":
    new = iter(done)
    asked = iter(group.keys)
    for known in group.known:
        if known is not None:
            yield known
            continue
        keys, one = next(asked), next(new)
        if cache is not None and keys is not None and one.read == keys.read:
            cache.keep(keys, one)
        answer = one.said or one.result
        assert answer is not None
        yield answer


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _closing(cache: "Cache | None") -> Iterator[None]:
    try:
        yield
    finally:
        if cache is not None:
            cache.close()


def failed(path: str, error: "InputError") -> Result:
    """The result for a path that is no use."""
    return Result(path, Status.ERROR, error.message, error.line)
