"""All files of a run in a few numbers, and whether the run failed."""

from dockopt.batch.results import Status
from dockopt.batch.totals import Figures, Totals
from dockopt.knowledge.ranges import Range


class Summary:
    """The totals; `failed` if a file could not be read, or one that was named was refused."""

    def __init__(self) -> None:
        self.totals = Totals()
        self.failed = False

    def add(self, figures: Figures, *, searched: bool = False) -> None:
        """Count a file, which was found in a folder (`searched`) or named by the user."""
        self.totals.add(figures)
        self.failed |= figures.status is Status.ERROR or (figures.status is Status.REFUSED and not searched)

    @property
    def files(self) -> int:
        return self.totals.files

    @property
    def changed(self) -> int:
        return self.totals.changed

    @property
    def refused(self) -> int:
        return self.totals.refused

    @property
    def errors(self) -> int:
        return self.totals.errors

    @property
    def saves(self) -> Range:
        return self.totals.saves
