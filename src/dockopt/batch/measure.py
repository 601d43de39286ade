"""From the estimator's figures to those of a result: before, after, and what each fix saves by itself."""

from collections.abc import Iterable

from dockopt.batch.results import Costs, ImageSize, LayerSize, Sizes
from dockopt.context.tree import Context
from dockopt.engine.ledger import Fate
from dockopt.engine.pipeline import Outcome, together, with_changes
from dockopt.estimate.compare import difference
from dockopt.estimate.layers import described
from dockopt.estimate.stages import Layer, Walk, walked
from dockopt.fixes import FileChange
from dockopt.knowledge.ranges import NOTHING, Range, total
from dockopt.model.dockerfile import Dockerfile


def measure(outcome: Outcome, context: Context | None, targets: Iterable[str] = ()) -> Sizes:
    """Sizes before and after, for every fate what its fix saves or would save, and what stages by name save."""
    measured = _Measured(context)
    first, last = (outcome.before, ()), (outcome.after, outcome.others)
    before, after = measured.image(first), measured.image(last)
    saves = measured.saves(first, last)
    costs = measured.costs(first, last) if outcome.changed else None
    by_target = tuple((target, measured.of_target(target, first, last)) for target in sorted(targets))
    return Sizes(before, after, saves, tuple(measured.of(fate) for fate in outcome.fates), costs, by_target)


State = tuple[str, tuple[FileChange, ...]]
"""A Dockerfile's text, and the other files that have changed by then."""


class _Measured:
    """Each state is walked once: what one fix leaves is what the next one finds."""

    def __init__(self, context: Context | None) -> None:
        self.context = context
        self.contexts: dict[tuple[FileChange, ...], Context | None] = {(): context}
        self.walked: dict[State, tuple[Walk, tuple[Layer, ...]]] = {}
        self.files: list[Dockerfile] = []
        """Those that are walked through: they hold what the walks need."""

    def walk(self, state: State, like: State | None = None) -> tuple[Walk, tuple[Layer, ...]]:
        if state not in self.walked:
            text, others = state
            if others not in self.contexts:
                self.contexts[others] = with_changes(self.context, others)
            file = Dockerfile.parse(text, self.contexts[others], like=like and self.walk(like)[0].file)
            self.files.append(file)
            walk = file.facts(walked)
            self.walked[state] = walk, walk.layers(file.final) if file.stages else ()
        return self.walked[state]

    def image(self, state: State) -> ImageSize:
        walk, layers = self.walk(state)
        estimates = [described(walk.file, layer) for layer in layers]
        sizes = (LayerSize(one.line, one.instruction, one.range, "; ".join(one.basis)) for one in estimates)
        return ImageSize(total(one.range for one in estimates), tuple(sizes))

    def saves(self, before: State, after: State) -> Range:
        return NOTHING if before == after else difference(self.walk(before)[1], self.walk(after, before)[1])

    def costs(self, before: State, after: State) -> tuple[Costs, Costs]:
        """What both images cost to move and to build again after a change of the same file."""
        from dockopt.estimate.pull import pull  # noqa: PLC0415 - only where something changed
        from dockopt.estimate.rebuild import changing, rebuild  # noqa: PLC0415

        (old, old_layers), (new, new_layers) = self.walk(before), self.walk(after)
        changed = changing(old.file, old.file.final, self.context) if self.context else ""
        old_rebuild, new_rebuild = (rebuild(one, one.file.final, changed) if changed else None for one in (old, new))
        return Costs(total(map(pull, old_layers)), old_rebuild), Costs(total(map(pull, new_layers)), new_rebuild)

    def of_target(self, target: str, before: State, after: State) -> Range:
        """What is saved of the image of one stage; nothing where there is no such stage."""
        (old, _), (new, _) = self.walk(before), self.walk(after)
        stages = old.file.stage_named(target), new.file.stage_named(target)
        if before == after or stages[0] is None or stages[1] is None:
            return NOTHING
        return difference(old.layers(stages[0]), new.layers(stages[1]))

    def of(self, fate: Fate) -> Range:
        return self.saves((fate.before, fate.others), (fate.after, together(fate.others, fate.fix.others)))
