"""A tree of very many Dockerfiles: does memory stay flat while `dockopt fix` works through it?

Usage: python corpus/bench_tree.py [--corpus FOLDER] [--files N] [--jobs N] [--place FOLDER] [--write]
The files are copies of real ones, each with a comment of its own, so that nothing is the same twice. A row comes out
for every file: by the rows it is seen how far the run is, and what the processes hold then. A file takes two blocks
on the disk. With `--write` the figures go to `bench_tree.json`.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.survey import dockerfiles  # noqa: E402

FILES = 200_000
FOLDERS = 1000
SHARES = (1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99)
"""Percent of the files after which memory is looked at."""


class Memory(NamedTuple):
    """Megabytes that are resident: of the process that reports, and of the largest worker."""

    percent: int
    parent: int
    worker: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--place", default=None, help="where the tree is made, and removed again")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    texts = [text for _, text in dockerfiles(Path(options.corpus) / "dockerfiles.tar.xz")]
    place = Path(tempfile.mkdtemp(dir=options.place))
    try:
        make(place, texts, options.files)
        table = measure(place, options.files, options.jobs)
    finally:
        shutil.rmtree(place)
    for one in table["memory"]:
        print(f"{one['percent']:3d} %  {one['parent']:5d} MB  largest worker {one['worker']:5d} MB")
    print(json.dumps({name: value for name, value in table.items() if name != "memory"}))
    if options.write:
        (ROOT / "corpus" / "bench_tree.json").write_text(json.dumps(table, indent=1) + "\n")
    return 0


def make(place: Path, texts: list[str], number: int) -> None:
    for at in range(number):
        folder = place / f"g{at % FOLDERS:03}" / f"s{at:06}"
        folder.mkdir(parents=True)
        text = texts[at % len(texts)]
        newline = "" if text.endswith("\n") else "\n"
        (folder / "Dockerfile").write_bytes(f"{text}{newline}# copy {at}\n".encode("utf-8", "surrogateescape"))


def measure(place: Path, number: int, jobs: int) -> dict[str, Any]:
    """One run that writes nothing, with what memory it holds on the way."""
    command = [str(Path(sys.executable).parent / "dockopt"), "fix", "--diff", "--no-cache", "--format", "csv"]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    marks = {max(1, number * percent // 100): percent for percent in SHARES}
    memory: list[Memory] = []
    rows = -1  # the first is the head
    with subprocess.Popen(
        [*command, "--jobs", str(jobs), "."], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        for _ in process.stdout:
            rows += 1
            if rows in marks:
                workers = [resident(child) for child in children(process.pid)]
                memory.append(Memory(marks[rows], resident(process.pid), max(workers, default=0)))
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - started
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "files": number,
        "rows": rows,
        "jobs": jobs,
        "cpu_ms_a_file": round(cpu * 1000 / number, 2),
        "seconds": round(wall, 1),
        "largest_mb": after.ru_maxrss // 1024,
        "memory": [one._asdict() for one in memory],
    }


def resident(process: int) -> int:
    """Megabytes; 0 where the process is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) // 1024


def children(process: int) -> Iterator[int]:
    try:
        yield from map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
    except OSError:
        return


if __name__ == "__main__":
    sys.exit(main())
