"""How much Node packages add together, and how much of them npm, yarn and pnpm keep in caches.

Ranges were fitted to the installs of `corpus/measured`; `corpus/language_sizes.py` says how well they hold.
"""

from collections.abc import Sequence
from typing import NamedTuple

from dockopt.estimate.languages.node_locks import NodeWanted
from dockopt.knowledge.language_sizes import NodePackage, node_closure, node_package
from dockopt.knowledge.node_platforms import is_for_this_system
from dockopt.knowledge.ranges import NOTHING, Range, about

OTHER_SYSTEM = 0.4
SAME_VERSION, SAME_MAJOR, OTHER_MAJOR, RECALLED_SPREAD, NEWEST = 0.01, 0.3, 0.6, 0.6, 0.12
TOGETHER = 0.04
"""What all sizes are off by together, next to what each is off by itself."""
UNKNOWN_TOTAL = ((1, (0.015, 0.4, 8.0)), (10, (0.1, 0.6, 6.5)), (50, (0.3, 1.0, 5.0)), (200, (0.5, 1.1, 4.0)))
"""Sums of packages that are not in the table, as shares of their expected sum, by how many they are."""
MEAN_UNKNOWN = 220_000
ARCHIVE_OF_INSTALLED = 0.27
INDEX_ENTRY = 1_100
"""What npm's cache notes of one archive: the address, the answer's headers, the checksum."""
LISTING = 120_000
OF_LISTINGS = (0.6, 1.0, 2.2)
"""Lists of versions by those measured: they grow with every release; installs measured elsewhere kept 0.7 to 2.7."""
LOGS = Range(5_000, 60_000, 900_000)
SIBLINGS = (8, 18, 28)
"""Packages for other systems beside one for Linux: their lists of versions are fetched, too, by Yarn 1 all of them."""
OF_LINKED = (0.83, 0.965, 1.0)
"""Bytes in pnpm's store for a byte in node_modules: it keeps files that are alike once."""
DUPLICATES = (1.0, 1.06, 1.25)
"""Packages installed in several versions, where there is no lockfile to count them."""
DIRECT = Range(150_000, 3_500_000, 25_000_000)
"""Bytes of a direct dependency that is not in the table, with all it needs."""
LARGEST_DIRECT = Range(0, 0, 250_000_000)
"""What one of them may be beyond that: a framework with its tools."""
KNOWN = "measured sizes of npm packages"
COUNTED = "npm packages that are not in the table, by their number"


class Installed(NamedTuple):
    """Bytes of some packages: in node_modules, as archives, as lists of versions; and what that rests on.

    `elsewhere` are those of the packages for other systems, unpacked and as archives, which only Yarn 1 fetches.
    """

    size: Range
    archives: Range
    listings: Range
    packages: int
    basis: str
    elsewhere: Range = NOTHING


NONE = Installed(NOTHING, NOTHING, NOTHING, 0, KNOWN)


def of_lock(wanted: Sequence[NodeWanted]) -> Installed:
    """Packages of a lockfile: each counts by itself."""
    here = _of_each([one for one in wanted if not one.elsewhere])
    there = _of_each([one for one in wanted if one.elsewhere])
    return here._replace(elsewhere=there.size.plus(there.archives))


def _of_each(wanted: Sequence[NodeWanted]) -> Installed:
    if not wanted:
        return NONE
    known: list[tuple[NodePackage, float]] = []
    for one in wanted:
        row = node_package(one.name, one.version)
        if row is not None:
            known.append((row, spread(row, one.version, one.name)))
    unknown = len(wanted) - len(known)
    size = _together([(row.size, share) for row, share in known]).plus(_unknown(unknown, MEAN_UNKNOWN))
    archives = _together([(row.archive or round(row.size * ARCHIVE_OF_INSTALLED), share) for row, share in known])
    archives = archives.plus(_unknown(unknown, round(MEAN_UNKNOWN * ARCHIVE_OF_INSTALLED)))
    listed = sum(row.listing for row, _ in known) + unknown * LISTING
    listings = Range(*(round(listed * share) for share in OF_LISTINGS))
    return Installed(size, archives, listings, len(wanted), KNOWN if len(known) > unknown else COUNTED)


def of_manifest(names: Sequence[str], *, beside: Sequence[str] = ()) -> Installed:
    """Direct dependencies with all they need, leaving out what others beside them bring."""
    have = set(node_closure([name for name in beside if node_package(name)]))
    closure = [name for name in node_closure([name for name in names if node_package(name)]) if name not in have]
    found = of_lock([NodeWanted(name, "") for name in closure])
    siblings = _of_siblings(closure)
    size, archives = (
        Range(*(round(bytes_ * share) for bytes_, share in zip(one, DUPLICATES, strict=True)))
        for one in (found.size, found.archives)
    )
    unknown = sum(1 for name in names if node_package(name) is None)
    more = DIRECT.scaled(unknown).plus(LARGEST_DIRECT) if unknown else NOTHING
    return Installed(
        size.plus(more),
        archives.plus(more.scaled(ARCHIVE_OF_INSTALLED)),
        found.listings.plus(more.scaled(0.6)).plus(siblings.listings),
        len(closure) + unknown * 10,
        KNOWN if len(names) > 2 * unknown else "direct dependencies by their number",
        siblings.size.plus(siblings.archives),
    )


def _of_siblings(names: Sequence[str]) -> Installed:
    """The packages for other systems beside those for Linux, where no lockfile lists them."""
    rows = [row for name in names if is_for_this_system(name) and (row := node_package(name)) is not None]
    size, archives, listings = (
        (
            Range(*(count * sum(one) for count in SIBLINGS))
            for one in zip(*((row.size, row.archive, row.listing) for row in rows), strict=True)
        )
        if rows
        else (NOTHING, NOTHING, NOTHING)
    )
    return NONE._replace(size=size, archives=archives, listings=listings)


def spread(row: NodePackage, version: str, name: str) -> float:
    """By what share a package may be off from its row, which may be that of a sibling."""
    if row.name != name:
        return OTHER_SYSTEM
    if not row.is_measured:
        return RECALLED_SPREAD
    if not version:
        return NEWEST
    if row.version == version:
        return SAME_VERSION
    return SAME_MAJOR if row.version.partition(".")[0] == version.partition(".")[0] else OTHER_MAJOR


def _together(sizes: Sequence[tuple[int, float]]) -> Range:
    """The sum of sizes that are each off by a share of themselves, independently, and a little all together."""
    middle = sum(size for size, _ in sizes)
    alone = 2 * sum((size * share / 2) ** 2 for size, share in sizes) ** 0.5
    off = alone + TOGETHER * middle + sum(size * share for size, share in sizes) * 0.15
    return Range(round(max(middle - off, middle * 0.3)), middle, round(middle + off))


def _unknown(count: int, mean: int) -> Range:
    if not count:
        return NOTHING
    shares = [shares for least, shares in UNKNOWN_TOTAL if least <= count][-1]
    return Range(*(round(share * mean * count) for share in shares))


def npm_cache(found: Installed, *, listings: bool) -> Range:
    """Archives are kept; lists of versions too where npm had to choose them."""
    entries = about(found.packages * INDEX_ENTRY, 0.4)
    kept = found.archives.plus(entries)
    return kept.plus(found.listings) if listings else kept


def yarn_cache(found: Installed) -> Range:
    """Yarn 1 keeps every package unpacked, with its archive, also those for other systems."""
    return found.size.plus(found.archives).plus(found.elsewhere)


def pnpm_size(found: Installed) -> Range:
    """What pnpm links into the project."""
    return Range(*(round(size * share) for size, share in zip(found.size, OF_LINKED, strict=True)))


def pnpm_cache(found: Installed, *, listings: bool) -> Range:
    """The store's files are links in the project; what counts is the store's index, and lists of versions."""
    index = found.size.scaled(0.02).plus(about(found.packages * 4_000, 0.6))
    return index.plus(found.listings.scaled(1.5)) if listings else index
