"""Results as GitLab's code quality report."""

from hashlib import blake2b
from typing import Any

from dockopt.batch.results import Result, Status
from dockopt.engine.ledger import FateKind
from dockopt.report.plain import Fingerprints, message, plain, worth_showing
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary


class GitlabReport:
    """Collects findings and writes the array at the end."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.found: list[dict[str, Any]] = []

    def add(self, result: Result) -> None:
        if result.status in (Status.ERROR, Status.REFUSED):
            severity, line = "major" if result.status is Status.ERROR else "info", result.line or 1
            name = result.status.value
            self.found.append(_finding(result, plain(result.reason), (name, name), severity, (line, line)))
        marks = Fingerprints()
        for fate in filter(worth_showing, result.fates):
            severity = "minor" if fate.kind is FateKind.APPLIED else "info"
            lines = result.start(fate).line, max(result.start(fate).line, result.end(fate).line)
            known_by = fate.transform.label, marks.of(result, fate)
            self.found.append(_finding(result, message(result, fate), known_by, severity, lines))

    def finish(self, _summary: Summary) -> None:
        from json import dumps  # noqa: PLC0415

        self.screen.line(dumps(self.found, indent=2))


def _finding(
    result: Result, text: str, known_by: tuple[str, str], severity: str, lines: tuple[int, int]
) -> dict[str, Any]:
    """One entry; `known_by` is its check and what tells it from others of that."""
    path = plain(result.header or result.path)
    return {
        "description": text,
        "check_name": f"dockopt/{known_by[0]}",
        "fingerprint": blake2b(f"{path}\0{known_by[1]}".encode(), digest_size=16).hexdigest(),
        "severity": severity,
        "location": {"path": path, "lines": {"begin": lines[0], "end": lines[1]}},
    }
