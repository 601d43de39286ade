"""Which of a transform's fixes go now: whole fixes by position; one that clashes with an earlier one waits a round."""

from collections.abc import Iterable

from dockopt.fixes import Fix
from dockopt.text.edits import clash


def select(fixes: Iterable[Fix]) -> tuple[list[Fix], list[Fix]]:
    """The fixes to apply now, none of whose edits clash, and those that have to wait."""
    now: list[Fix] = []
    later: list[Fix] = []
    for fix in sorted(fixes, key=lambda fix: (sorted(fix.edits), fix.title)):
        clashes = any(clash(mine, taken) for other in now for taken in other.edits for mine in fix.edits)
        (later if clashes else now).append(fix)
    return now, later
