"""One logical line taken apart: keyword, flags, arguments, JSON array. Which lines make it up is in `lines`."""

import re
from typing import NamedTuple

from dockopt.syntax.lines import SPACES
from dockopt.syntax.tree import Flag
from dockopt.text.source import Span

KEYWORDS = frozenset(
    {
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    }
)
JSON_KEYWORDS = frozenset({"ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL", "VOLUME"})

_KEYWORD = re.compile(rf"[{SPACES}]*([^\t\v\f\r ]*)[\t\v\f\r ]*")
_BYTE_SPACES = "\t\n\v\f\r "
# repeated groups are not possessive: Python before 3.11.5 matches those wrongly
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*"'
_STRINGS = re.compile(rf"\[[\t\n\r ]*+(?:{_STRING}[\t\n\r ]*+(?:,[\t\n\r ]*+{_STRING}[\t\n\r ]*+)*)?\][\t\n\r ]*")
_ONE_STRING = re.compile(_STRING)
_ESCAPED = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LONE = re.compile("[\ud800-\udfff]")


class Parts(NamedTuple):
    """Spans are in the logical text."""

    keyword: str
    keyword_span: Span
    flags: tuple[Flag, ...]
    arguments: Span


class NotStringsError(Exception):
    """A JSON array with something else than strings, which BuildKit refuses."""


def split_instruction(logical: str, start: int, end: int) -> Parts:
    """Keyword, flags and arguments of the instruction from `start` to `end`, which no white space precedes."""
    match = _KEYWORD.match(logical, start, end)
    assert match is not None
    word = Span(*match.span(1))
    at = match.end()
    flags: tuple[Flag, ...] = ()
    if logical.startswith("--", at, end):
        flags, at = _read_flags(logical, at, end)
    while at < end and logical[at] in SPACES:
        at += 1
    return Parts(match[1].upper(), word, flags, Span(at, max(at, end)))


def _read_flags(logical: str, at: int, end: int) -> tuple[tuple[Flag, ...], int]:
    """Flags, and where what follows them begins; a lone `--` ends them. Only ASCII white space is any here."""
    flags: list[Flag] = []
    while True:
        while at < end and logical[at] in _BYTE_SPACES:
            at += 1
        if not logical.startswith("--", at, end):
            return tuple(flags), at
        start = at
        word, at = _flag_word(logical, at, end)
        if word == "--":
            return tuple(flags), at
        name, equals, value = word[2:].partition("=")
        flags.append(Flag(name, value if equals else None, Span(start, at)))


def _flag_word(logical: str, at: int, end: int) -> tuple[str, int]:
    """A flag without quotes and escapes; the backslash escapes whatever the directive says, also in single quotes."""
    parts: list[str] = []
    quote = ""
    while at < end:
        character = logical[at]
        if character == "\\":
            at += 1
            parts.append(logical[at:end][:1])
        elif quote:
            if character == quote:
                quote = ""
            else:
                parts.append(character)
        elif character in _BYTE_SPACES:
            break
        elif character in "'\"":
            quote = character
        else:
            parts.append(character)
        at += 1
    return "".join(parts), min(at, end)


def exec_form(text: str) -> tuple[str, ...] | None:
    """The words of a JSON array of strings, None where the text is not JSON and so in shell form.

    Follows Go's encoding/json: text after the array makes it shell form, bytes that are not text become U+FFFD.

    Raises:
        NotStringsError: an array of something else.
    """
    if not text.startswith("["):
        return None
    if _STRINGS.fullmatch(text):
        return tuple(_unquoted(match[0][1:-1]) for match in _ONE_STRING.finditer(text))
    if _is_json(text):
        raise NotStringsError("when using JSON array syntax, arrays must be comprised of strings only")
    return None


def _unquoted(text: str) -> str:
    if "\\" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def _unescaped(match: re.Match[str]) -> str:
    text = match[0]
    if len(text) == 12:
        return chr(0x10000 + ((int(text[2:6], 16) & 0x3FF) << 10) + (int(text[8:12], 16) & 0x3FF))
    if len(text) == 6:
        return chr(int(text[2:6], 16))
    return _ESCAPES.get(text[1], text[1])


def _is_json(text: str) -> bool:
    """Whether Go takes the text for JSON; numbers that do not fit into a float64 are refused there."""
    import json  # noqa: PLC0415  (rarely needed, and slow to import)

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    def number(digits: str) -> float:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise ValueError(digits)
        return value

    try:
        json.loads(text, parse_constant=refuse, parse_float=number, parse_int=number)
    except ValueError:
        return False
    except RecursionError:
        return True
    return True
