"""Every example of every transform through the harness, and that there are enough of them."""

import pytest

from dockopt.engine.registry import transforms
from dockopt.fixes import Example, Transform
from tests import harness

EXAMPLES = [
    pytest.param(transform, example, id=f"{transform.label}-{number}{'' if example.changes else '-unchanged'}")
    for transform in transforms()
    for number, example in enumerate(transform.examples, 1)
]


@pytest.mark.parametrize(("transform", "example"), EXAMPLES)
def test_example(transform: Transform, example: Example) -> None:
    harness.check_alone(transform, example)


@pytest.mark.parametrize(("transform", "example"), EXAMPLES)
def test_spelling_does_not_matter(transform: Transform, example: Example) -> None:
    harness.check_spellings(transform, example)


@pytest.mark.parametrize(("transform", "example"), EXAMPLES)
def test_beside_all_others(transform: Transform, example: Example) -> None:
    assert transform.name
    harness.check_beside_others(example)


def test_enough_examples() -> None:
    """8 to 20 a transform, at least two in five of them unchanged."""
    short = {}
    for transform in transforms():
        total = len(transform.examples)
        kept = sum(not example.changes for example in transform.examples)
        if not 8 <= total <= 20 or kept < 0.4 * total:
            short[transform.label] = f"{total} examples, {kept} unchanged"
    assert short == {}


def test_documented() -> None:
    """A summary in one line, then the reasons."""
    short = [t.label for t in transforms() if not t.summary or len(t.summary) > 100 or t.doc.count("\n") < 3]
    assert short == []
