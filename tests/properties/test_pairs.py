"""Any two transforms, whichever goes first, reach texts that mean the same."""

from itertools import combinations

import pytest

from dockopt.config import Settings
from dockopt.engine.observe import observe
from dockopt.engine.pipeline import optimize
from dockopt.engine.registry import transforms
from dockopt.fixes import Transform
from dockopt.model.dockerfile import Dockerfile
from tests.harness import context_of, settings_of

PAIRS = [
    pytest.param(first, second, id=f"{first.label}+{second.label}") for first, second in combinations(transforms(), 2)
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_order_does_not_matter(first: Transform, second: Transform) -> None:
    for example in (*first.examples, *second.examples):
        context, settings = context_of(example), settings_of(example)
        results = []
        for pair in ((first, second), (second, first)):
            outcome = optimize(example.before, Settings(level=settings.level), context, pair)
            assert outcome.settled
            results.append(observe(Dockerfile.parse(outcome.after, context)))
        assert results[0] == results[1]
