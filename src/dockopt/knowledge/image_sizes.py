"""Sizes of base images: the nearest row of `images.csv`, wider the further away it is."""

from dockopt.knowledge.image_tags import version_key
from dockopt.knowledge.ranges import Range, about
from dockopt.knowledge.tables import table

UNKNOWN_SIZE = Range(5_000_000, 400_000_000, 3_000_000_000)
UNKNOWN_BASIS = "base image not in the table: anything between 5 MB and 3 GB"
MEGABYTE = 1_000_000


def size_of(repository: str, version: str, variant: str, releases: tuple[str, ...]) -> tuple[Range, str]:
    """Uncompressed bytes of an image and where the figure comes from; wide enough for every release it may have."""
    found = [_size_of(repository, version, variant, (release,)) for release in releases]
    if not found:
        return _size_of(repository, version, variant, ())
    size, basis = found[0]
    return Range(min(one.low for one, _ in found), size.expected, max(one.high for one, _ in found)), basis


def _size_of(repository: str, version: str, variant: str, releases: tuple[str, ...]) -> tuple[Range, str]:
    name = repository.partition("-debian")[0].replace("dotnet/core/", "dotnet/")
    rows = [row for row in table("images") if row[0] == name]
    same = [row for row in rows if row[2] == variant] or [row for row in rows if row[2] == "full"]
    if not same:
        return UNKNOWN_SIZE, UNKNOWN_BASIS
    exact_variant = same[0][2] == variant
    distance, best = min(((_distance(row, version, releases), row) for row in same), key=lambda pair: pair[0])
    spread = min(0.6, float(best[5]) + min(0.25, 0.01 * sum(distance)) + (0 if exact_variant else 0.2))
    label = ":".join(part for part in (name, best[1]) if part)
    return about(float(best[4]) * MEGABYTE, spread), f"size of {label} {best[2]}: {best[6]}"


def size_of_unknown(reference: str | None) -> tuple[Range, str]:
    """An image that no rule knows; `scratch` is empty."""
    if reference == "scratch":
        return Range(0, 0, 0), "empty by definition"
    return UNKNOWN_SIZE, UNKNOWN_BASIS


def _distance(row: tuple[str, ...], version: str, releases: tuple[str, ...]) -> tuple[int, int]:
    """How far a row is: another release counts first, then how far apart the versions are."""
    release = 0 if not row[3] or row[3] in releases else 8 if releases else 2
    wanted, found = version_key(version), version_key(row[1])
    if not wanted:
        return release, 0 if release == 0 and row[3] else 3
    if not found:
        return release, 5
    major = abs(wanted[0] - found[0])
    minor = abs(wanted[1] - found[1]) if len(wanted) > 1 and len(found) > 1 else 0
    return (release, major * 5 + minor) if not major else (release + 1, major * 5)
