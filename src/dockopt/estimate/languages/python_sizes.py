"""How much one Python distribution adds, and how much of it a cache keeps: by name, by version, by its archive's size.

Ranges were fitted to the installs of `corpus/measured`; `corpus/language_sizes.py` says how well they hold.
"""

from functools import lru_cache
from typing import NamedTuple

from dockopt.context.manifests.python_locks import Wanted
from dockopt.knowledge.language_sizes import Distribution, distribution, version_parts
from dockopt.knowledge.ranges import Range, about

KNOWN = "measured sizes of Python packages"
RECALLED = "recalled sizes of Python packages"
ARCHIVES = "sizes of archives in the lockfile"
UNKNOWN = "Python packages not in the table"
Factors = tuple[float, float, float]
SAME_VERSION, NEWEST, RECALLED_SPREAD = (0.96, 1.0, 1.04), (0.88, 1.0, 1.12), (0.6, 1.0, 1.4)
SAME_MINOR, SAME_MAJOR, OTHER_MAJOR = (0.8, 1.0, 1.2), (0.65, 0.95, 1.2), (0.35, 0.85, 1.25)
LATER_MINOR, LATER_MAJOR = (0.7, 1.03, 1.35), (0.75, 1.05, 1.5)
"""A package in another version than the one measured, an earlier or a later one: most grow."""
OF_PAGE = (0.4, 1.0, 2.5)
OF_ARCHIVE = (2.1, 3.3, 4.8)
"""Bytes unpacked for a byte of a wheel, of packages that are not in the table."""
REMEMBERED = 4096
"""Packages whose figures are remembered: a file's installs are asked for again with every fix."""
COMPILED_OF_CODE = (0.01, 0.6, 1.4)
METADATA = Range(4_000, 60_000, 400_000)
"""What a cache keeps of a package besides its archive: the index page that lists it, where the package is unknown."""


ENTRY = Range(500, 3_600, 12_000)
"""What a cache notes of an archive whose address the lockfile has."""


class Unknown(NamedTuple):
    """The mean size of some packages of which nothing is known but how many they are."""

    packages: int
    size: Range


LOCKED = (
    Unknown(1, Range(20_000, 350_000, 25_000_000)),
    Unknown(3, Range(80_000, 700_000, 15_000_000)),
    Unknown(10, Range(200_000, 1_200_000, 10_000_000)),
    Unknown(30, Range(500_000, 2_000_000, 8_000_000)),
    Unknown(100, Range(1_200_000, 2_800_000, 7_000_000)),
)
"""Packages of a lockfile, each without what it needs."""
DIRECT = (
    Unknown(1, Range(30_000, 1_500_000, 80_000_000)),
    Unknown(3, Range(150_000, 2_500_000, 50_000_000)),
    Unknown(10, Range(500_000, 3_500_000, 22_000_000)),
)
"""Packages asked for by name, each with what it needs and the table does not say."""


@lru_cache(maxsize=REMEMBERED)
def installed(wanted: Wanted, *, compiles: bool, unknown: Range) -> tuple[Range, str]:
    """Bytes that one distribution adds by itself; `unknown` is for those of which nothing is known."""
    row = distribution(wanted.name, wanted.version)
    if row is None:
        return _unknown(wanted, compiles=compiles, unknown=unknown)
    if wanted.archive and row.is_measured and wanted.version != row.version:
        other = row if row.wheel else distribution(wanted.name) or row
        factor = wanted.archive / other.wheel if other.wheel else 0
        if 0.2 < factor < 5:
            return _times(_bytes(other, compiles=compiles) * factor, NEWEST), ARCHIVES
    size = _times(_bytes(row, compiles=compiles), factors(row, wanted.version))
    return size, KNOWN if row.is_measured else RECALLED


def factors(row: Distribution, version: str) -> Factors:
    """How far the size may be from the row's."""
    if not row.is_measured:
        return RECALLED_SPREAD
    if not version:
        return NEWEST if row.is_newest else LATER_MAJOR
    if version == row.version:
        return SAME_VERSION
    known, wanted = version_parts(row.version), version_parts(version)
    if known[:2] == wanted[:2]:
        return SAME_MINOR
    compatible = 2 if wanted[0] == 0 else 1
    same = known[:compatible] == wanted[:compatible]
    if wanted > known:
        return LATER_MINOR if same else LATER_MAJOR
    return SAME_MAJOR if same else OTHER_MAJOR


def _times(size: float, by: Factors) -> Range:
    return Range(*(round(size * factor) for factor in by))


def _bytes(row: Distribution, *, compiles: bool) -> int:
    return row.code + (row.compiled if compiles else 0)


def _unknown(wanted: Wanted, *, compiles: bool, unknown: Range) -> tuple[Range, str]:
    if not wanted.archive:
        share = 1.0 if compiles else 0.75
        return unknown.scaled(share), UNKNOWN
    code = [wanted.archive * ratio for ratio in OF_ARCHIVE]
    compiled = [size * share for size, share in zip(code, COMPILED_OF_CODE, strict=True)] if compiles else [0, 0, 0]
    return Range(*(round(one + other) for one, other in zip(code, compiled, strict=True))), ARCHIVES


@lru_cache(maxsize=REMEMBERED)
def kept(wanted: Wanted, size: Range, *, pages: bool = True) -> Range:
    """Bytes that a cache of archives keeps of one distribution, whose bytes installed are `size`."""
    return _archive(wanted, size).plus(listed(wanted, pages=pages))


def _archive(wanted: Wanted, size: Range) -> Range:
    row = distribution(wanted.name, wanted.version)
    if wanted.archive:
        return about(wanted.archive, 0.02)
    if row is not None and row.wheel:
        return _times(row.wheel, factors(row, wanted.version))
    return Range(round(size.low * 0.14), round(size.expected * 0.28), round(size.high * 0.6))


def listed(wanted: Wanted, *, pages: bool = True) -> Range:
    """Bytes that a cache keeps of one distribution besides the archive: with `pages` the index page that lists it."""
    if not pages:
        return ENTRY
    row = distribution(wanted.name, wanted.version)
    return _times(row.page, OF_PAGE) if row is not None and row.page else METADATA


def unknown_size(count: int, sizes: tuple[Unknown, ...]) -> Range:
    """The mean size of that many unknown packages: the more there are, the more certain it is."""
    return [one.size for one in sizes if one.packages <= max(count, 1)][-1]
