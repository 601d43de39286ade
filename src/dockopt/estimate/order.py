"""What the order of a Dockerfile costs: the time of a rebuild for each kind of change, weighed by how often it happens.

Files are alike where the same instructions bring them, before and after. How often they change comes from the history
of the repository; without one, from what kind of file they are.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.analyses.stamps import declares_stamps, set_names
from dockopt.context.history import History
from dockopt.context.tree import Context
from dockopt.estimate.changes import brought, weight_of_kind
from dockopt.estimate.rebuild import ARGUMENT, needed_by, rebuild
from dockopt.estimate.stages import walked
from dockopt.knowledge.ranges import Range
from dockopt.model.dockerfile import Dockerfile


class Group(NamedTuple):
    """Files that set off the same instructions: one of them, how many there are, their changes, and what these cost."""

    path: str
    files: int
    changes: int
    before: Range
    after: Range


class Order(NamedTuple):
    """The groups, the most changed first, and the milliseconds that a change costs on average.

    `commits` is how many commits were looked at, 0 where kinds of files stood in for the history. `stamps` are build
    arguments that every build gives another value (`path` holds their names), None where there are none.
    """

    groups: tuple[Group, ...]
    before: int
    after: int
    commits: int
    stamps: Group | None = None


def order(file: Dockerfile, after: Dockerfile, context: Context, history: History | None) -> Order | None:
    """What changes cost in two versions of a file; None where no instruction brings a file of the context."""
    if not file.stages or not after.stages:
        return None
    seen: dict[str, tuple[tuple[int, ...], ...]] = {}
    versions = [_bringers(one, context) for one in (file, after)]
    for path in sorted({path for version in versions for path in version}):
        seen[path] = tuple(version.get(path, ()) for version in versions)
    alike: dict[tuple[tuple[int, ...], ...], list[str]] = {}
    for path, steps in seen.items():
        alike.setdefault(steps, []).append(path)
    groups = [_group(paths, (file, after), history) for paths in alike.values()]
    groups.sort(key=lambda group: (-group.changes, group.path))
    total = sum(group.changes for group in groups)
    if not total:
        return None
    before = sum(group.changes * group.before.expected for group in groups) // total
    later = sum(group.changes * group.after.expected for group in groups) // total
    return Order(tuple(groups), before, later, history.commits if history else 0, _stamps(file, after))


def _bringers(file: Dockerfile, context: Context) -> Mapping[str, tuple[int, ...]]:
    """For every path the instructions that bring it."""
    found: dict[str, tuple[int, ...]] = {}
    for number, path in _brought(file, context):
        found[path] = (*found.get(path, ()), number)
    return found


def _brought(file: Dockerfile, context: Context) -> Iterator[tuple[int, str]]:
    steps = [step for stage in needed_by(file, file.final) for step in stage.steps]
    for number, step in enumerate(steps):
        paths = dict.fromkeys(brought(context, step))
        yield from ((number, path) for path in paths if not path.startswith(".git/"))


def _stamps(file: Dockerfile, after: Dockerfile) -> Group | None:
    """What it costs in two versions that the commit and the date are others."""
    steps = (step for stage in needed_by(file, file.final) for step in stage.of("ARG"))
    names = sorted({name for step in steps if declares_stamps(file, step) for name in set_names(step)})
    if not names:
        return None
    changed = " ".join(f"{ARGUMENT}{name}" for name in names)
    costs = [rebuild(one.facts(walked), one.final, changed).milliseconds for one in (file, after)]
    return Group(", ".join(names), len(names), 0, *costs)


def _group(paths: list[str], files: tuple[Dockerfile, Dockerfile], history: History | None) -> Group:
    counts = {path: history.changes.get(path, 0) if history else weight_of_kind(path) for path in paths}
    path = max(paths, key=lambda one: (counts[one], -one.count("/"), one))
    before, after = (rebuild(file.facts(walked), file.final, path).milliseconds for file in files)
    return Group(path, len(paths), sum(counts.values()), before, after)
