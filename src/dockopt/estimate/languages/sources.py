"""Sizes of crates, gems, Go modules and PHP packages: known ones by name, others by how many they are."""

from collections.abc import Iterable
from typing import NamedTuple

from dockopt.knowledge.language_sizes import Sized, sizes_of
from dockopt.knowledge.ranges import NOTHING, Range

EACH = 0.5
"""What one known size is off by itself, as a share: Debian's packages leave out some files and add others."""
TOGETHER = 0.2
UNKNOWN_SHARES = ((1, (0.05, 0.7, 20.0)), (5, (0.15, 0.8, 6.0)), (20, (0.3, 1.0, 3.0)), (80, (0.45, 1.0, 2.2)))
MEANS = {"crate": 400_000, "gem": 400_000, "go_module": 1_200_000, "composer": 500_000}
"""Bytes of a package that is not in the table (means of the tables, without the largest)."""
ARCHIVE = 0.22
KNOWN = {
    "crate": "sizes of crates",
    "gem": "sizes of gems",
    "go_module": "sizes of Go modules",
    "composer": "sizes of PHP packages",
}


class Sources(NamedTuple):
    """Bytes of some packages: unpacked, and of their archives."""

    size: Range
    archives: Range
    packages: int
    basis: str


def of_packages(language: str, packages: Iterable[Iterable[str]]) -> Sources:
    """Packages by the keys that each may have in the table, the best first."""
    table = sizes_of(language)
    found = [next((table[key] for key in keys if key in table), None) for keys in packages]
    known = [row for row in found if row is not None]
    unknown = len(found) - len(known)
    size = _known([row.size for row in known]).plus(_unknown(unknown, MEANS[language]))
    archives = _known([_archive(row) for row in known]).plus(_unknown(unknown, round(MEANS[language] * ARCHIVE)))
    return Sources(size, archives, len(found), KNOWN[language])


def _archive(row: Sized) -> int:
    return row.archive or round(row.size * ARCHIVE)


def _known(sizes: list[int]) -> Range:
    middle = sum(sizes)
    off = TOGETHER * middle + 2 * sum((size * EACH / 2) ** 2 for size in sizes) ** 0.5
    return Range(round(max(middle - off, 0.3 * middle)), middle, round(middle + off))


def _unknown(count: int, mean: int) -> Range:
    if not count:
        return NOTHING
    shares = [shares for least, shares in UNKNOWN_SHARES if least <= count][-1]
    return Range(*(round(share * mean * count) for share in shares))
