"""All files of a run in figures: by transform, by service, by folder, and the files that save most. No wording."""

from collections.abc import Iterable
from typing import NamedTuple

from dockopt.batch.results import Result, Status
from dockopt.knowledge.ranges import NOTHING, Range

TOP = 10
DEPTH = 2
FOLDERS_AT_MOST = 20_000
"""Beyond these, folders are counted one level higher."""


class Row(NamedTuple):
    """What came together under one name. `saves` is what the fixes save each by itself, or whole files together."""

    name: str
    files: int = 0
    fixes: int = 0
    saves: Range = NOTHING

    def plus(self, fixes: int, saves: Range) -> "Row":
        return Row(self.name, self.files + 1, self.fixes + fixes, self.saves.plus(saves))


class Totals:
    """Counts as results come; nothing of a result is kept but figures and names."""

    def __init__(self) -> None:
        self.files = self.changed = self.refused = self.errors = self.fixes = 0
        self.saves: Range = NOTHING
        self._depth = DEPTH
        self._transforms: dict[str, Row] = {}
        self._folders: dict[str, Row] = {}
        self._services: dict[str, Row] = {}
        self._top: list[Row] = []

    def add(self, result: Result) -> None:
        self.files += 1
        self.changed += result.status is Status.CHANGED
        self.refused += result.status is Status.REFUSED
        self.errors += result.status is Status.ERROR
        if not result.changed:
            return
        saves = result.sizes.saves if result.sizes else NOTHING
        self.saves = self.saves.plus(saves)
        self.fixes += len(result.applied)
        self._add_transforms(result)
        self._add_folder(self._folder(result.path), Row("").plus(len(result.applied), saves))
        for name, of_service in _services(result).items():
            self._services[name] = self._services.get(name, Row(name)).plus(len(result.applied), of_service)
        self._top = _ranked([*self._top, Row(result.path, 1, len(result.applied), saves)])[:TOP]

    @property
    def transforms(self) -> list[Row]:
        """The transforms that were applied, those that save most first."""
        return _ranked(self._transforms.values())

    @property
    def services(self) -> list[Row]:
        """The services whose Dockerfiles changed, with what their own images save, those that save most first.

        Several services may be built from one file, so that their sum may be more than is saved in all.
        """
        return _ranked(self._services.values())

    @property
    def folders(self) -> list[Row]:
        """Folders with files that changed, two names deep, those that save most first."""
        return _ranked(self._folders.values())

    @property
    def top(self) -> list[Row]:
        """The files that save most."""
        return self._top

    def _add_transforms(self, result: Result) -> None:
        sizes = result.sizes.saves_by_fate if result.sizes else (NOTHING,) * len(result.fates)
        found: dict[str, Row] = {}
        for fate, saves in zip(result.fates, sizes, strict=True):
            if fate.number:
                row = found.get(fate.transform.label, Row(fate.transform.label))
                found[row.name] = row._replace(fixes=row.fixes + 1, saves=row.saves.plus(saves))
        for row in found.values():
            self._transforms[row.name] = self._transforms.get(row.name, Row(row.name)).plus(row.fixes, row.saves)

    def _add_folder(self, name: str, row: Row) -> None:
        old = self._folders.get(name, Row(name))
        new = Row(name, old.files + row.files, old.fixes + row.fixes, old.saves.plus(row.saves))
        self._folders[name] = new
        if len(self._folders) > FOLDERS_AT_MOST and self._depth:
            self._depth -= 1
            rows, self._folders = list(self._folders.values()), {}
            for one in rows:
                self._add_folder(self._folder(f"{one.name}/"), one)

    def _folder(self, path: str) -> str:
        names = path.replace("\\", "/").split("/")[:-1]
        begin = next((at for at, name in enumerate(names) if name not in ("", ".", "..")), len(names))
        return "/".join(names[: begin + self._depth]) or "."


def _services(result: Result) -> dict[str, Range]:
    """What each service that is built from a file saves, by its name; names of CI count where there is no other."""
    named = [use for use in result.uses if use.name and use.kind != "ci"]
    found: dict[str, Range] = {}
    for use in named or [use for use in result.uses if use.name]:
        saves = result.sizes.of_target(use.target) if result.sizes else NOTHING
        known = found.get(use.name, saves)
        found[use.name] = max(known, saves, key=lambda one: one.expected)
    return found


def _ranked(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.saves.expected, -row.fixes, row.name))
