"""Measure the base images of the applications in `corpus/apps`: bytes, as `docker image inspect` has them.

Usage: python corpus/base_sizes.py
Writes `measured/base_sizes.csv`. Images of the machine that measures may differ from the official ones that the tables
describe; `estimate_score.py` puts these sizes in their place, so that it scores what is estimated on top of them.
`LAB` may name a folder whose `env.sh` sets up an engine.
"""

import csv
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from corpus.builds import engine_from_lab
from corpus.cases import all_cases

TABLE = Path(__file__).resolve().parent / "measured" / "base_sizes.csv"


def main() -> int:
    engine_from_lab()
    found = {}
    for image in sorted({base for case in all_cases() for base in case.bases}):
        command = ["docker", "image", "inspect", "--format", "{{.Size}}", image]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode:
            print(f"{image}: {answer.stderr.strip()}", file=sys.stderr)
        else:
            found[image] = answer.stdout.strip()
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("image", "bytes"), *found.items()])
    return 0


def base_sizes() -> dict[str, int]:
    """Bytes by image, as they were measured."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return {row["image"]: int(row["bytes"]) for row in csv.DictReader(file)}


if __name__ == "__main__":
    sys.exit(main())
