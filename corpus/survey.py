"""What dockopt does to one Dockerfile at every level, and which laws that breaks; sums of it over many files.

Nothing here prints. A record keeps the file's name and the diffs, the ledger made of many records only figures.
"""

import difflib
import tarfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.laws import broken

from dockopt.config import Settings
from dockopt.context.tree import Context
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.fixes import Level, Purpose
from dockopt.model.dockerfile import Dockerfile
from dockopt.text.source import SourceText

LEVELS = (Level.SAFE, Level.STANDARD, Level.AGGRESSIVE)


@dataclass(frozen=True)
class Record:
    """One file at one level. `fates` counts by transform and kind, `diffs` holds a diff for each transform applied."""

    name: str
    level: str
    changed: bool
    refusal: str
    broken: tuple[str, ...]
    seconds: float
    fates: Counter[tuple[str, str]] = field(default_factory=Counter)
    withheld: Counter[tuple[str, str]] = field(default_factory=Counter)
    diffs: tuple[tuple[str, str], ...] = ()
    saves: tuple[int, int, int] = (0, 0, 0)


def survey(name: str, text: str, context: Context | None = None, levels: Iterable[Level] = LEVELS) -> list[Record]:
    """A file at each level; a crash is a broken law."""
    records = []
    for level in levels:
        started = time.perf_counter()
        try:
            records.append(_record(name, text, context, level))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            law = f"crash: {type(error).__name__}: {error} ({_place(error)})"
            records.append(Record(name, level.label, False, "", (law,), time.perf_counter() - started))
    return records


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _record(name: str, text: str, context: Context | None, level: Level) -> Record:
    everything = frozenset(Purpose) if level is Level.AGGRESSIVE else frozenset[Purpose]()
    settings = Settings(level=level, purposes=everything)
    started = time.perf_counter()
    outcome = optimize(text, settings, context)
    seconds = time.perf_counter() - started
    return Record(
        name,
        level.label,
        outcome.changed,
        outcome.refusal[1] if outcome.refusal else "",
        tuple(broken(text, outcome, settings, context)),
        seconds,
        Counter((fate.transform.label, fate.kind.value) for fate in outcome.fates),
        Counter(
            (fate.transform.label, fate.flag or fate.reason) for fate in outcome.fates if fate.kind.value == "withheld"
        ),
        tuple(_diffs(outcome)),
        _saves(outcome, context),
    )


def _diffs(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for fate in outcome.applied:
        yield fate.transform.label, f"{fate.fix.title}\n{unified(fate.before, fate.after)}"


def unified(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), n=4)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in list(lines)[2:])


def _saves(outcome: Outcome, context: Context | None) -> tuple[int, int, int]:
    if not outcome.changed:
        return 0, 0, 0
    try:
        from dockopt.estimate.compare import compare  # noqa: PLC0415
    except ImportError:
        return 0, 0, 0
    before, after = Dockerfile.parse(outcome.before, context), Dockerfile.parse(outcome.after, context)
    saves = compare(before, after, context).saves
    return saves.low, saves.expected, saves.high


def dockerfiles(archive: Path) -> list[tuple[str, str]]:
    """Name and text of every Dockerfile in an archive, in the order of their names."""
    with tarfile.open(archive) as tar:
        members = [member for member in tar if member.isfile() and member.name.endswith("Dockerfile")]
        found = []
        for member in members:
            stream = tar.extractfile(member)
            assert stream is not None
            found.append((Path(member.name).name, SourceText.from_bytes(stream.read()).text))
    return sorted(found)


def ledger(records: Iterable[Record]) -> dict[str, object]:
    """Figures by level: what was changed, refused, broken, applied and withheld; no name and no text of a file."""
    levels: dict[str, object] = {}
    records = list(records)
    for level in dict.fromkeys(record.level for record in records):
        levels[level] = _figures([record for record in records if record.level == level])
    return {"levels": levels}


def _figures(records: list[Record]) -> dict[str, object]:
    names = sorted({name for record in records for name, _ in record.fates})
    return {
        "files": len(records),
        "changed": sum(record.changed for record in records),
        "refused": dict(Counter(_reason(record.refusal) for record in records if record.refusal).most_common()),
        "broken": dict(Counter(law.partition(":")[0] for record in records for law in record.broken).most_common()),
        "saves": {
            key: sum(record.saves[place] for record in records) for place, key in enumerate(("low", "expected", "high"))
        },
        "transforms": {name: _of_transform(name, records) for name in names},
    }


def _of_transform(name: str, records: list[Record]) -> dict[str, int]:
    kinds = ("applied", "withheld", "suppressed", "rejected")
    counts = {kind: sum(record.fates[name, kind] for record in records) for kind in kinds}
    return {"files": sum(record.fates[name, "applied"] > 0 for record in records), **counts}


def _reason(refusal: str) -> str:
    return refusal.partition(":")[0]
