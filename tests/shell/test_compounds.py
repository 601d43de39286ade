"""Compound commands and where reserved words count."""

import pytest
from tests.shell.outline import at, compound, outline, read, refused, simple

from dockopt.text.source import Span


def test_if() -> None:
    assert outline("if a && b; then c; elif d; then e; else f; fi >g; h") == [
        "(if) ;",
        "  a",
        "  && b ;",
        "  c ;",
        "  d ;",
        "  e ;",
        "  f ;",
        "h",
    ]


def test_a_compound_keeps_its_redirections() -> None:
    command = compound("if a; then b; fi >c 2>&1")
    assert [(redirect.operator, redirect.descriptor) for redirect in command.redirects] == [(">", ""), (">&", "2")]
    assert command.span == Span(0, 24)


def test_loops() -> None:
    assert outline('for i in a "$b" *.c; do d $i; done') == ['(for) i a "$b" *.c', "  d $i ;"]
    assert outline("for i; do a; done") == ["(for) i", "  a ;"]
    assert outline("while a; do b; done <c") == ["(while)", "  a ;", "  b ;"]
    assert outline("until a; do b; done") == ["(until)", "  a ;", "  b ;"]
    assert outline("for ((i=0; i<3; i++)); do a; done") == ["(for) i=0; i<3; i++", "  a ;"]
    assert outline("select i in a b\ndo c\ndone") == ["(select) i a b", "  c newline"]


def test_case() -> None:
    assert outline('case "$a" in b|c) d; e;; (f) ;; *) g esac'.replace("g esac", "g; esac")) == [
        '(case) "$a"',
        "  d ;",
        "  e",
        "  g ;",
    ]


def test_a_case_without_the_last_terminator() -> None:
    assert outline("case a in b) c;; *) d\nesac && e") == ["(case) a", "  c", "  d newline", "&& e"]


def test_an_empty_case() -> None:
    assert outline("case a in esac") == ["(case) a"]


def test_reserved_words_as_case_patterns() -> None:
    assert outline("case a in if) b;; fi) c;; esac") == ["(case) a", "  b", "  c"]


def test_groups_and_subshells() -> None:
    assert outline("{ a; b; } | (c; d) >e") == ["(group)", "  a ;", "  b ;", "| (subshell)", "  c ;", "  d"]
    assert outline("a || { b; exit 1; }") == ["a", "|| (group)", "  b ;", "  exit 1 ;"]
    assert outline("{ { a; } }") == ["(group)", "  (group)", "    a ;"]


def test_a_brace_is_a_word_elsewhere() -> None:
    assert [word.text for word in simple("a { b }").words] == ["a", "{", "b", "}"]
    assert [word.text for word in simple("{a").words] == ["{a"]
    assert [word.text for word in simple("'{' a").words] == ["'{'", "a"]


@pytest.mark.parametrize(
    "text", ["a if b", "'if' a", "\\if a", "if\\ a", "A=1 iff", "iff a", "a && fi_x", "in_ a", "do.sh"]
)
def test_reserved_words_count_only_as_whole_first_words(text: str) -> None:
    assert all(not line.startswith("(") for line in outline(text))


def test_reserved_words_before_operators() -> None:
    assert outline("if(a)then(b)fi") == ["(if)", "  (subshell)", "    a", "  (subshell)", "    b"]


def test_functions() -> None:
    assert outline("a() { b; }; a") == ["(function) a ;", "  (group)", "    b ;", "a"]
    assert outline("a ()\n(\nb\n)") == ["(function) a", "  (subshell)", "    b newline"]
    assert outline("function a { b; }") == ["(function) a", "  (group)", "    b ;"]
    assert outline("function a() { b; }") == ["(function) a", "  (group)", "    b ;"]


def test_tests() -> None:
    text = "[[ -f $a && ! ( b == c* || $d =~ ^(e|f)$ ) ]] && g"
    assert outline(text) == ["(test) -f $a b == c* $d =~ ^(e|f)$", "&& g"]
    (command,) = read(text).statements[0].pipelines[0].commands
    assert at(text, command.span) == "[[ -f $a && ! ( b == c* || $d =~ ^(e|f)$ ) ]]"


def test_the_old_test_is_a_simple_command() -> None:
    assert [word.text for word in simple("[ ! -f a ]").words] == ["[", "!", "-f", "a", "]"]


def test_arithmetic() -> None:
    command = compound("((a += $b))")
    assert command.words[0].expansions == ("a", "b")
    assert outline("( (a) )") == ["(subshell)", "  (subshell)", "    a"]


def test_the_commands_of_a_substitution_in_a_test_are_known() -> None:
    (word,) = (word for word in compound("[[ $(a) == b ]]").words if word.substitutions)
    assert len(word.substitutions[0].statements) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("if a; then b", "expected fi"),
        ("if a; b; fi", "expected then"),
        ("if a; then fi", "unexpected fi"),
        ("while a; do b", "expected done"),
        ("for i in a; b; done", "expected do"),
        ("for i.j in a; do b; done", "a loop variable"),
        ("case a in b) c", "unclosed case"),
        ("case a in b c) d;; esac", "a case pattern"),
        ("case a in $(b)) c;; esac", "a substitution in a case pattern"),
        ("{ a }", "expected }"),
        ("( )", "unexpected ')'"),
        ("[[ a b ]]", "unknown test"),
        ("[[ a", "unexpected end"),
        ("[[ ( a ]]", "unclosed [["),
        ("((a) || (b))", "arithmetic or a subshell"),
        ("((cd a && make b))", "unknown arithmetic"),
        ("f() a", "a function's body"),
        ("f(a)", "unexpected a"),
        ("time { a; }", "time before a compound command"),
        ("coproc a", "unexpected coproc"),
        ("{ " * 50, "nested too deeply"),
    ],
)
def test_refusals(text: str, reason: str) -> None:
    assert refused(text)[0] == reason
