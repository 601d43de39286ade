"""A plan for two stages, or the reason why there is none."""

from dataclasses import dataclass, field

from dockopt.fixes import Evidence, Leaves
from dockopt.model.instructions import Step
from dockopt.rewrite.stages import Piece


class NotSplit(Exception):  # noqa: N818 - a verdict, not an error
    """The stage stays one; the message says what stands in the way, `near` that little is missing."""

    def __init__(self, reason: str, step: Step | None = None) -> None:
        self.reason = reason
        self.step = step
        super().__init__(reason)


@dataclass
class Plan:
    """What goes where. `title` says what is gained, `leaves` what the builder keeps to itself by design."""

    title: str
    base: str
    builder: list[Piece] = field(default_factory=list)
    runtime: list[Piece] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    leaves: Leaves | None = None
