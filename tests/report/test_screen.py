"""What reaches a terminal, and what reaches a pipe."""

import io
import os

import pytest

from dockopt.report.screen import Screen, harmless, wants_colour


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def written(stream: io.TextIOWrapper, text: str, colour: str = "auto") -> bytes:
    screen = Screen(stream, colour)
    screen.write(screen.paint(text, "red"))
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue()


def test_a_pipe_gets_the_bytes() -> None:
    assert written(io.TextIOWrapper(io.BytesIO()), "\x1b]0;title\x07\udcff\r\n") == b"\x1b]0;title\x07\xff\r\n"


def test_a_terminal_is_not_steered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    shown = written(Terminal(io.BytesIO()), "\x1b]0;title\x07 \x1b[2J \x1b[1m a\tb\r\n\x7f\x9b")
    assert shown == b"\x1b[31m^[]0;title^G ^[[2J \x1b[1m a\tb\n^?^?\x1b[0m"


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert written(Terminal(io.BytesIO()), "x") == b"x"
    assert written(Terminal(io.BytesIO()), "x", "always") == b"\x1b[31mx\x1b[0m"
    monkeypatch.delenv("NO_COLOR")
    assert written(Terminal(io.BytesIO()), "x", "never") == b"x"
    assert written(io.TextIOWrapper(io.BytesIO()), "x") == b"x"
    assert [wants_colour(one) for one in ({}, {"NO_COLOR": ""}, {"NO_COLOR": "1"}, {"TERM": "dumb"})] == [
        True,
        True,
        False,
        False,
    ]


def test_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert Screen(Terminal(io.BytesIO())).width == 72
    monkeypatch.setenv("COLUMNS", "500")
    assert Screen(Terminal(io.BytesIO())).width == 120
    monkeypatch.delenv("COLUMNS")
    assert Screen(Terminal(io.BytesIO())).width == 80
    assert Screen(io.TextIOWrapper(io.BytesIO())).width == 100


def test_letters_of_all_kinds_are_harmless() -> None:
    text = "caf\u00e9 \u4e2d\u6587 \U0001f600 \udcff" + os.linesep
    assert harmless(text) == text
