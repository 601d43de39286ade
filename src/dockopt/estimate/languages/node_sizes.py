"""How much Node packages add together, and how much of them npm, yarn and pnpm keep in caches.

Ranges were fitted to the installs of `corpus/measured`; `corpus/language_sizes.py` says how well they hold.
"""

from collections.abc import Sequence
from typing import NamedTuple

from dockopt.estimate.languages.node_locks import NodeWanted
from dockopt.knowledge.language_sizes import NodePackage, node_closure, node_package
from dockopt.knowledge.ranges import NOTHING, Range, about

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
LOGS = Range(5_000, 60_000, 900_000)
OTHER_SYSTEMS = 1.06
"""Lists of versions are fetched of the binaries for other systems, too."""
DUPLICATES = (1.0, 1.06, 1.25)
"""Packages installed in several versions, where there is no lockfile to count them."""
DIRECT = Range(150_000, 3_500_000, 25_000_000)
"""Bytes of a direct dependency that is not in the table, with all it needs."""
LARGEST_DIRECT = Range(0, 0, 250_000_000)
"""What one of them may be beyond that: a framework with its tools."""
KNOWN = "measured sizes of npm packages"
COUNTED = "npm packages that are not in the table, by their number"


class Installed(NamedTuple):
    """Bytes of some packages: in node_modules, as archives, as lists of versions; and what that rests on."""

    size: Range
    archives: Range
    listings: Range
    packages: int
    basis: str


NONE = Installed(NOTHING, NOTHING, NOTHING, 0, KNOWN)


def of_lock(wanted: Sequence[NodeWanted]) -> Installed:
    """Packages of a lockfile: each counts by itself."""
    if not wanted:
        return NONE
    known: list[tuple[NodePackage, float]] = []
    for one in wanted:
        row = node_package(one.name, one.version)
        if row is not None:
            known.append((row, spread(row, one.version)))
    unknown = len(wanted) - len(known)
    size = _together([(row.size, share) for row, share in known]).plus(_unknown(unknown, MEAN_UNKNOWN))
    archives = _together([(row.archive or round(row.size * ARCHIVE_OF_INSTALLED), share) for row, share in known])
    archives = archives.plus(_unknown(unknown, round(MEAN_UNKNOWN * ARCHIVE_OF_INSTALLED)))
    listings = about(sum(row.listing for row, _ in known) + unknown * LISTING, 0.4)
    return Installed(size, archives, listings, len(wanted), KNOWN if len(known) > unknown else COUNTED)


def of_manifest(names: Sequence[str], *, beside: Sequence[str] = ()) -> Installed:
    """Direct dependencies with all they need, leaving out what others beside them bring."""
    have = set(node_closure([name for name in beside if node_package(name)]))
    closure = [name for name in node_closure([name for name in names if node_package(name)]) if name not in have]
    found = of_lock([NodeWanted(name, "") for name in closure])
    low, middle, high = DUPLICATES
    size = Range(round(found.size.low * low), round(found.size.expected * middle), round(found.size.high * high))
    unknown = sum(1 for name in names if node_package(name) is None)
    more = DIRECT.scaled(unknown).plus(LARGEST_DIRECT) if unknown else NOTHING
    return Installed(
        size.plus(more),
        found.archives.plus(more.scaled(ARCHIVE_OF_INSTALLED)),
        found.listings.plus(more.scaled(0.6)),
        len(closure) + unknown * 10,
        KNOWN if len(names) > 2 * unknown else "direct dependencies by their number",
    )


def spread(row: NodePackage, version: str) -> float:
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
    return kept.plus(found.listings.scaled(OTHER_SYSTEMS)) if listings else kept


def yarn_cache(found: Installed) -> Range:
    """Yarn 1 keeps every package unpacked, with its archive."""
    return found.size.plus(found.archives)


def pnpm_cache(found: Installed, *, listings: bool) -> Range:
    """The store's files are links in the project; what counts is the store's index, and lists of versions."""
    index = found.size.scaled(0.02).plus(about(found.packages * 4_000, 0.6))
    return index.plus(found.listings.scaled(1.5)) if listings else index
