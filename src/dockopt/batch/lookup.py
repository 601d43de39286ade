"""What earlier runs know of some neighbouring files; what that rests on is looked at again before it is used."""

from typing import TYPE_CHECKING

from dockopt.batch import files
from dockopt.batch.groups import Found, Group
from dockopt.batch.results import Result, Status
from dockopt.batch.said import Said, said_of
from dockopt.batch.seen import NOTHING, Seen
from dockopt.batch.stamps import Stamp, Stamps
from dockopt.batch.work import Contexts, Task, guarded, put, with_headers
from dockopt.errors import InputError

if TYPE_CHECKING:
    from dockopt.batch.cache import Cache, Keys
    from dockopt.batch.stored import Kept


def look_up(found: list[Found], cache: "Cache") -> Group:
    """What the cache knows of some files, written as their jobs say."""
    neighbours = Neighbours(cache)
    places = [cache.place(one) if isinstance(one, Task) else b"" for one in found]
    kept = cache.said(place for place in places if place)
    known: list[Result | Said | None] = []
    missing: list[Task] = []
    keys: list[Keys | None] = []
    for one, place in zip(found, places, strict=True):
        answer, key = (one, None) if isinstance(one, Result) else neighbours.find(one, place, kept.get(place))
        known.append(answer)
        if answer is None and isinstance(one, Task):
            missing.append(one)
            keys.append(key)
    return Group(tuple(known), tuple(missing), tuple(keys))


class Neighbours:
    """Files that are looked up together: what is read of their contexts is read once."""

    def __init__(self, cache: "Cache") -> None:
        self.cache = cache
        self.contexts = Contexts()
        self.stamps = Stamps()

    def find(self, task: Task, place: bytes, kept: "Kept | None") -> "tuple[Result | Said | None, Keys | None]":
        """What is known of a file; where that is nothing, what it is to be found by, None if it cannot be read."""
        target, job = task
        if kept is not None and kept.said.figures.changed and job.write:
            kept = None  # words are not enough
        if kept is not None and self._unmoved(kept, task):
            return kept.said, None
        stamp = Stamp(self.stamps.of_file(task), self.stamps.of_context(task)) if place else Stamp()
        try:
            data = files.read(target.path, target.place)
        except InputError:
            return None, None  # who works on it says what is wrong
        keys = self.cache.keys(task, place, data, stamp)
        if kept is not None and kept.read == keys.read and self._holds(kept.seen, task):
            if stamp.file and stamp != kept.stamp and (stamp.context or kept.seen == NOTHING):
                self.cache.keep_said(keys, kept.said, kept.seen)  # to be known without reading
            return kept.said, None
        return self._result(task, data, keys), keys

    def _unmoved(self, kept: "Kept", task: Task) -> bool:
        """Whether a file and what its result rests on have the stamps that they had."""
        if not kept.stamp.file or self.stamps.of_file(task) != kept.stamp.file:
            return False
        if kept.seen == NOTHING:
            return True
        return bool(kept.stamp.context) and self.stamps.of_context(task) == kept.stamp.context

    def _holds(self, seen: Seen, task: Task) -> bool:
        if seen == NOTHING:
            return True
        from dockopt.batch.watched import holds  # noqa: PLC0415 - not where all files have their stamps

        return holds(seen, self.contexts.of(task.job, task.target.path))

    def _result(self, task: Task, data: bytes, keys: "Keys") -> "Result | Said | None":
        target, job = task
        found = self.cache.find(keys.result)
        if found is None or not self._holds(found[1], task):
            return None
        result = with_headers(found[0], target)

        def write() -> Result:
            put(target, data, result)
            return result

        done = guarded(target.path, write) if job.write and result.changed else result
        if job.tell is None:
            return done
        said = said_of(done, job.tell)
        if done.status is not Status.ERROR:
            self.cache.keep_said(keys, said, found[1])
        return said
