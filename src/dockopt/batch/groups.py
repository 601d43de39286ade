"""Neighbouring files that are looked up, and handed out, at once."""

from typing import TYPE_CHECKING, NamedTuple

from dockopt.batch.results import Result
from dockopt.batch.work import Task

if TYPE_CHECKING:
    from dockopt.batch.cache import Keys
    from dockopt.batch.said import Said

Found = Task | Result


class Group(NamedTuple):
    """Neighbours in their order: what is known of each already, and what is to be worked out."""

    known: "tuple[Result | Said | None, ...]"
    missing: tuple[Task, ...] = ()
    keys: "tuple[Keys | None, ...]" = ()
    """What the missing ones will be found by, None for a file that cannot be read."""


def without_cache(found: list[Found]) -> Group:
    """Nothing is known but what is a result already."""
    missing = tuple(one for one in found if isinstance(one, Task))
    return Group(tuple(one if isinstance(one, Result) else None for one in found), missing, (None,) * len(missing))
