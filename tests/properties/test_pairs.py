"""Any two transforms, whichever goes first, reach texts that mean the same.

What is only worth bytes may differ: caches, package lists, layers. So may all that a new stage changes, and whether a
command runs on a cache mount, which takes the place of cleaning up.
"""

from itertools import combinations

import pytest

from dockopt.config import Settings
from dockopt.engine.observe import observe
from dockopt.engine.pipeline import optimize
from dockopt.engine.registry import transforms
from dockopt.fixes import Aspect, Phase, Transform
from dockopt.model.dockerfile import Dockerfile
from tests.harness import context_of, settings_of

WORTH = frozenset({Aspect.CACHES, Aspect.PACKAGE_LISTS, Aspect.LAYERS})
MOUNTS = "use-cache-mounts"
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
            observed = observe(Dockerfile.parse(outcome.after, context))
            results.append({aspect: value for aspect, value in observed.items() if aspect not in may_differ(pair)})
        assert results[0] == results[1]


def may_differ(pair: tuple[Transform, ...]) -> frozenset[Aspect]:
    free = (one for one in pair if one.phase is Phase.STRUCTURE or one.label == MOUNTS)
    return WORTH.union(*(transform.may_change for transform in free))
