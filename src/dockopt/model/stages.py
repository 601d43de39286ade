"""Stages and the graph they form: what each is built on, what is copied between them, whose layers are shipped."""

from collections.abc import Iterator
from dataclasses import dataclass

from dockopt.lazy import cached_property
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.state import State
from dockopt.syntax.tree import Instruction


@dataclass(frozen=True, eq=False)
class Stage:
    """One FROM and what follows it.

    `base` is the image reference after expansion (None where an argument has no default), `parent` the index of the
    stage it is built on, `name` the stage's name in lower case. `end` is the state after the last instruction.
    """

    index: int
    node: Instruction
    name: str | None
    base: str | None
    parent: int | None
    steps: tuple[Step, ...]
    start: State
    end: State

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return tuple(step for step in self.steps if isinstance(step, Run))

    @cached_property
    def copies(self) -> tuple[Copy, ...]:
        return tuple(step for step in self.steps if isinstance(step, Copy))

    def of(self, *keywords: str) -> Iterator[Step]:
        return (step for step in self.steps if step.keyword in keywords)

    def last(self, keyword: str) -> Step | None:
        return self._last.get(keyword)

    @cached_property
    def _last(self) -> dict[str, Step]:
        return {step.keyword: step for step in self.steps}

    def after(self, step: Step) -> tuple[Step, ...]:
        return self.steps[step.index + 1 :]
