"""What reports say of a fix beside its title: why it may stand, where the reason is, and what would apply it."""

from dockopt.batch.results import Result
from dockopt.engine.ledger import Fate, FateKind
from dockopt.fixes import Evidence, Level


def weakest(fate: Fate) -> Evidence | None:
    """The claim that decides the fix's level: what is left to trust."""
    return max(fate.fix.evidence, key=lambda evidence: evidence.strength, default=None)


def line_of(result: Result, fate: Fate, evidence: Evidence) -> int | None:
    """The line, in the file as it was, that some evidence is about."""
    known = (place for one, place in zip(fate.fix.evidence, fate.places, strict=True) if one is evidence)
    return result.line_at(next(known, None))


def way_out(fate: Fate) -> str:
    """The option that applies a withheld fix, "" where there is none."""
    if fate.kind is not FateKind.WITHHELD or fate.fix.level is Level.ADVICE:
        return ""
    return "--max-fixes" if fate.reason.startswith("--max-fixes") else fate.flag
