"""What came of one file: the value that reports render and callers of the library get."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from dockopt.engine.ledger import Fate, FateKind
from dockopt.knowledge.ranges import Range
from dockopt.lazy import cached_property
from dockopt.text.source import Position, SourceText, to_bytes

if TYPE_CHECKING:
    from dockopt.batch.discovery import Use
    from dockopt.batch.parts import Part
    from dockopt.engine.pipeline import Outcome
    from dockopt.estimate.rebuild import Rebuild
    from dockopt.fixes import FileChange


class Status(Enum):
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    """Read, and not rewritten: a template, a merge conflict, no Dockerfile."""
    ERROR = "error"
    """Not read, or not written."""


class LayerSize(NamedTuple):
    """What one instruction adds to the image, in bytes, and what the figure rests on."""

    line: int
    instruction: str
    size: Range
    basis: str


class ImageSize(NamedTuple):
    size: Range
    layers: tuple[LayerSize, ...]


class Costs(NamedTuple):
    """Compressed bytes to pull, and what a change of a source costs; None where no context shows what changes."""

    pull: Range
    rebuild: "Rebuild | None"


class Sizes(NamedTuple):
    """Uncompressed layer bytes before and after, and what each fix saves, in the order of the outcome's fates.

    `costs` are those before and after, None where the file did not change.
    """

    before: ImageSize
    after: ImageSize
    saves: Range
    saves_by_fate: tuple[Range, ...]
    costs: tuple[Costs, Costs] | None = None
    by_target: tuple[tuple[str, Range], ...] = ()
    """What is saved of the image of each stage that somebody asks for by name."""

    def of_target(self, target: str | None) -> Range:
        """What is saved of a stage's image, of the last one's where none is named."""
        return next((saves for name, saves in self.by_target if name == target), self.saves)


@dataclass(frozen=True)
class Result:
    """One file's outcome. `path` is the user's name for it, `header` the one in the diff.

    `outcome` is None where the file could not be read; `sizes` is None where nobody asked for them.
    """

    path: str
    status: Status
    reason: str = ""
    line: int | None = None
    outcome: "Outcome | None" = None
    sizes: Sizes | None = None
    header: str = ""
    other_headers: tuple[str, ...] = ()
    """The headers of the outcome's other files."""
    searched: bool = False
    """Found in a folder and not named by the user."""
    measured: tuple[int, int] | None = None
    """Bytes of the image before and after, where both were built and found to do the same."""
    accepted: tuple[str, ...] = ()
    """Marks of the fixes that a new baseline has to accept, where one is asked for."""
    uses: tuple["Use", ...] = ()
    """The services that are built from it, as far as other files say so."""
    parts: tuple["Part", ...] = ()
    """What may be taken piece by piece, where that was asked for."""

    @property
    def changed(self) -> bool:
        return self.outcome is not None and self.outcome.changed

    @property
    def text(self) -> str:
        """The rewritten file; bytes that are not UTF-8 are lone surrogates."""
        return self.outcome.after if self.outcome else ""

    @property
    def data(self) -> bytes:
        """The rewritten file as bytes."""
        return to_bytes(self.text)

    @property
    def fates(self) -> tuple[Fate, ...]:
        return self.outcome.fates if self.outcome else ()

    @property
    def applied(self) -> tuple[Fate, ...]:
        return tuple(fate for fate in self.fates if fate.kind is FateKind.APPLIED)

    @cached_property
    def diff(self) -> str:
        """The unified diff of all files, "" where nothing changed."""
        if self.outcome is None:
            return ""
        from dockopt.text.diff import unified_diff  # noqa: PLC0415 - only where a diff is shown

        whole = unified_diff(self.outcome.before, self.outcome.after, self.header or self.path)
        headers = self.other_headers or tuple(change.path for change in self.others)
        pairs = zip(self.others, headers, strict=True)
        return whole + "".join(unified_diff(change.before, change.after, path) for change, path in pairs)

    @property
    def others(self) -> "tuple[FileChange, ...]":
        """Files that change with this one."""
        return self.outcome.others if self.outcome else ()

    def start(self, fate: Fate) -> Position:
        """Line and column, in the file as it was, of what a fix is about."""
        return self._before.position(fate.start)

    def end(self, fate: Fate) -> Position:
        """Just after the last character of what a fix is about, its newline left out."""
        text = self._before.text[fate.start : fate.end]
        return self._before.position(fate.start + len(text.rstrip("\r\n")))

    def line_at(self, place: int | None) -> int | None:
        """The line, in the file as it was, of an offset; None for none."""
        return None if place is None else self._before.line(place)

    def saves(self, fate: Fate) -> Range | None:
        """What one fix saves, in bytes; None where sizes were not asked for."""
        if self.sizes is None:
            return None
        return next(saves for known, saves in zip(self.fates, self.sizes.saves_by_fate, strict=True) if known is fate)

    @cached_property
    def _before(self) -> SourceText:
        return SourceText(self.outcome.before if self.outcome else "")
