"""A text that is read beside a similar one gives what it gives by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.model.dockerfile import Dockerfile
from dockopt.syntax.parser import parse
from dockopt.text.source import SourceText, common_end, common_start
from tests.plausible import few_examples
from tests.strategies import dockerfiles, scraps

INSERTED = st.sampled_from(
    [
        "",
        "x",
        "\n",
        "\\\n",
        " \\\n",
        "# note\n",
        "RUN true\n",
        "FROM a AS b\n",
        "ARG V=2\n",
        "<<EOF\n",
        "EOF\n",
        '"',
        "`\n",
    ]
)


def changed(draw: st.DataObject, text: str) -> str:
    """The text with one part of it replaced, mostly whole lines."""
    start, end = sorted(draw.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    if draw.draw(st.booleans()):
        start, end = text.rfind("\n", 0, start) + 1, text.find("\n", end) + 1 or len(text)
    return text[:start] + draw.draw(INSERTED) + text[end:]


@given(draw=st.data(), text=dockerfiles() | scraps().map(lambda data: data.decode("utf-8", "surrogateescape")))
def test_tree(draw: st.DataObject, text: str) -> None:
    new = SourceText(changed(draw, text))
    assert parse(new, parse(SourceText(text))) == parse(new)


@pytest.mark.parametrize("end", ["RUN b \\\n", "RUN b \\\n\n", "RUN b \\\n# note\n", "RUN b \\", "RUN b", "# note"])
def test_what_the_end_of_the_file_ended(end: str) -> None:
    new = SourceText(f"FROM a\n{end}c\nd\n")
    assert parse(new, parse(SourceText(f"FROM a\n{end}"))) == parse(new)


@few_examples
@given(draw=st.data(), text=dockerfiles())
def test_stages(draw: st.DataObject, text: str) -> None:
    new = SourceText(changed(draw, text))
    like = Dockerfile(parse(SourceText(text)))
    assert shown(Dockerfile(parse(new, like.tree), like=like)) == shown(Dockerfile(parse(new)))


def shown(file: Dockerfile) -> object:
    stages = [(s.index, s.node, s.name, s.base, s.parent, s.start, s.end) for s in file.stages]
    steps = [(type(s), s.node, s.state, s.stage, s.index, s.source) for s in file.steps]
    return stages, steps, file.global_arguments


@pytest.mark.parametrize(
    ("one", "other", "start", "end"),
    [
        ("", "", 0, 0),
        ("a", "", 0, 0),
        ("abc", "abc", 3, 3),
        ("abc", "abd", 2, 0),
        ("xbc", "abc", 0, 2),
        ("aa", "aaa", 2, 2),
    ],
)
def test_what_texts_have_in_common(one: str, other: str, start: int, end: int) -> None:
    assert (common_start(one, other), common_end(one, other)) == (start, end)
