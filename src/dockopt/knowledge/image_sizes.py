"""Sizes of base images: the nearest row of `images.csv`, moved to the wanted release and wider the further away it is.

Uncompressed bytes are what a build stores; compressed ones are what a registry sends.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from dockopt.knowledge.image_contents import BUILDPACK, BUILDPACK_SCM, FAMILIES
from dockopt.knowledge.image_tags import version_key
from dockopt.knowledge.ranges import Range, about
from dockopt.knowledge.tables import table

UNKNOWN_SIZE = Range(5_000_000, 400_000_000, 3_000_000_000)
UNKNOWN_BASIS = "base image not in the table: anything between 5 MB and 3 GB"
MEGABYTE = 1_000_000
WIDEST = 0.65
OF_ANOTHER_VARIANT = 0.25
OF_ANOTHER_RELEASE = 0.1
OF_ANOTHER_SYSTEM = 0.35
MOVED_TO_THE_RELEASE = 0.05
RELEASE_NOT_SAID = 0.02
OF_ANOTHER_JAVA = 0.15
"""Shares by which a row of something else makes the answer wider: another distribution's own image, another JDK."""
PATCH, MINOR, MAJOR = (0.03, 0.005), (0.07, 0.015), (0.2, 0.06)
NO_VERSION = 0.06
LINE_MOVED_ON = 0.1
"""Shares of what an image adds to its base: for being another version at all, and for each step between the two."""
WHOLE_IMAGE = 1.3
"""Where no row says what is below: Alpine's images, whose own packages change with the version too."""
SAME_AS = {
    "registry.fedoraproject.org/fedora": "fedora",
    "quay.io/fedora/fedora": "fedora",
    "quay.io/rockylinux/rockylinux": "rockylinux",
    "rockylinux/rockylinux": "rockylinux",
    "public.ecr.aws/amazonlinux/amazonlinux": "amazonlinux",
}
"""Repositories that hold the images of another one."""
UV_IMAGE = (
    r"(^|/)uv(:(?P<version>latest|[\d.]+))?$"
    r"|(^|/)uv:([\d.]+-)?(python(?P<python>[\d.]+)-)?"
    r"((?P<release>trixie|bookworm|bullseye|debian)(?P<slim>-slim)?|(?P<alpine>alpine)[\d.]*)$"
)
UV_ITSELF = Range(35_000_000, 52_000_000, 70_000_000)
SYSTEMS = frozenset({"debian", "ubuntu", "buildpack-deps", "fedora", "centos", "amazonlinux", "oraclelinux"})
ON_JAVA = frozenset({"maven", "gradle", "tomcat", "clojure"})
COMPRESSED = 0.37
"""Compressed bytes of an uncompressed one: between 0.33 (node) and 0.41 (Debian itself) where both are in the table."""
SPREAD_OF_COMPRESSED = 0.13


class Row(NamedTuple):
    """One line of the table. `compressed` is "" where it is not known, `spread` a share of the size."""

    repository: str
    version: str
    variant: str
    release: str
    megabytes: str
    compressed: str
    spread: str
    source: str

    @property
    def name(self) -> str:
        tag = f"{self.repository}:{self.version}" if self.version else self.repository
        return " ".join(part for part in (tag, self.variant, self.release) if part)


class Sizes(NamedTuple):
    """Uncompressed and compressed bytes of an image, and in words where they come from."""

    disk: Range
    pull: Range
    basis: str


UNKNOWN = Sizes(UNKNOWN_SIZE, Range(2_000_000, 150_000_000, 1_200_000_000), UNKNOWN_BASIS)


def sizes_of(repository: str, version: str, variant: str, releases: tuple[str, ...]) -> Sizes:
    """Sizes wide enough for every release that the image may have; `releases` lists the likeliest first."""
    found = [_sizes_of(repository, version, variant, release) for release in releases or ("",)]
    disk, pull, basis = found[0]
    low, high = min(one.disk.low for one in found), max(one.disk.high for one in found)
    pull_low, pull_high = min(one.pull.low for one in found), max(one.pull.high for one in found)
    return Sizes(Range(low, disk.expected, high), Range(pull_low, pull.expected, pull_high), basis)


def size_of_unknown(reference: str | None) -> tuple[Range, str]:
    """An image that no rule knows; `scratch` is empty, uv's images are Python's or Debian's and uv."""
    if reference == "scratch":
        return Range(0, 0, 0), "empty by definition"
    if reference is not None and "astral" in reference and (found := re.search(UV_IMAGE, reference)):
        return _size_of_uv(found)
    return UNKNOWN_SIZE, UNKNOWN_BASIS


def _size_of_uv(found: re.Match[str]) -> tuple[Range, str]:
    if not found["release"] and not found["alpine"]:
        return UV_ITSELF, "uv alone"
    release = "trixie" if found["release"] == "debian" else found["release"] or ""
    variant = "alpine" if found["alpine"] else "slim" if found["slim"] else "full"
    if found["python"]:
        below = sizes_of("python", found["python"], variant, (release,))
    elif found["alpine"]:
        below = sizes_of("alpine", "", "full", ())
    else:
        below = sizes_of("debian" if found["slim"] else "buildpack-deps", "", variant, (release,))
    return below.disk.plus(UV_ITSELF), f"uv and the {below.basis}"


def _sizes_of(repository: str, version: str, variant: str, release: str) -> Sizes:
    rows = _rows(_row_name(repository), variant)
    if not rows:
        return UNKNOWN
    wanted = version_key(version)
    if not wanted:
        newest = min((_of_release(row, release), _age(row)) for row in rows)
        rows = tuple(row for row in rows if (_of_release(row, release), _age(row)) == newest)
    penalty, _, row = min((_penalty(row, wanted, release), _age(row), row) for row in rows)
    spread = penalty + float(row.spread) + (0 if row.variant == variant else OF_ANOTHER_VARIANT)
    return _sizes(row, release, min(WIDEST, spread))


def _sizes(row: Row, release: str, spread: float) -> Sizes:
    megabytes = float(row.megabytes)
    shift = _shift(row, release) or 0.0
    disk = about((megabytes + shift) * MEGABYTE, spread)
    if row.compressed:
        share = float(row.compressed) / megabytes
        pull = about((megabytes + shift) * share * MEGABYTE, spread)
    else:
        pull = about((megabytes + shift) * COMPRESSED * MEGABYTE, min(WIDEST, spread + SPREAD_OF_COMPRESSED))
    moved = f", moved to {release}" if shift else ""
    return Sizes(disk, pull, f"size of {row.name}{moved}: {row.source}")


def _row_name(repository: str) -> str:
    if found := re.fullmatch(
        r"(registry\.redhat\.io/|registry\.access\.redhat\.com/|redhat/)ubi(\d+)(/ubi)?(-minimal|/ubi-minimal)?",
        repository,
    ):
        return f"registry.access.redhat.com/ubi{found[2]}/ubi{'-minimal' if found[4] else ''}"
    repository = SAME_AS.get(repository, repository)
    return repository.partition("-debian")[0].replace("dotnet/core/", "dotnet/")


def _rows(name: str, variant: str) -> tuple[Row, ...]:
    rows = _rows_by_name().get(name, ())
    same = tuple(row for row in rows if row.variant == variant)
    return same or tuple(row for row in rows if row.variant == "full") or rows


@cache
def _rows_by_name() -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in map(Row._make, table("images")):
        found[row.repository] = (*found.get(row.repository, ()), row)
    return found


def _penalty(row: Row, wanted: tuple[int, ...], release: str) -> float:
    """How much wider a row of another version or release makes the answer; what is below an image has its own row."""
    if row.repository in SYSTEMS and row.release:
        return _of_release(row, release)
    below = _base(row, row.release) or 0.0
    own = max(0.1, 1 - below / float(row.megabytes)) if below else WHOLE_IMAGE
    of_java = OF_ANOTHER_JAVA if row.repository in ON_JAVA else 0.0
    return own * _of_version(wanted, version_key(row.version)) + _of_release(row, release) + of_java


def _of_release(row: Row, release: str) -> float:
    if row.release == release or (not row.release and release[:1].isdigit()):
        return 0.0
    if not row.release or not release:
        return RELEASE_NOT_SAID
    if row.repository in SYSTEMS:
        return OF_ANOTHER_SYSTEM
    return OF_ANOTHER_RELEASE if _shift(row, release) is None else MOVED_TO_THE_RELEASE


def _of_version(wanted: tuple[int, ...], found: tuple[int, ...]) -> float:
    """A version that says less is the newest of its line; `7.0` says no more than `7`."""
    if wanted == found or (found and wanted[: len(found)] == found and not any(wanted[len(found) :])):
        return 0.0
    if not wanted or not found:
        return NO_VERSION
    for (once, each), one, other in zip((MAJOR, MINOR, PATCH), wanted, found, strict=False):
        if one != other:
            return once + min(0.4, each * abs(one - other))
    return LINE_MOVED_ON if min(len(wanted), len(found)) == 1 else PATCH[0]


@lru_cache(maxsize=1024)
def _age(row: Row) -> tuple[int, ...]:
    """For choosing the newest of rows that are equally near."""
    return tuple(-part for part in version_key(row.version))


def _shift(row: Row, release: str) -> float | None:
    """Megabytes by which the image differs in another release, as far as the image below it does; None if unknown."""
    if not release or not row.release or row.release == release:
        return 0.0
    before, after = (_base(row, one) for one in (row.release, release))
    return None if before is None or after is None else after - before


@lru_cache(maxsize=4096)
def _base(row: Row, release: str) -> float | None:
    """Megabytes of the image that an image is built on."""
    family = FAMILIES.get(row.repository)
    if not release or family is None or row.repository in SYSTEMS:
        return None
    if row.variant.endswith("slim") or family.on_slim:
        below = ("debian", "slim")
    elif BUILDPACK in family.full:
        below = ("buildpack-deps", "full")
    else:
        below = ("buildpack-deps", "scm") if BUILDPACK_SCM in family.full else (family.distribution, "full")
    found = (row for row in _rows_by_name().get(below[0], ()) if row.variant == below[1] and row.release == release)
    return next((float(row.megabytes) for row in found), None)
