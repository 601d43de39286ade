"""Score the estimates against what was measured: built applications, and tables of measured installs. Builds nothing.

Usage: python corpus/estimate_score.py [--facts FOLDER] [--list]
Applications come from `scores.json`, whose bytes were measured by `builds.py`; they are estimated anew. FOLDER may hold
further tables: `apt_layer_measured_bookworm.csv`, `pip_install_measured.csv`, `npm_cache_measured.csv`. No table of
dockopt was made from the applications; they are shown in two halves all the same. Language packages have a score of
their own, with tables made from one half and scored on the other: `language_sizes.py`.
"""

import argparse
import csv
import json
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dockopt.batch.results import Result
from dockopt.context.tree import MemoryContext
from dockopt.estimate import stages
from dockopt.estimate.compare import saved
from dockopt.estimate.layers import layers
from dockopt.knowledge.images import Image, describe
from dockopt.knowledge.ranges import Range, exactly
from dockopt.model.dockerfile import Dockerfile

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from corpus import base_sizes, builds, cases
from corpus import rebuilds as times
from corpus.nothing_saved import FILES, MEASURED, REWRITES

MEGABYTE = 1e6
WORTH_SAVING = 1_000_000
"""Bytes: below, a share of what is saved says nothing."""
NOISE_OF_BUILDS, FACTOR_OF_BUILDS = 1.0, 1.3
"""Seconds, and the factor, by which two builds of one file may differ."""
HAS_PERL = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y perl\n"


class Pair(NamedTuple):
    """One figure: what was measured and what is estimated, in bytes."""

    name: str
    measured: float
    estimated: Range

    @property
    def error(self) -> float:
        return abs(self.estimated.expected - self.measured) / abs(self.measured)

    @property
    def holds(self) -> bool:
        """Two builds of one file differ by a little, too."""
        return self.estimated.low - builds.NOISE <= self.measured <= self.estimated.high + builds.NOISE

    @property
    def width(self) -> float:
        """Half of the interval, as a share of what is expected."""
        return (self.estimated.high - self.estimated.low) / 2 / max(abs(self.estimated.expected), 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=Path, help="a folder with tables of measured installs")
    parser.add_argument("--list", action="store_true", help="print every figure")
    options = parser.parse_args()
    for bases in ("of the tables", "as measured"):
        if bases == "as measured":
            use_measured_bases()
        sizes, savings, nothing = applications()
        both_halves(f"size of an application's image, base images {bases}", sizes, options.list)
        both_halves(f"what a rewrite saves, base images {bases}", savings, options.list)
        show_nothing([*nothing, *nothing_saved()], listed=options.list)
    show_rebuilds(list(rebuilds()), options.list)
    for title, table in TABLES.items() if options.facts else ():
        show(title, list(table(options.facts)), options.list)
    return 0


def both_halves(title: str, pairs: list[Pair], listed: bool) -> None:
    show(title, pairs, listed)
    for number in (0, 1):
        show(f"  the same, half {number + 1}", pairs[number::2], listed=False)


def use_measured_bases() -> None:
    """Let the estimator take base images for as large as those that the applications were built on."""
    known = base_sizes.base_sizes()

    def described(reference: str) -> Image | None:
        image = describe(reference)
        return image._replace(size=exactly(known[reference])) if image and reference in known else image

    stages.describe = described  # type: ignore[attr-defined, assignment]


def applications() -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Sizes of images, savings, and savings where next to nothing is saved."""
    sizes: list[Pair] = []
    savings: list[Pair] = []
    nothing: list[Pair] = []
    for scores in json.loads(builds.SCORES.read_text(encoding="utf-8"))["cases"]:
        case, measured = cases.load(scores["name"]), scores["bytes"]
        seen = {case.naive.read_text(encoding="utf-8")}
        for level in builds.LEVELS:
            result = builds.rewritten(case, level)
            if level not in measured or result.sizes is None or not was_built(result, scores, level):
                continue
            if level == builds.LEVELS[0]:
                sizes.append(Pair(f"{case.name} naive", measured["naive"], result.sizes.before.size))
            if result.text in seen:
                continue
            seen.add(result.text)
            sizes.append(Pair(f"{case.name} {level}", measured[level], result.sizes.after.size))
            saved = measured["naive"] - measured[level]
            pair = Pair(f"{case.name} {level}", saved, result.sizes.saves)
            (savings if saved >= WORTH_SAVING else nothing).append(pair)
    return sizes, savings, nothing


def nothing_saved() -> Iterator[Pair]:
    """Small rewrites that were built to show that they save nothing."""
    context = MemoryContext(FILES)
    for row in rows(MEASURED):
        before, after = (Dockerfile.parse(text, context) for text in REWRITES[row["name"]])
        yield Pair(row["name"], float(row["before"]) - float(row["after"]), saved(before, after))


def show_nothing(pairs: list[Pair], *, listed: bool) -> None:
    worst = max((abs(one.estimated.expected) for one in pairs), default=0)
    print(f"rewrites that save nothing: {len(pairs)}, at most {worst / MEGABYTE:.2f} MB predicted")
    for one in pairs if listed else ():
        print(f"  {one.name:36}" + "".join(f"{figure / MEGABYTE:10.3f}" for figure in (one.measured, *one.estimated)))


class Rebuilds(NamedTuple):
    """Seconds to build again after a change, before and after a rewrite: as measured, and as estimated."""

    name: str
    measured: tuple[float, float]
    estimated: tuple[Range, Range]

    @property
    def matters(self) -> bool:
        """Whether the rewrite changes the time by more than one build differs from the next."""
        slow, fast = max(self.measured), min(self.measured)
        return slow - fast > NOISE_OF_BUILDS and slow > fast * FACTOR_OF_BUILDS

    @property
    def ranks(self) -> bool:
        before, after = (one.expected for one in self.estimated)
        return (self.measured[0] > self.measured[1]) == (before > after) and before != after


def rebuilds() -> Iterator[Rebuilds]:
    """The applications whose rebuild was timed, where what is written today is what was timed."""
    for name, timed in times.recorded().items():
        case, seconds = cases.load(name), timed["seconds"]
        result = builds.rewritten(case, times.LEVEL)
        costs = result.sizes.costs if result.sizes else None
        if costs is None or builds.digest(result.text) != timed["written"]:
            continue
        before, after = (one.rebuild for one in costs)
        if before and after:
            yield Rebuilds(name, (seconds["naive"], seconds[times.LEVEL]), (before.milliseconds, after.milliseconds))


def show_rebuilds(found: list[Rebuilds], listed: bool) -> None:
    figures = [
        (seconds * 1000, time) for one in found for seconds, time in zip(one.measured, one.estimated, strict=True)
    ]
    ratios = [time.expected / seconds for seconds, time in figures]
    holds = sum(time.low <= seconds <= time.high for seconds, time in figures) / max(len(figures), 1)
    apart = [one for one in found if one.matters]
    print(
        f"rebuilds: {len(figures)} times, estimated {statistics.median(ratios):.2f} of what was measured in the median,"
        f" the interval holds {holds:.0%}; of {len(apart)} rewrites that change the time,"
        f" {sum(one.ranks for one in apart)} are ranked right"
    )
    for one in found if listed else ():
        times = "".join(f"{seconds:8.2f}" for seconds in one.measured)
        guesses = "".join(f"{time.expected / 1000:8.2f}" for time in one.estimated)
        print(f"  {one.name:36}{times}{guesses}  {'' if one.ranks or not one.matters else 'the wrong way'}")


def was_built(result: Result, scores: dict[str, Any], level: str) -> bool:
    """Whether what dockopt writes today is what was built; older scores tell it by the fixes alone."""
    if "written" in scores:
        return bool(scores["written"].get(level) == builds.digest(result.text))
    return bool([fate.transform.label for fate in result.applied] == scores["fixes"][level])


def apt_layers(folder: Path) -> Iterator[Pair]:
    """Layers of apt installs on an image that has perl, without apt's caches, which the official images do not keep."""
    for row in rows(folder / "apt_layer_measured_bookworm.csv"):
        flag = "" if row["recommends"] == "1" else "--no-install-recommends "
        command = f"apt-get update && apt-get install -y {flag}{row['packages']} && rm -rf /var/lib/apt/lists/*"
        measured = float(row["layer_MB_total"]) - float(row["var_cache_MB"])
        yield pair(f"apt {row['packages']} {row['recommends']}", f"{HAS_PERL}RUN {command}", measured)


def pip_layers(folder: Path) -> Iterator[Pair]:
    """Installed Python packages with what is compiled, without pip's cache."""
    for row in rows(folder / "pip_install_measured.csv"):
        text = f"FROM python:3.12\nENV PYTHONDONTWRITEBYTECODE=1\nRUN pip install --no-cache-dir {row['packages']}"
        yield pair(f"pip {row['packages']}", text, float(row["installed_bytes"]) / MEGABYTE)


def npm_layers(folder: Path) -> Iterator[Pair]:
    """node_modules and npm's cache of an install without a lockfile, where the packages' names are known."""
    for row in rows(folder / "npm_cache_measured.csv"):
        names = row["project"].split("+")
        if all(name == name.strip() and " " not in name for name in names):
            manifest = json.dumps({"name": "x", "version": "1.0.0", "dependencies": dict.fromkeys(names, "*")})
            measured = (float(row["node_modules_bytes"]) + float(row["npm_cacache_bytes"])) / MEGABYTE
            text = "FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN npm install"
            yield pair(f"npm {row['project']}", text, measured, {"package.json": manifest})


TABLES: dict[str, Callable[[Path], Iterator[Pair]]] = {
    "layers of apt-get install": apt_layers,
    "layers of pip install": pip_layers,
    "layers of npm install": npm_layers,
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pair(name: str, text: str, megabytes: float, files: dict[str, str] | None = None) -> Pair:
    """The last layer of a Dockerfile, estimated."""
    found = layers(Dockerfile.parse(text + "\n"), MemoryContext(files or {}))
    return Pair(name, megabytes * MEGABYTE, found[-1].range)


def show(title: str, pairs: Iterable[Pair], listed: bool) -> None:
    found = list(pairs)
    if not found:
        return
    errors = sorted(one.error for one in found)
    print(
        f"{title}: {len(found)} figures, error median {statistics.median(errors):.1%},"
        f" p90 {errors[round(0.9 * (len(errors) - 1))]:.1%};"
        f" the interval holds {sum(one.holds for one in found) / len(found):.0%},"
        f" median width ±{statistics.median(one.width for one in found):.0%}"
    )
    for one in found if listed else ():
        figures = "".join(f"{figure / MEGABYTE:10.1f}" for figure in (one.measured, *one.estimated))
        off = one.estimated.expected / one.measured - 1
        print(f"  {one.name:36}{figures}  {off:+7.1%} {'' if one.holds else 'outside'}")


if __name__ == "__main__":
    sys.exit(main())
