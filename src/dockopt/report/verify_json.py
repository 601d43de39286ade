"""Verifications as one JSON document, schema 1 (docs/verify.md)."""

from typing import Any

from dockopt import __version__
from dockopt.build.behaviour import Answer
from dockopt.build.differences import ChangeKind, FileChange
from dockopt.build.layer_table import layer_rows
from dockopt.build.verify import Measured, Verification
from dockopt.report.screen import Screen

SCHEMA = 1
PATHS_AT_MOST = 1000
Json = dict[str, Any]


class VerifyJson:
    """Collects verifications and writes the document at the end."""

    def __init__(self, screen: Screen, target: str = "") -> None:
        self.screen = screen
        self.target = target
        self.files: list[Json] = []

    def add(self, found: Verification) -> None:
        self.files.append(verification(found, self.target))

    def finish(self) -> None:
        from json import dumps  # noqa: PLC0415

        self.screen.line(dumps({"schema": SCHEMA, "version": __version__, "files": self.files}, indent=2))


def verification(found: Verification, target: str = "") -> Json:
    """One file's entry."""
    sizes, outcome = found.result.sizes, found.result.outcome
    return {
        "path": found.result.path,
        "verdict": found.verdict.value,
        "objections": list(found.objections),
        "log": found.log or None,
        "culprit": _fix(found, found.culprit.number) if found.culprit else None,
        "noise": found.noise,
        "unasked": found.unasked or None,
        "before": _measured(found.before, outcome.before if outcome else "", target, sizes and sizes.before),
        "after": _measured(found.after, outcome.after if outcome else "", target, sizes and sizes.after),
        "estimated": {
            "before": sizes.before.size._asdict(),
            "after": sizes.after.size._asdict(),
            "saves": sizes.saves._asdict(),
        }
        if sizes
        else None,
        "fixes": [_fix(found, fate.number) for fate in found.result.applied],
        "differences": _differences(found),
        "vanished": [group._asdict() for group in found.vanished],
    }


def _fix(found: Verification, number: int) -> Json:
    fate = found.result.applied[number - 1]
    saves = found.result.saves(fate)
    return {
        "number": number,
        "transform": fate.transform.label,
        "title": fate.fix.title,
        "line": found.result.start(fate).line,
        "measured": found.saves.get(number),
        "estimated": saves._asdict() if saves else None,
    }


def _measured(done: Measured | None, text: str, target: str, estimated: Any) -> Json | None:  # noqa: ANN401
    if done is None:
        return None
    return {
        "size": done.image.size,
        "seconds": round(done.seconds, 1),
        "answers": [_answer(answer) for answer in done.answers],
        "layers": [
            {
                "line": row.line,
                "instruction": row.instruction,
                "measured": row.measured,
                "estimated": row.estimated._asdict() if row.estimated else None,
            }
            for row in layer_rows(done.image, text, target, estimated)
        ],
    }


def _answer(answer: Answer) -> Json:
    return {"question": answer.question, "good": answer.good, "value": answer.value}


def _differences(found: Verification) -> Json | None:
    if found.differences is None:
        return None
    files = found.differences.files
    return {
        "config": [change._asdict() for change in found.differences.config],
        "noise": len(found.differences.noise),
        **{kind.name.lower(): _paths(tuple(one for one in files if one.kind is kind)) for kind in ChangeKind},
    }


def _paths(changes: tuple[FileChange, ...]) -> Json:
    return {
        "files": len(changes),
        "bytes": sum(change.size for change in changes),
        "paths": [f"/{change.path}" for change in changes[:PATHS_AT_MOST]],
    }
