"""The line on what a rewrite does to pulls and rebuilds: there where it is noticeable."""

import pytest

from dockopt.batch.results import Costs, ImageSize, Sizes
from dockopt.estimate.rebuild import Rebuild
from dockopt.knowledge.ranges import NOTHING, Range
from dockopt.report.costs import costs
from dockopt.report.times import duration, time_spread

MEGABYTE = 1_000_000


def cost(megabytes: float, seconds: float | None) -> Costs:
    pull = Range(0, round(megabytes * MEGABYTE), 10**9)
    time = Range(0, round((seconds or 0) * 1000), 10**9)
    return Costs(pull, None if seconds is None else Rebuild("app.py", time, NOTHING, ()))


def shown(before: Costs, after: Costs) -> list[str]:
    image = ImageSize(NOTHING, ())
    return costs(Sizes(image, image, NOTHING, (), (before, after)))


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (cost(412, 45), cost(58, 3), ["pull 412 MB -> 58 MB; rebuild after a change of app.py ~45 s -> ~3 s"]),
        (cost(412, 45), cost(58, 40), ["pull 412 MB -> 58 MB"]),
        (cost(412, 45), cost(411, 0.3), ["rebuild after a change of app.py ~45 s -> ~0.3 s"]),
        (cost(412, 3), cost(420, 9), ["rebuild after a change of app.py ~3 s -> ~9 s"]),
        (cost(412, 3), cost(402, 2), []),
        (cost(2, 0.5), cost(1.5, 0.1), []),
        (cost(412, None), cost(58, None), []),
    ],
)
def test_line(before: Costs, after: Costs, lines: list[str]) -> None:
    assert shown(before, after) == lines


def test_nothing_for_a_file_that_did_not_change() -> None:
    image = ImageSize(NOTHING, ())
    assert costs(Sizes(image, image, NOTHING, ())) == []


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        *((0, "0 s"), (40, "0.1 s"), (340, "0.3 s"), (940, "0.9 s"), (960, "1 s"), (44_600, "45 s"), (89_000, "89 s")),
        *((90_000, "2 min"), (5_000_000, "83 min"), (9_000_000, "2 h")),
    ],
)
def test_durations(milliseconds: int, text: str) -> None:
    assert duration(milliseconds) == text


def test_spreads() -> None:
    assert time_spread(1000, 1000, 1100) == "1 s"
    assert time_spread(400, 3000, 200_000) == "~3 s (0.4 s to 3 min)"
