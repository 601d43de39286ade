"""What is left of a file's result once it is told: what a report writes of it, and its figures."""

from typing import TYPE_CHECKING, NamedTuple, Protocol

from dockopt.batch.totals import Figures, figures_of

if TYPE_CHECKING:
    from dockopt.batch.results import Result

Pieces = tuple[tuple[str, str], ...]
"""Texts, each behind the name of the stream that it goes to."""


class Teller(Protocol):
    """Puts a result in words. Its `repr` says all that the words depend on beside the result."""

    def __call__(self, result: "Result") -> Pieces: ...


class Said(NamedTuple):
    """The words for one file, and its figures."""

    figures: Figures
    pieces: Pieces


def said_of(result: "Result", tell: Teller) -> Said:
    """A result in words and figures."""
    return Said(figures_of(result), tell(result))
