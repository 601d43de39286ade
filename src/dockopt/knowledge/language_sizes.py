"""Sizes of what language package managers install, for the packages that Dockerfiles name most: bytes on disk.

Python sizes include compiled modules, as pip leaves them; Alpine's those of dependencies that the base lacks.
"""

from collections.abc import Iterable
from functools import cache

from dockopt.knowledge.ranges import Range, about
from dockopt.knowledge.tables import table

MEGABYTE = 1_000_000
PYTHON_SPREAD = 0.3
UNKNOWN_PYTHON = Range(50_000, 4_000_000, 60_000_000)
"""A distribution that the table lacks, with what it needs."""
PIP_CACHE = (0.14, 0.28, 0.6)
"""Bytes of pip's cache for a byte installed: 1.1 times the wheels (19 measured sets: 0.14 to 0.7, median 0.28)."""
UNKNOWN_ALPINE = Range(20_000, 3_000_000, 60_000_000)


@cache
def _python() -> dict[str, tuple[float, tuple[str, ...], str]]:
    return {row[0]: (float(row[1]) * MEGABYTE, tuple(row[2].split()), row[3]) for row in table("python_sizes")}


def python_closure(names: Iterable[str]) -> tuple[str, ...]:
    """Distributions that pip would install for some names, as far as the table knows, each once."""
    found = dict.fromkeys(name for name in names if "[" not in name or name in _python())
    queue = list(found)
    for name in queue:
        for needed in _python().get(name, (0, ()))[1]:
            if needed not in found:
                found[needed] = None
                queue.append(needed)
    return tuple(found)


def python_size(name: str) -> tuple[Range, str]:
    """Bytes that one distribution adds by itself."""
    row = _python().get(name)
    if row is None:
        return UNKNOWN_PYTHON, "Python packages not in the table"
    return about(row[0], PYTHON_SPREAD), "sizes of Python packages"


def pip_cache_size(name: str) -> Range:
    """Bytes that pip keeps of one distribution it downloaded."""
    size, _ = python_size(name)
    known = _python().get(name, (0, (), ""))[2]
    if known:
        return about(size.expected * float(known), PYTHON_SPREAD)
    low, middle, high = PIP_CACHE
    return Range(round(size.low * low), round(size.expected * middle), round(size.high * high))


@cache
def node_sizes() -> dict[str, float]:
    """Bytes of the npm packages that are much larger than most."""
    return {row[0]: float(row[1]) * MEGABYTE for row in table("node_sizes")}


@cache
def _alpine() -> dict[str, float]:
    return {row[0]: float(row[1]) * MEGABYTE for row in table("apk_sizes")}


def alpine_size(name: str) -> tuple[Range, str]:
    """Bytes that one Alpine package adds, roughly: what it shares with others is counted with each."""
    size = _alpine().get(name)
    if size is None:
        return UNKNOWN_ALPINE, "Alpine packages not in the table"
    return Range(round(size * 0.4), round(size), round(size * 1.5)), "sizes of Alpine packages"
