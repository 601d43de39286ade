"""A baseline: the fixes that are known and accepted as they stand, so that a check fails on new waste only.

A fix is known again by its transform, its title and the text that it is about, wherever that moves in its file.
"""

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from dockopt.batch import files
from dockopt.batch.results import Result
from dockopt.config import Rejection
from dockopt.errors import SettingsError

if TYPE_CHECKING:
    from dockopt.batch.work import Job
    from dockopt.engine.ledger import Fate

SCHEMA = 1
ACCEPTED = "accepted in the baseline"
ROUNDS = 20


class Baseline(NamedTuple):
    """Accepted fixes, how many of each, by the file's path from the folder that the baseline lies in."""

    folder: str
    known: Mapping[str, Mapping[str, int]]

    def __call__(self, result: Result, data: bytes, job: "Job") -> Result:
        """A result without the accepted fixes."""
        from dockopt.batch.work import rewrite  # noqa: PLC0415 - which knows of us as what it asks before it writes

        accepted = Counter(self.known.get(_name(self.folder, result.path), {}))
        path, rejections = result.path, job.settings.rejections
        for _ in range(ROUNDS):
            more = []
            for fate in result.applied:
                if accepted[mark := fingerprint(result, fate)] > 0:
                    accepted[mark] -= 1
                    more.append(Rejection(fate.transform.name, fate.fix.title, fate.start, ACCEPTED))
            if not more:
                break
            rejections = (*rejections, *more)
            result = rewrite(path, data, job._replace(settings=job.settings._replace(rejections=rejections)), path)
        return result


class Accepting(NamedTuple):
    """Finds what has to be accepted of a file for nothing to be left, also what is proposed in place of other fixes."""

    def __call__(self, result: Result, data: bytes, job: "Job") -> Result:
        """The result as it is, with the marks of all that is to be accepted."""
        from dockopt.batch.work import rewrite  # noqa: PLC0415 - as above

        marks: list[str] = []
        rejections = job.settings.rejections
        left = result
        for _ in range(ROUNDS):
            if not left.applied:
                break
            for fate in left.applied:
                marks.append(fingerprint(left, fate))
                rejections = (*rejections, Rejection(fate.transform.name, fate.fix.title, fate.start, ACCEPTED))
            settings = job.settings._replace(rejections=rejections)
            left = rewrite(result.path, data, job._replace(settings=settings, measure=False), result.path)
        return replace(result, accepted=tuple(marks))


class Recorder:
    """Collects what a new baseline accepts."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.folder = os.path.dirname(os.path.abspath(path))
        self.found: dict[str, dict[str, int]] = {}

    def add(self, result: Result) -> None:
        if result.accepted:
            marks = Counter(result.accepted)
            self.found[_name(self.folder, result.path)] = dict(sorted(marks.items()))

    @property
    def fixes(self) -> int:
        return sum(number for marks in self.found.values() for number in marks.values())

    def write(self) -> None:
        """Put the baseline where it belongs.

        Raises:
            InputError: it cannot be written.
        """
        document = {"schema": SCHEMA, "accepted": dict(sorted(self.found.items()))}
        files.write_new(self.path, (json.dumps(document, indent=1) + "\n").encode())


def read(path: str) -> Baseline:
    """The baseline of a file.

    Raises:
        InputError: it cannot be read.
        SettingsError: it is no baseline.
    """
    data = files.read(path, path, limit=64 * files.SIZE_LIMIT)
    try:
        document = json.loads(data)
        accepted = document["accepted"]
        if document["schema"] != SCHEMA or not all(isinstance(marks, dict) for marks in accepted.values()):
            raise SettingsError(f"{path} is a baseline of another dockopt; --write-baseline makes a new one")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{path} is no baseline; --write-baseline makes one") from error
    return Baseline(os.path.dirname(os.path.abspath(path)), accepted)


def fingerprint(result: Result, fate: "Fate") -> str:
    """What a fix is known by."""
    assert result.outcome is not None
    about = " ".join(result.outcome.before[fate.start : fate.end].split())
    digest = blake2b(f"{fate.fix.title}\0{about}".encode("utf-8", "surrogateescape"), digest_size=8)
    return f"{fate.transform.label}:{digest.hexdigest()}"


def _name(folder: str, path: str) -> str:
    return os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")
