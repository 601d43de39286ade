"""The applications of `corpus/apps` are complete, and their scores are those of the present; nothing is built here."""

import json
from pathlib import Path

import pytest
from corpus import builds, cases

from dockopt.model.dockerfile import Dockerfile

CASES = {case.name: case for case in cases.all_cases()}
SCORES = {case["name"]: case for case in json.loads(builds.SCORES.read_text(encoding="utf-8"))["cases"]}


@pytest.mark.parametrize("name", sorted(CASES))
def test_case_is_complete(name: str) -> None:
    case = CASES[name]
    assert case.description
    assert case.run or case.http
    assert (case.context / case.touch).is_file()
    assert case.unchanged != case.expert.exists()
    assert set(case.bases) == {base for path in (case.naive, case.expert) for base in bases(path)}


def bases(path: Path) -> set[str]:
    """The images that a Dockerfile is built on or copies from."""
    if not path.exists():
        return set()
    file = Dockerfile.parse(path.read_text(encoding="utf-8"))
    names = {stage.name for stage in file.stages} | {str(stage.index) for stage in file.stages}
    found = {stage.base for stage in file.stages if stage.parent is None and stage.base}
    found |= {copy.from_ for stage in file.stages for copy in stage.copies if copy.from_} - names
    return found - {"scratch"}


@pytest.mark.parametrize("name", sorted(CASES))
def test_dockopt_writes_what_was_scored(name: str) -> None:
    for level in builds.LEVELS:
        applied = [fate.transform.label for fate in builds.rewritten(CASES[name], level).applied]
        assert applied == SCORES[name]["fixes"][level]


@pytest.mark.parametrize("name", sorted(CASES))
def test_nothing_is_broken_and_every_shortfall_is_explained(name: str) -> None:
    scores = SCORES[name]
    assert scores["verdict"] in ("ok", "not smaller")
    assert scores["splits"] == CASES[name].splits
    if scores["share_of_expert"] is not None and scores["share_of_expert"] < 0.95:
        assert CASES[name].shortfall


def test_every_case_has_a_score() -> None:
    assert sorted(SCORES) == sorted(CASES)
