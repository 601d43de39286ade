"""Diffs on their own, and in colour."""

from typing import NamedTuple

from dockopt.batch.results import Result, Status
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary
from dockopt.report.wording import problem

STYLES = {"+": ("green",), "-": ("red",), "@": ("cyan",), "\\": ("dim",)}


class DiffReport(NamedTuple):
    """Nothing but diffs, and bad news elsewhere."""

    screen: Screen
    errors: Screen

    def add(self, result: Result) -> None:
        if result.status in (Status.ERROR, Status.REFUSED):
            self.errors.line(problem(result, self.errors))
        self.screen.write(coloured(result.diff, self.screen))

    def finish(self, summary: Summary) -> None:
        """There is nothing to add."""


def coloured(diff: str, screen: Screen) -> str:
    """The diff with its lines painted, where the screen has colours."""
    if not screen.colour:
        return diff
    *lines, _ = diff.split("\n")
    heads = [screen.paint(line, "bold") for line in lines[:2]]
    body = [screen.paint(line, *STYLES.get(line[:1], ())) for line in lines[2:]]
    return "".join(f"{line}\n" for line in heads + body)
