"""BuildKit's shell lexer (frontend/dockerfile/shell/lex.go): quotes, escapes, `$name`, `${name…}`, word splitting.

It reads Dockerfile words and the line on which heredocs are looked for. RUN bodies are read in `dockopt.shell`.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from dockopt.syntax.lines import SPACES
from dockopt.syntax.patterns import PatternError, replace, trim_prefix, trim_suffix

_PLAIN = re.compile(rf"[^{SPACES}$<'\"\\`}}/]+")
"""Characters that mean nothing anywhere."""


class LexError(Exception):
    """The text is not a word to BuildKit; the message says why."""


class LexedWord(NamedTuple):
    """A word after expansion and the range of the text it came from."""

    value: str
    start: int
    end: int


class WordCollector:
    """Splits what the lexer emits at white space that is not quoted."""

    def __init__(self) -> None:
        self.words: list[LexedWord] = []
        self._parts: list[str] = []
        self._start = self._end = 0

    def add(self, value: str, start: int, end: int) -> None:
        if not self._parts:
            self._start = start
        self._parts.append(value)
        self._end = end

    def split(self, value: str, start: int, end: int) -> None:
        for character in value:
            if character in SPACES:
                self.flush()
            else:
                self.add(character, start, end)

    def flush(self) -> None:
        value = "".join(self._parts)
        if value:
            self.words.append(LexedWord(value, self._start, self._end))
            self._parts = []


class Lexer:
    """One pass over one text. `names` and `unmatched` fill up in the order of reading.

    `raw_quotes` and `raw_escapes` keep these characters in the result, `keep_unset` leaves unset variables as written.
    """

    def __init__(
        self,
        text: str,
        env: Mapping[str, str],
        escape: str = "\\",
        *,
        raw_quotes: bool = False,
        raw_escapes: bool = False,
        keep_unset: bool = False,
    ) -> None:
        self.text = text
        self.env = env
        self.escape = escape
        self.raw_quotes = raw_quotes
        self.raw_escapes = raw_escapes
        self.keep_unset = keep_unset
        self.at = 0
        self.names: dict[str, bool] = {}

    def value(self) -> str:
        """The whole text after expansion.

        Raises:
            LexError: quotes or braces do not close, or a substitution is not supported.
        """
        return self._until("", self.raw_escapes, WordCollector())

    def words(self) -> list[LexedWord]:
        """The text after expansion, split at unquoted white space (raises as `value` does)."""
        collector = WordCollector()
        self._until("", self.raw_escapes, collector)
        return collector.words

    def _next(self) -> str:
        character = self.text[self.at : self.at + 1]
        self.at += 1
        return character

    def _until(self, stop: str, raw_escapes: bool, collector: WordCollector) -> str:
        outer, self.raw_escapes = self.raw_escapes, raw_escapes
        result: list[str] = []
        text, size = self.text, len(self.text)
        try:
            while self.at < size:
                character, start = text[self.at], self.at
                if character == stop:
                    self.at += 1
                    collector.flush()
                    return "".join(result)
                plain = _PLAIN.match(text, start)
                if plain:
                    self.at = plain.end()
                value, quoted = (plain[0], True) if plain else self._piece(character)
                result.append(value)
                (collector.add if quoted else collector.split)(value, start, min(self.at, size))
        finally:
            self.raw_escapes = outer
        if stop:
            raise LexError(f"unexpected end of statement while looking for matching {stop}")
        collector.flush()
        return "".join(result)

    def _piece(self, character: str) -> tuple[str, bool]:
        """The next piece of the result, and whether its white space is part of the word."""
        match character:
            case "$":
                return self._dollar(), False
            case "<":
                return self._angle(), True
            case "'":
                return self._single_quoted(), True
            case '"':
                return self._double_quoted(), True
        self.at += 1
        if character != self.escape:
            return character, False
        return (character if self.raw_escapes else "") + self._next(), True

    def _angle(self) -> str:
        start = self.at
        self.at += 1
        if self.text[self.at : self.at + 1] != "<":
            return "<"
        self.at += 1
        while self.text[self.at : self.at + 1] in ("\t", "\r", " "):
            self.at += 1
        return self.text[start : self.at]

    def _single_quoted(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            self.at = len(self.text)
            raise LexError("unexpected end of statement while looking for matching single-quote")
        start, self.at = self.at, end + 1
        return self.text[start : end + 1] if self.raw_quotes else self.text[start + 1 : end]

    def _double_quoted(self) -> str:
        self.at += 1
        result = ['"'] if self.raw_quotes else []
        while character := self.text[self.at : self.at + 1]:
            if character == "$":
                result.append(self._dollar())
                continue
            self.at += 1
            if character == '"':
                if self.raw_quotes:
                    result.append(character)
                return "".join(result)
            if character == self.escape:
                if self.raw_escapes:
                    result.append(character)
                following = self.text[self.at : self.at + 1]
                if not following:
                    break
                if following in ('"', "$", self.escape):
                    character = self._next()
            result.append(character)
        raise LexError("unexpected end of statement while looking for matching double-quote")

    def _name(self) -> str:
        start, text, size = self.at, self.text, len(self.text)
        first = text[start : start + 1]
        if first.isdecimal():
            while self.at < size and text[self.at].isdecimal():
                self.at += 1
        elif first and first in "@*#?-$!":
            self.at += 1
        else:
            while self.at < size and (text[self.at] == "_" or text[self.at].isalpha() or text[self.at].isdecimal()):
                self.at += 1
        return text[start : self.at]

    def _look_up(self, name: str) -> str | None:
        value = self.env.get(name)
        self.names.setdefault(name, value is not None)
        return value

    def _dollar(self) -> str:
        start = self.at
        self.at += 1
        if self.text[self.at : self.at + 1] != "{":
            name = self._name()
            if not name:
                return "$"
            value = self._look_up(name)
            return self.text[start : self.at] if value is None and self.keep_unset else value or ""
        self.at += 1
        return self._braces()

    def _braces(self) -> str:
        following = self.text[self.at : self.at + 1]
        if not following:
            raise LexError("syntax error: missing '}'")
        if following in "{}:":
            raise LexError("syntax error: bad substitution")
        name = self._name()
        operator = self._next()
        if operator == "}":
            value = self._look_up(name)
            return f"${{{name}}}" if value is None and self.keep_unset else value or ""
        if operator == ":":
            operator += self._next()
        if operator == "/":
            return self._replacement(name)
        if operator in ("-", "+", "?", ":-", ":+", ":?"):
            return self._default(name, operator)
        if operator in ("#", "%"):
            return self._trimmed(name, operator)
        if operator in ("", ":"):
            raise LexError("syntax error: missing '}'")
        raise LexError(f"unsupported modifier ({operator}) in substitution")

    def _operand(self, stop: str, raw_escapes: bool) -> str:
        try:
            return self._until(stop, raw_escapes, WordCollector())
        except LexError as error:
            if self.at >= len(self.text):
                raise LexError(f"syntax error: missing '{stop}'") from error
            raise

    def _default(self, name: str, operator: str) -> str:
        word = self._operand("}", raw_escapes=False)
        value = self._look_up(name)
        if value is None and self.keep_unset:
            return f"${{{name}{operator}{word}}}"
        missing = value is None or (operator[0] == ":" and value == "")
        match operator[-1]:
            case "-":
                return word if missing else value or ""
            case "+":
                return "" if missing else word
        if missing:
            state = "unset" if value is None else "empty"
            raise LexError(f"{name}: {word or f'is not allowed to be {state}'}")
        return value or ""

    def _trimmed(self, name: str, operator: str) -> str:
        pattern = self._operand("}", raw_escapes=True)
        value = self._look_up(name)
        if value is None and self.keep_unset:
            return f"${{{name}{operator}{pattern}}}"
        longest = pattern.startswith(operator)
        trim = trim_suffix if operator == "%" else trim_prefix
        try:
            return trim(pattern[longest:], value or "", longest=longest)
        except PatternError as error:
            raise LexError(str(error)) from error

    def _replacement(self, name: str) -> str:
        every = self.text[self.at : self.at + 1] == "/"
        self.at += every
        pattern = self._operand("/", raw_escapes=True)
        replacement = self._operand("}", raw_escapes=True)
        value = self._look_up(name)
        if value is None and self.keep_unset:
            return f"${{{name}/{pattern}/{replacement}}}"
        try:
            return replace(pattern, replacement, value or "", every=every)
        except PatternError as error:
            raise LexError(str(error)) from error
