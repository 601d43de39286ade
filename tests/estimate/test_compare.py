"""What a rewrite saves: uncertain parts that did not change cancel, and stages that are not shipped weigh nothing."""

import pytest

from dockopt.context.tree import Context, MemoryContext
from dockopt.estimate.compare import compare, saved
from dockopt.estimate.sizes import Range
from dockopt.model.dockerfile import Dockerfile


def saves(before: str, after: str, context: Context | None = None) -> Range:
    comparison = compare(Dockerfile.parse(before), Dockerfile.parse(after), context)
    assert comparison.saves == saved(Dockerfile.parse(before), Dockerfile.parse(after), context)
    assert comparison.before_total.expected - comparison.after_total.expected == comparison.saves.expected
    return comparison.saves


INSTALL = "apt-get update && apt-get install -y git"
REMOVE = "rm -rf /var/lib/apt/lists/*"
PIP = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nRUN ./strange\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PIP, PIP),
        (PIP, PIP.replace("\n", "\n\n")),
        (
            f"FROM debian:12\nRUN {INSTALL} && {REMOVE}\n",
            f"FROM debian:12\nRUN {INSTALL} && apt-get clean && {REMOVE}\n",
        ),
        (
            f"FROM debian:12 AS b\nRUN {INSTALL}\nFROM scratch\nCOPY --from=b /x /\n",
            f"FROM debian:12 AS b\nRUN {INSTALL} && {REMOVE}\nFROM scratch\nCOPY --from=b /x /\n",
        ),
        (
            "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install numpy\n",
            "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install --no-cache-dir numpy\n",
        ),
        (
            "FROM debian:12\nRUN ./a\nRUN ./b --with \\\n --words\n",
            "FROM debian:12\nRUN ./a && ./b --with --words\n",
        ),
    ],
)
def test_nothing_is_saved_where_nothing_changes(before: str, after: str) -> None:
    assert saves(before, after) == (0, 0, 0)


def test_lists_are_saved_whatever_else_is_unknown() -> None:
    before = "FROM debian:12\nRUN apt-get update && apt-get install -y git\nCOPY . .\nRUN ./strange\n"
    after = before.replace("-y git", "-y git && rm -rf /var/lib/apt/lists/*")
    low, expected, high = saves(before, after)
    assert 18_000_000 < low < expected == 19_870_000 < high < 22_000_000


def test_pip_caches_are_saved_though_the_packages_are_unknown() -> None:
    low, expected, high = saves(PIP, PIP.replace("install -r", "install --no-cache-dir -r"))
    assert 0 < low < expected < high
    known = MemoryContext({"requirements.txt": "numpy\n"})
    low, expected, high = saves(PIP, PIP.replace("install -r", "install --no-cache-dir -r"), known)
    assert 12_000_000 < low < expected < high < 26_000_000


def test_moving_manifests_first_costs_their_copy() -> None:
    files = MemoryContext({"requirements.txt": "six\n", "app.py": "x"})
    after = PIP.replace("COPY . .\n", "COPY requirements.txt .\n").replace("RUN ./strange", "COPY . .\nRUN ./strange")
    assert saves(PIP, after, files) == (-4, -4, -4)


def test_copying_with_an_owner_saves_the_second_copy() -> None:
    files = MemoryContext({"a": "x" * 70_000})
    before = "FROM node:20\nCOPY . /app\nRUN chown -R node:node /app\n"
    assert saves(before, "FROM node:20\nCOPY --chown=node:node . /app\n", files) == (70_000, 70_000, 70_000)


def test_splitting_saves_the_base_and_the_build_tools_only() -> None:
    before = "FROM python:3.12\nRUN pip install numpy\nCOPY . /app\n"
    after = (
        "FROM python:3.12 AS build\nRUN python -m venv /venv\nENV PATH=/venv/bin:$PATH\nRUN pip install numpy\n"
        "FROM python:3.12-slim\nENV PATH=/venv/bin:$PATH\nCOPY --from=build /venv /venv\nCOPY . /app\n"
    )
    low, expected, high = saves(before, after)
    assert 800_000_000 < low < expected < high < 1_150_000_000


def test_a_go_program_comes_along() -> None:
    build = "WORKDIR /src\nCOPY . .\nRUN go build -o /bin/app .\n"
    low, expected, high = saves(
        f"FROM golang:1.22\n{build}",
        f"FROM golang:1.22 AS build\n{build}FROM debian:bookworm-slim\nCOPY --from=build /bin/app /bin/app\n",
    )
    assert 700_000_000 < low < expected < high
    assert expected > 850_000_000


def test_what_grows_is_negative() -> None:
    low, expected, high = saves("FROM debian:12\n", "FROM debian:12\nRUN apt-get install -y git\n")
    assert low < expected < high < 0
