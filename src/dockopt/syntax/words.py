"""Words of Dockerfile arguments: expansion, splitting, `name=value` pairs. Spans are relative to the text given.

The meaning of the words (which stage, which variable scope) is in `dockopt.model`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from dockopt.syntax.lexer import Lexer, LexError
from dockopt.syntax.lines import SPACES
from dockopt.text.source import Span


class Expansion(NamedTuple):
    """A word after expansion; on an error `value` is the word as it stands.

    `names` are the variables read, `unmatched` those of them that have no value, both in the order of reading.
    """

    value: str
    names: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    error: str | None = None


class Word(NamedTuple):
    """A word as written, quotes included: `expand` takes them off."""

    value: str
    span: Span


class NameValue(NamedTuple):
    """One pair of ENV, LABEL or ARG, quotes included. `value` is None for an ARG without one."""

    name: str
    value: str | None
    span: Span
    name_span: Span
    value_span: Span


class NameValues(NamedTuple):
    """Pairs in the order of the file; `legacy` is the `NAME value` form; `error` is BuildKit's refusal."""

    pairs: tuple[NameValue, ...] = ()
    legacy: bool = False
    error: str | None = None


_QUOTED = re.compile(r"""\"([^\"$\\`]*+)\"|'([^']*+)'""")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*+)\}|([A-Za-z_][A-Za-z0-9_]*+))")
_VARIABLES = re.compile(rf"""(?:[^$"'\\`<]++|{_VARIABLE.pattern})+""")
_WORD = re.compile(r"[^\t\v\f\r ]+")
_LEGACY = re.compile(r"([^\t\v\f\r ]*)[\t\v\f\r ]+(.*)", re.DOTALL)


def expand(word: str, env: Mapping[str, str], escape: str = "\\") -> Expansion:
    """The word as BuildKit's shell lexer gives it: variables replaced, quotes and escapes removed."""
    if not ("$" in word or "'" in word or '"' in word or escape in word):
        return Expansion(word)
    simple = _expand_simple(word, env) if word.isascii() else None
    if simple is not None:
        return simple
    lexer = Lexer(word, env, escape)
    error = None
    try:
        value = lexer.value()
    except LexError as problem:
        value, error = word, str(problem)
    except RecursionError:
        value, error = word, "too deeply nested"
    unmatched = tuple(name for name, found in lexer.names.items() if not found)
    return Expansion(value, tuple(lexer.names), unmatched, error)


def _expand_simple(word: str, env: Mapping[str, str]) -> Expansion | None:
    """What most words are, quoted text or variables in plain text, as the lexer expands it; None for all others."""
    quoted = _QUOTED.fullmatch(word)
    if quoted:
        return Expansion(quoted[1] or quoted[2] or "")
    if not _VARIABLES.fullmatch(word):
        return None
    names = tuple(dict.fromkeys([one or other for one, other in _VARIABLE.findall(word)]))
    value = _VARIABLE.sub(lambda match: env.get(match[1] or match[2], ""), word)
    return Expansion(value, names, tuple([name for name in names if name not in env]))


def split_words(text: str, escape: str = "\\", *, quoted: bool = False) -> tuple[Word, ...]:
    """Words of FROM, COPY, ADD, EXPOSE and VOLUME, where white space splits and quotes do not hold words together.

    With `quoted`, words of ENV, LABEL and ARG, where quotes and the escape character do; they stay in the word.
    """
    if not quoted:
        return tuple(Word(match[0], Span(*match.span())) for match in _WORD.finditer(text))
    words: list[Word] = []
    at, size = 0, len(text)
    while True:
        while at < size and text[at] in SPACES:
            at += 1
        if at >= size:
            return tuple(words)
        end, kept = _word_end(text, at, escape)
        if kept > at:
            words.append(Word(text[at:kept], Span(at, kept)))
        at = end


def plain_words(text: str) -> tuple[str, ...]:
    """The words of COPY and ADD without their places."""
    return tuple(_WORD.findall(text))


def _word_end(text: str, at: int, escape: str) -> tuple[int, int]:
    """Where a word ends, and where its text does: an escape character that ends the text is dropped."""
    quote, size = "", len(text)
    while at < size:
        character = text[at]
        if character == escape and quote != "'":
            if at + 1 == size:
                return size, at
            at += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in SPACES:
            break
        elif character in "'\"":
            quote = character
        at += 1
    return at, at


def parse_name_values(text: str, escape: str = "\\", *, arguments: bool = False) -> tuple[NameValue, ...]:
    """Pairs of ENV and LABEL, and with `arguments` of ARG, in the order of the file; those before an error."""
    return read_name_values(text, escape, arguments=arguments).pairs


@lru_cache(maxsize=2048)
def read_name_values(text: str, escape: str = "\\", *, arguments: bool = False, keyword: str = "ENV") -> NameValues:
    """The same with the form and the error, as line_parsers.go has them; `keyword` is for the message only."""
    words = split_words(text, escape, quoted=True)
    if not words:
        return NameValues()
    if not arguments and "=" not in words[0].value:
        return _legacy_pair(text, keyword)
    pairs: list[NameValue] = []
    for word in words:
        name, equals, value = word.value.partition("=")
        if not equals and not arguments:
            return NameValues(tuple(pairs), False, f"no = in {word.value}: {keyword} takes name=value")
        start, end = word.span
        middle = start + len(name)
        value_span = Span(middle + len(equals), end)
        pairs.append(NameValue(name, value if equals else None, word.span, Span(start, middle), value_span))
    return NameValues(tuple(pairs))


def _legacy_pair(text: str, keyword: str) -> NameValues:
    match = _LEGACY.match(text)
    if match is None:
        return NameValues((), True, f"{keyword} must have two arguments")
    pair = NameValue(match[1], match[2], Span(0, len(text)), Span(*match.span(1)), Span(*match.span(2)))
    return NameValues((pair,), True)
