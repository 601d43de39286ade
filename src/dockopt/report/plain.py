"""What machine-readable reports say of a fix, in text that any of them may carry."""

from collections import Counter

from dockopt.batch.baseline import fingerprint
from dockopt.batch.results import Result
from dockopt.engine.ledger import Fate, FateKind
from dockopt.fixes import Strength
from dockopt.report.evidence import way_out
from dockopt.report.sizes import WORTH_SAYING
from dockopt.report.wording import saved


def plain(text: str) -> str:
    """The text with a mark for each byte that is not UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def has_odd_bytes(text: str) -> bool:
    """Whether a text holds bytes that are not UTF-8, which JSON cannot carry."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def reasons(fate: Fate) -> list[str]:
    """The evidence, each claim with what it is worth where that is less than known."""
    return [
        plain(one.claim) + (f" ({one.strength.label})" if one.strength >= Strength.INFERRED else "")
        for one in fate.fix.evidence
    ]


def about(result: Result, fate: Fate) -> str:
    """Level and savings, or why the fix is not applied and what would apply it."""
    words = [f"{fate.fix.level.label} level" if fate.fix.edits else "advice"]
    saves = result.saves(fate)
    if saves and abs(saves.expected) >= WORTH_SAYING:
        words.append(saved(saves.expected))
    if fate.kind is not FateKind.APPLIED and fate.reason not in ("advice only", words[0]):
        words.append(f"{fate.kind.value}: {plain(fate.reason)}")
    if flag := way_out(fate):
        words.append(f"{flag} applies it")
    return "; ".join(words)


def message(result: Result, fate: Fate) -> str:
    """A fix in a sentence or two."""
    because = "; ".join(reasons(fate))
    return f"{plain(fate.fix.title)}{': ' if because else ''}{because} [{about(result, fate)}]"


class Fingerprints:
    """What each fix of a file is known by from run to run, also where two are alike."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, result: Result, fate: Fate) -> str:
        mark = fingerprint(result, fate)
        self._seen[mark] += 1
        return mark if self._seen[mark] == 1 else f"{mark}:{self._seen[mark]}"


def worth_showing(fate: Fate) -> bool:
    """Fixes that somebody may act on: applied, withheld, advised; not what a comment or a setting put aside."""
    return fate.kind in (FateKind.APPLIED, FateKind.WITHHELD)
