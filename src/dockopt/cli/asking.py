"""`dockopt fix --interactive`: each fix is shown, and somebody says what becomes of it, as in `git add -p`.

Fixes of one kind in one file are asked about together, and one by one on request. Whatever follows from a fix that was
not taken is worked out again before it is asked about.
"""

import sys
from collections.abc import Callable
from typing import NamedTuple

from dockopt.batch.results import Result, Status
from dockopt.batch.work import Job, rewrite
from dockopt.config import Rejection
from dockopt.engine.ledger import Fate
from dockopt.report.diff import coloured
from dockopt.report.evidence import line_of
from dockopt.report.plain import about, plain
from dockopt.report.screen import Screen
from dockopt.report.wording import count
from dockopt.text.diff import unified_diff

SKIPPED = "not taken"
ROUNDS = 200
HELP = """\
y - take this fix
n - skip this fix
e - explain: all the evidence, and what the transform does
s - split: ask about each of these fixes by itself
a - take this fix and all that come in this file
d - skip this fix and all that come in this file
q - skip this fix and all that come in any file
? - this help"""

Key = tuple[str, str, int]


class Question(NamedTuple):
    """Neighbouring fixes that are asked about together."""

    fates: tuple[Fate, ...]

    @property
    def keys(self) -> set[Key]:
        return {key(fate) for fate in self.fates}


class Asker:
    """Asked for each changed file before it is written."""

    def __init__(self, screen: Screen, read: Callable[[], str]) -> None:
        self.screen = screen
        self.read = read
        self.quit = False

    def __call__(self, result: Result, data: bytes, job: Job) -> Result:
        """The result with the fixes that were taken, and nothing of the others."""
        path, original, rejections = result.path, result, job.settings.rejections
        taken: set[Key] = set()
        rest = "q" if self.quit else ""
        single: set[Key] = set()
        for _ in range(ROUNDS):
            question = _next(result, taken, single)
            if question is None:
                return result
            answer = rest or self.ask(result, question)
            if answer == "s":
                single |= question.keys
            elif answer in ("y", "a"):
                taken |= question.keys
                rest = "a" if answer == "a" else rest
            else:
                self.quit |= answer == "q"
                rest = "d" if answer in ("d", "q") else rest
                rejections += tuple(Rejection(*one, SKIPPED) for one in sorted(question.keys))
                settings = job.settings._replace(rejections=rejections)
                result = rewrite(path, data, job._replace(settings=settings), path)
        assert original.outcome is not None
        outcome = original.outcome._replace(after=original.outcome.before, fates=())
        return Result(path, Status.UNCHANGED, "nothing taken: skipping fixes came to no end", outcome=outcome)

    def ask(self, result: Result, question: Question) -> str:
        """One letter of an answer; the end of the input is a q."""
        self._show(result, question)
        letters = "y,n,e,s,a,d,q,?" if len(question.fates) > 1 else "y,n,e,a,d,q,?"
        these = "this fix" if len(question.fates) == 1 else f"these {count(len(question.fates), 'fix')}"
        while True:
            self.screen.write(self.screen.paint(f"Take {these} [{letters}]? ", "bold"))
            line = self.read()
            answer = line.strip().lower()[:1] if line else "q"
            if answer == "e":
                self._explain(result, question)
            elif answer and answer != "?" and answer in letters:
                return answer
            else:
                self.screen.line(HELP)

    def _show(self, result: Result, question: Question) -> None:
        first, last = question.fates[0], question.fates[-1]
        for fate in question.fates:
            where = f"{plain(result.path)}:{result.start(fate).line}"
            title = self.screen.paint(plain(fate.fix.title), "bold")
            self.screen.line(f"{where}: {title} ({fate.transform.label}; {about(result, fate)})")
        diffs = [unified_diff(first.before, last.after, result.path)]
        others = (other for fate in question.fates for other in fate.fix.others)
        diffs += [unified_diff(other.before, other.after, other.path) for other in others]
        self.screen.write(coloured("".join(diffs), self.screen))

    def _explain(self, result: Result, question: Question) -> None:
        for fate in question.fates:
            self.screen.line(self.screen.paint(plain(fate.fix.title), "bold"))
            for one in fate.fix.evidence:
                line = line_of(result, fate, one)
                place = f", line {line}" if line else ""
                self.screen.line(f"  - {plain(one.claim)} ({one.strength.label}{place})")
        self.screen.line()
        self.screen.line(question.fates[0].transform.doc.strip())
        self.screen.line()


def key(fate: Fate) -> Key:
    """What a fix is known by within a file."""
    return fate.transform.name, fate.fix.title, fate.start


def of_terminal(screen: Screen) -> Asker:
    """Asks whoever sits in front of standard input."""
    return Asker(screen, sys.stdin.readline)


def _next(result: Result, taken: set[Key], single: set[Key]) -> Question | None:
    """The first fixes that nobody has decided on: neighbours of one transform, where they are not to be split."""
    found: list[Fate] = []
    for fate in result.applied:
        if key(fate) in taken:
            if found:
                break
            continue
        if found and (fate.transform != found[0].transform or key(fate) in single):
            break
        found.append(fate)
        if key(fate) in single:
            break
    return Question(tuple(found)) if found else None
