"""Diffs on their own, and in colour."""

from typing import NamedTuple

from dockopt.batch.results import Result, Status
from dockopt.report.screen import Screen, Style
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


def coloured(diff: str, screen: Screen | Style) -> str:
    """The diff with its lines painted, where the screen has colours."""
    if not screen.colour:
        return diff
    *lines, _ = diff.split("\n")
    painted = (screen.paint(line, *_style(line, at, lines)) for at, line in enumerate(lines))
    return "".join(f"{line}\n" for line in painted)


def _style(line: str, at: int, lines: list[str]) -> tuple[str, ...]:
    """The two lines above the first hunk of a file are its head."""
    first = at - line.startswith("+++ ")
    is_head = [one[:3] for one in lines[max(first, 0) : first + 3]] == ["---", "+++", "@@ "]
    return ("bold",) if is_head and at < first + 2 else STYLES.get(line[:1], ())
