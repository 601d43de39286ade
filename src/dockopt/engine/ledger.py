"""What became of every fix, with the reason, and where it stands in the file the user gave us."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from dockopt.fixes import FileChange, Fix, Level, Transform
from dockopt.text.edits import Edit


class FateKind(Enum):
    APPLIED = "applied"
    WITHHELD = "withheld"
    SUPPRESSED = "suppressed"
    DEFERRED = "deferred"
    REJECTED = "rejected"


class Fate(NamedTuple):
    """What became of one fix.

    `number` counts applied fixes from 1 (0 for others). `before` is the text with all fixes before it and `after` the
    text with it applied (for a fix that was not applied: as it would be; equal to `before` where it cannot be).
    """

    transform: Transform
    fix: Fix
    kind: FateKind
    reason: str = ""
    number: int = 0
    before: str = ""
    after: str = ""
    start: int = 0
    """Offset in the first text of what the fix is about."""
    end: int = 0
    others: tuple[FileChange, ...] = ()
    """Changes of other files that earlier fixes brought about."""
    places: tuple[int | None, ...] = ()
    """Offsets in the first text of what each evidence is about, None for one that is about no place."""

    @property
    def flag(self) -> str:
        """The option that would apply a withheld fix, "" where there is none."""
        if self.kind is not FateKind.WITHHELD or self.fix.level is Level.ADVICE:
            return ""
        return f"--{self.fix.opt_in}" if self.fix.opt_in else f"--level {self.fix.level.label}"


@dataclass
class Trace:
    """Leads offsets of the present text back to the first one through the batches of edits in between."""

    batches: list[tuple[Edit, ...]] = field(default_factory=list)

    def add(self, edits: tuple[Edit, ...]) -> None:
        self.batches.append(tuple(sorted(edits)))

    def places(self, fix: Fix) -> tuple[int | None, ...]:
        """Where in the first text each evidence of a fix for the present one belongs."""
        return tuple(None if one.span is None else self.back(one.span.start) for one in fix.evidence)

    def back(self, offset: int) -> int:
        for batch in reversed(self.batches):
            offset = _before(batch, offset)
        return offset


def _before(batch: tuple[Edit, ...], offset: int) -> int:
    shift = 0
    for edit in batch:
        start = edit.span.start + shift
        if offset < start:
            break
        if offset < start + len(edit.text):
            return edit.span.start
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    return max(0, offset - shift)
