"""Text outside edits is unchanged, their order does not matter, and edits that clash are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from dockopt.errors import OverlapError
from dockopt.text.edits import Edit, apply_edits, clash
from dockopt.text.source import Span

TEXTS = st.text(alphabet="ab\r\n", max_size=20)


@st.composite
def separate_edits(draw: DrawFn, text: str) -> list[Edit]:
    """Edits with at least one character between any two."""
    edits: list[Edit] = []
    at = 0
    while at <= len(text) and draw(st.booleans()):
        start = draw(st.integers(at, len(text)))
        end = draw(st.integers(start, len(text)))
        edits.append(Edit(Span(start, end), draw(st.text(alphabet="XY", max_size=3))))
        at = end + 1
    return edits


@given(TEXTS, st.data())
def test_text_outside_edits_is_unchanged(text: str, data: st.DataObject) -> None:
    edits = data.draw(separate_edits(text))
    expected, at = "", 0
    for span, new in edits:
        expected += text[at : span.start] + new
        at = span.end
    assert apply_edits(text, edits) == expected + text[at:]


@given(TEXTS, st.data())
def test_order_does_not_matter(text: str, data: st.DataObject) -> None:
    edits = data.draw(separate_edits(text))
    assert apply_edits(text, data.draw(st.permutations(edits))) == apply_edits(text, edits)


SPANS = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda pair: Span(min(pair), max(pair)))


@given(SPANS, SPANS)
def test_clashing_edits_are_refused(one: Span, other: Span) -> None:
    first, second = Edit(one, "x"), Edit(other, "y")
    assert clash(first, second) == clash(second, first)
    if clash(first, second):
        with pytest.raises(OverlapError):
            apply_edits("abcd", [first, second])
    else:
        assert not one.overlaps(other)
        assert apply_edits("abcd", [first, second]) == apply_edits("abcd", [second, first])


@given(SPANS, SPANS)
def test_overlapping_edits_clash(one: Span, other: Span) -> None:
    if one.overlaps(other) or one.start == other.start:
        assert clash(Edit(one, "x"), Edit(other, "y"))
