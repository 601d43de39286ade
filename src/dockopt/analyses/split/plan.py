"""A plan for two stages, or the reason why there is none."""

from dataclasses import dataclass, field

from dockopt.fixes import Evidence
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
    """What goes where. `runtime_packages` are installed in the runtime stage; `title` says what is gained."""

    title: str
    base: str
    builder: list[Piece] = field(default_factory=list)
    runtime: list[Piece] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
