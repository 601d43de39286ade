"""What is known of the instructions that a file has in common with one that was read before."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dockopt.model.instructions import Step
from dockopt.model.stages import Stage
from dockopt.model.state import State
from dockopt.syntax.tree import Instruction


class _Known(NamedTuple):
    step: Step
    after: State


class Takeover:
    """Steps of another file, for one that has some of its instructions somewhere.

    A step and the state after it follow from the instruction's own text, the state before it and the global arguments.
    """

    def __init__(self, stages: Iterable[Stage], globals_: Mapping[str, str | None]) -> None:
        self._globals = globals_
        self._known: dict[object, _Known] = {}
        for stage in stages:
            states = [*(step.state for step in stage.steps[1:]), stage.end]
            for step, after in zip(stage.steps, states, strict=False):
                self._known[_text(step.node)] = _Known(step, after)

    def find(self, node: Instruction, state: State, globals_: Mapping[str, str | None]) -> _Known | None:
        """The step that an instruction was in the same state; None where there was none."""
        known = self._known.get(_text(node))
        if known is None or (known.step.state is not state and known.step.state != state):
            return None
        return known if globals_ == self._globals else None


def _text(node: Instruction) -> object:
    """All that the builder reads of an instruction."""
    if not node.heredocs:
        return node.logical
    return node.logical, tuple((one.name, one.expand, one.descriptor, one.content) for one in node.heredocs)
