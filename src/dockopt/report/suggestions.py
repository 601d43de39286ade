"""What a part of a rewrite replaces, as tools that suggest want it: a range that holds text, before and after."""

from typing import NamedTuple

from dockopt.batch.parts import Part
from dockopt.batch.results import Result
from dockopt.engine.ledger import Fate
from dockopt.report.plain import has_odd_bytes
from dockopt.text.diff import split_lines


class Replacement(NamedTuple):
    """Lines `start` to `end`, counted from 1, become `text`; `old` is what they are. Neither has its last newline.

    The range ends behind the last character of line `end`.
    """

    start: int
    end: int
    old: str
    text: str
    numbers: tuple[int, ...]

    @property
    def last(self) -> str:
        """The last line that is replaced."""
        return self.old.rpartition("\n")[2]


def replacements(result: Result) -> dict[int, Replacement]:
    """For each fix, by its number, the part it belongs to; fixes that cannot be taken by themselves are left out."""
    assert result.outcome is not None
    lines = split_lines(result.outcome.before)
    parts = [part for part in result.parts if part.alone and part.numbers]
    found = [replacement for part in parts if (replacement := _replacement(part, lines))]
    return {number: one for one in found for number in one.numbers}


def _replacement(part: Part, lines: list[str]) -> Replacement | None:
    start, end, text = part.start, part.end, part.text
    if start == end or not text:  # a neighbour makes it a replacement of something by something
        if end < len(lines):
            text += lines[end]
            end += 1
        elif start:
            start -= 1
            text = lines[start] + text
    old = "".join(lines[start:end])
    if has_odd_bytes(old + text):
        return None
    if old.endswith("\n") and text.endswith("\n"):
        old, text = old[:-1], text[:-1]
    elif old.endswith("\n"):
        return None
    return Replacement(start + 1, end, old, text, part.numbers)


def together(one: Replacement, applied: tuple[Fate, ...]) -> str:
    """What taking a suggestion does."""
    return "; ".join(fate.fix.title for fate in applied if fate.number in one.numbers)
