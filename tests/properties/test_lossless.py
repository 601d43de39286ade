"""Parsing and rendering gives the same bytes back, for any bytes; nodes and segments stand where they say."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.syntax.lines import SPACES
from dockopt.syntax.parser import parse
from dockopt.syntax.tree import Instruction, Tree
from dockopt.text.source import SourceText
from tests.differential.buildkit import Oracle, comparable, differences
from tests.strategies import dockerfiles, scraps


def assert_sound(data: bytes) -> None:
    source = SourceText.from_bytes(data)
    tree = parse(source)
    assert tree.source.to_bytes() == data
    assert tree.render() == source.text
    end = 0
    for node in tree.nodes:
        assert node.span.start == end < node.span.end
        end = node.span.end
    assert end == len(source.text)
    for instruction in tree.instructions:
        assert_placed(tree, instruction)
    for problem in (*tree.problems, *tree.doubts):
        assert 1 <= problem.line <= max(1, len(source.line_starts))
        assert "\n" not in problem.message


def assert_placed(tree: Tree, node: Instruction) -> None:
    """Segments, keyword, flags, arguments, comments and heredocs lie where they claim to."""
    text = tree.source.text
    logical = "".join(text[segment.raw : segment.raw + segment.length] for segment in node.segments)
    assert logical == node.logical
    assert all(text[node.raw(at)] == character for at, character in enumerate(logical))
    spans = [node.keyword_span, *(flag.span for flag in node.flags), node.arguments]
    assert spans == sorted(spans)
    assert all(0 <= span.start <= span.end <= len(logical) for span in spans)
    assert node.argument_text == node.argument_text.strip(SPACES)
    for span in (*node.comments, *(heredoc.body for heredoc in node.heredocs)):
        assert node.span.contains(span)
    for heredoc in node.heredocs:
        assert "<<" in logical[heredoc.opener.start : heredoc.opener.end]
        assert heredoc.body.end == heredoc.terminator.start


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert_sound(data)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    pytest.importorskip("dockerfile")
    worker = Oracle()
    yield worker
    worker.close()


@given(data=scraps())
def test_scraps_are_read_as_buildkit_reads_them(oracle: Oracle, data: bytes) -> None:
    assert_sound(data)
    text = comparable(data)
    assert list(differences(text, oracle.ask(text))) == []


@given(text=dockerfiles())
def test_dockerfiles_are_read_as_buildkit_reads_them(oracle: Oracle, text: str) -> None:
    assert_sound(text.encode())
    assert list(differences(text, oracle.ask(text))) == []
