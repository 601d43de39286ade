"""Lists, pipelines and what ends a statement."""

import pytest
from tests.shell.outline import at, compound, only, outline, read, refused

from dockopt.shell.tree import Compound, commands, simple_commands
from dockopt.text.source import Span


def test_semicolon_without_blanks() -> None:
    assert outline("a;b") == ["a ;", "b"]


def test_and_or_binds_tighter_than_semicolon() -> None:
    assert outline("a && b || c; d") == ["a", "&& b", "|| c ;", "d"]


def test_links_know_where_they_stand() -> None:
    (statement,) = read("a  &&\tb||c").statements
    assert [(link.operator, link.span) for link in statement.links] == [("&&", Span(3, 5)), ("||", Span(7, 9))]


def test_background_ends_a_statement() -> None:
    assert outline("a & b") == ["a &", "b"]


def test_both_outputs_into_a_file_is_not_background() -> None:
    (command,) = commands(read("a &>f"))
    assert [(redirect.operator, redirect.descriptor) for redirect in command.redirects] == [("&>", "")]


def test_pipeline() -> None:
    assert outline("a|b |& c | d") == ["a", "| b", "|& c", "| d"]


def test_negation_covers_the_pipeline() -> None:
    assert outline("! a | b && ! c") == ["! a", "| b", "&& ! c"]
    assert read("! a | b").statements[0].pipelines[0].span == Span(0, 7)


def test_newlines_end_statements_but_not_after_an_operator() -> None:
    assert outline("a\n\n b &&\n c |\n d\n") == ["a newline", "b", "&& c", "| d newline"]


def test_statement_spans_leave_the_terminator_out() -> None:
    text = "a b ; c & d # e\nf"
    statements = read(text).statements
    assert [at(text, statement.span) for statement in statements] == ["a b", "c", "d", "f"]
    assert [(statement.terminator, statement.end) for statement in statements] == [
        (";", Span(4, 5)),
        ("&", Span(8, 9)),
        ("\n", Span(15, 16)),
        ("", Span(17, 17)),
    ]


def test_a_comment_ends_with_its_line() -> None:
    text = "a # b && c\nd"
    assert outline(text) == ["a newline", "d"]
    assert [at(text, comment) for comment in read(text).comments] == ["# b && c"]


def test_a_backslash_does_not_continue_a_comment() -> None:
    assert outline("a # b \\\nc") == ["a newline", "c"]


def test_comments_of_inner_lists_are_known_outside() -> None:
    text = "if a # b\nthen c # d\nfi # e"
    script = read(text)
    (conditional,) = (command for command in commands(script) if command.span.start == 0)
    assert [at(text, comment) for comment in script.comments] == ["# b", "# d", "# e"]
    assert [at(text, comment) for body in compound(text).bodies for comment in body.comments] == ["# b", "# d"]
    assert at(text, conditional.span) == "if a # b\nthen c # d\nfi"


@pytest.mark.parametrize("text", ["a#b", "a '#'", "a \\#", 'a "#"', "$#", "${#a}"])
def test_no_comment_inside_a_word(text: str) -> None:
    assert read(text).comments == ()


def test_only_a_comment() -> None:
    assert read("# a").statements == ()


def test_continuations_are_blanks() -> None:
    assert outline("a \\\n b \\\n && c\\\n d") == ["a \\\n b", "&& c\\\n d"]


def test_script_spans_cover_what_is_between_the_delimiters() -> None:
    text = "{ a; b; } && (c )"
    spans = [
        at(text, body.span)
        for command in commands(read(text))
        if isinstance(command, Compound)
        for body in command.bodies
    ]
    assert spans == [" a; b; ", "c "]


def test_commands_come_in_the_order_of_the_text() -> None:
    text = "a $(b) && if c; then d `e`; fi | f <(g) >$(h)"
    assert [command.words[0].text for command in simple_commands(read(text))] == [
        "a",
        "b",
        "c",
        "d",
        "e",
        "f",
        "g",
        "h",
    ]


def test_bash_only_constructs_are_marked() -> None:
    text = "a &>b; [[ c ]]; d <<<e; f |& g; h=(i); ${j/k}; (l)"
    assert [at(text, span) for span in read(text).bash_only] == ["&>", "[[ c ]]", "<<<", "|&", "(i)", "${j/k}"]


def test_posix_bodies_have_nothing_bash_only() -> None:
    assert read('set -e; if [ "${A:-b}" ]; then $(c) `d` $((1)) >e 2>&1; fi; f() { g; }').bash_only == ()


def test_time_is_read_as_a_command() -> None:
    assert [word.text for word in only("time -p make -j2").words] == ["time", "-p", "make", "-j2"]


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("a &&", "unexpected end", 4),
        ("a && # b", "unexpected end", 8),
        ("&& a", "unexpected '&'", 0),
        ("a ;; b", "unexpected ';'", 2),
        ("a; ; b", "unexpected ';'", 3),
        ("a | | b", "unexpected '|'", 4),
        ("a | ! b", "unexpected !", 4),
        ("! ! a", "unexpected !", 2),
        ("a)", "unexpected ')'", 1),
        ("a; fi", "unexpected fi", 3),
        ("(a) b", "a command after another", 4),
        ("a \\", "a backslash ends the body", 2),
        ("a\\", "a backslash ends the body", 1),
        ("a\r", "a carriage return", 1),
        ("a\0", "a null character", 1),
    ],
)
def test_refusals_say_where(text: str, reason: str, offset: int) -> None:
    assert refused(text) == (reason, offset)


@pytest.mark.parametrize(
    "unit", ["(", "((", "$(", "{ ", "if ", "${a:-", '"$(', "$((", "<(", "while ", "[[ (", "f() {", "case "]
)
def test_deep_nesting_is_refused(unit: str) -> None:
    reason, offset = refused(unit * 20_000)
    assert reason
    assert 0 <= offset <= len(unit) * 20_000


@pytest.mark.parametrize(
    "unit",
    ["a;", "a ", "a|b|c;", "$a", "`b` ", "a &&\nb\n", "a <<E\nE\n", "'", '"', "{a,", "\\a", "a=b ", "[] ", "# a\n"],
)
def test_long_bodies_are_read_in_one_go(unit: str) -> None:
    assert read(unit * 10_000).span == Span(0, len(unit) * 10_000)
