"""A run as a series of commits: one for each transform, in the order of their application, over all files.

Every commit leaves files that dockopt itself had on its way, and the last one what it made in the end.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from dockopt.batch.results import Result
from dockopt.engine.ledger import Fate
from dockopt.fixes import Transform


class Change(NamedTuple):
    """One file in one commit, None before it is there. `path` is relative to the repository, with forward slashes."""

    path: str
    before: str | None
    after: str
    result: Result
    fates: tuple[Fate, ...]


class Commit(NamedTuple):
    """`turn` counts the times that the transform had something to do, from 1."""

    transform: Transform
    turn: int
    changes: tuple[Change, ...]

    @property
    def fates(self) -> tuple[tuple[Result, Fate], ...]:
        pairs = ((change.result, fate) for change in self.changes for fate in change.fates)
        return tuple({(result.path, fate.number): (result, fate) for result, fate in pairs}.values())


class Step(NamedTuple):
    """All that one transform did to a file in one round."""

    round: int
    fates: tuple[Fate, ...]


def commits(results: Iterable[Result], root: str) -> tuple[Commit, ...]:
    """The series for some results; paths are those below `root`."""
    found: dict[tuple[int, int, str], list[Change]] = {}
    for result in results:
        path = path_in(root, result)
        for step in _steps(result.applied):
            transform = step.fates[0].transform
            key = (step.round, int(transform.phase), transform.name)
            for change in _changes(result, path, root, step.fates):
                found.setdefault(key, []).append(change)
    turns: dict[str, int] = {}
    series = []
    for key in sorted(found):
        changes = found[key]
        turns[key[2]] = turns.get(key[2], 0) + 1
        series.append(Commit(changes[0].fates[0].transform, turns[key[2]], tuple(changes)))
    return tuple(series)


def path_in(root: str, result: Result) -> str:
    """Where a file is, below a folder, links followed."""
    return _below(root, result.path)


def _below(root: str, path: str) -> str:
    return os.path.relpath(os.path.realpath(path), root).replace(os.sep, "/")


def root_of(path: str) -> str:
    """The repository that a file is in; the current folder where there is none."""
    folder = os.path.dirname(os.path.realpath(path)) or os.curdir
    try:
        command = ["git", "-c", "core.fsmonitor=false", "-C", folder, "rev-parse", "--show-toplevel"]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no word of it is a file's
    except OSError:
        return os.path.realpath(os.curdir)
    if done.returncode:
        return os.path.realpath(os.curdir)
    return os.path.realpath(os.fsdecode(done.stdout).rstrip("\n"))


def _steps(applied: Iterable[Fate]) -> Iterator[Step]:
    """A transform that comes before the one that went before it begins another round."""
    turn, before = 0, (0, "")
    for key, fates in groupby(applied, key=lambda fate: (int(fate.transform.phase), fate.transform.name)):
        turn += key < before
        before = key
        yield Step(turn, tuple(fates))


def _changes(result: Result, path: str, root: str, fates: tuple[Fate, ...]) -> Iterator[Change]:
    if fates[0].before != fates[-1].after:
        yield Change(path, fates[0].before, fates[-1].after, result, fates)
    others = [other for fate in fates for other in fate.fix.others]
    for place in dict.fromkeys(other.path for other in others):
        texts = [other for other in others if other.path == place]
        yield Change(_below(root, place), texts[0].before, texts[-1].after, result, fates)
