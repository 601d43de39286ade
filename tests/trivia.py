"""The same Dockerfile spelt otherwise: nothing that dockopt may look at differs between a text and its variants."""

from collections.abc import Callable
from itertools import pairwise

from dockopt.model.dockerfile import Dockerfile
from dockopt.syntax.tree import Instruction
from dockopt.text.edits import Edit, apply_edits
from dockopt.text.source import Span

Respelling = Callable[[str], str]


def windows_newlines(text: str) -> str:
    """Carriage returns, where no here-document would make them part of a command."""
    if any(node.heredocs for node in _instructions(text)):
        return text
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def byte_order_mark(text: str) -> str:
    return text if text.startswith("\ufeff") else "\ufeff" + text


def no_last_newline(text: str) -> str:
    """Without the newline at the end of the file, where no here-document ends there."""
    last = _instructions(text)[-1:]
    return text if not last or last[0].heredocs else text.removesuffix("\n")


def lower_keywords(text: str) -> str:
    edits = []
    for node in _instructions(text):
        for part in (node, node.trigger):
            if part is not None:
                span = node.raw_span(part.keyword_span)
                edits.append(Edit(span, text[span.start : span.end].lower()))
        if node.keyword == "FROM" and " AS " in node.logical:
            at = node.raw(node.logical.index(" AS ") + 1)
            edits.append(Edit(Span(at, at + 2), "as"))
    return apply_edits(text, edits)


def blank_lines(text: str) -> str:
    """An empty line after every instruction."""
    return _after_each(text, "\n")


def comments_between(text: str) -> str:
    """A comment and an empty line after every instruction."""
    return _after_each(text, "# a note about what comes next\n\n")


def continued(text: str) -> str:
    """A continuation after every keyword."""
    escape = Dockerfile.parse(text).tree.escape
    spots = [node.raw_after(node.keyword_span.end) for node in _instructions(text)]
    return apply_edits(text, [Edit(Span(at, at), f" {escape}\n    ") for at in spots])


def joined(text: str) -> str:
    """Continuations that hold no comment and no empty line are joined to one line."""
    edits = []
    for node in _instructions(text):
        if not node.comments and not node.blank_continuation:
            for first, second in pairwise(node.segments):
                edits.append(Edit(Span(first.raw + first.length, second.raw), ""))
    return apply_edits(text, edits)


def comments_inside(text: str) -> str:
    """A comment line inside every continuation."""
    edits = []
    for node in _instructions(text):
        edits += [Edit(Span(segment.raw, segment.raw), "    # a note inside\n") for segment in node.segments[1:]]
    return apply_edits(text, edits)


def backtick_escapes(text: str) -> str:
    """The file with another escape character, where no word depends on it."""
    file = Dockerfile.parse(text)
    nodes = file.tree.instructions
    if "`" in text or file.tree.directives or any("\\" in node.logical for node in nodes):
        return text
    edits = []
    for node in nodes:
        for first in node.segments[:-1]:
            at = text.index("\\", first.raw + first.length)
            edits.append(Edit(Span(at, at + 1), "`"))
    return "# escape=`\n" + apply_edits(text, edits)


EXACT: tuple[Respelling, ...] = (windows_newlines, byte_order_mark, no_last_newline, lower_keywords)
"""The result on the variant is the variant of the result."""

SAME_FIXES: tuple[Respelling, ...] = (
    blank_lines,
    comments_between,
    continued,
    joined,
    comments_inside,
    backtick_escapes,
)
"""The same fixes are found, and the result means the same."""

NOT_FOR_STYLE: tuple[Respelling, ...] = (blank_lines, comments_between, comments_inside, joined)
"""What may keep a fix of mere style from being made: lines kept apart, a comment about them, or no lines at all."""


def _instructions(text: str) -> tuple[Instruction, ...]:
    return Dockerfile.parse(text).tree.instructions


def _after_each(text: str, addition: str) -> str:
    nodes = _instructions(text)
    places = [node.span.end for node in nodes if text[node.span.end - 1 : node.span.end] == "\n"]
    return apply_edits(text, [Edit(Span(at, at), addition) for at in places])
