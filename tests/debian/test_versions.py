"""Debian's version numbers: order and comparison, as deb-version(7) gives them."""

from itertools import pairwise

import pytest

from dockopt.debian.versions import satisfies, version_key

ASCENDING = (
    "0~rc1",
    "0",
    "0.9",
    "0.9.1",
    "0.10",
    "1.0~~",
    "1.0~",
    "1.0",
    "1.0-1~bpo1",
    "1.0-1",
    "1.0-1+b1",
    "1.0-1.1",
    "1.0-2",
    "1.0a",
    "1.0+dfsg",
    "1.0.1",
    "1:0.1",
    "2:0",
)


@pytest.mark.parametrize(("older", "newer"), list(pairwise(ASCENDING)))
def test_order(older: str, newer: str) -> None:
    assert version_key(older) < version_key(newer)


@pytest.mark.parametrize(("first", "second"), [("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1.", "1.0"), ("1.01", "1.1")])
def test_equal_in_other_words(first: str, second: str) -> None:
    assert version_key(first) == version_key(second)


@pytest.mark.parametrize(
    ("operator", "fitting"),
    [
        ("", ["1", "2", "3"]),
        ("<", ["1"]),
        ("<=", ["1", "2"]),
        ("=", ["2"]),
        (">=", ["2", "3"]),
        (">", ["3"]),
    ],
)
def test_operators(operator: str, fitting: list[str]) -> None:
    assert [version for version in ("1", "2", "3") if satisfies(version, operator, "2")] == fitting
