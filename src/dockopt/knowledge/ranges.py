"""Byte ranges: three figures with low <= expected <= high, and how they add and scale."""

from collections.abc import Iterable
from typing import NamedTuple


class Range(NamedTuple):
    """Between `low` and `high` bytes, most likely `expected`; negative where something grows instead of shrinking."""

    low: int
    expected: int
    high: int

    def plus(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.expected + other.expected, self.high + other.high)

    def minus(self, other: "Range") -> "Range":
        """The difference of two figures that vary independently: the spread of both remains."""
        return Range(self.low - other.high, self.expected - other.expected, self.high - other.low)

    def scaled(self, factor: float) -> "Range":
        first, middle, last = (round(value * factor) for value in self)
        return Range(min(first, last), middle, max(first, last))

    def at_least(self, floor: int) -> "Range":
        return Range(*(max(floor, value) for value in self))

    @property
    def certain(self) -> bool:
        return self.low == self.high


NOTHING = Range(0, 0, 0)


def exactly(size: int) -> Range:
    return Range(size, size, size)


def about(size: float, spread: float = 0.1) -> Range:
    """Around `size`, give or take the share `spread`."""
    return Range(round(size * (1 - spread)), round(size), round(size * (1 + spread)))


def total(ranges: Iterable[Range]) -> Range:
    """The sum of some figures; most are of none or of one."""
    found = list(ranges)
    if len(found) < 2:
        return found[0] if found else NOTHING
    low = expected = high = 0
    for one in found:
        low += one[0]
        expected += one[1]
        high += one[2]
    return Range(low, expected, high)
