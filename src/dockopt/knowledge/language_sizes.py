"""Sizes of what language package managers install and keep in caches, package by package: bytes on disk.

Python's are those of pip on Linux with glibc, npm's those of a package without the packages nested in it; Alpine's
hold the dependencies that the base lacks. Versions are those that were measured; sizes of others differ a little.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from dockopt.knowledge.node_platforms import family, is_for_this_system
from dockopt.knowledge.ranges import Range
from dockopt.knowledge.tables import table

MEGABYTE = 1_000_000
UNKNOWN_ALPINE = Range(20_000, 3_000_000, 60_000_000)


class Distribution(NamedTuple):
    """One Python distribution. `code` leaves out the modules that pip compiles, which are `compiled`.

    `wheel` and `page` are what pip keeps of it: the archive, and the index page that lists it. A row `name[extra]` has
    no bytes of its own and requires what the extra does.
    """

    name: str
    version: str
    code: int
    compiled: int
    wheel: int
    page: int
    requires: tuple[str, ...]
    source: str

    @property
    def is_measured(self) -> bool:
        return self.source.startswith("measured")

    @property
    def is_newest(self) -> bool:
        """Whether it is what was installed where no version was asked for."""
        return "earlier" not in self.source


class NodePackage(NamedTuple):
    """One npm package. `archive` and `listing` are what npm keeps of it: the archive, and its list of versions."""

    name: str
    version: str
    size: int
    archive: int
    listing: int
    requires: tuple[str, ...]
    source: str

    @property
    def is_measured(self) -> bool:
        return self.source.startswith("measured")


class Sized(NamedTuple):
    """A package of another language: bytes unpacked, and of the archive it comes in."""

    name: str
    size: int
    archive: int
    source: str


@cache
def distributions() -> dict[str, Distribution]:
    """The newest version of each."""
    return {name: rows[-1] for name, rows in _distributions().items()}


def distribution(name: str, version: str = "") -> Distribution | None:
    """The row whose version is closest; of two that are as close the newer, without a version the newest."""
    rows = _distributions().get(name)
    if not rows:
        return None
    if not version or len(rows) == 1:
        return rows[-1]
    return max(reversed(rows), key=lambda row: _closeness(row.version, version))


@cache
def _distributions() -> dict[str, tuple[Distribution, ...]]:
    """All rows by name, the newest last."""
    found: dict[str, tuple[Distribution, ...]] = {}
    for row in table("python_sizes"):
        found[row[0]] = (*found.get(row[0], ()), _distribution(row))
    return found


def version_parts(version: str) -> list[int]:
    """The numbers of a version, 0 for what is none."""
    return [int(part) if part.isdecimal() else 0 for part in version.split(".")]


def _closeness(one: str, other: str) -> tuple[int, int]:
    """How many parts two versions share from the left, and how far the next ones are apart, as a negative number."""
    shared = 0
    for left, right in zip(version_parts(one), version_parts(other), strict=False):
        if left != right:
            return shared, -abs(left - right)
        shared += 1
    return shared, 0


def _distribution(row: tuple[str, ...]) -> Distribution:
    name, version, code, compiled, wheel, page, requires, source = row
    return Distribution(name, version, int(code), int(compiled), int(wheel), int(page), tuple(requires.split()), source)


def python_closure(names: Iterable[str]) -> tuple[str, ...]:
    """Distributions that pip would install for some names, as far as the table knows, each once.

    Extras are names as `name[extra]`; they are followed, and not listed.
    """
    known = distributions()
    found = dict.fromkeys(names)
    queue = list(found)
    for name in queue:
        row = known.get(name)
        for needed in row.requires if row else ():
            if needed not in found:
                found[needed] = None
                queue.append(needed)
    return tuple(name for name in found if "[" not in name)


@cache
def node_packages() -> dict[str, tuple[NodePackage, ...]]:
    found: dict[str, tuple[NodePackage, ...]] = {}
    for name, version, size, archive, listing, requires, source in table("node_sizes"):
        row = NodePackage(name, version, int(size), int(archive), int(listing), tuple(requires.split()), source)
        found[name] = (*found.get(name, ()), row)
    return found


@cache
def _node_families() -> dict[str, str]:
    """The name of the package for Linux by what the names of its siblings begin with."""
    return {family(name): name for name, rows in node_packages().items() if _is_one_of_many(name, rows)}


def _is_one_of_many(name: str, rows: tuple[NodePackage, ...]) -> bool:
    return is_for_this_system(name) and any(row.is_measured for row in rows)


def node_package(name: str, version: str = "") -> NodePackage | None:
    """The row of a package whose version is closest: the same, else of the same major version, else the newest.

    A package for another system is taken for as large as its sibling for Linux.
    """
    rows = node_packages().get(name) or node_packages().get(_node_families().get(family(name), ""))
    if not rows:
        return None
    if version:
        major = version.partition(".")[0]
        same = [row for row in rows if row.version == version] or [
            row for row in rows if row.version.partition(".")[0] == major
        ]
        if same:
            return same[-1]
    return rows[-1]


def node_closure(names: Iterable[str]) -> tuple[str, ...]:
    """Packages that npm would install for some names, as far as the table knows, each once."""
    found = dict.fromkeys(names)
    queue = list(found)
    for name in queue:
        row = node_package(name)
        for needed in row.requires if row else ():
            if needed not in found and node_package(needed):
                found[needed] = None
                queue.append(needed)
    return tuple(found)


@cache
def sizes_of(language: str) -> dict[str, Sized]:
    """The rows of `LANGUAGE_sizes.csv` by name: crate, gem, go_module, composer."""
    return {row[0]: Sized(row[0], int(row[1]), int(row[2]), row[3]) for row in table(f"{language}_sizes")}


@cache
def _alpine() -> dict[str, float]:
    return {row[0]: float(row[1]) * MEGABYTE for row in table("apk_sizes")}


def alpine_size(name: str) -> tuple[Range, str]:
    """Bytes that one Alpine package adds, roughly: what it shares with others is counted with each."""
    size = _alpine().get(name)
    if size is None:
        return UNKNOWN_ALPINE, "Alpine packages not in the table"
    return Range(round(size * 0.4), round(size), round(size * 1.5)), "sizes of Alpine packages"
