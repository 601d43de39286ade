"""`dockopt fix --split-by`: branches instead of written files."""

import sys

from dockopt.batch.branches import prepare, topics
from dockopt.batch.results import Result, Status
from dockopt.batch.series import root_of
from dockopt.batch.verified import Verified
from dockopt.report.commits import body, subject
from dockopt.report.screen import Screen
from dockopt.report.sizes import WORTH_SAYING, human
from dockopt.report.summary import Summary
from dockopt.report.wording import count, problem


class BranchReport:
    """Collects what changed; makes the branches and names them at the end."""

    def __init__(self, by: str, prefix: str, verified: Verified, colour: str) -> None:
        self.by = by
        self.prefix = prefix
        self.verified = verified
        self.screen = Screen(sys.stdout, colour)
        self.errors = Screen(sys.stderr, colour)
        self.changed: list[Result] = []

    def add(self, result: Result) -> None:
        if result.status in (Status.ERROR, Status.REFUSED):
            self.errors.line(problem(result, self.errors))
        elif result.changed:
            self.changed.append(result)

    def finish(self, _summary: Summary) -> None:
        if not self.changed:
            self.screen.line("nothing to change, so no branch")
            return
        root = root_of(self.changed[0].path)
        made = prepare(
            topics(self.changed, self.by, root),
            self.prefix,
            root,
            lambda commit: f"{subject(commit)}\n\n{body(commit, self.verified)}",
        )
        for branch in made:
            fates = [pair for commit in branch.topic.commits for pair in commit.fates]
            saves = sum(saves.expected for result, fate in fates if (saves := result.saves(fate)))
            words = [count(len(branch.topic.commits), "commit"), count(len(fates), "fix")]
            words += [f"saves {human(saves)}"] if saves >= WORTH_SAYING else []
            about = ", ".join(words if branch.new else [*words, "as it was"])
            self.screen.line(f"{self.screen.paint(branch.name, 'bold')}  {branch.tip[:12]}  {about}")
