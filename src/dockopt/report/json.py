"""Results as one JSON document, schema 1 (docs/json.md). Pure ASCII: a byte that is not UTF-8 is a lone surrogate."""

import os
from typing import Any

from dockopt import __version__
from dockopt.batch.results import ImageSize, Result, Sizes
from dockopt.engine.ledger import Fate
from dockopt.fixes import Evidence
from dockopt.report.evidence import line_of, way_out
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary
from dockopt.report.summary_json import summary_of

SCHEMA = 1
Json = dict[str, Any]


class JsonReport:
    """Writes each file's entry as it comes, so that memory holds one of them, and the summary at the end."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.opened = False
        self.first = True

    def add(self, result: Result) -> None:
        self._open()
        self.screen.write(f"{'' if self.first else ','}\n    {_indented(file(result), 4)}")
        self.first = False

    def finish(self, summary: Summary) -> None:
        self._open()
        end = "]" if self.first else "\n  ]"
        self.screen.write(f'{end},\n  "summary": {_indented(summary_of(summary), 2)}\n}}\n')

    def _open(self) -> None:
        """The head, once there is something to say: a run that ends before that leaves nothing behind."""
        if not self.opened:
            self.opened = True
            self.screen.write(f'{{\n  "schema": {SCHEMA},\n  "version": "{__version__}",\n  "files": [')


def _indented(value: Json, by: int) -> str:
    """As it stands in the document: strings have no newlines of their own."""
    from json import dumps  # noqa: PLC0415 - not needed where a run is cut short

    return dumps(value, indent=2).replace("\n", "\n" + " " * by)


def file(result: Result) -> Json:
    """One file's entry."""
    outcome = result.outcome
    return {
        "path": result.path,
        "status": result.status.value,
        "reason": result.reason or None,
        "line": result.line,
        "settled": outcome.settled if outcome else True,
        "services": [{"name": use.name, "source": _seen(use.source), "target": use.target} for use in result.uses],
        "fixes": [_fix(result, fate, number) for number, fate in enumerate(result.fates, 1)],
        "estimate": _estimate(result),
        "measured": dict(zip(("before", "after"), result.measured, strict=True)) if result.measured else None,
        "diff": result.diff,
        "others": [
            {"path": change.path, "created": change.before is None, "text": change.after} for change in result.others
        ],
        "text": result.text if outcome else None,
    }


def _seen(path: str) -> str:
    """A whole path as seen from here."""
    return os.path.relpath(path).replace(os.sep, "/")


def _fix(result: Result, fate: Fate, number: int) -> Json:
    saves = result.saves(fate)
    return {
        "id": number,
        "transform": fate.transform.label,
        "level": fate.fix.level.label,
        "fate": fate.kind.value,
        "reason": fate.reason,
        "flag": way_out(fate) or None,
        "title": fate.fix.title,
        "start": result.start(fate)._asdict(),
        "end": result.end(fate)._asdict(),
        "evidence": [_evidence(result, fate, evidence) for evidence in fate.fix.evidence],
        "saves": saves._asdict() if saves else None,
    }


def _evidence(result: Result, fate: Fate, evidence: Evidence) -> Json:
    return {
        "claim": evidence.claim,
        "strength": evidence.strength.label,
        "line": line_of(result, fate, evidence),
    }


def _estimate(result: Result) -> Json | None:
    if result.sizes is None:
        return None
    return {
        "before": _image(result.sizes.before),
        "after": _image(result.sizes.after),
        "saves": result.sizes.saves._asdict(),
        "targets": [{"target": name, "saves": saves._asdict()} for name, saves in result.sizes.by_target],
        "costs": _costs(result.sizes),
    }


def _costs(sizes: Sizes) -> Json | None:
    """What is pulled, and built again after a change, before and after; None where the file did not change."""
    if sizes.costs is None:
        return None
    from dockopt.report.estimate_json import rebuild  # noqa: PLC0415 - only where something changed

    return {
        name: {"pull": one.pull._asdict(), "rebuild": rebuild(one.rebuild) if one.rebuild else None}
        for name, one in zip(("before", "after"), sizes.costs, strict=True)
    }


def _image(image: ImageSize) -> Json:
    return {
        **image.size._asdict(),
        "layers": [
            {"line": layer.line, "instruction": layer.instruction, **layer.size._asdict(), "basis": layer.basis}
            for layer in image.layers
        ],
    }
