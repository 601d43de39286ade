"""Verifications as Markdown, for the text of a pull request."""

import re
from typing import NamedTuple

from dockopt.build.verify import Verdict, Verification
from dockopt.report.screen import Screen
from dockopt.report.sizes import human, percent
from dockopt.report.wording import count

GROUPS_SHOWN = 10
MARKS = {Verdict.VERIFIED: "✅", Verdict.UNCHANGED: "✅", Verdict.BROKEN: "❌", Verdict.NOT_JUDGED: "⚠️"}


class VerifyMarkdown(NamedTuple):
    """Writes each verification as it comes."""

    screen: Screen

    def add(self, found: Verification) -> None:
        for line in lines(found):
            self.screen.line(line)

    def finish(self) -> None:
        """Nothing is left to say."""


def lines(found: Verification) -> list[str]:
    """One file as a section."""
    done = [f"### {MARKS[found.verdict]} `{found.result.path}`: {found.verdict.value}", ""]
    done += [f"- {line}" for line in found.objections] + ([""] if found.log else [])
    if found.culprit:
        fate = found.culprit
        where = f"line {found.result.start(fate).line}"
        done += [f"- the culprit is fix {fate.number}, `{fate.transform.label}` ({fate.fix.title}), {where}"]
    done += fenced(found.log) if found.log else []
    if found.before and found.after and found.verdict is Verdict.VERIFIED:
        done += [*_table(found), *_vanished(found), *_answers(found)]
    return [*done, ""]


def fenced(text: str) -> list[str]:
    """A block of text, in a fence that is longer than any within."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return [fence, text, fence]


def cell(text: str) -> str:
    """A text that ends no cell of a table."""
    return text.replace("|", "\\|")


def _table(found: Verification) -> list[str]:
    assert found.before
    assert found.after
    old, new, guess = found.before.image.size, found.after.image.size, found.result.sizes
    rows = [("before", old, guess and guess.before.size), ("after", new, guess and guess.after.size)]
    done = ["| | measured | estimated |", "|---|---:|---:|"]
    done += [f"| {name} | {human(size)} | {human(range_.expected) if range_ else ''} |" for name, size, range_ in rows]
    for fate in found.result.applied if found.saves else ():
        saves = found.result.saves(fate)
        measured = human(found.saves[fate.number]) if fate.number in found.saves else "not built"
        estimated = human(saves.expected) if saves else ""
        done.append(f"| fix {fate.number}, `{fate.transform.label}`, saves | {measured} | {estimated} |")
    saved = guess.saves.expected if guess else None
    less = percent(old, new)
    total = f"**saves{f', {less}' if less else ''}**"
    return [*done, f"| {total} | **{human(old - new)}** | {human(saved) if saved is not None else ''} |"]


def _vanished(found: Verification) -> list[str]:
    groups = [group for group in found.vanished if group.size][:GROUPS_SHOWN]
    if not groups:
        return []
    rows = [f"| {cell(group.name)} | {group.files} | {human(group.size)} |" for group in groups]
    return ["", "| left the image | files | size |", "|---|---:|---:|", *rows]


def _answers(found: Verification) -> list[str]:
    assert found.after
    answers = found.after.answers
    if not answers:
        return ["", found.unasked]
    asked = "; ".join(f"{answer.question}: {answer.value}" for answer in answers)
    return [
        "",
        *([found.unasked, ""] if found.unasked else []),
        f"{count(len(answers), 'answer')} as the original gives them: {asked}",
    ]
