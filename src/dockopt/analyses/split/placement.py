"""Where each step of a stage goes when the stage is split, and the new lines that stand around the last build step."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import NamedTuple

from dockopt.analyses.split.plan import Plan
from dockopt.model.instructions import Step
from dockopt.model.stages import Stage
from dockopt.rewrite.stages import Piece


class Place(Enum):
    """Where a step goes. `REPLACED` stays in the builder, and the runtime stage's own installs stand in its place."""

    BUILDER = auto()
    RUNTIME = auto()
    BOTH = auto()
    REPLACED = auto()


class Placement(NamedTuple):
    """A rule for the stage's own steps, and the lines that are new.

    `first` and `last` are indexes of the first and the last build step. The builder gets `opening` before the first and
    `closing` behind the last. The runtime stage gets `installs` in place of the first step that is replaced, or of the
    last build step where none is, and `brings` in place of the last build step.
    """

    place: Callable[[Step], Place]
    first: int
    last: int
    installs: Sequence[str] = ()
    brings: Sequence[str] = ()
    opening: Sequence[str] = ()
    closing: Sequence[str] = ()


def arrange(plan: Plan, stage: Stage, placement: Placement) -> None:
    """Fill the plan's two stages, step by step."""
    waiting = True
    for step in stage.steps:
        if step.index == placement.first:
            plan.builder += _new(placement.opening)
        place = placement.place(step)
        if place in (Place.BUILDER, Place.BOTH, Place.REPLACED):
            plan.builder.append(Piece(step))
        if place in (Place.RUNTIME, Place.BOTH):
            plan.runtime.append(Piece(step, shared=place is Place.BOTH))
        if step.index == placement.last:
            plan.builder += _new(placement.closing)
        if waiting and (place is Place.REPLACED or step.index == placement.last):
            plan.runtime += _new(placement.installs)
            waiting = False
        if step.index == placement.last:
            plan.runtime += _new(placement.brings)


def _new(lines: Sequence[str]) -> list[Piece]:
    return [Piece(text=line) for line in lines]
