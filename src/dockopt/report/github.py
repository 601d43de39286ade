"""Results as workflow commands, which GitHub shows as annotations beside the lines of a pull request."""

from typing import NamedTuple

from dockopt.batch.results import Result, Status
from dockopt.engine.ledger import FateKind
from dockopt.report.plain import message, plain, worth_showing
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary


class GithubReport(NamedTuple):
    """A warning for a fix that would be applied, a notice for one that is withheld."""

    screen: Screen

    def add(self, result: Result) -> None:
        path = result.header or result.path
        if result.status in (Status.ERROR, Status.REFUSED):
            kind = "error" if result.status is Status.ERROR else "notice"
            self._put(kind, {"file": path, "line": result.line, "title": "dockopt"}, result.reason)
        for fate in filter(worth_showing, result.fates):
            start, end = result.start(fate), result.end(fate)
            place = {"file": path, "line": start.line, "endLine": max(start.line, end.line)}
            kind = "warning" if fate.kind is FateKind.APPLIED else "notice"
            self._put(kind, {**place, "title": f"dockopt: {fate.transform.label}"}, message(result, fate))

    def finish(self, summary: Summary) -> None:
        """There is nothing to add."""

    def _put(self, kind: str, properties: dict[str, object], text: str) -> None:
        shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
        self.screen.line(f"::{kind} {shown}::{_data(text)}")


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
