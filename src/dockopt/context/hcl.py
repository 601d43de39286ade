"""The part of HCL that bake files are mostly written in: blocks, and attributes that are texts, lists or mappings.

An expression of any other kind is read over and becomes None.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias, Union

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
OPENING, CLOSING = "{[(", "}])"


class Reference(NamedTuple):
    """A variable, or with dots a field of one."""

    path: tuple[str, ...]


Value: TypeAlias = Union[str, list["Value"], dict[str, "Value"], Reference, None]  # noqa: UP007 - names itself


class Block(NamedTuple):
    """One block: `kind "label" { … }`."""

    kind: str
    label: str
    attributes: Mapping[str, Value]


class Token(NamedTuple):
    """A piece of text. `kind` is "name", "text" (quotes taken off), "line" (an end of line) or the character itself."""

    kind: str
    text: str


class HclError(ValueError):
    """The text is not understood."""


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a file, without those inside others; raises HclError."""
    reader = _Reader(tuple(_tokens(text)))
    while not reader.at_end:
        if reader.skip("line"):
            continue
        kind = reader.take("name")
        if reader.skip("="):
            reader.value()
            continue
        label = reader.labels()
        reader.need("{")
        yield Block(kind, label, reader.body())


class _Reader:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.position = 0

    @property
    def at_end(self) -> bool:
        return self.position >= len(self.tokens)

    @property
    def kind(self) -> str:
        return "" if self.at_end else self.tokens[self.position].kind

    def skip(self, kind: str) -> bool:
        found = self.kind == kind
        self.position += found
        return found

    def take(self, *kinds: str) -> str:
        if self.kind not in kinds:
            raise HclError(f"{' or '.join(kinds)} expected")
        self.position += 1
        return self.tokens[self.position - 1].text

    def need(self, kind: str) -> None:
        if not self.skip(kind):
            raise HclError(f"{kind} expected")

    def labels(self) -> str:
        found = []
        while self.kind in ("text", "name"):
            found.append(self.take("text", "name"))
        return found[0] if found else ""

    def body(self) -> dict[str, Value]:
        """Attributes up to the closing brace; blocks in between are read over."""
        found: dict[str, Value] = {}
        while not self.skip("}"):
            if self.skip("line") or self.skip(","):
                continue
            name = self.take("name", "text")
            if self.kind in ("=", ":"):
                self.position += 1
                found[name] = self.value()
            else:
                self.labels()
                self.need("{")
                self.body()
        return found

    def value(self) -> Value:
        start = self.position
        found = self._simple()
        if self.kind in ("line", ",", "}", "]", ")", ""):
            return found
        self.position = start
        self._read_over()
        return None

    def _simple(self) -> Value:
        if self.kind == "text":
            return self.take("text")
        if self.skip("["):
            return self._list()
        if self.skip("{"):
            return self.body()
        if self.kind == "name":
            word = self.take("name")
            plain = word in ("true", "false") or word[0].isdigit()
            return word if plain else None if word == "null" else Reference(tuple(word.split(".")))
        return None

    def _list(self) -> list[Value]:
        found: list[Value] = []
        while not self.skip("]"):
            if not (self.skip("line") or self.skip(",")):
                found.append(self.value())
        return found

    def _read_over(self) -> None:
        """To the end of an expression: a line's end, or what closes the list around it."""
        depth = 0
        while not self.at_end:
            kind = self.kind
            if depth == 0 and kind in ("line", ",", *CLOSING):
                return
            depth += (kind in OPENING) - (kind in CLOSING)
            self.position += 1


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        character = text[position]
        if text.startswith("<<", position):
            token, position = _heredoc(text, position)
            yield token
        elif character == '"':
            token, position = _quoted(text, position)
            yield token
        elif character == "#" or text.startswith(("//", "/*"), position):
            position = _after_comment(text, position)
        elif character == "\n":
            yield Token("line", character)
            position += 1
        elif character.isspace():
            position += 1
        elif character.isalnum() or character == "_":
            end = position
            while end < len(text) and (text[end].isalnum() or text[end] in "_-."):
                end += 1
            yield Token("name", text[position:end])
            position = end
        else:
            yield Token(character, character)
            position += 1


def _after_comment(text: str, position: int) -> int:
    block = text.startswith("/*", position)
    end = text.find("*/" if block else "\n", position)
    return len(text) if end < 0 else end + 2 * block


def _quoted(text: str, start: int) -> tuple[Token, int]:
    """A quoted text; what stands in `${…}` is kept as it is."""
    result: list[str] = []
    position, depth, inner = start + 1, 0, False
    while position < len(text):
        character = text[position]
        if depth:
            inner ^= character == '"'
            depth += 0 if inner else (character == "{") - (character == "}")
        elif text.startswith(("${", "%{"), position):
            depth = 1
            result.append(character)
            position, character = position + 1, "{"
        elif character == '"':
            return Token("text", "".join(result)), position + 1
        elif character == "\n":
            break
        elif character == "\\":
            position += 1
            character = ESCAPES.get(text[position : position + 1], "\\")
        result.append(character)
        position += 1
    raise HclError("a text does not end")


def _heredoc(text: str, start: int) -> tuple[Token, int]:
    line_end = text.find("\n", start)
    name = text[start + 2 : line_end].removeprefix("-").strip()
    if line_end < 0 or not name.isidentifier():
        raise HclError("a heredoc has no name")
    position = line_end + 1
    lines: list[str] = []
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if text[position:end].strip() == name:
            return Token("text", "\n".join(lines)), end
        lines.append(text[position:end])
        position = end + 1
    raise HclError("a heredoc does not end")
