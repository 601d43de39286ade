"""Bytes in and out, lines and columns, the file's own newline."""

import pytest

from dockopt.text.source import Position, SourceText, Span, to_bytes


@pytest.mark.parametrize("data", [b"", b"a\r\nb\rc\n", b"\xff\xfe\x00", "\ufeffé".encode(), b"\xed\xa0\x80"])
def test_bytes_come_back(data: bytes) -> None:
    source = SourceText.from_bytes(data)
    assert source.to_bytes() == data
    assert to_bytes(source.text) == data


def test_lines_and_columns() -> None:
    source = SourceText("ab\n\ncd")
    assert source.line_starts == (0, 3, 4)
    assert [source.line(offset) for offset in range(7)] == [1, 1, 1, 2, 3, 3, 3]
    assert source.position(5) == Position(3, 2)
    assert (source.line_start(5), source.line_end(5)) == (4, 6)
    assert (source.line_start(1), source.line_end(1)) == (0, 3)
    assert source.at(Span(1, 4)) == "b\n\n"


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        ("", "\n"),
        ("a", "\n"),
        ("a\n", "\n"),
        ("a\r\n", "\r\n"),
        ("a\r\nb\n", "\n"),
        ("a\r\nb\r\nc\n", "\r\n"),
        ("a\rb", "\n"),
    ],
)
def test_the_newline_most_lines_end_in(text: str, newline: str) -> None:
    assert SourceText(text).newline == newline


def test_equal_texts_are_equal_sources() -> None:
    assert SourceText("a") == SourceText("a")
    assert SourceText("a") != SourceText("b")
    assert SourceText("a") != "a"
    assert len({SourceText("a"), SourceText("a")}) == 1
    assert repr(SourceText("a\n")) == "SourceText('a\\n')"


def test_spans() -> None:
    assert Span(1, 5).contains(Span(1, 5))
    assert not Span(1, 5).contains(Span(0, 2))
    assert Span(1, 3).overlaps(Span(2, 4))
    assert not Span(1, 3).overlaps(Span(3, 4))
