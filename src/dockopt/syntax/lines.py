"""Physical lines and how BuildKit joins them: continuations, the comments and empty lines it drops in between.

What the joined text means (keyword, flags, arguments) is read in `dockopt.syntax.arguments`.
"""

from typing import NamedTuple

from dockopt.syntax.tree import Segment
from dockopt.text.source import SourceText, Span

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What Go's unicode.IsSpace accepts, which is not what str.strip() takes."""

LINE_LIMIT = 65536
"""Bytes with which Go's line scanner gives up: newline included, or at the end of the file without one."""


class Lines(NamedTuple):
    """The physical lines of a text without their line feeds, and `starts`: one more than lines, the last is the end."""

    texts: list[str]
    starts: list[int]


class Logical(NamedTuple):
    """One joined line. `stop` is the index of the first physical line after it."""

    text: str
    segments: tuple[Segment, ...]
    comments: tuple[Span, ...]
    blank: bool
    stop: int


def physical_lines(source: SourceText) -> Lines:
    texts = source.text.split("\n")
    starts = list(source.line_starts)
    if texts[-1]:
        starts.append(len(source.text))
    else:
        texts.pop()
    return Lines(texts, starts)


def too_long(lines: Lines) -> int | None:
    """Index of the first line that BuildKit's scanner cannot hold."""
    if lines.starts[-1] * 4 < LINE_LIMIT:
        return None
    for index, text in enumerate(lines.texts):
        if len(text) * 4 + 4 < LINE_LIMIT:
            continue
        newline = lines.starts[index + 1] - lines.starts[index] > len(text)
        size = len(text.encode("utf-8", "surrogateescape")) + newline
        if size > LINE_LIMIT - (not newline):
            return index
    return None


def without_continuation(text: str, escape: str) -> str | None:
    """The part before a line's continuation character, or None where the line ends the instruction."""
    body = text.rstrip(" \t")
    if not body.endswith(escape) or body[-2:-1] == escape:
        return None
    return body[:-1]


def join(lines: Lines, index: int, column: int, escape: str) -> Logical:
    """The logical line that begins at a column of a physical one."""
    text = lines.texts[index].rstrip("\r")[column:]
    start = lines.starts[index] + column
    part = without_continuation(text, escape)
    if part is None:
        return Logical(text, (Segment(0, start, len(text)),), (), False, index + 1)
    return _join_more(lines, index + 1, part, start, escape)


def _join_more(lines: Lines, index: int, first: str, start: int, escape: str) -> Logical:
    parts, segments, length = [first], [Segment(0, start, len(first))], len(first)
    comments: list[Span] = []
    blank = False
    texts, starts = lines
    while index < len(texts):
        text = texts[index].rstrip("\r")
        begin = starts[index]
        index += 1
        content = text.lstrip(SPACES)
        if not content:
            blank = True
        elif content[0] == "#":
            comments.append(Span(begin, starts[index]))
        else:
            part = without_continuation(text, escape)
            last = part is None
            part = text if part is None else part
            if part:
                parts.append(part)
                segments.append(Segment(length, begin, len(part)))
                length += len(part)
            if last:
                break
    if not first and len(segments) > 1:
        del segments[0]
    return Logical("".join(parts), tuple(segments), tuple(comments), blank, index)
