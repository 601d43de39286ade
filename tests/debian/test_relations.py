"""Relations as control files write them, and in the index's short notation."""

import pytest

from dockopt.debian.relations import Alternative, parse_field, parse_group, short


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("", []),
        ("a", ["a"]),
        ("a, b", ["a", "b"]),
        ("a | b, c", ["a|b", "c"]),
        ("a (>= 1.2), b (<< 2~), c (>> 3), d (= 1:4-5), e (<= 6)", ["a>=1.2", "b<2~", "c>3", "d=1:4-5", "e<=6"]),
        ("a (< 1), b (> 2)", ["a<=1", "b>=2"]),
        ("python3:any (>= 3.11), gcc:native", ["python3:any>=3.11", "gcc"]),
        ("libc6:i386 | libc6, wine32:i386", ["libc6"]),
        ("g++, libstdc++6 (>= 12)", ["g++", "libstdc++6>=12"]),
        ("a(>=1)|b(<<2)", ["a>=1|b<2"]),
    ],
)
def test_fields(field: str, expected: list[str]) -> None:
    assert [short(group) for group in parse_field(field)] == expected


@pytest.mark.parametrize("text", ["a", "a>=1.2|b", "a<2~|b<=3|c=1:4-5", "lib++>1"])
def test_the_short_notation_is_read_back(text: str) -> None:
    assert short(parse_group(text)) == text


def test_alternatives() -> None:
    assert parse_group("a>=1|b") == (Alternative("a", ">=", "1"), Alternative("b"))
