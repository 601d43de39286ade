"""Verifications for people: the verdict, measured beside estimated, what left the image, what was asked."""

from typing import NamedTuple

from dockopt.build.layer_table import layer_rows
from dockopt.build.verify import Measured, Verdict, Verification
from dockopt.report.screen import Screen
from dockopt.report.sizes import human, percent
from dockopt.report.wording import count, shortened, wrap

STYLES = {Verdict.VERIFIED: "green", Verdict.UNCHANGED: "green", Verdict.BROKEN: "red", Verdict.NOT_JUDGED: "yellow"}
GROUPS_SHOWN = 12
WORTH_SAYING = 10_000
"""Bytes: smaller layers and groups are not listed."""
INDENT = "  "


class VerifyText(NamedTuple):
    """Writes each verification as it comes; `errors` takes what could not be judged."""

    screen: Screen
    errors: Screen
    target: str = ""

    def add(self, found: Verification) -> None:
        self._line(self._heading(found))
        for line in found.objections:
            self._line(f"{INDENT}{wrap(line, self.screen.width - 2, INDENT)}")
        for line in found.log.splitlines():
            self._line(f"{INDENT}{self.screen.paint('| ' + line, 'dim')}")
        if found.culprit:
            self._culprit(found)
        if found.before and found.after and found.verdict is not Verdict.BROKEN:
            self._sizes(found)
            self._layers(found)
            self._vanished(found)
            self._answers(found.after, found.unasked)
        self._line()

    def finish(self) -> None:
        """Nothing is left to say."""

    def _line(self, text: str = "") -> None:
        self.screen.line(text)

    def _heading(self, found: Verification) -> str:
        verdict = self.screen.paint(found.verdict.value, STYLES[found.verdict], "bold")
        fixes = count(len(found.result.applied), "fix")
        what = {
            Verdict.VERIFIED: f", {fixes}: the image builds and behaves as the original",
            Verdict.UNCHANGED: ": dockopt has nothing to change",
            Verdict.BROKEN: f", {fixes}",
            Verdict.NOT_JUDGED: "",
        }[found.verdict]
        return f"{self.screen.paint(found.result.path, 'bold')}: {verdict}{what}"

    def _culprit(self, found: Verification) -> None:
        fate = found.culprit
        assert fate
        place = f"{found.result.path}:{found.result.start(fate).line}"
        self._line(f"{INDENT}the culprit is fix {fate.number}, {fate.transform.label} ({fate.fix.title}), at {place}")
        self._line(f"{INDENT}`dockopt fix --verify` leaves it out and keeps the rest; please report it")

    def _sizes(self, found: Verification) -> None:
        assert found.before
        assert found.after
        old, new, guess = found.before.image.size, found.after.image.size, found.result.sizes
        rows = [("before", old, guess and guess.before.size.expected)]
        if found.verdict is Verdict.VERIFIED:
            rows += [("after", new, guess and guess.after.size.expected)]
            rows += [("saves", old - new, guess and guess.saves.expected)]
        self._line()
        self._line(f"{INDENT}{'':10}{'measured':>10}{'estimated':>12}")
        for name, size, expected in rows:
            less = f"   {percent(old, new)}" if name == "after" else ""
            self._line(f"{INDENT}{name:10}{human(size):>10}{human(expected) if expected is not None else '':>12}{less}")
        for fate in found.result.applied if found.saves else ():
            saves = found.result.saves(fate)
            known = human(found.saves[fate.number]) if fate.number in found.saves else "not built"
            line = f"{INDENT}{f'fix {fate.number}':10}{known:>10}{human(saves.expected) if saves else '':>12}"
            self._line(f"{line}   {fate.transform.label}")
        if found.noise is not None:
            self._line(f"{INDENT}two builds of the original differ by {human(found.noise)}")

    def _layers(self, found: Verification) -> None:
        assert found.result.outcome
        assert found.after
        sizes = found.result.sizes.after if found.result.sizes else None
        rows = layer_rows(found.after.image, found.result.outcome.after, self.target, sizes)
        shown = [
            row for row in rows if max(row.measured, row.estimated.expected if row.estimated else 0) >= WORTH_SAYING
        ]
        if not shown:
            return
        self._line()
        self._line(f"{INDENT}{'line':10}{'measured':>10}{'estimated':>12}")
        for row in shown:
            guess = human(row.estimated.expected) if row.estimated else ""
            text = shortened(row.instruction, self.screen.width - 40)
            self._line(f"{INDENT}{row.line:<10}{human(row.measured):>10}{guess:>12}   {text}")

    def _vanished(self, found: Verification) -> None:
        shown = [group for group in found.vanished if group.size >= WORTH_SAYING]
        if not shown:
            return
        self._line()
        self._line(f"{INDENT}left the image")
        for group in shown[:GROUPS_SHOWN]:
            self._line(f"{INDENT}{'':10}{human(group.size):>10}   {group.name}, {count(group.files, 'file')}")
        rest = shown[GROUPS_SHOWN:]
        if rest:
            size = sum(group.size for group in rest)
            self._line(f"{INDENT}{'':10}{human(size):>10}   {count(len(rest), 'more group')}")

    def _answers(self, done: Measured, unasked: str) -> None:
        self._line()
        if unasked:
            self._line(f"{INDENT}{unasked}")
        if not done.answers:
            return
        self._line(f"{INDENT}answers as the original")
        for answer in done.answers:
            question = shortened(answer.question, self.screen.width - 24)
            self._line(f"{INDENT}{'':4}{question}: {answer.value}")
