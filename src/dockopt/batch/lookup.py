"""What earlier runs know of some neighbouring files; what that rests on is looked at again before it is used."""

from typing import TYPE_CHECKING, NamedTuple

from dockopt.batch import files
from dockopt.batch.results import Result, Status
from dockopt.batch.work import Contexts, Task, guarded, put, with_headers
from dockopt.errors import InputError

if TYPE_CHECKING:
    from dockopt.batch.cache import Cache, Keys
    from dockopt.batch.said import Said
    from dockopt.batch.watched import Seen

Found = Task | Result


class Group(NamedTuple):
    """Neighbours in their order: what is known of each already, and what is to be worked out."""

    known: "tuple[Result | Said | None, ...]"
    missing: tuple[Task, ...] = ()
    keys: "tuple[Keys | None, ...]" = ()
    """What the missing ones will be found by, None for a file that cannot be read."""


class Asked(NamedTuple):
    """A file as it is now."""

    task: Task
    data: bytes
    keys: "Keys"


def without_cache(found: list[Found]) -> Group:
    """Nothing is known but what is a result already."""
    missing = tuple(one for one in found if isinstance(one, Task))
    return Group(tuple(one if isinstance(one, Result) else None for one in found), missing, (None,) * len(missing))


def look_up(found: list[Found], cache: "Cache") -> Group:
    """What the cache knows of some files, written as their jobs say."""
    contexts = Contexts()
    asked = [_asked(one, cache) if isinstance(one, Task) else None for one in found]
    said = cache.said(one.keys.said for one in asked if one and one.keys.said)
    known: list[Result | Said | None] = []
    missing: list[Task] = []
    keys: list[Keys | None] = []
    for one, file in zip(found, asked, strict=True):
        if isinstance(one, Result):
            known.append(one)
            continue
        answer = None
        if file is not None:
            answer = _said(file, said.get(file.keys.said), contexts) or _result(file, cache, contexts)
        known.append(answer)
        if answer is None:
            missing.append(one)
            keys.append(file and file.keys)
    return Group(tuple(known), tuple(missing), tuple(keys))


def _asked(task: Task, cache: "Cache") -> Asked | None:
    try:
        data = files.read(task.target.path, task.target.place)
    except InputError:
        return None  # who works on it says what is wrong
    return Asked(task, data, cache.keys(task, data))


def _said(file: Asked, known: "tuple[Said, Seen] | None", contexts: Contexts) -> "Said | None":
    """What is said of a file where nothing is to be written."""
    if known is None or (known[0].figures.changed and file.task.job.write):
        return None
    return known[0] if _holds(known[1], file.task, contexts) else None


def _result(file: Asked, cache: "Cache", contexts: Contexts) -> "Result | Said | None":
    target, job = file.task
    found = cache.find(file.keys.result)
    if found is None or not _holds(found[1], file.task, contexts):
        return None
    result = with_headers(found[0], target)

    def write() -> Result:
        put(target, file.data, result)
        return result

    done = guarded(target.path, write) if job.write and result.changed else result
    if job.tell is None:
        return done
    from dockopt.batch.said import said_of  # noqa: PLC0415 - only for what was never said so

    said = said_of(done, job.tell)
    if done.status is not Status.ERROR:
        cache.keep_said(file.keys, said, found[1])
    return said


def _holds(seen: "Seen", task: Task, contexts: Contexts) -> bool:
    from dockopt.batch.watched import NOTHING, holds  # noqa: PLC0415 - only where something is known

    return seen == NOTHING or holds(seen, contexts.of(task.job, task.target.path))
