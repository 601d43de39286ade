"""All transforms together come to rest on generated Dockerfiles, and a second run changes nothing."""

from hypothesis import example, given
from hypothesis import strategies as st

from dockopt.config import Settings
from dockopt.engine.pipeline import optimize
from dockopt.engine.registry import transforms
from dockopt.fixes import Level
from tests.laws import broken
from tests.plausible import few_examples, plausible_dockerfiles
from tests.strategies import dockerfiles

FETCHED_TWICE = """\
FROM debian:12
RUN apt-get update
RUN apt-get install -y curl || apt-get update
RUN apt-get update && apt-get install -y curl
"""
"""Fixes of which the first seems to cost as much as the second saves."""
LEVELS = st.sampled_from([Level.SAFE, Level.STANDARD, Level.AGGRESSIVE])


@few_examples
@given(dockerfiles(), LEVELS)
def test_odd_files_keep_every_law(text: str, level: Level) -> None:
    assert broken_laws(text, level) == []


@few_examples
@given(plausible_dockerfiles(), LEVELS)
def test_plausible_files_keep_every_law(text: str, level: Level) -> None:
    assert broken_laws(text, level) == []


def broken_laws(text: str, level: Level) -> list[str]:
    """The laws that a run breaks. That the guard turned a fix down is none here: on such files it has to."""
    settings = Settings(level=level)
    laws = broken(text, optimize(text, settings), settings)
    return [law for law in laws if not law.startswith("rejected: ")]


@few_examples
@example(FETCHED_TWICE, 2)
@given(plausible_dockerfiles(), st.integers(0, 4))
def test_a_run_can_be_cut_short(text: str, count: int) -> None:
    """`max_fixes` stops after that many, each being the same as without it."""
    whole, cut = optimize(text), optimize(text, Settings(max_fixes=count))
    assert len(cut.applied) == min(count, len(whole.applied))
    assert [fate.fix.title for fate in cut.applied] == [fate.fix.title for fate in whole.applied][:count]


@few_examples
@given(plausible_dockerfiles())
def test_examples_of_no_transform_change_nothing(text: str) -> None:
    """Without transforms a text comes out as it went in."""
    assert optimize(text, transforms=()).after == text


def test_every_example_settles_together() -> None:
    unsettled = [
        (transform.label, number)
        for transform in transforms()
        for number, example in enumerate(transform.examples, 1)
        if not optimize(example.before, Settings(level=Level.AGGRESSIVE)).settled
    ]
    assert unsettled == []
