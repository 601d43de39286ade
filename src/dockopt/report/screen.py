"""Where a report goes: bytes out as they came in, colours only where they are wanted, and how wide a line may be."""

import os
from typing import NamedTuple, TextIO

STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "magenta": "35",
    "cyan": "36",
}
WIDTH_WITHOUT_TERMINAL = 100
WIDTHS = range(40, 121)


class Style(NamedTuple):
    """How text is to look on a stream: all that its words depend on."""

    colour: bool = False
    width: int = WIDTH_WITHOUT_TERMINAL
    unicode: bool = True

    def paint(self, text: str, *styles: str) -> str:
        if not (self.colour and styles and text):
            return text
        return f"\x1b[{';'.join(STYLES[style] for style in styles)}m{text}\x1b[0m"


class Screen:
    """One output stream. Text may hold lone surrogates, which are written as the bytes they stand for."""

    def __init__(self, stream: TextIO, colour: str = "auto") -> None:
        self.stream = stream
        self.terminal = stream.isatty()
        self.colour = colour == "always" or (colour == "auto" and self.terminal and wants_colour(os.environ))
        self.width = _width(stream) if self.terminal else WIDTH_WITHOUT_TERMINAL
        self.unicode = (stream.encoding or "utf-8").lower().replace("-", "") == "utf8"
        self.style = Style(self.colour, self.width, self.unicode)

    def write(self, text: str) -> None:
        """Write text as it is; to a terminal without characters that could steer it."""
        if self.terminal:
            text = harmless(text)
        self.put(text.encode("utf-8", "surrogateescape"))

    def put(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.stream.flush()
        self.stream.buffer.write(data)
        self.stream.buffer.flush()

    def line(self, text: str = "") -> None:
        self.write(text + "\n")

    def paint(self, text: str, *styles: str) -> str:
        return self.style.paint(text, *styles)


def wants_colour(environment: "os._Environ[str] | dict[str, str]") -> bool:
    """What the environment says of colours on a terminal (https://no-color.org)."""
    return not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def harmless(text: str) -> str:
    """The text with control characters shown, our own colours excepted."""
    if text.isprintable():
        return text
    return "".join(_shown(text, at) for at in range(len(text)))


def _shown(text: str, at: int) -> str:
    character = text[at]
    if character in "\n\t" or character >= "\xa0":
        return character
    if character == "\x1b" and _is_colour(text, at):
        return character
    if character == "\r" and text.startswith("\n", at + 1):
        return ""
    if character < " ":
        return "^" + chr(ord(character) + 64)
    return "^?" if character >= "\x7f" else character


def _is_colour(text: str, at: int) -> bool:
    """Whether an escape begins a colour and nothing else; a file's own may also colour, which does no harm."""
    if not text.startswith("[", at + 1):
        return False
    end = text.find("m", at, at + 12)
    return end > 0 and all(character in "0123456789;" for character in text[at + 2 : end])


def _width(stream: TextIO) -> int:
    columns = os.environ.get("COLUMNS", "")
    try:
        width = int(columns) if columns.isdigit() else os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        width = 80
    return min(max(width or 80, WIDTHS.start), WIDTHS.stop - 1)
