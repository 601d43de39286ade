"""Figures by transform, by folder and by file."""

from dataclasses import replace

import pytest

from dockopt.batch import totals
from dockopt.batch.results import Result, Status
from dockopt.batch.totals import Row, Totals, figures_of
from dockopt.batch.work import Job, rewrite
from dockopt.config import Settings

JOB = Job(Settings(select=frozenset({"remove_apt_lists"})), None)
TWICE = b"FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN apt-get update && apt-get install -y git\n"
SIMPLE = TWICE.rpartition(b"RUN")[0]


def summed() -> tuple[Totals, dict[str, Result]]:
    names = {"a/b/c/Dockerfile": TWICE, "a/b/d/Dockerfile": SIMPLE, "./e/Dockerfile": SIMPLE, "Dockerfile": b"FROM x\n"}
    results = {name: rewrite(name, data, JOB) for name, data in names.items()}
    found = Totals()
    for result in (*results.values(), Result("gone", Status.ERROR, "no such file")):
        found.add(figures_of(result))
    return found, results


def test_counts() -> None:
    found, _ = summed()
    assert (found.files, found.changed, found.refused, found.errors, found.fixes) == (5, 3, 0, 1, 4)


def test_rows() -> None:
    found, results = summed()
    two, one, other = (results[name].sizes for name in ("a/b/c/Dockerfile", "a/b/d/Dockerfile", "./e/Dockerfile"))
    assert two and one and other  # noqa: PT018
    assert found.saves == two.saves.plus(one.saves).plus(other.saves)
    assert found.folders == [Row("a/b", 2, 3, two.saves.plus(one.saves)), Row("./e", 1, 1, other.saves)]
    assert found.top == [
        Row("a/b/c/Dockerfile", 1, 2, two.saves),
        Row("./e/Dockerfile", 1, 1, other.saves),
        Row("a/b/d/Dockerfile", 1, 1, one.saves),
    ]
    assert [(row.name, row.files, row.fixes) for row in found.transforms] == [("remove-apt-lists", 3, 4)]


def test_many_folders_are_counted_one_level_higher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "FOLDERS_AT_MOST", 3)
    found = Totals()
    result = rewrite("x", SIMPLE, JOB)
    for number in range(10):
        found.add(figures_of(replace(result, path=f"{number % 2}/{number}/Dockerfile")))
    assert [(row.name, row.files, row.fixes) for row in found.folders] == [("0", 5, 5), ("1", 5, 5)]
