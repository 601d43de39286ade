"""From the estimator's figures to those of a result: before, after, and what each fix saves by itself."""

from dockopt.batch.results import ImageSize, LayerSize, Sizes
from dockopt.context.tree import Context
from dockopt.engine.ledger import Fate
from dockopt.engine.pipeline import Outcome
from dockopt.estimate.compare import difference
from dockopt.estimate.layers import described
from dockopt.estimate.stages import Layer, Walk
from dockopt.knowledge.ranges import NOTHING, Range, total
from dockopt.model.dockerfile import Dockerfile


def measure(outcome: Outcome, context: Context | None) -> Sizes:
    """Sizes before and after, and for every fate what its fix saves or would save."""
    measured = _Measured(context)
    before, after = measured.image(outcome.before), measured.image(outcome.after)
    saves = measured.saves(outcome.before, outcome.after)
    return Sizes(before, after, saves, tuple(measured.of(fate) for fate in outcome.fates))


class _Measured:
    """Each text is walked once: what one fix leaves is what the next one finds."""

    def __init__(self, context: Context | None) -> None:
        self.context = context
        self.walked: dict[str, tuple[Dockerfile, tuple[Layer, ...]]] = {}

    def walk(self, text: str) -> tuple[Dockerfile, tuple[Layer, ...]]:
        if text not in self.walked:
            file = Dockerfile.parse(text, self.context)
            layers = Walk(file, self.context).layers(file.final) if file.stages else ()
            self.walked[text] = file, layers
        return self.walked[text]

    def image(self, text: str) -> ImageSize:
        file, layers = self.walk(text)
        estimates = [described(file, layer) for layer in layers]
        sizes = (LayerSize(one.line, one.instruction, one.range, "; ".join(one.basis)) for one in estimates)
        return ImageSize(total(one.range for one in estimates), tuple(sizes))

    def saves(self, before: str, after: str) -> Range:
        return NOTHING if before == after else difference(self.walk(before)[1], self.walk(after)[1])

    def of(self, fate: Fate) -> Range:
        return self.saves(fate.before, fate.after)
