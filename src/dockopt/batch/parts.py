"""A rewrite in parts that reviewers can take one by one: whole fixes with all the lines that they touch.

Fixes that touch the same lines, or that one fix joins, are one part. Nothing is rendered here.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dockopt.config import Rejection, Settings
from dockopt.context.tree import Context
from dockopt.engine.ledger import Fate
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.text.diff import blocks, split_lines

Lines = tuple[int, int]
"""Half-open, in lines of the file as it was, from 0."""


class Part(NamedTuple):
    """Lines [start, end) of the file as it was, counted from 0, become `text`; `numbers` are those of its fixes.

    `alone` says that the file with this part and nothing else is one that dockopt itself makes: it may be suggested.
    """

    start: int
    end: int
    text: str
    numbers: tuple[int, ...]
    alone: bool = False


def grouped(outcome: Outcome) -> tuple[Part, ...]:
    """The parts of a rewrite, from the first line to the last; taken together they are all of it."""
    old, new = split_lines(outcome.before), split_lines(outcome.after)
    found = list(blocks(old, new))
    groups = _joined([block for one in found for block in _single_lines(*one)], _touches(outcome.applied, len(old)))
    return tuple(
        Part(*before, "".join(new[after[0] : after[1]]), tuple(sorted(numbers))) for before, after, numbers in groups
    )


def standing(outcome: Outcome, settings: Settings, context: Context | None) -> tuple[Part, ...]:
    """The parts, each tried by itself: made again with all other fixes rejected, the text has to be the same."""
    parts = grouped(outcome)
    if len(parts) == 1 and not outcome.others:
        return (parts[0]._replace(alone=True),)
    return tuple(part._replace(alone=_stands(part, outcome, settings, context)) for part in parts)


def with_part(text: str, part: Part) -> str:
    """A text in which one part is taken."""
    lines = split_lines(text)
    return "".join([*lines[: part.start], part.text, *lines[part.end :]])


def _stands(part: Part, outcome: Outcome, settings: Settings, context: Context | None) -> bool:
    own = [fate for fate in outcome.applied if fate.number in part.numbers]
    if not own or any(fate.fix.others for fate in own):
        return False  # what changes another file, too, is no change of lines
    keys = {_key(fate) for fate in own}
    rest = [fate for fate in outcome.applied if fate.number not in part.numbers]
    if any(_key(fate) in keys for fate in rest):
        return False
    rejections = tuple(Rejection(*_key(fate), "another part") for fate in rest)
    tried = settings._replace(rejections=(*settings.rejections, *rejections), max_fixes=None)
    transforms = {fate.transform.name: fate.transform for fate in outcome.applied if fate in own}
    ordered = sorted(transforms.values(), key=lambda one: (one.phase, one.name))
    made = optimize(outcome.before, tried, context, ordered)
    return made.after == with_part(outcome.before, part) and not made.others


def _key(fate: Fate) -> tuple[str, str, int]:
    return fate.transform.name, fate.fix.title, fate.start


def _touches(applied: Iterable[Fate], length: int) -> list[tuple[int, list[Lines]]]:
    """Each fix's number with the lines of the first text that it touches, followed through all fixes before it."""
    origins: list[Lines] = [(at, at + 1) for at in range(length)]
    touches = []
    for fate in applied:
        if fate.before == fate.after:
            continue
        changed: list[Lines] = []
        present: list[Lines] = []
        at = 0
        for a, b, c, d in blocks(split_lines(fate.before), split_lines(fate.after)):
            lines = _hull(origins, a, b, length)
            changed.append(lines)
            present += [*origins[at:a], *([lines] * (d - c))]
            at = b
        origins = [*present, *origins[at:]]
        touches.append((fate.number, changed))
    return touches


def _hull(origins: Sequence[Lines], a: int, b: int, length: int) -> Lines:
    if a < b:
        return min(start for start, _ in origins[a:b]), max(end for _, end in origins[a:b])
    point = origins[a][0] if a < len(origins) else length
    return point, point


Group = tuple[Lines, Lines, frozenset[int]]


def _single_lines(a: int, b: int, c: int, d: int) -> list[Group]:
    """A block of which each line became one other, line by line: neighbours need not belong together."""
    if b - a != d - c:
        return [((a, b), (c, d), frozenset())]
    return [((a + at, a + at + 1), (c + at, c + at + 1), frozenset()) for at in range(b - a)]


def _joined(groups: list[Group], touches: list[tuple[int, list[Lines]]]) -> list[Group]:
    """Blocks joined by the fixes that touch them; a fix that left no trace joins what lies around it."""
    for number, changed in touches:
        met = [at for at, group in enumerate(groups) if any(_meet(group[0], lines) for lines in changed)]
        if not met or not all(any(_meet(group[0], lines) for group in groups) for lines in changed):
            met = list(range(len(groups)))
        if met:
            first, last = met[0], met[-1]
            numbers = frozenset({number}).union(*(group[2] for group in groups[first : last + 1]))
            before = groups[first][0][0], groups[last][0][1]
            after = groups[first][1][0], groups[last][1][1]
            groups = [*groups[:first], (before, after, numbers), *groups[last + 1 :]]
    return groups


def _meet(block: Lines, lines: Lines) -> bool:
    """Whether they share a line, or one is a place between lines at the other's edge."""
    if block[0] == block[1] or lines[0] == lines[1]:
        return block[0] <= lines[1] and lines[0] <= block[1]
    return block[0] < lines[1] and lines[0] < block[1]
