"""Many files at once: CPU, time and memory of `dockopt fix` over a tree of real Dockerfiles, beside other fixers.

Usage: python corpus/bench_many.py [--corpus FOLDER] [--files N] [--rounds N] [--write]
Every program gets a copy of the same files of its own; CPU is what the system counted for it and its children. All
take turns in several rounds, of which each keeps its best: other work on the machine only adds. With `--write` the
figures go to `bench.json`. Times of this machine mean little elsewhere, the ratios more.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.survey import dockerfiles  # noqa: E402

FOLDERS = 40
OWN = {
    "dockopt, one process": ["--no-cache", "--jobs", "1"],
    "dockopt, two processes": ["--no-cache", "--jobs", "2"],
    "dockopt, filling the cache": ["--check", "--jobs", "1"],
    "dockopt, all cached": ["--check", "--jobs", "1"],
    "dockopt, cached, a new checkout": ["--check", "--jobs", "1"],
}
IN_PLACE = "dockopt, all cached"
"""Runs where the run before it was: files lie where they lay."""
OTHERS = {
    "tally lint --fix": ["tally", "lint", "--fix", "--slow-checks=off", "--fail-level=none"],
    "dockerfile-doctor --fix": ["dockerfile-doctor", "--fix"],
}


class Figures(NamedTuple):
    """Of one run: milliseconds of CPU and of time for each file, and the largest process in megabytes."""

    cpu: float
    wall: float
    megabytes: int
    status: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--files", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    texts = [text for _, text in dockerfiles(Path(options.corpus) / "dockerfiles.tar.xz")][: options.files]
    rounds = [one_round(texts) for _ in range(options.rounds)]
    found = {name: min((one[name] for one in rounds), key=lambda figures: figures.cpu) for name in rounds[0]}
    show(found, len(texts))
    if options.write:
        table = {"files": len(texts), "runs": {name: figures._asdict() for name, figures in found.items()}}
        (ROOT / "corpus" / "bench.json").write_text(json.dumps(table, indent=1) + "\n")
    return 0


def one_round(texts: list[str]) -> dict[str, Figures]:
    """Every program once."""
    found: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as place:
        original = Path(place) / "original"
        make(original, texts)
        os.environ["DOCKOPT_CACHE"] = str(Path(place) / "cache")
        command = str(Path(sys.executable).parent / "dockopt")
        for name, words in OWN.items():
            if name != IN_PLACE:
                renew(original, Path(place) / "copy")
            found[name] = measure([command, "fix", *words, "."], Path(place) / "copy", len(texts))
        for name, words in OTHERS.items():
            if shutil.which(words[0]):
                paths = [] if words[0] == "tally" else sorted(str(path) for path in files(original))
                renew(original, Path(place) / "copy")
                found[name] = measure([*words, *(paths or ["."])], Path(place) / "copy", len(texts))
    return found


def make(place: Path, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        folder = place / f"g{number % FOLDERS:02}" / f"s{number:05}"
        folder.mkdir(parents=True)
        (folder / "Dockerfile").write_bytes(text.encode("utf-8", "surrogateescape"))


def files(place: Path) -> list[Path]:
    return [path.relative_to(place) for path in place.rglob("Dockerfile")]


def renew(original: Path, copy: Path) -> None:
    """A fresh copy, which lies still for a while, as files do that nobody is writing."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(original, copy)
    time.sleep(3)


def measure(command: list[str], copy: Path, number: int) -> Figures:
    """One run in a copy; the process that waits for it is new, too, so that its memory is the run's alone."""
    code = "import resource, subprocess, sys; s = subprocess.run(sys.argv[1:], capture_output=True).returncode; "
    code += "print(s, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *command], cwd=copy, capture_output=True, text=True, check=True)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - started
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    status, megabytes = map(int, done.stdout.split())
    return Figures(round(cpu * 1000 / number, 2), round(wall * 1000 / number, 2), megabytes, status)


def show(found: dict[str, Figures], number: int) -> None:
    base = found["dockopt, one process"].cpu
    print(f"{number} files, each run      CPU ms/file   ms/file    MB   exit   CPU beside one process of dockopt")
    for name, one in found.items():
        row = f"{one.cpu:10.2f}{one.wall:10.2f}{one.megabytes:6}{one.status:7}{one.cpu / base:10.2f} x"
        print(f"{name:28}{row}")


if __name__ == "__main__":
    sys.exit(main())
