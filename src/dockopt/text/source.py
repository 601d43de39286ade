"""One immutable text with the bytes it came from: offsets to lines, and the file's own newline.

Bytes that are not UTF-8 become lone surrogates and go back to the same bytes.
"""

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from dockopt.lazy import cached_property


class Span(NamedTuple):
    """Half-open range of offsets, in characters of one text."""

    start: int
    end: int

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


class Position(NamedTuple):
    """Line and column, both from 1; columns count characters."""

    line: int
    column: int


class SourceText:
    """Text with line arithmetic. Equal texts are equal sources."""

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def from_bytes(cls, data: bytes) -> "SourceText":
        return cls(data.decode("utf-8", "surrogateescape"))

    def to_bytes(self) -> bytes:
        return to_bytes(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SourceText) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"SourceText({self.text!r})"

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        lines = self.text.split("\n")
        lines.pop()
        return tuple(accumulate([len(line) + 1 for line in lines], initial=0))

    @cached_property
    def newline(self) -> str:
        """The newline that inserted lines use: the one most lines end in."""
        windows = self.text.count("\r\n")
        return "\r\n" if windows * 2 > self.text.count("\n") else "\n"

    def line(self, offset: int) -> int:
        return bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> Position:
        line = self.line(offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line_start(self, offset: int) -> int:
        """Offset at which the line of `offset` begins."""
        return self.line_starts[self.line(offset) - 1]

    def line_end(self, offset: int) -> int:
        """Offset just after the newline of the line of `offset`, or the end of the text."""
        line = self.line(offset)
        return self.line_starts[line] if line < len(self.line_starts) else len(self.text)

    def at(self, span: Span) -> str:
        return self.text[span.start : span.end]


def common_start(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other)) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def common_end(one: str, other: str) -> int:
    """How many characters two texts have in common at their end."""
    low, high = 0, min(len(one), len(other)) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle
    return low


def to_bytes(text: str) -> bytes:
    """The bytes a text came from (the reverse of `SourceText.from_bytes`)."""
    return text.encode("utf-8", "surrogateescape")
