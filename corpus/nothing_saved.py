"""Rewrites that save nothing, each built before and after: what the estimates must not promise.

Usage: python corpus/nothing_saved.py
Needs docker with BuildKit, debian:12-slim and python:3.11-slim; the bytes go to `measured/nothing_saved.csv`, which
`estimate_score.py` reads. `LAB` may name a folder whose `env.sh` sets up an engine.
"""

import csv
import sys
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from corpus.language_builds import build, engine, run

MEASURED = Path(__file__).resolve().parent / "measured" / "nothing_saved.csv"
TAG = "dockopt-nothing-saved"
FILES = {"requirements.txt": "six\n", "app.py": "import six\n"}
"""What every build finds in its context."""
DEBIAN, PYTHON = "FROM debian:12-slim\n", "FROM python:3.11-slim\n"
INSTALL = "RUN apt-get update && apt-get install -y --no-install-recommends jq"
SHIPPED = f"{DEBIAN}COPY --from=builder /usr/bin/jq /usr/local/bin/jq\n"
VENV = "RUN python -m venv /v && /v/bin/pip install"
WITH_VENV = f"{PYTHON}COPY --from=builder /v /v\n"
REQUIREMENTS = "RUN pip install --no-cache-dir -r requirements.txt\n"
MOUNT = "RUN --mount=type=cache,target=/root/.cache/pip pip install"


class Rewrite(NamedTuple):
    before: str
    after: str


REWRITES = {
    "archives that the image drops anyway": Rewrite(
        f"{DEBIAN}{INSTALL} && rm -rf /var/lib/apt/lists/*\n",
        f"{DEBIAN}{INSTALL} && apt-get clean && rm -rf /var/lib/apt/lists/*\n",
    ),
    "lists removed in a later layer": Rewrite(
        f"{DEBIAN}{INSTALL}\n", f"{DEBIAN}{INSTALL}\nRUN rm -rf /var/lib/apt/lists/*\n"
    ),
    "a program removed in a later layer": Rewrite(
        f"{DEBIAN}{INSTALL}\nRUN true\n", f"{DEBIAN}{INSTALL}\nRUN rm -f /usr/bin/jq\n"
    ),
    "lists of a builder stage": Rewrite(
        f"FROM debian:12-slim AS builder\n{INSTALL}\n{SHIPPED}",
        f"FROM debian:12-slim AS builder\n{INSTALL} && rm -rf /var/lib/apt/lists/*\n{SHIPPED}",
    ),
    "pip's cache in a builder stage": Rewrite(
        f"FROM python:3.11-slim AS builder\n{VENV} six\n{WITH_VENV}",
        f"FROM python:3.11-slim AS builder\n{VENV} --no-cache-dir six\n{WITH_VENV}",
    ),
    "recommendations in a builder stage": Rewrite(
        f"FROM debian:12-slim AS builder\n{INSTALL.replace('--no-install-recommends ', '')}\n{SHIPPED}",
        f"FROM debian:12-slim AS builder\n{INSTALL}\n{SHIPPED}",
    ),
    "a cache that is off already": Rewrite(
        f"{PYTHON}ENV PIP_NO_CACHE_DIR=1\nRUN pip install six\n",
        f"{PYTHON}ENV PIP_NO_CACHE_DIR=1\nRUN pip install --no-cache-dir six\n",
    ),
    "a cache that is mounted": Rewrite(f"{PYTHON}{MOUNT} six\n", f"{PYTHON}{MOUNT} --no-cache-dir six\n"),
    "two layers made one": Rewrite(
        f"{DEBIAN}RUN echo a > /a\nRUN echo b > /b\n", f"{DEBIAN}RUN echo a > /a && echo b > /b\n"
    ),
    "a stage that nothing uses": Rewrite(
        f"FROM debian:12-slim AS unused\n{INSTALL}\n{DEBIAN}RUN echo a > /a\n", f"{DEBIAN}RUN echo a > /a\n"
    ),
    "manifests copied before the rest": Rewrite(
        f"{PYTHON}WORKDIR /app\nCOPY . .\n{REQUIREMENTS}",
        f"{PYTHON}WORKDIR /app\nCOPY requirements.txt .\n{REQUIREMENTS}COPY . .\n",
    ),
    "an owner who is root": Rewrite(
        f"{PYTHON}WORKDIR /app\nCOPY . .\n", f"{PYTHON}WORKDIR /app\nCOPY --chown=root:root . .\n"
    ),
}


def main() -> int:
    environment = engine()
    found = [(name, *(measured(text, environment) for text in rewrite)) for name, rewrite in REWRITES.items()]
    with MEASURED.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", *Rewrite._fields))
        writer.writerows(found)
    return 0


def measured(text: str, environment: dict[str, str]) -> int:
    """Bytes of all layers."""
    try:
        build(text, FILES, TAG, environment)
        history = run(["docker", "history", "--human=false", "--format", "{{.Size}}", TAG], environment)
    finally:
        run(["docker", "image", "rm", "-f", TAG], environment)
    return sum(int(size) for size in history.split())


if __name__ == "__main__":
    sys.exit(main())
