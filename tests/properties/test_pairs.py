"""Any two transforms, whichever goes first, reach texts that mean the same."""

from itertools import combinations

import pytest

from dockopt.engine.pipeline import optimize
from dockopt.engine.registry import transforms
from dockopt.fixes import Transform
from tests.harness import context_of, settings_of
from tests.laws import order_matters

PAIRS = [
    pytest.param(first, second, id=f"{first.label}+{second.label}") for first, second in combinations(transforms(), 2)
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_order_does_not_matter(first: Transform, second: Transform) -> None:
    for example in (*first.examples, *second.examples):
        context, settings = context_of(example), settings_of(example)
        one, other = (optimize(example.before, settings, context, pair) for pair in ((first, second), (second, first)))
        assert list(order_matters(one, other, (first, second), context)) == []
