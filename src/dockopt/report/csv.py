"""Results as a table for spreadsheets: a row for each file, bytes as whole numbers."""

import csv
from io import StringIO

from dockopt.batch.results import Result, Status
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary
from dockopt.report.wording import problem

HEAD = "path status fixes withheld saves_low saves_expected saves_high before after transforms reason".split()


class CsvReport:
    """Writes a row as soon as its file is done."""

    def __init__(self, screen: Screen, errors: Screen) -> None:
        self.screen = screen
        self.errors = errors
        self._row(HEAD)

    def add(self, result: Result) -> None:
        if result.status is Status.ERROR:
            self.errors.line(problem(result, self.errors))
        sizes = result.sizes
        saves = sizes.saves if sizes else ("", "", "")
        totals = (sizes.before.size.expected, sizes.after.size.expected) if sizes else ("", "")
        names = dict.fromkeys(fate.transform.label for fate in result.applied)
        fixes = len(result.applied), len(result.fates) - len(result.applied)
        self._row([result.path, result.status.value, *fixes, *saves, *totals, " ".join(names), result.reason])

    def finish(self, summary: Summary) -> None:
        """There is nothing to add."""

    def _row(self, values: list[object] | list[str]) -> None:
        line = StringIO()
        csv.writer(line, lineterminator="\n").writerow(map(_harmless, values))
        self.screen.write(line.getvalue())


def _harmless(value: object) -> object:
    """A spreadsheet takes text that begins like this for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value
