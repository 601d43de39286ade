"""Estimates: byte ranges with what they rest on. Ranges themselves are in `dockopt.knowledge.ranges`."""

from collections.abc import Iterable
from dataclasses import dataclass

from dockopt.knowledge.ranges import NOTHING, Range, about, exactly, total

__all__ = ["NOTHING", "Estimate", "Range", "about", "exactly", "sum_of", "total"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Uncompressed layer bytes; `basis` names tables, measurements and assumptions, each once."""

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
