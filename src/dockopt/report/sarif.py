"""Results as SARIF 2.1.0: transforms are rules, fixes are results, with the change where it can be suggested."""

from typing import Any

from dockopt import __version__
from dockopt.batch.results import Result, Status
from dockopt.engine.ledger import Fate, FateKind
from dockopt.fixes import Transform
from dockopt.report.plain import Fingerprints, about, message, plain, reasons, worth_showing
from dockopt.report.screen import Screen
from dockopt.report.suggestions import Replacement, replacements, together
from dockopt.report.summary import Summary

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
Json = dict[str, Any]


class SarifReport:
    """Collects results and writes the log at the end."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.rules: dict[str, int] = {}
        self.transforms: list[Transform] = []
        self.results: list[Json] = []
        self.notices: list[Json] = []
        self.successful = True

    def add(self, result: Result) -> None:
        if result.status in (Status.ERROR, Status.REFUSED):
            self.successful &= result.status is not Status.ERROR
            level = "error" if result.status is Status.ERROR else "note"
            place = _location(result, {"startLine": result.line} if result.line else None)
            self.notices.append({"level": level, "message": {"text": plain(result.reason)}, "locations": [place]})
        if result.outcome is None:
            return
        offers, marks = replacements(result), Fingerprints()
        for fate in filter(worth_showing, result.fates):
            self.results.append(self._result(result, fate, marks.of(result, fate), offers.get(fate.number)))

    def finish(self, _summary: Summary) -> None:
        from json import dumps  # noqa: PLC0415

        driver = {
            "name": "dockopt",
            "semanticVersion": __version__,
            "rules": [_rule(transform) for transform in self.transforms],
        }
        invocation = {"executionSuccessful": self.successful, "toolExecutionNotifications": self.notices}
        run = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": self.results,
        }
        self.screen.line(dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2))

    def _result(self, result: Result, fate: Fate, mark: str, offer: Replacement | None) -> Json:
        label = fate.transform.label
        if label not in self.rules:
            self.rules[label] = len(self.transforms)
            self.transforms.append(fate.transform)
        start, end = result.start(fate), result.end(fate)
        region = {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        }
        found = {
            "ruleId": label,
            "ruleIndex": self.rules[label],
            "level": "warning" if fate.kind is FateKind.APPLIED else "note",
            "message": {"text": message(result, fate)},
            "locations": [_location(result, region if end >= start else {"startLine": start.line})],
            "partialFingerprints": {"dockopt/v1": mark},
            "properties": {"fate": fate.kind.value, "about": about(result, fate), "evidence": reasons(fate)},
        }
        return {**found, "fixes": [_fix(result, offer)]} if offer else found


def _fix(result: Result, offer: Replacement) -> Json:
    deleted = {
        "startLine": offer.start,
        "startColumn": 1,
        "endLine": offer.end,
        "endColumn": len(offer.last) + 1,
    }
    change = {
        "artifactLocation": _artifact(result),
        "replacements": [{"deletedRegion": deleted, "insertedContent": {"text": offer.text}}],
    }
    return {"description": {"text": plain(together(offer, result.applied))}, "artifactChanges": [change]}


def _location(result: Result, region: Json | None) -> Json:
    place: Json = {"artifactLocation": _artifact(result)}
    return {"physicalLocation": {**place, "region": region} if region else place}


def _artifact(result: Result) -> Json:
    from urllib.parse import quote  # noqa: PLC0415 - costs 10 ms

    return {"uri": quote((result.header or result.path).encode("utf-8", "surrogateescape"))}


def _rule(transform: Transform) -> Json:
    label = transform.label
    return {
        "id": label,
        "name": "".join(word.title() for word in label.split("-")),
        "shortDescription": {"text": transform.summary},
        "fullDescription": {"text": transform.doc.strip()},
        "help": {"text": transform.doc.strip(), "markdown": transform.doc.strip()},
        "properties": {"tags": [transform.purpose.value, transform.phase.name.lower()]},
    }
