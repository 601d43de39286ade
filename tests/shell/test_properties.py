"""What holds for any text: no exception, spans in order and inside, and reading on where a reader would."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dockopt.shell.parser import parse
from dockopt.shell.tree import Command, Compound, Refusal, Script, Simple, Word, commands
from dockopt.text.source import Span

OPERATORS = r'a b -c / . = + 1 2 ; & | ( ) { } < > && || |& ;; ! # " ` $ $( ${ $(( )) [[ ]] [ ] * ? ~ , \ <<E E'
WORDS = "' <<< >& 2>&1 &> <( A= B+= x=( f() if then else elif fi for in do done while until case esac a) select"
OTHERS = "function time $x ${x:- ${x# =~ == -f é"
PIECES = (*OPERATORS.split(), *WORDS.split(), *OTHERS.split())
SHELL = st.lists(st.sampled_from([*PIECES, " ", " ", " ", "\n", "\n", "\t", "\\\n", "; "])).map("".join)
GOOD = st.sampled_from(
    [
        "a",
        "a b",
        "A=1 b",
        'a "$b"',
        "a $(b; c)",
        "a `b`",
        "if a; then b; fi",
        "{ a; }",
        "(a)",
        "for i in a b; do c; done",
        "case $x in a|b) c;; esac",
        "a | b",
        "a && b",
        "! a",
        "[[ a == b ]]",
        "((a + 1))",
        "a >b 2>&1",
        "x=(a b)",
        "f() { a; }",
        'a "${x:-"b c"}"',
    ]
)


@given(st.one_of(st.text(), SHELL))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse(text)
    if isinstance(found, Refusal):
        assert found.reason
        assert 0 <= found.offset <= len(text)
    else:
        assert found.span == Span(0, len(text))
        check_script(text, found)


@given(st.lists(GOOD, min_size=1, max_size=5), st.sampled_from(["; ", " && ", " || ", "\n", " & "]))
def test_joined_bodies_are_read_as_their_parts(parts: list[str], separator: str) -> None:
    assert number_of_commands(separator.join(parts)) == sum(map(number_of_commands, parts))


@given(
    GOOD, st.sampled_from(["{ %s; }", "(%s)", "if %s; then %s; fi", "a $(%s)", 'a "$(%s)"', "case a in b) %s;; esac"])
)
def test_wrapped_bodies_are_read(body: str, wrapper: str) -> None:
    assert isinstance(parse(wrapper.replace("(%s)", "( %s )").replace("%s", body)), Script)


def number_of_commands(text: str) -> int:
    found = parse(text)
    assert isinstance(found, Script)
    return len(list(commands(found)))


def check_script(text: str, script: Script) -> None:
    at = script.span.start
    for statement in script.statements:
        assert at <= statement.span.start < statement.span.end <= statement.end.start <= statement.end.end
        assert statement.end.end <= script.span.end
        assert text[statement.end.start : statement.end.end] == statement.terminator
        assert len(statement.pipelines) == len(statement.links) + 1
        at = statement.end.end
        inside = statement.span.start
        for pipeline in statement.pipelines:
            assert inside <= pipeline.span.start < pipeline.span.end <= statement.span.end
            assert len(pipeline.commands) == len(pipeline.operators) + 1
            inside = pipeline.span.end
            for command in pipeline.commands:
                assert pipeline.span.contains(command.span)
                check_command(text, command)
    for comment in script.comments:
        assert script.span.contains(comment)
        assert text[comment.start] == "#"
        assert "\n" not in text[comment.start : comment.end]


def check_command(text: str, command: Command) -> None:
    parts: list[Span] = [redirect.span for redirect in command.redirects]
    words = list(command.words)
    if isinstance(command, Simple):
        parts += [assignment.span for assignment in command.assignments]
        parts += [word.span for word in command.words]
        assert command.span == Span(min(part.start for part in parts), max(part.end for part in parts))
        words += [assignment.value for assignment in command.assignments if assignment.value]
    if isinstance(command, Compound):
        for body in command.bodies:
            assert command.span.contains(body.span)
            check_script(text, body)
    ordered = sorted(parts)
    assert all(before.end <= after.start for before, after in pairwise(ordered))
    for redirect in command.redirects:
        words += [word for word in (redirect.target, redirect.document) if word]
    for word in words:
        check_word(text, word)


def check_word(text: str, word: Word) -> None:
    assert text[word.span.start : word.span.end] == word.text
    if word.expansions or word.substitutions:
        assert word.value is None
    for script in word.substitutions:
        assert word.span.contains(script.span)
        check_script(text, script)
