"""Measure what package managers leave behind by installing into temporary folders of this machine, without an engine.

Usage: python corpus/language_installs.py python|node [SET]... [--ways WAY...]
It wants Python 3.11 with poetry and uv, or Node 20 with npm 10, yarn 1 and pnpm 9, all on PATH. Each set of
`measured/python_sets.csv` and `measured/node_sets.csv` is installed once for the sizes of its packages, then once for
every way, with a cache of its own; figures go to the tables in `measured/`, lockfiles to `node_locks` and
`python_locks` there. What lies below the folder when a way is done is what a layer would hold: files, caches,
environments, each once however many names it has. `INDEX` may be the address of a package index that poetry reads in
place of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from os import environ
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from corpus.language_builds import LOCKS, MEASURED, PROBES, keep_lock, manifest, rows, run, store, weighed

PYTHON_LOCKS = MEASURED / "python_locks"
LOCK = "package-lock.json"
NODE_WAYS = {
    "npm-install": (None, "npm install"),
    "npm-ci": (LOCK, "npm ci"),
    "npm-ci-unaddressed": (LOCK, "npm ci"),
    "npm-ci-production": (LOCK, "npm ci --omit=dev"),
    "yarn-locked": ("yarn.lock", "yarn install --frozen-lockfile --ignore-engines"),
    "pnpm-locked": ("pnpm-lock.yaml", "pnpm install --frozen-lockfile"),
}
"""The lockfile that each way wants, and its command."""
PYTHON_WAYS = {
    "poetry-locked": ("poetry.lock", "poetry install --no-root"),
    "uv-locked": ("uv.lock", "uv sync --frozen --no-install-project"),
}
UNADDRESSED = "npm-ci-unaddressed"
WRITERS = {
    LOCK: "npm install --package-lock-only",
    "yarn.lock": "yarn install --ignore-engines --ignore-scripts",
    "pnpm-lock.yaml": "pnpm install --lockfile-only",
    "poetry.lock": "poetry lock",
    "uv.lock": "uv lock",
}
"""How the lockfiles come about."""
CACHES = {
    "NPM_CONFIG_CACHE": "npm",
    "YARN_CACHE_FOLDER": "yarn",
    "XDG_CACHE_HOME": "xdg",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "POETRY_CACHE_DIR": "pypoetry",
    "UV_CACHE_DIR": "uv",
}
ADDRESSED = {"NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "false"}
QUIET = {"POETRY_VIRTUALENVS_IN_PROJECT": "true", "UV_LINK_MODE": "hardlink", "UV_PYTHON_DOWNLOADS": "never"}
DROPPED = ("resolved", "integrity", "resolution", "engines", "hasBin", "deprecated", "checksum")
"""Fields of lockfiles that say nothing about sizes."""
PYTHON_DROPPED = (
    *("description = ", "source = { registry", "content-hash", "sdist = ", "files = ["),
    *("[package.source]", "type = ", "url = ", "reference = "),
)
INSTALLED = ("-any.whl", "x86_64.whl")
DELETED = (LOCK, "yarn.lock", "pnpm-lock.yaml")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("language", choices=("python", "node"))
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--ways", nargs="*", default=None)
    options = parser.parse_args()
    measure, ways = (python, PYTHON_WAYS) if options.language == "python" else (node, NODE_WAYS)
    for row in rows(f"{options.language}_sets"):
        if options.sets and row["set"] not in options.sets:
            continue
        try:
            measure(row, options.ways or list(ways))
        except subprocess.CalledProcessError as error:
            print(f"{row['set']}: {(error.stderr or error.stdout or '')[-800:]}", file=sys.stderr, flush=True)
    return 0


def node(row: Mapping[str, str], ways: Sequence[str]) -> None:
    for way, figures, report in measured(row["set"], {"package.json": manifest(dict(row))}, NODE_WAYS, ways):
        if way == "npm-install":
            store("node_packages", [{"set": row["set"], **one} for one in report["packages"]], row["set"])
            keep_lock(row["set"], report["lock"])
        keep("node_layers", row["set"], way, figures)


def python(row: Mapping[str, str], ways: Sequence[str]) -> None:
    names = json.dumps(row["requirements"].split())
    project = (
        f'[project]\nname = "measured"\nversion = "1.0.0"\nrequires-python = ">=3.11,<3.13"\n'
        f"dependencies = {names}\n[tool.poetry]\npackage-mode = false\n{source()}"
    )
    for way, figures, _ in measured(row["set"], {"pyproject.toml": project}, PYTHON_WAYS, ways):
        keep("python_layers", row["set"], way, figures)


def source() -> str:
    address = environ.get("INDEX")
    return f'[[tool.poetry.source]]\nname = "index"\nurl = "{address}"\npriority = "primary"\n' if address else ""


def measured(
    name: str, files: Mapping[str, str], known: Mapping[str, tuple[str | None, str]], ways: Sequence[str]
) -> Iterator[tuple[str, dict[str, int], dict[str, Any]]]:
    """For every way the bytes of the layer, of packages and of caches, and for npm what the probe says."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for way in ways:
            lock, command = known[way]
            given = {**files, **({lock: written(folder, files, lock, name)} if lock else {})}
            if way == UNADDRESSED:
                given[LOCK] = without_addresses(given[LOCK])
            home = folder / way
            environment = surroundings(home)
            prepare(home / "a", given)
            before = weighed(str(home))
            run(["sh", "-c", f"cd {home}/a && {command}"], environment)
            report = {}
            if way == "npm-install":
                probed = {**environment, "PROBED_CACHE": f"{home}/cache/npm", "PROBED_FOLDER": f"{home}/a"}
                report = json.loads(run([sys.executable, str(PROBES / "node.py")], probed))
            whole, cache = weighed(str(home)) - before, weighed(str(home / "cache"))
            inside = sum(weighed(str(home / "a" / one)) for one in ("node_modules", ".venv"))
            subprocess.run(["rm", "-rf", str(home)], check=True)
            yield way, {"layer": whole, "packages": inside, "cache": cache}, report


def written(folder: Path, files: Mapping[str, str], lock: str, name: str) -> str:
    """The text of a lockfile, made once for a set; a copy without addresses is kept with the figures."""
    made = folder / "locks" / lock
    if not made.is_file():
        prepare(made.parent, files)
        for other in DELETED:
            (made.parent / other).unlink(missing_ok=True)
        run(["sh", "-c", f"cd {made.parent} && {WRITERS[lock]}"], surroundings(folder / "locking"))
        text = made.read_text()
        subprocess.run(["rm", "-rf", str(folder / "locking"), str(made.parent)], check=True)
        prepare(made.parent, {lock: text})
        kept(name, lock, text)
    return made.read_text()


def without_addresses(text: str) -> str:
    """A lockfile as npm writes it where it is told to leave out the addresses in its registry."""
    lock = json.loads(text)
    for entry in lock["packages"].values():
        entry.pop("resolved", None)
    return json.dumps(lock)


def kept(name: str, lock: str, text: str) -> None:
    """Keep what a lockfile says about sizes."""
    if lock == LOCK:
        keep_lock(name, json.loads(text))
        return
    if lock in DELETED:
        lines = [line for line in text.splitlines() if line.strip() and not line.strip(' "').startswith(DROPPED)]
        ours = LOCKS
    else:
        lines = [line for line in map(python_line, without_files(text).splitlines()) if line]
        ours = PYTHON_LOCKS
    ours.mkdir(exist_ok=True)
    (ours / f"{name}.{lock}").write_text("\n".join(lines) + "\n")


def without_files(text: str) -> str:
    """A poetry.lock without its lists of archives, which have no sizes."""
    first, *parts = text.split("files = [\n")
    return first + "".join(part.partition("\n]\n")[2] for part in parts)


def python_line(line: str) -> str:
    """A line of uv.lock or poetry.lock without addresses and checksums, "" for what says nothing about sizes."""
    if line.startswith(PYTHON_DROPPED):
        return ""
    if not line.startswith("    { url = "):
        return line
    name = line.partition('url = "')[2].partition('"')[0].rpartition("/")[2]
    size = line.partition("size = ")[2].partition(",")[0].partition(" ")[0]
    return f'    {{ url = "{name}", size = {size or 0} }},' if name.endswith(INSTALLED) else ""


def surroundings(home: Path) -> dict[str, str]:
    return {**environ, **QUIET, **ADDRESSED, "CI": "1"} | {
        name: f"{home}/cache/{cache}" for name, cache in CACHES.items()
    }


def prepare(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def keep(table: str, name: str, way: str, figures: Mapping[str, int]) -> None:
    """Put one line in place of the older one of the same set and way."""
    lines = [row for row in rows(table) if row["set"] == name and row["way"] != way]
    store(table, [*lines, {"set": name, "way": way, **figures}], name)
    print(name, way, figures, flush=True)


if __name__ == "__main__":
    sys.exit(main())
