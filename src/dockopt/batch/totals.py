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


class Figures(NamedTuple):
    """What counts of one file. `changed` is whether any of its text does; one that was refused or not read does not."""

    path: str
    status: Status
    changed: bool = False
    saves: Range = NOTHING
    fixes: int = 0
    transforms: tuple[tuple[str, int, Range], ...] = ()
    """Those that were applied: name, how often, and what that saves."""
    services: tuple[tuple[str, Range], ...] = ()
    """What the services that are built from the file save."""


def figures_of(result: Result) -> Figures:
    """What counts of a result."""
    if not result.changed:
        return Figures(result.path, result.status)
    saves = result.sizes.saves if result.sizes else NOTHING
    services = tuple(_services(result).items())
    return Figures(result.path, result.status, True, saves, len(result.applied), _transforms(result), services)


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

    def add(self, file: Figures) -> None:
        self.files += 1
        self.changed += file.status is Status.CHANGED
        self.refused += file.status is Status.REFUSED
        self.errors += file.status is Status.ERROR
        if not file.changed:
            return
        self.saves = self.saves.plus(file.saves)
        self.fixes += file.fixes
        for name, fixes, saves in file.transforms:
            self._transforms[name] = self._transforms.get(name, Row(name)).plus(fixes, saves)
        self._add_folder(self._folder(file.path), Row("").plus(file.fixes, file.saves))
        for name, saves in file.services:
            self._services[name] = self._services.get(name, Row(name)).plus(file.fixes, saves)
        self._top = _ranked([*self._top, Row(file.path, 1, file.fixes, file.saves)])[:TOP]

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


def _transforms(result: Result) -> tuple[tuple[str, int, Range], ...]:
    sizes = result.sizes.saves_by_fate if result.sizes else (NOTHING,) * len(result.fates)
    found: dict[str, tuple[str, int, Range]] = {}
    for fate, saves in zip(result.fates, sizes, strict=True):
        if fate.number:
            name, fixes, so_far = found.get(fate.transform.label, (fate.transform.label, 0, NOTHING))
            found[name] = name, fixes + 1, so_far.plus(saves)
    return tuple(found.values())


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
