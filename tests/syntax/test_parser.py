"""What the tree says of a file: nodes, spans, flags, heredocs, problems. Agreement with BuildKit: see differential."""

import pytest

from dockopt.syntax.parser import parse
from dockopt.syntax.tree import Flag, Instruction, SyntaxProblem, Tree, Trivia
from dockopt.text.source import SourceText, Span


def tree(text: str) -> Tree:
    return parse(SourceText(text))


def only(text: str) -> Instruction:
    (node,) = tree(text).instructions
    return node


def kinds(text: str) -> list[tuple[str, str]]:
    parsed = tree(text)
    return [
        (node.kind if isinstance(node, Trivia) else node.keyword, parsed.source.at(node.span)) for node in parsed.nodes
    ]


def test_nodes_tile_the_file() -> None:
    assert kinds("\ufeff# syntax=x\r\n#escape=`\n# note\n\n from a `\r\n# in\r\n as b\nrun x") == [
        ("bom", "\ufeff"),
        ("directive", "# syntax=x\r\n"),
        ("directive", "#escape=`\n"),
        ("comment", "# note\n"),
        ("blank", "\n"),
        ("FROM", " from a `\r\n# in\r\n as b\n"),
        ("RUN", "run x"),
    ]


def test_directives() -> None:
    parsed = tree("# Syntax = docker/dockerfile:1 \n#check=skip=all\n# escape=`\nFROM a\n")
    assert parsed.escape == "`"
    assert parsed.directive("syntax") == "docker/dockerfile:1"
    assert parsed.directive("check") == "skip=all"
    assert [node.name for node in parsed.directives] == ["syntax", "check", "escape"]


@pytest.mark.parametrize("first", ["", "# a comment", "# unknown=1", "FROM a"])
def test_directives_stand_first_or_are_comments(first: str) -> None:
    parsed = tree(f"{first}\n# escape=`\nFROM a\n")
    assert parsed.escape == "\\"
    assert parsed.directives == ()


def test_logical_text_and_its_way_back() -> None:
    text = "FROM a\nRUN one \\\n  # note\n\n  two \\  \r\n three\n"
    node = tree(text).instructions[1]
    assert node.logical == "RUN one   two  three"
    assert [text[node.raw(at)] for at in range(len(node.logical))] == list(node.logical)
    assert [text[span.start : span.end] for span in node.comments] == ["  # note\n"]
    assert node.blank_continuation
    start = node.logical.index("one")
    assert text[slice(*node.raw_span(Span(start, start + 3)))] == "one"
    start = node.logical.index("two")
    assert text[slice(*node.raw_span(Span(start, len(node.logical))))] == "two \\  \r\n three"
    assert node.raw_span(Span(3, 3)) == Span(10, 10)
    assert (node.raw_after(0), node.raw_after(len(node.logical))) == (7, text.index("three") + 5)


def test_keyword_flags_and_arguments() -> None:
    node = only("copy --from=b --chown='1:2' --link   a  b \n")
    assert node.keyword == "COPY"
    assert node.logical[slice(*node.keyword_span)] == "copy"
    assert node.flags == (
        Flag("from", "b", Span(5, 13)),
        Flag("chown", "1:2", Span(14, 27)),
        Flag("link", None, Span(28, 34)),
    )
    assert node.flag("chown") == node.flags[1]
    assert node.flag("chmod") is None
    assert node.argument_text == "a  b"


@pytest.mark.parametrize(
    ("text", "flags", "arguments"),
    [
        ("RUN -- --x y", [], "--x y"),
        ("RUN --a -- b", ["a"], "b"),
        ("RUN --a=b\\ c d", ["a"], "d"),
        ("RUN -a --b", [], "-a --b"),
        ("RUN --a", ["a"], ""),
        ("RUN", [], ""),
        ("RUN --a='open x", ["a"], ""),
    ],
)
def test_where_flags_end(text: str, flags: list[str], arguments: str) -> None:
    node = only(text)
    assert [flag.name for flag in node.flags] == flags
    assert node.argument_text == arguments


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('CMD ["a", "b c"]', ("a", "b c")),
        ("CMD []", ()),
        ('CMD [ "\\u0041\\n\\ud83d\\ude00" ] ', ("A\n\U0001f600",)),
        ('CMD ["a"] b', None),
        ("CMD ['a']", None),
        ('CMD ["a",]', None),
        ("CMD a", None),
        ('RUN --mount=x ["a"]', ("a",)),
        ('HEALTHCHECK --retries=1 CMD ["a"]', ("a",)),
        ("HEALTHCHECK CMD a", None),
        ('VOLUME ["/x"]', ("/x",)),
        ('WORKDIR ["/x"]', None),
        ('EXPOSE ["1"]', None),
    ],
)
def test_exec_form(text: str, words: tuple[str, ...] | None) -> None:
    assert only(text).exec_form == words


def test_heredocs() -> None:
    text = "COPY 3<<A <<-'B C' /d/\n\tx\nA\n\ty\n \tB C\n\tB C\nRUN z\n"
    parsed = tree(text)
    first, second = parsed.instructions[0].heredocs
    assert (first.name, first.expand, first.strip_tabs, first.descriptor) == ("A", True, False, "3")
    assert (second.name, second.expand, second.strip_tabs, second.descriptor) == ("B C", False, True, "")
    assert (first.content, second.content) == ("\tx\n", "y\n \tB C\n")
    assert parsed.source.at(second.body) == "\ty\n \tB C\n"
    assert parsed.source.at(second.terminator) == "\tB C\n"
    logical = parsed.instructions[0].logical
    assert [logical[slice(*heredoc.opener)] for heredoc in (first, second)] == ["3<<A", "<<-'B C'"]
    assert parsed.instructions[1].logical == "RUN z"


def test_space_before_the_name_of_a_heredoc() -> None:
    node = only("RUN cat << 'EOF' > x\nhi\nEOF\n")
    assert node.heredocs[0].content == "hi\n"
    assert node.logical[slice(*node.heredocs[0].opener)] == "<< 'EOF'"


def test_space_after_the_dash_makes_no_heredoc() -> None:
    assert tree("FROM a\nRUN cat <<- EOF\nRUN x\n").instructions[1].heredocs == ()


def test_unterminated_heredoc_runs_to_the_end() -> None:
    parsed = tree("FROM a\nRUN <<A <<B\nx\nA\ny")
    assert parsed.problems == (SyntaxProblem(2, "unterminated heredoc: no line B"),)
    assert [heredoc.content for heredoc in parsed.instructions[1].heredocs] == ["x\n", "y"]
    assert parsed.render() == parsed.source.text


def test_onbuild_trigger() -> None:
    node = only("ONBUILD \\\n  copy --link <<f /x\nhi\nf\n")
    trigger = node.trigger
    assert trigger is not None
    assert (node.keyword, trigger.keyword) == ("ONBUILD", "COPY")
    assert node.argument_text == "copy --link <<f /x"
    assert trigger.logical is node.logical
    assert trigger.logical[slice(*trigger.keyword_span)] == "copy"
    assert (trigger.argument_text, trigger.flags[0].name) == ("<<f /x", "link")
    assert trigger.heredocs == node.heredocs
    assert trigger.trigger is None


def test_onbuild_of_exec_form() -> None:
    node = only('ONBUILD CMD ["a"]')
    assert node.trigger is not None
    assert (node.exec_form, node.trigger.exec_form) == (None, ("a",))


def test_problems_name_their_lines() -> None:
    parsed = tree('# escape=x\n# escape=`\nFROM a\nENV A\nCMD [1]\nLABEL a=b "c d"\n')
    assert parsed.problems == (
        SyntaxProblem(1, "invalid escape token 'x': it must be ` or \\"),
        SyntaxProblem(2, "only one escape parser directive can be used"),
        SyntaxProblem(4, "ENV must have two arguments"),
        SyntaxProblem(5, "when using JSON array syntax, arrays must be comprised of strings only"),
        SyntaxProblem(6, 'no = in "c d": LABEL takes name=value'),
    )


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "# only\n", "  \t"])
def test_nothing_to_build(text: str) -> None:
    parsed = tree(text)
    assert [problem.message for problem in parsed.problems] == ["file with no instructions"]
    assert parsed.doubts == ()
    assert parsed.render() == text


def test_deep_nesting_is_read() -> None:
    assert tree("FROM a\nRUN " + "${a:-" * 9000 + "<<EOF\n").problems == ()
    assert len(tree("FROM a\nCMD " + "[" * 9000 + "]" * 9000).problems) == 1
    assert tree("ONBUILD " * 8000 + "RUN x").instructions[0].trigger is not None


@pytest.mark.parametrize("text", ["RUN " + "a" * 10_000_000, "\n" * 10_000_000])
def test_huge_files_are_not_read(text: str) -> None:
    parsed = tree(text)
    assert [node.kind for node in parsed.nodes if isinstance(node, Trivia)] == ["unread"]
    assert parsed.doubts == (SyntaxProblem(1, "too large for a Dockerfile: not read"),)
    assert parsed.render() == text
