"""All files of a run in a few numbers."""

from dockopt.batch.results import Result, Status
from dockopt.knowledge.ranges import NOTHING, Range


class Summary:
    """Counts, and the bytes saved in all; `failed` if a file could not be read, or one that was named was refused."""

    def __init__(self) -> None:
        self.files = self.changed = self.refused = self.errors = 0
        self.saves: Range = NOTHING
        self.failed = False

    def add(self, result: Result) -> None:
        self.files += 1
        self.changed += result.status is Status.CHANGED
        self.refused += result.status is Status.REFUSED
        self.errors += result.status is Status.ERROR
        self.failed |= result.status is Status.ERROR or (result.status is Status.REFUSED and not result.searched)
        if result.sizes is not None:
            self.saves = self.saves.plus(result.sizes.saves)
