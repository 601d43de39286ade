"""Print what Python environments hold: bytes of every distribution, of its compiled modules, of its download."""

import importlib.metadata
import json
import os
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

CACHE = Path(os.environ.get("PROBED_CACHE", "/root/.cache"))
STANDARD = {"pip", "setuptools", "wheel"} | ({"uv"} if "PROBED_CACHE" not in os.environ else set())
"""What was there before: images that are made to measure have uv."""


def weigh(folder: str, seen: set[tuple[int, int]]) -> int:
    """Bytes of the files below a folder; a file with several names counts once."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            status = Path(place, name).lstat()
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                total += status.st_size
    return total


def downloads() -> dict[str, int]:
    """Bytes of each wheel that pip keeps, by the name of its distribution."""
    found = {}
    for path in CACHE.glob("pip/**/*"):
        if path.is_file() and path.stat().st_size > 500 and zipfile.is_zipfile(path):
            names = zipfile.ZipFile(path).namelist()
            name = next((one for one in names if one.endswith(".dist-info/METADATA") and one.count("/") == 1), None)
            if name:
                found[canonicalize_name(name.split("-")[0])] = path.stat().st_size
    return found


def pages() -> dict[str, int]:
    """Bytes of each page of an index that pip keeps, by the name it lists."""
    found = {}
    for path in CACHE.glob("pip/http*/**/*"):
        start = path.read_bytes()[:4000].decode(errors="replace") if path.is_file() else ""
        if "Links for " in start:
            found[canonicalize_name(start.partition("Links for ")[2].partition("<")[0])] = path.stat().st_size
    return found


def describe(
    distribution: importlib.metadata.Distribution, wheels: Mapping[str, int], indexes: Mapping[str, int]
) -> dict[str, object]:
    name = canonicalize_name(distribution.metadata["Name"])
    size = compiled = 0
    for file in distribution.files or ():
        path = file.locate()
        if os.path.lexists(path):
            size += os.lstat(path).st_size
            compiled += os.lstat(path).st_size if str(path).endswith(".pyc") else 0
    return {
        "name": name,
        "version": distribution.version,
        "bytes": size,
        "compiled": compiled,
        "cached": wheels.get(name, 0),
        "page": indexes.get(name, 0),
        "requires": " ".join(sorted(required(distribution, ""))),
        "extras": "|".join(
            f"{extra}={' '.join(sorted(required(distribution, extra) - required(distribution, '')))}"
            for extra in sorted(distribution.metadata.get_all("Provides-Extra") or ())
        ),
    }


def required(distribution: importlib.metadata.Distribution, extra: str) -> set[str]:
    """Names that a distribution needs here, with the extras it asks of them."""
    found = set()
    for text in distribution.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            name = canonicalize_name(requirement.name)
            found |= {name} | {f"{name}[{canonicalize_name(one)}]" for one in requirement.extras}
    return found


def main() -> None:
    other = "/v" if Path("/v").is_dir() and "PROBED_CACHE" not in os.environ else ""
    seen: set[tuple[int, int]] = set()
    cache = weigh(str(CACHE), set())
    total = weigh(other, seen) if other else 0
    wheels, indexes = ({}, {}) if other else (downloads(), pages())
    packages = (
        []
        if other
        else [describe(one, wheels, indexes) for one in importlib.metadata.distributions() if one.metadata["Name"]]
    )
    packages = sorted((one for one in packages if one["name"] not in STANDARD), key=lambda one: one["name"])
    json.dump(
        {"total": total if other else sum(one["bytes"] for one in packages), "cache": cache, "packages": packages},
        sys.stdout,
    )


main()
