"""Results as one Markdown comment: what, why, how much, at which level, and what was verified.

Its first line is a mark, by which whoever posts it finds the comment of the run before and replaces that.
"""

from html import escape

from dockopt.batch.results import Result, Status
from dockopt.batch.verified import Verified
from dockopt.engine.ledger import Fate, FateKind
from dockopt.fixes import Level
from dockopt.knowledge.ranges import NOTHING
from dockopt.report.commits import verdict
from dockopt.report.costs import costs
from dockopt.report.plain import about, plain, reasons
from dockopt.report.screen import Screen
from dockopt.report.sizes import WORTH_SAYING, human, percent
from dockopt.report.summary import Summary
from dockopt.report.verify_markdown import cell, fenced
from dockopt.report.wording import count, saved

MARK = "<!-- dockopt -->"
LENGTH_AT_MOST = 60_000
"""Characters: GitHub takes comments of 65,536."""
ROWS = 50
SPECIAL = "\\`*_[]~|"


class CommentReport:
    """Collects what changed and writes the comment at the end."""

    def __init__(self, screen: Screen, verified: Verified, *, dry: bool) -> None:
        self.screen = screen
        self.verified = verified
        self.dry = dry
        self.changed: list[Result] = []
        self.others: list[Result] = []

    def add(self, result: Result) -> None:
        if result.changed:
            self.changed.append(result)
        elif result.status in (Status.ERROR, Status.REFUSED) or _withheld(result):
            self.others.append(result)

    def finish(self, summary: Summary) -> None:
        ranked = sorted(self.changed, key=lambda result: (-_saves(result), result.path))
        text = "\n".join([MARK, *_head(summary, dry=self.dry), *_table(ranked)]) + "\n"
        sections = [_section(result, self.verified) for result in ranked] + [_short(result) for result in self.others]
        left = 0
        for section in sections:
            if len(text) + len(section) > LENGTH_AT_MOST:
                left += 1
            else:
                text += section
        if left:
            text += f"\n{count(left, 'more file')} found no room here; `dockopt fix --diff` shows all.\n"
        self.screen.write(text)


def shown(text: str) -> str:
    """Text that stays text in Markdown, and calls nobody."""
    text = escape(" ".join(plain(text).split()), quote=False)
    for character in SPECIAL:
        text = text.replace(character, "\\" + character)
    return text.replace("@", "@\u200b")


def code(text: str) -> str:
    """A name as code, whatever is in it."""
    return f"<code>{escape(' '.join(plain(text).split()), quote=False).replace('|', '&#124;')}</code>"


def _head(summary: Summary, *, dry: bool) -> list[str]:
    if not summary.changed:
        return ["### dockopt: nothing to change", ""]
    verb = "could change" if dry else "changed"
    total = summary.saves.expected
    saves = f", {saved(total)}" if abs(total) >= WORTH_SAYING else ""
    fixes = count(summary.totals.fixes, "fix")
    return [f"### dockopt: {fixes} {verb} {count(summary.changed, 'Dockerfile')}{saves}", ""]


def _table(results: list[Result]) -> list[str]:
    if not results:
        return []
    rows = ["| Dockerfile | fixes | before | after | saves |", "|---|---:|---:|---:|---:|"]
    for result in results[:ROWS]:
        sizes = result.sizes
        figures = (
            [human(sizes.before.size.expected), human(sizes.after.size.expected), human(sizes.saves.expected)]
            if sizes
            else ["", "", ""]
        )
        rows.append(f"| {cell(code(result.path))} | {len(result.applied)} | {' | '.join(figures)} |")
    if results[ROWS:]:
        rows.append(f"| and {len(results) - ROWS} more | | | | |")
    return [*rows, ""]


def _section(result: Result, verified: Verified) -> str:
    sizes = result.sizes
    less = percent(sizes.before.size.expected, sizes.after.size.expected) if sizes else ""
    title = f"{code(result.path)}: {count(len(result.applied), 'fix')}{', ' + less if less else ''}"
    lines = ["<details>", f"<summary>{title}</summary>", ""]
    for fate in result.applied:
        lines += _fix(result, fate)
    lines += ["", *fenced_diff(result)]
    lines += [f"{line}.\n" for line in (costs(sizes) if sizes else [])]
    if found := verified.of(result):
        lines += [shown(verdict(result, found)), "", *(f"- {shown(one)}" for one in found.objections), ""]
    return "\n".join([*lines, *_others(result), "</details>", "", ""])


def fenced_diff(result: Result) -> list[str]:
    fence, text, end = fenced(plain(result.diff).rstrip("\n"))
    return [f"{fence}diff", text, end, ""]


def _fix(result: Result, fate: Fate) -> list[str]:
    where = f"line {result.start(fate).line}"
    head = f"{fate.number}. **{shown(fate.fix.title)}** (`{fate.transform.label}`, {where}; {about(result, fate)})"
    return [head, *(f"   - {shown(reason)}" for reason in reasons(fate))]


def _withheld(result: Result) -> list[Fate]:
    return [fate for fate in result.fates if fate.kind is FateKind.WITHHELD and fate.fix.level is not Level.ADVICE]


def _others(result: Result) -> list[str]:
    fates = _withheld(result)
    if not fates:
        return []
    return ["Not applied:", "", *(_other(result, fate) for fate in fates), ""]


def _other(result: Result, fate: Fate) -> str:
    where = f"line {result.start(fate).line}"
    return f"- {where}: {shown(fate.fix.title)} (`{fate.transform.label}`; {shown(about(result, fate))})"


def _short(result: Result) -> str:
    """A file that stays as it is, with the reason."""
    if result.status in (Status.ERROR, Status.REFUSED):
        return f"{code(result.path)}: {result.status.value}: {shown(result.reason)}\n\n"
    return "\n".join(
        ["<details>", f"<summary>{code(result.path)}</summary>", "", *_others(result), "</details>", "", ""]
    )


def _saves(result: Result) -> int:
    return (result.sizes.saves if result.sizes else NOTHING).expected
