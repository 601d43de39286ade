"""The series of commits as one mailbox for `git am`: a patch for each transform, applying after those before it."""

from dockopt import __version__
from dockopt.batch.results import Result, Status
from dockopt.batch.series import Commit, commits, root_of
from dockopt.batch.verified import Verified
from dockopt.report.commits import body, subject
from dockopt.report.plain import plain
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary
from dockopt.report.wording import problem
from dockopt.text.diff import unified_diff

ENVELOPE = f"From {'0' * 40} Mon Sep 17 00:00:00 2001\n"
"""What `git format-patch` begins a mail with, so that tools know the mailbox."""
AUTHOR = "From: dockopt <dockopt@localhost>\n"


class PatchReport:
    """Collects what changed and writes the mailbox at the end."""

    def __init__(self, screen: Screen, errors: Screen, verified: Verified) -> None:
        self.screen = screen
        self.errors = errors
        self.verified = verified
        self.changed: list[Result] = []

    def add(self, result: Result) -> None:
        if result.status in (Status.ERROR, Status.REFUSED):
            self.errors.line(problem(result, self.errors))
        elif result.changed:
            self.changed.append(result)

    def finish(self, _summary: Summary) -> None:
        if not self.changed:
            return
        series = commits(self.changed, root_of(self.changed[0].path))
        for number, commit in enumerate(series, 1):
            self.screen.write(patch(commit, self.verified, number, len(series)))


def patch(commit: Commit, verified: Verified, number: int, of: int) -> str:
    """One mail."""
    diffs = "".join(unified_diff(change.before, change.after, change.path) for change in commit.changes)
    head = f"{ENVELOPE}{AUTHOR}Subject: [PATCH {number}/{of}] {plain(subject(commit))}\n"
    kinds = "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    return f"{head}{kinds}\n{_harmless(body(commit, verified))}---\n\n{diffs}-- \ndockopt {__version__}\n\n"


def _harmless(text: str) -> str:
    """A message in which no line looks like the end of one or the beginning of a diff or a mail."""
    marks = ("---", "diff -", "Index: ", "From ", "@@", "+++")
    return "".join(f" {line}" if line.startswith(marks) else line for line in text.splitlines(keepends=True))
