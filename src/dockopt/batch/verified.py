"""What `dockopt verify --format json` found, for reports that pass it on: only where it is about the same fixes."""

import json
import os
from collections.abc import Mapping
from typing import NamedTuple

from dockopt.batch import files
from dockopt.batch.results import Result
from dockopt.errors import SettingsError

SCHEMA = 1
LIMIT = 64 * files.SIZE_LIMIT


class Verdict(NamedTuple):
    """One file's. Sizes are 0 where nothing was measured; `same` says that these very fixes were tried."""

    word: str
    before: int
    after: int
    answers: int
    objections: tuple[str, ...]
    same: bool


class Verified(NamedTuple):
    """Entries of the document by the whole path of their file."""

    entries: Mapping[str, Mapping[str, object]] = {}

    def of(self, result: Result) -> Verdict | None:
        """What was found about a file, None where nothing was asked."""
        entry = self.entries.get(os.path.abspath(result.path))
        if entry is None:
            return None
        tried = [(fix["number"], fix["transform"], fix["title"], fix["line"]) for fix in _list(entry["fixes"])]
        made = [(f.number, f.transform.label, f.fix.title, result.start(f).line) for f in result.applied]
        before, after = _measured(entry["before"]), _measured(entry["after"])
        return Verdict(
            str(entry["verdict"]),
            before[0],
            after[0],
            after[1],
            tuple(map(str, _list(entry["objections"]))),
            tried == made,
        )


def read(path: str) -> Verified:
    """The verdicts in a file; none where no file is named.

    Raises:
        InputError: it cannot be read.
        SettingsError: it is not what `dockopt verify --format json` writes.
    """
    if not path:
        return Verified()
    try:
        document = json.loads(files.read(path, path, LIMIT))
        entries = {os.path.abspath(entry["path"]): entry for entry in document["files"]}
        wanted = {"verdict", "before", "after", "fixes", "objections"}
        if document["schema"] == SCHEMA and all(wanted <= entry.keys() for entry in entries.values()):
            return Verified(entries)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise SettingsError(f"{path} is not what `dockopt verify --format json` writes")


def _list(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


def _measured(value: object) -> tuple[int, int]:
    """Size, and how many questions were answered."""
    if not isinstance(value, dict):
        return 0, 0
    return value["size"], len(value["answers"])
