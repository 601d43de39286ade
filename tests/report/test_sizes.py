"""Sizes as people read them, and their bars."""

import pytest

from dockopt.report.sizes import bar, human, percent, spread


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1234, "1.23 kB"),
        (12_345, "12.3 kB"),
        (99_960, "100 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (19_400_000, "19.4 MB"),
        (1_020_000_000, "1.02 GB"),
        (-350_000_000, "-350 MB"),
        (5_000_000_000_000_000, "5000 TB"),
    ],
)
def test_human(size: int, text: str) -> None:
    assert human(size) == text


def test_spread() -> None:
    assert spread(90, 100, 110) == "100 B"
    assert spread(50_000_000, 100_000_000, 200_000_000) == "100 MB (50 MB to 200 MB)"
    assert spread(0, 0, 0) == "0 B"
    assert spread(0, 10_000, 2_000_000_000) == "10 kB (0 B to 2 GB)"


def test_bars() -> None:
    assert [bar(size, 800, 10) for size in (0, 1, 10, 50, 400, 790, 800)] == [
        "",
        "▏",
        "▏",
        "▋",
        "█████",
        "█████████▉",
        "██████████",
    ]
    assert [bar(size, 800, 10, unicode=False) for size in (0, 1, 400, 800)] == ["", "#", "#####", "##########"]
    assert bar(1, 0, 10) == ""


def test_percent() -> None:
    assert [percent(*sizes) for sizes in ((100, 40), (100, 150), (0, 10), (1000, 999))] == [
        "60% smaller",
        "50% larger",
        "",
        "",
    ]
