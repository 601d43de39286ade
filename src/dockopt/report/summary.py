"""All files of a run in a few numbers."""

from dataclasses import dataclass

from dockopt.batch.results import Result, Status
from dockopt.knowledge.ranges import NOTHING, Range


@dataclass
class Summary:
    """Counts, and the bytes saved in all."""

    files: int = 0
    changed: int = 0
    refused: int = 0
    errors: int = 0
    saves: Range = NOTHING
    failed: bool = False
    """A file could not be read, or one that the user named was refused."""

    def add(self, result: Result) -> None:
        self.files += 1
        self.changed += result.status is Status.CHANGED
        self.refused += result.status is Status.REFUSED
        self.errors += result.status is Status.ERROR
        self.failed |= result.status is Status.ERROR or (result.status is Status.REFUSED and not result.searched)
        if result.sizes is not None:
            self.saves = self.saves.plus(result.sizes.saves)
