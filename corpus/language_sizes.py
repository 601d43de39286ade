"""Score estimates of language packages against the layers measured in `corpus/measured`, without building anything.

Usage: python corpus/language_sizes.py [--contexts FOLDER] [--list]
The sets whose layers were measured are split in two: tables made without one half are scored on both. Then the tables
that dockopt ships are scored on all, and on the real projects of a `measured/contexts.csv` of your own that FOLDER
holds, which no table was made from.
"""

import argparse
import csv
import json
import math
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from corpus.tables.language_sizes import NODE, PYTHON, node_rows, python_rows

from dockopt.context.folder import FolderContext
from dockopt.context.tree import Context, MemoryContext
from dockopt.estimate.layers import layers
from dockopt.knowledge import language_sizes
from dockopt.knowledge.tables import table
from dockopt.model.dockerfile import Dockerfile

MEASURED = Path(__file__).resolve().parent / "measured"
PYTHON_WAYS = {
    "pip": "pip install -r requirements.txt",
    "uv": "uv venv /v && uv pip install -p /v -r requirements.txt",
    "uv-compiled": "uv venv /v && uv pip install --compile-bytecode -p /v -r requirements.txt",
    "poetry-locked": "poetry install --no-root",
    "uv-locked": "uv sync --frozen --no-install-project",
}
PYTHON_LOCKS = {"poetry-locked": "poetry.lock", "uv-locked": "uv.lock"}
SETTINGS = "ENV PYTHONDONTWRITEBYTECODE=1 POETRY_VIRTUALENVS_IN_PROJECT=true"
NODE_WAYS = {
    "npm-install": "npm install",
    "npm-ci": "npm ci",
    "npm-ci-unaddressed": "npm ci",
    "npm-ci-production": "npm ci --omit=dev",
    "yarn": "yarn install",
    "pnpm": "pnpm install",
    "yarn-locked": "yarn install --frozen-lockfile",
    "pnpm-locked": "pnpm install --frozen-lockfile",
}
NODE_LOCKS = {
    **dict.fromkeys(("npm-ci", "npm-ci-unaddressed", "npm-ci-production"), "package-lock.json"),
    "yarn-locked": "yarn.lock",
    "pnpm-locked": "pnpm-lock.yaml",
}
Table = tuple[tuple[str, ...], ...]


class Result(NamedTuple):
    """One layer: what was measured, what is estimated, in bytes."""

    name: str
    measured: int
    low: int
    expected: int
    high: int

    @property
    def error(self) -> float:
        return abs(self.expected - self.measured) / self.measured

    @property
    def holds(self) -> bool:
        return self.low <= self.measured <= self.high

    @property
    def width(self) -> float:
        """Half of the interval, as a share of what is expected."""
        return (self.high - self.low) / 2 / max(self.expected, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--contexts", type=Path)
    parser.add_argument("--list", action="store_true", help="print every layer")
    options = parser.parse_args()
    halves = {language: [set(names[::2]), set(names[1::2])] for language, names in sets().items()}
    for language, results in (("python", python_results), ("node", node_results)):
        for number, half in enumerate(halves[language]):
            other = halves[language][1 - number]
            use(language, without=other)
            show(f"{language}: tables without half {2 - number}, scored on the rest", results(half), options)
            show(f"{language}: tables without half {2 - number}, scored on it", results(other), options)
        use(language, without=())
        show(f"{language}: all tables, scored on what they were made from", results(set(sets()[language])), options)
    if options.contexts:
        found = list(context_results(options.contexts))
        show("real projects with Python", [one for one in found if not one.name.startswith("node")], options)
        show("real projects with Node", [one for one in found if one.name.startswith("node")], options)
    return 0


def rows(name: str) -> list[dict[str, str]]:
    path = MEASURED / f"{name}.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def sets() -> dict[str, list[str]]:
    return {
        language: list(dict.fromkeys(row["set"] for row in rows(f"{language}_layers")))
        for language in ("python", "node")
    }


def use(language: str, without: Iterable[str]) -> None:
    """Let the estimator read tables that lack what was seen in some sets only."""
    made = python_rows(set(without)) if language == "python" else node_rows(set(without))
    columns = PYTHON if language == "python" else NODE
    rows_ = tuple(tuple(row[column] for column in columns) for row in made)
    original: Callable[[str], Table] = getattr(language_sizes, "original_table", table)
    language_sizes.original_table = original  # type: ignore[attr-defined]
    wanted = f"{language}_sizes"
    language_sizes.table = lambda name: rows_ if name == wanted else original(name)  # type: ignore[attr-defined, assignment]
    caches = (language_sizes.distributions, language_sizes._distributions)  # noqa: SLF001 - made of the table that changed
    for cached in (*caches, language_sizes.node_packages, language_sizes._node_families):  # noqa: SLF001
        cached.cache_clear()


def python_results(wanted: set[str]) -> Iterator[Result]:
    requirements = {row["set"]: row["requirements"] for row in rows("python_sets")}
    for row in rows("python_layers"):
        if row["set"] in wanted:
            files = {"requirements.txt": "\n".join(requirements[row["set"]].split()) + "\n"}
            if lock := PYTHON_LOCKS.get(row["way"]):
                files[lock] = (MEASURED / "python_locks" / f"{row['set']}.{lock}").read_text()
                files["pyproject.toml"] = project(requirements[row["set"]].split())
            text = f"FROM python:3.11\n{SETTINGS}\nWORKDIR /a\nCOPY . .\nRUN {PYTHON_WAYS[row['way']]}\n"
            yield result(f"{row['set']} {row['way']}", text, MemoryContext(files), int(row["layer"]))


def node_results(wanted: set[str]) -> Iterator[Result]:
    manifests = {row["set"]: manifest(row) for row in rows("node_sets")}
    for row in rows("node_layers"):
        if row["set"] in wanted:
            files = {"package.json": manifests[row["set"]]}
            if lock := NODE_LOCKS.get(row["way"]):
                files[lock] = node_lock(row["set"], lock, addressed=row["way"] != "npm-ci-unaddressed")
            text = f"FROM node:20\nWORKDIR /a\nCOPY . .\nRUN {NODE_WAYS[row['way']]}\n"
            yield result(f"{row['set']} {row['way']}", text, MemoryContext(files), int(row["layer"]))


def project(requirements: list[str]) -> str:
    dependencies = json.dumps(requirements)
    return f'[project]\nname = "measured"\nversion = "1.0.0"\ndependencies = {dependencies}\n'


def node_lock(name: str, lock: str, *, addressed: bool) -> str:
    """A lockfile as it was kept; those of npm get back an address, which says that no lists of versions are fetched."""
    folder = MEASURED / "node_locks"
    if lock != "package-lock.json":
        return (folder / f"{name}.{lock}").read_text()
    text = (folder / f"{name}.json").read_text()
    return text.replace('"version":', '"resolved":"https://example.com","version":') if addressed else text


def manifest(row: Mapping[str, str]) -> str:
    fields = {"dependencies": row["production"], "devDependencies": row["development"]}
    return json.dumps(
        {key: {word[0] + word[1:].partition("@")[0]: "*" for word in text.split()} for key, text in fields.items()}
    )


def context_results(folder: Path) -> Iterator[Result]:
    measured = {row["set"]: int(row["layer"]) for row in rows("context_layers")}
    for row in rows("contexts"):
        if row["set"] in measured:
            kind = "node" if row["image"].startswith("node") else "python"
            text = f"FROM {row['image']}\nWORKDIR /app\nCOPY . .\nRUN {row['command']}\n"
            context = FolderContext(str(folder / row["folder"]))
            yield result(f"{kind} {row['set']}", text, context, measured[row["set"]])


def result(name: str, text: str, context: Context, measured: int) -> Result:
    return Result(name, measured, *layers(Dockerfile.parse(text), context)[-1].range)


def show(title: str, found: Iterable[Result], options: argparse.Namespace) -> None:
    results = list(found)
    if not results:
        return
    errors = sorted(one.error for one in results)
    print(
        f"{title}: {len(results)} layers, error median {statistics.median(errors):.1%}"
        f" p90 {errors[math.ceil(0.9 * len(errors)) - 1]:.1%},"
        f" interval holds {sum(one.holds for one in results) / len(results):.1%},"
        f" median width ±{statistics.median(one.width for one in results):.0%}"
    )
    for one in results if options.list else ():
        figures = "".join(f"{figure / 1e6:9.1f}" for figure in one[1:])
        print(f"  {one.name:34}{figures}  {one.expected / one.measured - 1:+7.1%} {'' if one.holds else 'outside'}")


if __name__ == "__main__":
    sys.exit(main())
