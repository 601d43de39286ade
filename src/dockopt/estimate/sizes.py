"""Byte ranges and estimates: how they add, scale and differ.

Every figure is a triple with low <= expected <= high, in uncompressed layer bytes. Where the figures come from is said
by `layers` and `knowledge`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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
    result = NOTHING
    for size in ranges:
        result = result.plus(size)
    return result


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range with what it rests on: `basis` names tables, measurements and assumptions, each once."""

    low: int
    expected: int
    high: int
    basis: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.low <= self.expected <= self.high, (self.low, self.expected, self.high)

    @classmethod
    def of(cls, size: Range, *basis: str) -> "Estimate":
        return cls(*size, tuple(dict.fromkeys(text for text in basis if text)))

    @property
    def range(self) -> Range:
        return Range(self.low, self.expected, self.high)

    def plus(self, other: "Estimate") -> "Estimate":
        return Estimate.of(self.range.plus(other.range), *self.basis, *other.basis)


def sum_of(estimates: Iterable[Estimate]) -> Estimate:
    result = Estimate(0, 0, 0)
    for estimate in estimates:
        result = result.plus(estimate)
    return result
