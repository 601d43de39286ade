"""Here-documents of RUN, COPY and ADD: where a line opens them, and which lines belong to them."""

import re
from typing import NamedTuple

from dockopt.syntax.lexer import Lexer, LexError
from dockopt.syntax.lines import Lines
from dockopt.syntax.tree import Heredoc
from dockopt.text.source import Span

_OPENER = re.compile(r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)")
_TABS = re.compile(r"^\t+", re.MULTILINE)


class Opener(NamedTuple):
    """`<<NAME` in a logical line; `span` is there."""

    name: str
    expand: bool
    strip_tabs: bool
    descriptor: str
    span: Span


class Bodies(NamedTuple):
    """The heredocs of one instruction; `stop` is the first line after them."""

    heredocs: tuple[Heredoc, ...]
    stop: int
    terminated: bool


def find_openers(logical: str) -> list[Opener]:
    """Every heredoc that a line opens; none where its quotes do not close.

    Raises:
        LexError: a name that BuildKit refuses.
    """
    try:
        words = Lexer(logical, {}, raw_quotes=True, raw_escapes=True, keep_unset=True).words()
    except (LexError, RecursionError):
        return []
    found = (_opener(word.value, Span(word.start, word.end)) for word in words if "<<" in word.value)
    return [opener for opener in found if opener is not None]


def _opener(word: str, span: Span) -> Opener | None:
    match = _OPENER.fullmatch(word)
    if match is None or not match[3]:
        return None
    names = Lexer(match[3], {}, keep_unset=True).words()
    if len(names) != 1:
        return None
    quoted = Lexer(match[3], {}, keep_unset=True, raw_quotes=True).words()
    name = names[0].value
    expand = len(quoted) == 1 and _quotes(name) == _quotes(quoted[0].value)
    return Opener(name, expand, match[2] == "-", match[1], span)


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')


def read_bodies(openers: list[Opener], lines: Lines, index: int) -> Bodies:
    """The bodies that begin at a line, one after the other; the last one runs to the end where it is unterminated."""
    heredocs: list[Heredoc] = []
    terminated = True
    for opener in openers:
        end = _terminator(opener, lines, index)
        terminated = end < len(lines.texts)
        body = Span(lines.starts[index], lines.starts[end])
        stop = min(end + 1, len(lines.texts))
        content = _content(lines, index, end)
        heredocs.append(
            Heredoc(
                name=opener.name,
                expand=opener.expand,
                strip_tabs=opener.strip_tabs,
                descriptor=opener.descriptor,
                opener=opener.span,
                body=body,
                terminator=Span(lines.starts[end], lines.starts[stop]),
                content=_TABS.sub("", content) if opener.strip_tabs else content,
            )
        )
        index = stop
        if not terminated:
            break
    return Bodies(tuple(heredocs), index, terminated)


def _terminator(opener: Opener, lines: Lines, index: int) -> int:
    for number in range(index, len(lines.texts)):
        text = lines.texts[number].rstrip("\r")
        if (text.lstrip("\t") if opener.strip_tabs else text) == opener.name:
            return number
    return len(lines.texts)


def _content(lines: Lines, start: int, end: int) -> str:
    if start == end:
        return ""
    last = end == len(lines.texts) and lines.starts[end] - lines.starts[end - 1] == len(lines.texts[end - 1])
    return "\n".join(lines.texts[start:end]) + ("" if last else "\n")
