"""What is known of the instructions that a file has in common with one that was read before."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dockopt.model.instructions import Step
from dockopt.model.stages import Stage
from dockopt.model.state import State
from dockopt.syntax.tree import Instruction, Tree


class _Known(NamedTuple):
    step: Step
    after: State


class Takeover:
    """Steps of another file, for a file that has some of its instructions, there or further on.

    A step and the state after it follow from the instruction, the state before it and the global arguments alone.
    """

    def __init__(self, old: Tree, stages: Iterable[Stage], globals_: Mapping[str, str | None], new: Tree) -> None:
        self._globals = globals_
        known: dict[int, _Known] = {}
        for stage in stages:
            states = [*(step.state for step in stage.steps[1:]), stage.end]
            known.update((id(step.node), _Known(step, after)) for step, after in zip(stage.steps, states, strict=False))
        self._known = known
        if new.shared_end:
            ends = old.instructions[-new.shared_end :], new.instructions[-new.shared_end :]
            for one, other in zip(*ends, strict=True):
                if id(one) in known:
                    known[id(other)] = known[id(one)]

    def find(self, node: Instruction, state: State, globals_: Mapping[str, str | None]) -> _Known | None:
        """The step that an instruction was in the same state; None where there was none."""
        known = self._known.get(id(node))
        if known is None or (known.step.state is not state and known.step.state != state):
            return None
        return known if globals_ == self._globals else None
