"""All files of a run in a few numbers, and whether the run failed."""

from dockopt.batch.results import Result, Status
from dockopt.batch.totals import Totals
from dockopt.knowledge.ranges import Range


class Summary:
    """The totals; `failed` if a file could not be read, or one that was named was refused."""

    def __init__(self) -> None:
        self.totals = Totals()
        self.failed = False

    def add(self, result: Result) -> None:
        self.totals.add(result)
        self.failed |= result.status is Status.ERROR or (result.status is Status.REFUSED and not result.searched)

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
