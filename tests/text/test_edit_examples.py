"""Examples of edits that can and cannot stand together; the laws are in properties/test_edits."""

import pytest

from dockopt.errors import OverlapError
from dockopt.text.edits import Edit, apply_edits
from dockopt.text.source import Span


def test_insert_replace_delete() -> None:
    edits = [Edit(Span(4, 6), ""), Edit(Span(0, 0), ">"), Edit(Span(1, 2), "BB")]
    assert apply_edits("abcdef", edits) == ">aBBcd"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Span(0, 3), Span(2, 4)),
        (Span(1, 1), Span(1, 1)),
        (Span(1, 1), Span(1, 2)),
        (Span(0, 4), Span(2, 2)),
    ],
)
def test_clashing(first: Span, second: Span) -> None:
    with pytest.raises(OverlapError, match="edits clash at offset"):
        apply_edits("abcd", [Edit(first, "x"), Edit(second, "y")])


def test_touching_edits_stand_together() -> None:
    assert apply_edits("abcd", [Edit(Span(0, 2), "x"), Edit(Span(2, 4), "y")]) == "xy"
