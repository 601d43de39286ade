"""Write `python_sizes.csv` and `node_sizes.csv` of dockopt's knowledge from the installs in `corpus/measured`.

Usage: python corpus/tables/language_sizes.py
Packages that were not installed keep the rows of `python_recalled.csv` and `node_recalled.csv`, which are rounder.
"""

import csv
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEASURED = ROOT / "corpus" / "measured"
KNOWLEDGE = ROOT / "src" / "dockopt" / "knowledge"
PYTHON = "name version code compiled wheel page requires source".split()
NODE = "name version bytes archive listing requires source".split()
COMPILED_SHARE = {False: 0.4, True: 0.2}
"""Of small and of large distributions; these hold native code."""
WHEEL_SHARE = 0.26
ARCHIVE_SHARE = 0.25
MEDIAN_PAGE = 40_000
MEDIAN_LISTING = 60_000
LONGEST_EXTRA = 40
MEASURED_ON = "measured install on Python 3.11"
EARLIER = "measured install of an earlier version on Python 3.11"
Rows = list[dict[str, str]]


def main() -> int:
    write("python_sizes", PYTHON, python_rows())
    write("node_sizes", NODE, node_rows())
    return 0


def rows(name: str, without: Collection[str] = ()) -> Rows:
    """A table of figures, leaving out what was seen in some sets only."""
    with (MEASURED / f"{name}.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row.get("set") not in without]


def python_rows(without: Collection[str] = ()) -> Rows:
    """One row a version of a distribution that was installed; the newest alone says what it requires, and extras."""
    found: dict[str, dict[str, str]] = {}
    older: dict[tuple[str, str], dict[str, str]] = {}
    measured = sorted(rows("python_distributions", without), key=lambda row: version_key(row["version"]))
    asked = {word for row in rows("python_sets") for word in row["requirements"].split()}
    for row in measured:
        if row["bytes"] != row["compiled"]:
            if row["name"] in found and found[row["name"]]["version"] != row["version"]:
                older[row["name"], found[row["name"]]["version"]] = {**found[row["name"]], "requires": ""}
            found[row["name"]] = installed_python(row, [one for one in measured if one["name"] == row["name"]])
            if f"{row['name']}=={row['version']}" in asked:
                found[row["name"]]["source"] = EARLIER
            found |= {name: extra_row(name, requires) for name, requires in extras(row)}
    for row in rows("python_recalled"):
        found.setdefault(row["name"], recalled_python(row))
    every = [*older.values(), *found.values()]
    return sorted(every, key=lambda row: (row["name"], version_key(row["version"])))


def installed_python(row: dict[str, str], same: Rows) -> dict[str, str]:
    """The row of a distribution; `same` are all its installs, of which not every one has what caches kept."""
    code = str(int(row["bytes"]) - int(row["compiled"]))
    wheel = str(max(int(one["cached"]) for one in same if one["version"] == row["version"]))
    page = str(max(int(one["page"]) for one in same))
    values = (row["name"], row["version"], code, row["compiled"], wheel, page, row["requires"], MEASURED_ON)
    return dict(zip(PYTHON, values, strict=True))


def extra_row(name: str, requires: str) -> dict[str, str]:
    return dict(zip(PYTHON, (name, "", "0", "0", "0", "0", requires, MEASURED_ON), strict=True))


def extras(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for part in filter(None, row["extras"].split("|")):
        extra, _, requires = part.partition("=")
        if requires and len(requires.split()) <= LONGEST_EXTRA:
            yield f"{row['name']}[{re.sub(r'[-_.]+', '-', extra).lower()}]", requires


def recalled_python(row: dict[str, str]) -> dict[str, str]:
    size = float(row["megabytes"]) * 1_000_000
    wheel = size * float(row["cache"] or WHEEL_SHARE)
    compiled = size * COMPILED_SHARE[size > 10_000_000]
    figures = [size - compiled, compiled, wheel, MEDIAN_PAGE if size else 0]
    values = [row["name"], "", *(str(round(one)) for one in figures), row["requires"], row["source"]]
    return dict(zip(PYTHON, values, strict=True))


def node_rows(without: Collection[str] = ()) -> Rows:
    """One row a package and major version, what it requires with the newest only."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    lists: dict[str, str] = {}
    measured = sorted(rows("node_packages", without), key=lambda row: version_key(row["version"]))
    installed = {row["name"] for row in measured}
    for row in measured:
        if row["list"] != "0":
            lists[row["name"]] = row["list"]
        requires = " ".join(name for name in row["requires"].split() if name in installed)
        values = (
            row["name"],
            row["version"],
            row["bytes"],
            row["archive"],
            "0",
            requires,
            "measured install on Node 20",
        )
        found[row["name"], version_key(row["version"])[0]] = dict(zip(NODE, values, strict=True))
    for row in rows("node_recalled"):
        if row["name"] not in installed:
            size = float(row["megabytes"]) * 1_000_000
            values = (row["name"], "", str(round(size)), str(round(size * ARCHIVE_SHARE)), "0", "", row["source"])
            found[row["name"], 0] = dict(zip(NODE, values, strict=True))
    newest = dict(sorted(found))
    for (name, major), row in found.items():
        row["listing"] = lists.get(name, str(MEDIAN_LISTING))
        if newest[name] != major:
            row["requires"] = ""
    return [found[key] for key in sorted(found)]


def version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("-")[0].partition("+")[0])) or (0,)


def write(name: str, columns: Iterable[str], lines: Rows) -> None:
    text = "\n".join([",".join(columns), *(",".join(row.values()) for row in lines)]) + "\n"
    (KNOWLEDGE / f"{name}.csv").write_text(text)


if __name__ == "__main__":
    sys.exit(main())
