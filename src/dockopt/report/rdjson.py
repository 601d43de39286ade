"""Results in reviewdog's diagnostic format, with suggestions. Columns count bytes of UTF-8; ends are exclusive."""

from typing import Any

from dockopt.batch.results import Result, Status
from dockopt.engine.ledger import Fate, FateKind
from dockopt.report.plain import message, plain, worth_showing
from dockopt.report.screen import Screen
from dockopt.report.suggestions import Replacement, replacements
from dockopt.report.summary import Summary
from dockopt.text.diff import split_lines

Json = dict[str, Any]


class RdjsonReport:
    """Collects diagnostics and writes the document at the end."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.found: list[Json] = []

    def add(self, result: Result) -> None:
        path = plain(result.header or result.path)
        if result.status in (Status.ERROR, Status.REFUSED):
            severity = "ERROR" if result.status is Status.ERROR else "INFO"
            location = {"path": path, "range": {"start": {"line": result.line or 1}}}
            self.found.append({"message": plain(result.reason), "location": location, "severity": severity})
        if result.outcome is None:
            return
        offers = replacements(result)
        done: set[int] = set()
        for fate in filter(worth_showing, result.fates):
            offer = offers.get(fate.number) if fate.kind is FateKind.APPLIED else None
            if offer is None:
                self.found.append(_single(result, fate, path))
            elif fate.number not in done:
                done.update(offer.numbers)
                self.found.append(_suggestion(result, offer, path))

    def finish(self, _summary: Summary) -> None:
        from json import dumps  # noqa: PLC0415

        self.screen.line(dumps({"source": {"name": "dockopt"}, "diagnostics": self.found}, indent=2))


def _single(result: Result, fate: Fate, path: str) -> Json:
    severity = "WARNING" if fate.kind is FateKind.APPLIED else "INFO"
    start, end = result.start(fate), result.end(fate)
    lines = split_lines(result.outcome.before if result.outcome else "")
    place = {"start": _position(lines, *start), "end": _position(lines, *end)}
    return _diagnostic([fate], message(result, fate), path, place, severity)


def _suggestion(result: Result, offer: Replacement, path: str) -> Json:
    fates = [fate for fate in result.applied if fate.number in offer.numbers]
    texts = [message(result, fate) for fate in fates]
    text = texts[0] if len(texts) == 1 else "\n".join(f"- {one}" for one in texts)
    place = {"start": {"line": offer.start, "column": 1}, "end": {"line": offer.end, "column": _bytes(offer.last) + 1}}
    return {
        **_diagnostic(fates, text, path, place, "WARNING"),
        "suggestions": [{"range": place, "text": offer.text}],
    }


def _diagnostic(fates: list[Fate], text: str, path: str, place: Json, severity: str) -> Json:
    return {
        "message": text,
        "location": {"path": path, "range": place},
        "severity": severity,
        "code": {"value": fates[0].transform.label},
    }


def _position(lines: list[str], line: int, column: int) -> Json:
    text = lines[line - 1] if line <= len(lines) else ""
    return {"line": line, "column": _bytes(text[: column - 1]) + 1}


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))
