"""The applications of `corpus/apps` are complete; nothing is built here."""

import pytest
from corpus import builds

CASES = {case.name: case for case in builds.all_cases()}


@pytest.mark.parametrize("name", sorted(CASES))
def test_case_is_complete(name: str) -> None:
    case = CASES[name]
    assert case.description
    assert case.run or case.http
    assert case.context.is_dir()
    assert case.unchanged != (case.folder / "expert.Dockerfile").exists()


@pytest.mark.parametrize("name", sorted(CASES))
def test_all_but_the_good_one_change(name: str) -> None:
    case = CASES[name]
    recipes = builds.recipes(case)
    assert (recipes["standard"].text == recipes["naive"].text) == (case.unchanged or name in STILL_UNCHANGED)


STILL_UNCHANGED = ("chown-after-copy",)
"""Cases that an expert makes smaller and dockopt does not yet touch."""


def test_syntax_lines_are_blanked_in_place() -> None:
    text = "# one\n# syntax=docker/dockerfile:1\nFROM scratch\n# syntax=x\n"
    assert builds.SYNTAX_LINE.sub(r"\1#", text, count=1) == "# one\n#\nFROM scratch\n# syntax=x\n"
    assert builds.SYNTAX_LINE.sub(r"\1#", "FROM scratch\n# syntax=x\n", count=1) == "FROM scratch\n# syntax=x\n"
