"""The message of a commit: what was changed, why, how much it saves, at which level, and what was verified."""

from dockopt.batch.results import Result
from dockopt.batch.series import Commit
from dockopt.batch.verified import Verdict, Verified
from dockopt.engine.ledger import Fate
from dockopt.knowledge.ranges import NOTHING
from dockopt.report.plain import about, plain, reasons
from dockopt.report.sizes import WORTH_SAYING, human, percent
from dockopt.report.wording import count, saved, wrap

WIDTH = 72
FIXES_AT_MOST = 50


def subject(commit: Commit) -> str:
    """The first line."""
    files = {change.path for change in commit.changes}
    where = plain(next(iter(files))) if len(files) == 1 else count(len(files), "file")
    again = "" if commit.turn == 1 else f", turn {commit.turn}"
    return " ".join(f"dockopt: {commit.transform.label} in {where}{again}".split())


def body(commit: Commit, verified: Verified) -> str:
    """The rest, in paragraphs."""
    fixes = commit.fates
    parts = [wrap(f"{commit.transform.summary}.", WIDTH, "")]
    parts += [
        _fix(result, fate, several=len({result.path for result, _ in fixes}) > 1)
        for result, fate in fixes[:FIXES_AT_MOST]
    ]
    if fixes[FIXES_AT_MOST:]:
        parts.append(f"And {count(len(fixes) - FIXES_AT_MOST, 'more fix')}.")
    total = NOTHING
    for result, fate in fixes:
        total = total.plus(result.saves(fate) or NOTHING)
    if abs(total.expected) >= WORTH_SAYING:
        parts.append(f"Estimated: {saved(total.expected)}.")
    results = {result.path: result for result, _ in fixes}.values()
    parts += [verdict(result, found) for result in results if (found := verified.of(result))]
    return "\n\n".join(parts) + "\n"


def verdict(result: Result, found: Verdict) -> str:
    """What was built and compared, in a sentence."""
    path = plain(result.path)
    if not found.same:
        return f"{path}: {found.word} with other fixes than these; nothing is said of these."
    less = percent(found.before, found.after)
    sizes = f": {human(found.before)} to {human(found.after)}{', ' + less if less else ''}" if found.before else ""
    asked = f"; {count(found.answers, 'answer')} alike" if found.answers else ""
    return f"{path}, with all its fixes: {found.word} by building{sizes}{asked}."


def _fix(result: Result, fate: Fate, *, several: bool) -> str:
    where = f"{plain(result.path)}, line" if several else "Line"
    head = wrap(f"{where} {result.start(fate).line}: {plain(fate.fix.title)} ({about(result, fate)})", WIDTH, "  ")
    return "\n".join([head, *(wrap(f"- {reason}", WIDTH - 2, "  ") for reason in reasons(fate))])
