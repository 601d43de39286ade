"""A legacy ENV with an equals sign, and neighbours that mean the same as one instruction."""

import pytest

from dockopt.analyses.settings import groups, with_equals
from dockopt.model.dockerfile import Dockerfile


def equal(arguments: str, directive: str = "") -> str:
    file = Dockerfile.parse(f"{directive}FROM debian:12\nENV {arguments}\n")
    return with_equals(file.final.steps[0])


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("A b", "A=b"),
        ("A b c", 'A="b c"'),
        ("A  b=c", "A=b=c"),
        ("A $B/c d", 'A="$B/c d"'),
        ("A ${B:-x y}", 'A="${B:-x y}"'),
        ('A "b c"', 'A="b c"'),
        ("A 'b $c'", "A='b $c'"),
        ("A b\\ c", "A=b\\ c"),
        ('A say "b"', ""),
        ("A it's", ""),
        ("A b \\$c", 'A="b \\$c"'),
        ("a-b c", ""),
        ("A=b", ""),
    ],
)
def test_with_equals(written: str, wanted: str) -> None:
    assert equal(written) == wanted


def test_another_escape_character() -> None:
    assert equal("A C:\\new folder", "# escape=`\n") == 'A="C:\\new folder"'


@pytest.mark.parametrize(
    ("lines", "sizes"),
    [
        ("ENV A=1\nENV B=2\nENV C=3\n", [3]),
        ("ENV A=1\nENV B=$A\nENV C=3\n", [2]),
        ("ENV A=1\nENV B='$A'\n", [2]),
        ("ENV A=1\nLABEL a=1\nLABEL b=2\n", [2]),
        ("LABEL a=1\nLABEL b=$a\n", [2]),
        ("EXPOSE 1\nEXPOSE 1\n", [2]),
        ("ENV A=1\nENV A=2\n", []),
        ("ENV A=1\n# note\nENV B=2\n", []),
        ("ENV A 1\nENV B=2\n", []),
        ("USER a\nUSER b\n", []),
    ],
)
def test_groups(lines: str, sizes: list[int]) -> None:
    file = Dockerfile.parse(f"FROM debian:12\n{lines}")
    assert [len(group) for group in groups(file, file.final)] == sizes
