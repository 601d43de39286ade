"""Measure what pip, uv, npm, yarn and pnpm leave in a layer, package by package, by building real layers.

Usage: python corpus/language_builds.py python|node [SET]... [--ways WAY...]
       python corpus/language_builds.py --here python|node [SET]...
       python corpus/language_builds.py [--here] --contexts FOLDER contexts [SET]...
Needs docker with BuildKit and the images python:3.11 and node:20. Each set of `measured/python_sets.csv` and
`measured/node_sets.csv` is installed as a RUN of its own; the figures are added to the other tables in `measured/`,
in place of older ones of the same set. `--here` installs into a temporary folder of this machine instead, which gives
sizes of packages and no layers; it wants Python 3.11 or Node 20. The sets of a `measured/contexts.csv` of your own,
with the columns set, folder, image, manager and command, are real projects, installed by their manifests and
lockfiles; FOLDER holds them. `LAB` may name a folder whose `env.sh` sets up an engine.
"""

import argparse
import csv
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).resolve().parent / "measured"
PROBES = Path(__file__).resolve().parent / "probes"
LOCKS = MEASURED / "node_locks"
TAG = "dockopt-languages"
SECONDS = 1500
MANIFESTS = (".txt", ".toml", ".lock", ".json", ".yaml", ".in")
REDIRECT = (
    'if [ -f yarn.lock ]; then sed -i -E "s#https://registry[.][a-z.]+/#$(npm config get registry)#" yarn.lock; fi'
)
"""The registry that a lockfile names may be out of reach where npm's own is not."""
CLEAN_PYTHON = "rm -rf /root/.cache /v"
CLEAN_NODE = (
    "rm -rf /root/.npm /usr/local/share/.cache /root/.cache /root/.local /a"
    " && mkdir /a && cp /s/package*.json /a && cd /a"
)
PYTHON_WAYS = {
    "pip": "pip install -r /s/requirements.txt",
    "uv": "uv venv -q /v && uv pip install -q -p /v -r /s/requirements.txt",
    "uv-compiled": "uv venv -q /v && uv pip install -q --compile-bytecode -p /v -r /s/requirements.txt",
}
NODE_WAYS = {
    "npm-install": "npm install && cp package-lock.json /s/",
    "npm-ci": "npm ci",
    "npm-ci-production": "npm ci --omit=dev",
    "yarn": 'rm -f package-lock.json && yarn install --ignore-engines --registry "$(npm config get registry)"',
    "pnpm": "rm -f package-lock.json && pnpm install --config.dangerously-allow-all-builds=true",
}
PREPARE = {
    "python": ("python:3.11", "pip install --no-cache-dir uv"),
    "node": ("node:20", "npm install -g pnpm@9 && rm -rf /root/.npm"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("language", choices=("python", "node", "contexts"))
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--ways", nargs="*", default=None)
    parser.add_argument("--contexts", type=Path)
    parser.add_argument("--here", action="store_true")
    options = parser.parse_args()
    environment = engine()
    if options.language == "contexts":
        return contexts(options, environment)
    base = "" if options.here else prepared(options.language, environment)
    wanted = [row for row in rows(f"{options.language}_sets") if not options.sets or row["set"] in options.sets]
    ways = {"python": (measure_python, python_here), "node": (measure_node, node_here)}
    measure = ways[options.language][options.here]
    for row in wanted:
        try:
            measure(row, base, options.ways, environment)
        except subprocess.CalledProcessError as error:
            print(f"{row['set']}: {(error.stderr or '')[-1500:]}", file=sys.stderr, flush=True)
    return 0


def contexts(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    for row in rows("contexts"):
        if options.sets and row["set"] not in options.sets:
            continue
        try:
            folder = options.contexts / row["folder"]
            size = (context_here if options.here else context_layer)(folder, row, environment)
        except subprocess.CalledProcessError as error:
            print(f"{row['set']}: {(error.stderr or '')[-1500:]}", file=sys.stderr, flush=True)
            continue
        store("context_layers", [{"set": row["set"], "layer": size}], row["set"])
        print(row["set"], size, flush=True)
    return 0


def context_layer(folder: Path, row: dict[str, str], environment: Mapping[str, str]) -> int:
    """Bytes of the layer that the command of a row makes of a project's manifests."""
    tag = f"{TAG}:{row['set']}"
    manager = f"RUN {row['manager']}\n" if row["manager"] else ""
    text = f"FROM {row['image']}\n{manager}WORKDIR /app\nCOPY . .\nRUN {REDIRECT}\nRUN {row['command']}\n"
    files = {path.name: path.read_text() for path in folder.iterdir() if path.is_file() and path.suffix in MANIFESTS}
    try:
        build(text, files, tag, environment)
        history = run(["docker", "history", "--human=false", "--format", "{{.Size}}", tag], environment).split()
    finally:
        subprocess.run(["docker", "image", "rm", "-f", tag], env=dict(environment), capture_output=True, check=False)
    return int(history[0])


def context_here(folder: Path, row: dict[str, str], environment: Mapping[str, str]) -> int:
    """Bytes of the files that the command leaves in a folder of this machine: a layer has the same."""
    with tempfile.TemporaryDirectory() as place:
        copied = Path(place) / "app"
        copied.mkdir()
        for path in folder.iterdir():
            if path.is_file() and path.suffix in MANIFESTS:
                (copied / path.name).write_text(path.read_text())
        before = weighed(place)
        wanted = row["image"].partition(":")[2].removesuffix("-slim")
        python = f"python{wanted}" if row["image"].startswith("python") else "python3"
        prepare = f"{python} -m venv {place}/v && {place}/v/bin/pip install -q uv && rm -rf {place}/cache"
        after = {**environment, "VIRTUAL_ENV": f"{place}/v", "PATH": f"{place}/v/bin:{environment['PATH']}"}
        if row["image"].startswith("python"):
            run(["sh", "-c", prepare], {**environment, "PIP_NO_CACHE_DIR": "1"})
            before = weighed(place)
        caches = {"PIP_CACHE_DIR": "pip", "UV_CACHE_DIR": "uv", "NPM_CONFIG_CACHE": "npm", "YARN_CACHE_FOLDER": "yarn"}
        after |= {name: f"{place}/cache/{cache}" for name, cache in caches.items()}
        run(["sh", "-c", f"cd {copied} && {REDIRECT} && {row['command']}"], after)
        return weighed(place) - before


def weighed(folder: str) -> int:
    """Bytes of all files below a folder; one with several names counts once."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            status = Path(place, name).lstat()
            found[status.st_ino] = status.st_size
    return sum(found.values())


def engine() -> dict[str, str]:
    script = Path(os.environ.get("LAB", Path(tempfile.gettempdir()) / "dockopt-lab")) / "env.sh"
    if not script.is_file():
        return dict(os.environ)
    text = subprocess.run(
        ["/bin/sh", "-c", f". {shlex.quote(str(script))} && env -0"], capture_output=True, text=True, check=True
    ).stdout
    return dict(line.split("=", 1) for line in text.split("\0") if "=" in line)


def prepared(language: str, environment: Mapping[str, str]) -> str:
    """An image with the package managers that the base image lacks."""
    base, command = PREPARE[language]
    tag = f"{TAG}:{language}"
    build(f"FROM {base}\nRUN {command}\n", {}, tag, environment)
    return tag


def measure_python(row: dict[str, str], base: str, ways: Sequence[str] | None, environment: Mapping[str, str]) -> None:
    chosen = ["pip", *(way for way in ways or () if way != "pip")]
    commands = [f"{CLEAN_PYTHON}; {PYTHON_WAYS[way]}" for way in chosen]
    files = {"requirements.txt": "\n".join(row["requirements"].split()) + "\n"}
    sizes, report = layers(row["set"], base, commands, files, "python.py", environment=environment)
    found = [{"set": row["set"], **one} for one in report[0]["packages"]]
    store("python_distributions", found, row["set"])
    lines = [
        {"set": row["set"], "way": way, "layer": size, "packages": part["total"], "cache": part["cache"]}
        for way, size, part in zip(chosen, sizes, report, strict=True)
    ]
    store("python_layers", lines, row["set"])
    print(row["set"], lines, flush=True)


def measure_node(row: dict[str, str], base: str, ways: Sequence[str] | None, environment: Mapping[str, str]) -> None:
    chosen = ["npm-install", *(way for way in ways or () if way != "npm-install")]
    commands = [f"{CLEAN_NODE} && {NODE_WAYS[way]}" for way in chosen]
    files = {"package.json": manifest(row)}
    sizes, report = layers(row["set"], base, commands, files, "node.py", environment=environment)
    store("node_packages", [{"set": row["set"], **one} for one in report[0]["packages"]], row["set"])
    lines = [
        {"set": row["set"], "way": way, "layer": size, "packages": part["total"], "cache": part["cache"]}
        for way, size, part in zip(chosen, sizes, report, strict=True)
    ]
    store("node_layers", lines, row["set"])
    keep_lock(row["set"], report[0]["lock"])
    print(row["set"], lines, flush=True)


def python_here(row: dict[str, str], _: str, __: Sequence[str] | None, environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        python = f"{folder}/v/bin/python"
        run([sys.executable, "-m", "venv", f"{folder}/v"], environment)
        cache = f"{folder}/cache/pip"
        run([python, "-m", "pip", "install", "-q", "--cache-dir", cache, *row["requirements"].split()], environment)
        probed = {**environment, "PROBED_CACHE": f"{folder}/cache"}
        report = json.loads(run([python, str(PROBES / "python.py")], probed))
    store("python_distributions", [{"set": row["set"], **one} for one in report["packages"]], row["set"])
    print(row["set"], len(report["packages"]), flush=True)


def node_here(row: dict[str, str], _: str, __: Sequence[str] | None, environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "package.json").write_text(manifest(row))
        run(["npm", "install", "--cache", f"{folder}/cache", "--prefix", folder], environment)
        probed = {**environment, "PROBED_CACHE": f"{folder}/cache", "PROBED_FOLDER": folder}
        report = json.loads(run([sys.executable, str(PROBES / "node.py")], probed))
    store("node_packages", [{"set": row["set"], **one} for one in report["packages"]], row["set"])
    keep_lock(row["set"], report["lock"])
    print(row["set"], len(report["packages"]), flush=True)


def keep_lock(name: str, lock: Mapping[str, Any]) -> None:
    LOCKS.mkdir(exist_ok=True)
    (LOCKS / f"{name}.json").write_text(json.dumps(reduced(lock), separators=(",", ":")) + "\n")


def manifest(row: Mapping[str, str]) -> str:
    dependencies = {"dependencies": versions(row["production"]), "devDependencies": versions(row["development"])}
    return json.dumps({"name": row["set"], "version": "1.0.0", "private": True, **dependencies})


def versions(names: str) -> dict[str, str]:
    found = {}
    for word in names.split():
        name, _, version = word[1:].partition("@")
        found[word[0] + name] = f"^{version}" if version else "*"
    return found


def reduced(lock: Mapping[str, Any]) -> dict[str, Any]:
    """The lockfile without addresses, checksums and version ranges."""
    kept = ("version", "dev", "optional", "devOptional", "os", "cpu", "libc", "peer", "hasInstallScript")
    packages = {
        path: {key: entry[key] for key in kept if key in entry} if path else {}
        for path, entry in lock["packages"].items()
    }
    return {"lockfileVersion": lock["lockfileVersion"], "packages": packages}


def layers(
    name: str,
    base: str,
    commands: Sequence[str],
    files: Mapping[str, str],
    probe: str,
    *,
    environment: Mapping[str, str],
) -> tuple[list[int], list[dict[str, Any]]]:
    """Bytes of each command's layer, and what the probe says after each."""
    tag = f"{TAG}:{name}"
    text = f"FROM {base}\nCOPY . /s\nWORKDIR /a\n"
    for number, command in enumerate(commands):
        text += f"RUN {command}\nRUN python3 /s/{probe} > /report-{number}.json\n"
    try:
        build(text, {**files, probe: (PROBES / probe).read_text()}, tag, environment)
        history = run(["docker", "history", "--human=false", "--format", "{{.Size}}", tag], environment).split()
        sizes = [int(size) for size in reversed(history)][-2 * len(commands) :: 2]
        reports = [
            json.loads(run(["docker", "run", "--rm", tag, "cat", f"/report-{number}.json"], environment))
            for number in range(len(commands))
        ]
    finally:
        subprocess.run(["docker", "image", "rm", "-f", tag], env=dict(environment), capture_output=True, check=False)
    return sizes, reports


def build(text: str, files: Mapping[str, str], tag: str, environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**files, "Dockerfile": text}.items():
            (Path(folder) / name).write_text(content)
        run(["docker", "build", "--network=host", "--provenance=false", "-q", "-t", tag, folder], environment)


def run(command: Sequence[str], environment: Mapping[str, str]) -> str:
    return subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, check=True, timeout=SECONDS
    ).stdout


def rows(name: str) -> Iterator[dict[str, str]]:
    path = MEASURED / f"{name}.csv"
    if path.is_file():
        with path.open(newline="") as file:
            yield from csv.DictReader(file)


def store(name: str, new: Iterable[Mapping[str, object]], replaced: str) -> None:
    kept: list[Mapping[str, object]] = [row for row in rows(name) if row["set"] != replaced]
    lines = [*kept, *new]
    if not lines:
        return
    unfinished = MEASURED / f"{name}.csv.new"
    with unfinished.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    unfinished.replace(MEASURED / f"{name}.csv")


if __name__ == "__main__":
    sys.exit(main())
