"""Many files: cached results taken, the others worked out here or by workers, changed files written, all in order."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from dockopt.batch import files
from dockopt.batch.garbage import collecting_seldom
from dockopt.batch.results import Result, Status
from dockopt.batch.work import Contexts, Done, Task, guarded, process, put, with_headers
from dockopt.errors import InputError

if TYPE_CHECKING:
    from dockopt.batch.cache import Cache
    from dockopt.batch.pool import Workers

GROUP = 24
"""Files that are handed out at once: neighbours, which often share a context."""
WORTH_A_POOL = 3 * GROUP
Found = Task | Result


class Group(NamedTuple):
    """Neighbours in their order: what is known of each already, and what is to be worked out."""

    known: tuple[Result | None, ...]
    missing: tuple[Task, ...] = ()
    data: tuple[bytes | None, ...] = ()


def run(found: Iterable[Found], workers: "Workers | None" = None, cache: "Cache | None" = None) -> Iterator[Result]:
    """A result for each task, and each result that is one already, in the order given.

    Few files are worked through here whatever workers there are.
    """
    found = iter(found)
    first = list(islice(found, WORTH_A_POOL))
    few = len(first) < WORTH_A_POOL
    groups = (_looked_up(group, cache) for group in _grouped(chain(first, found), GROUP))
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
    return Task(target._replace(path=os.path.abspath(target.path)), job._replace(context=context))


def _renamed(task: Task, done: Done) -> Done:
    """A result under the name that the user knows."""
    return done._replace(result=with_headers(done.result, task.target))


def _grouped(found: Iterable[Found], size: int) -> Iterator[list[Found]]:
    found = iter(found)
    while group := list(islice(found, size)):
        yield group


def _looked_up(found: list[Found], cache: "Cache | None") -> Group:
    if cache is None:
        known = tuple(one if isinstance(one, Result) else None for one in found)
        return Group(known, tuple(one for one in found if isinstance(one, Task)))
    contexts = Contexts()
    results: list[Result | None] = []
    missing: list[Task] = []
    contents: list[bytes | None] = []
    for one in found:
        result, data = (one, None) if isinstance(one, Result) else _cached(one, cache, contexts)
        results.append(result)
        if result is None and isinstance(one, Task):
            missing.append(one)
            contents.append(data)
    return Group(tuple(results), tuple(missing), tuple(contents))


def _cached(task: Task, cache: "Cache", contexts: Contexts) -> tuple[Result | None, bytes | None]:
    """What the cache knows of a file, written as the job says; else the file's bytes as they are now."""
    target, job = task
    try:
        data = files.read(target.path, target.place)
    except InputError:
        return None, None  # who works on it says what is wrong
    result = cache.find(task, data, contexts)
    if result is None:
        return None, data
    result = with_headers(result, target)
    if not (job.write and result.changed):
        return result, data

    def write() -> Result:
        put(target, data, result)
        return result

    return guarded(target.path, write), data


def _merged(group: Group, done: Iterable[Done], cache: "Cache | None") -> Iterator[Result]:
    new = iter(done)
    asked = zip_longest(group.missing, group.data)
    for known in group.known:
        if known is not None:
            yield known
            continue
        task, data = next(asked)
        one = next(new)
        if cache is not None and data is not None and _is_of(one.result, data):
            cache.keep(task, data, one)
        yield one.result


def _is_of(result: Result, data: bytes) -> bool:
    """Whether the bytes that were read here are those that the worker found."""
    from dockopt.text.source import SourceText  # noqa: PLC0415

    return result.outcome is not None and result.outcome.before == SourceText.from_bytes(data).text


@contextmanager
def _closing(cache: "Cache | None") -> Iterator[None]:
    try:
        yield
    finally:
        if cache is not None:
            cache.close()


def failed(path: str, error: InputError) -> Result:
    """The result for a path that is no use."""
    return Result(path, Status.ERROR, error.message, error.line)
