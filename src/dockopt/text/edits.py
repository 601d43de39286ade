"""Replacements of text and how they are applied: all at once, to one immutable text, never overlapping."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from dockopt.errors import OverlapError
from dockopt.text.source import Span


class Edit(NamedTuple):
    """Replace the characters of `span` by `text`; an empty span inserts."""

    span: Span
    text: str


def clash(first: Edit, second: Edit) -> bool:
    """Whether two edits cannot both be applied: they overlap, or insert or begin at the same point."""
    a, b = sorted((first.span, second.span))
    return b.start < a.end or a.start == b.start or (b.start == b.end == a.end and a.start == a.end)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits.

    Raises:
        OverlapError: two of the edits clash.
    """
    ordered = sorted(edits)
    for first, second in pairwise(ordered):
        if clash(first, second):
            raise OverlapError(f"edits clash at offset {second.span.start}")
    parts: list[str] = []
    at = 0
    for edit in ordered:
        parts += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    return "".join([*parts, text[at:]])
