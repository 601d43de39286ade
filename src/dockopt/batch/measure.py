"""From the estimator's figures to those of a result: before, after, and what each fix saves by itself."""

from dockopt.batch.results import ImageSize, Sizes
from dockopt.context.tree import Context
from dockopt.engine.pipeline import Outcome
from dockopt.knowledge.ranges import NOTHING


def measure(outcome: Outcome, _context: Context | None) -> Sizes:
    """Sizes before and after, and for every fate what its fix saves or would save."""
    nothing = ImageSize(NOTHING, ())
    return Sizes(nothing, nothing, NOTHING, (NOTHING,) * len(outcome.fates))
