"""Here-documents: where they begin, end, and what they expand."""

import pytest
from tests.shell.outline import at, outline, read, refused

from dockopt.shell.tree import Redirect, commands
from dockopt.text.source import Span


def documents(text: str) -> list[Redirect]:
    return [redirect for command in commands(read(text)) for redirect in command.redirects if redirect.body]


def bodies(text: str) -> list[str]:
    return [at(text, redirect.body) for redirect in documents(text) if redirect.body]


def test_the_rest_of_the_line_comes_before_the_body() -> None:
    text = "cat <<E >f && a\nb\nE\nc"
    assert outline(text) == ["cat <<E >f", "&& a newline", "c"]
    assert bodies(text) == ["b\n"]


def test_in_a_pipeline() -> None:
    text = "cat <<E | a | b <<F\nc\nE\nd\nF\n"
    assert outline(text) == ["cat <<E", "| a", "| b <<F newline"]
    assert bodies(text) == ["c\n", "d\n"]


def test_the_delimiter_has_a_line_of_its_own() -> None:
    assert bodies("cat <<E\nE f\n E\nE\n") == ["E f\n E\n"]


def test_the_last_line_needs_no_newline() -> None:
    assert bodies("cat <<E\na\nE") == ["a\n"]


def test_an_empty_body() -> None:
    text = "cat <<E\nE\na"
    assert [redirect.body for redirect in documents(text)] == [Span(8, 8)]
    assert outline(text) == ["cat <<E newline", "a"]


def test_tabs_may_stand_before_the_delimiter() -> None:
    assert bodies("cat <<-E\n\ta\n\tE\nb") == ["\ta\n"]


def test_a_body_reads_variables_and_runs_commands() -> None:
    text = "cat <<E\n$a ${b:-c} \\$d $(e f) \"g\n'h\nE\n"
    (redirect,) = documents(text)
    assert redirect.document is not None
    assert (redirect.document.value, redirect.document.expansions) == (None, ("a", "b"))
    assert [at(text, command.span) for command in commands(read(text))] == ["cat <<E", "e f"]


@pytest.mark.parametrize("delimiter", ["'E'", '"E"', "\\E"])
def test_a_quoted_delimiter_stops_expansion(delimiter: str) -> None:
    text = f"cat <<{delimiter}\n$a $(b \\c\nE\n"
    (redirect,) = documents(text)
    assert redirect.target is not None
    assert redirect.document is not None
    assert (redirect.target.value, redirect.target.quoted) == ("E", True)
    assert redirect.document.value == "$a $(b \\c\n"


def test_escapes_in_a_body() -> None:
    (redirect,) = documents("cat <<E\n\\$a \\\\ \\b \\\nc\nE\n")
    assert redirect.document is not None
    assert redirect.document.value == "$a \\ \\b c\n"


def test_inside_compounds() -> None:
    assert bodies("while a; do b; done <<E\nc\nE\nd") == ["c\n"]
    assert bodies("if a <<E\nb\nE\nthen c; fi") == ["b\n"]
    assert bodies("(a <<E)\nb\nE\n") == ["b\n"]
    assert bodies("a=$(b <<E\nc\nE\n)") == ["c\n"]


def test_a_here_string_is_not_a_document() -> None:
    assert outline("a <<<E\nb") == ["a <<<E newline", "b"]
    assert outline("a '<<E'\nb") == ["a '<<E' newline", "b"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cat <<E", "unclosed here-document"),
        ("cat <<E\na", "unclosed here-document"),
        ("cat <<E\na\nE ", "unclosed here-document"),
        ("cat <<$a\nb\n$a\n", "a here-document's delimiter"),
        ("cat <<E\na \\\nE\n", "a continuation before a here-document's delimiter"),
        ("cat <<E\n$(a\nE\n)", "an expansion reaches over the end of its here-document"),
        ("a $(cat <<E)\nb\nE\n", "a here-document around a substitution"),
        ("cat <<E $(a\nb)\nE\n", "a here-document around a substitution"),
    ],
)
def test_refusals(text: str, reason: str) -> None:
    assert refused(text)[0] == reason
