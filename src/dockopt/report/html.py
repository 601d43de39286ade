"""Results as one page that needs nothing else: a table to sort, diffs with the evidence beside them, layers as bars."""

import os
from collections.abc import Iterator
from html import escape

from dockopt import __version__
from dockopt.batch.parts import Part, grouped
from dockopt.batch.results import ImageSize, Result, Status
from dockopt.batch.totals import Row, Totals
from dockopt.engine.ledger import Fate, FateKind
from dockopt.report.costs import costs
from dockopt.report.plain import about, plain, reasons
from dockopt.report.screen import Screen
from dockopt.report.sizes import WORTH_SAYING, human, percent
from dockopt.report.summary import Summary
from dockopt.report.wording import count, problem, saved
from dockopt.text.diff import blocks, split_lines, unified_diff

PLACE = "<!-- body -->"
CONTEXT = 3
HEADINGS = (("file", ""), ("status", ""), ("fixes", "number"), ("before", "number"), ("after", "number"))
SORTED = '<th class="number" aria-sort="descending"><button>saves</button></th>'


class HtmlReport:
    """Collects rows and sections, and writes the page at the end."""

    def __init__(self, screen: Screen, errors: Screen) -> None:
        self.screen = screen
        self.errors = errors
        self.rows: list[tuple[int, str]] = []
        self.sections: list[str] = []

    def add(self, result: Result) -> None:
        if result.status is Status.ERROR:
            self.errors.line(problem(result, self.errors))
        number = len(self.rows) + 1
        more = bool(result.fates)
        saves = result.sizes.saves.expected if result.sizes and result.changed else 0
        self.rows.append((-saves, _row(result, f"f{number}" if more else "")))
        if more:
            self.sections.append("".join(_section(result, f"f{number}")))

    def finish(self, summary: Summary) -> None:
        place = os.path.join(os.path.dirname(__file__), "page.html")  # noqa: PTH118, PTH120 - pathlib costs 10 ms
        with open(place, encoding="utf-8") as file:  # noqa: PTH123
            before, _, after = file.read().partition(PLACE)
        rows = "".join(row for _, row in sorted(self.rows, key=lambda row: row[0]))
        tables = _tables(summary.totals) if summary.changed > 1 else ()
        body = [_head(summary), _table(rows), *tables, *self.sections]
        self.screen.write("".join([before, *body, f'<p class="dim">dockopt {__version__}</p>', after]))


def shown(text: str) -> str:
    """Text that stays text in the page."""
    return escape(plain(text))


def _head(summary: Summary) -> str:
    words = [f"{summary.changed} of {count(summary.files, 'Dockerfile')} with fixes"]
    words += [count(summary.totals.fixes, "fix")] if summary.totals.fixes else []
    words += [f"{summary.refused} refused"] if summary.refused else []
    words += [count(summary.errors, "error")] if summary.errors else []
    words += [f"{saved(summary.saves.expected)} in all"] if summary.saves.expected else []
    return f"<h1>dockopt report</h1>\n<p>{', '.join(words)}</p>\n"


def _table(rows: str) -> str:
    heads = "".join(f'<th class="{kind}"><button>{name}</button></th>' for name, kind in HEADINGS)
    return f"<table>\n<thead><tr>{heads}{SORTED}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def _tables(totals: Totals) -> Iterator[str]:
    """What the whole run comes to, by transform and, where there are any, by service."""
    found = (("transform", totals.transforms), ("service", totals.services))
    shown_ones = [_sums(name, rows) for name, rows in found if rows]
    yield f'<div class="sums">\n{"".join(shown_ones)}</div>\n'


def _sums(name: str, rows: list[Row]) -> str:
    heads = "".join(
        f'<th class="{kind}"><button>{text}</button></th>'
        for text, kind in ((name, ""), ("files", "number"), ("fixes", "number"))
    )
    lines = "".join(
        f'<tr><td>{shown(row.name)}</td><td class="number">{row.files}</td><td class="number">{row.fixes}</td>'
        f'<td class="number" data-value="{row.saves.expected}">{human(row.saves.expected)}</td></tr>\n'
        for row in rows
    )
    return f"<table>\n<thead><tr>{heads}{SORTED}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n"


def _row(result: Result, anchor: str) -> str:
    name = shown(result.path)
    link = f'<a href="#{anchor}">{name}</a>' if anchor else name
    why = f' <span class="dim">{shown(result.reason)}</span>' if result.reason else ""
    sizes = result.sizes
    figures = (sizes.before.size.expected, sizes.after.size.expected, sizes.saves.expected) if sizes else (None,) * 3
    cells = "".join(
        f'<td class="number" data-value="{size or 0}">{"" if size is None else human(size)}</td>' for size in figures
    )
    return (
        f'<tr><td class="path" data-value="{name}">{link}</td><td>{result.status.value}{why}</td>'
        f'<td class="number">{len(result.applied)}</td>{cells}</tr>\n'
    )


def _section(result: Result, anchor: str) -> Iterator[str]:
    assert result.outcome is not None
    sizes = result.sizes
    title = [count(len(result.applied), "fix")]
    title += [percent(sizes.before.size.expected, sizes.after.size.expected)] if sizes else []
    yield f'<details id="{anchor}"><summary>{shown(result.path)}'
    yield f' <span class="dim">{", ".join(filter(None, title))}</span></summary><div>\n'
    if sizes and result.changed:
        largest = max((layer.size.expected for one in (sizes.before, sizes.after) for layer in one.layers), default=0)
        yield from _bars("before", sizes.before, largest)
        yield from _bars("after", sizes.after, largest)
        yield from (f"<p>{shown(line)}</p>\n" for line in costs(sizes))
    lines, shift = split_lines(result.outcome.before), 0
    for part in grouped(result.outcome):
        yield '<div class="hunk"><pre>'
        yield from _hunk(part, lines, shift)
        yield "</pre><div>"
        yield from (_fix(result, fate) for fate in result.applied if fate.number in part.numbers)
        yield "</div></div>\n"
        shift += len(split_lines(part.text)) - (part.end - part.start)
    yield from _other_files(result)
    others = [fate for fate in result.fates if fate.kind is not FateKind.APPLIED]
    yield "<h2>Not applied</h2>\n" if others else ""
    yield from (_fix(result, fate) for fate in others)
    yield "</div></details>\n"


def _other_files(result: Result) -> Iterator[str]:
    """Files that change with this one, each fix's beside its evidence."""
    for fate in result.applied:
        for other in fate.fix.others:
            yield '<div class="hunk"><pre>'
            for line in unified_diff(other.before, other.after, other.path).splitlines():
                kind = ' class="head"' if line.startswith(("--- ", "+++ ", "@@ ")) else KINDS.get(line[:1], "")
                yield f"<span{kind}>{shown(line)}</span>"
            yield f"</pre><div>{_fix(result, fate)}</div></div>\n"


def _bars(name: str, image: ImageSize, largest: int) -> Iterator[str]:
    yield f'<h2>{name} <span class="dim">{human(image.size.expected)}</span></h2>\n<div class="{name}">\n'
    for layer in image.layers:
        size = layer.size.expected
        if size < WORTH_SAYING:
            continue
        text = shown(" ".join(layer.instruction.split()))
        yield f'<div class="bar" title="{text}"><span class="number">{layer.line}</span>'
        yield f'<i style="width: {size / largest * 100:.1f}%"></i><span class="number">{human(size)}</span>'
        yield f'<span class="text">{text}</span></div>\n'
    yield "</div>\n"


def _hunk(part: Part, lines: list[str], shift: int) -> Iterator[str]:
    """The lines of one part, with some around it."""
    first, last = max(0, part.start - CONTEXT), min(len(lines), part.end + CONTEXT)
    old, new = lines[part.start : part.end], split_lines(part.text)
    length = last - first - len(old) + len(new)
    yield f'<span class="head">@@ -{first + 1},{last - first} +{first + 1 + shift},{length} @@</span>'
    yield from _marked(" ", lines[first : part.start])
    at = 0
    for a, b, c, d in blocks(old, new):
        yield from _marked(" ", old[at:a])
        yield from _marked("-", old[a:b])
        yield from _marked("+", new[c:d])
        at = b
    yield from _marked(" ", old[at:])
    yield from _marked(" ", lines[part.end : last])


KINDS = {"+": ' class="add"', "-": ' class="del"', " ": ""}


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield f"<span{KINDS[mark]}>{mark}{shown(line.rstrip(chr(10) + chr(13)))}</span>"


def _fix(result: Result, fate: Fate) -> str:
    badges = [fate.transform.label, f"line {result.start(fate).line}", about(result, fate)]
    badges = [f'<span class="badge">{shown(badge)}</span>' for badge in badges]
    claims = "".join(f"<li>{shown(reason)}</li>" for reason in reasons(fate))
    number = f"{fate.number}. " if fate.number else ""
    return (
        f'<div class="evidence"><strong>{number}{shown(fate.fix.title)}</strong><br>{"".join(badges)}'
        f"<ul>{claims}</ul></div>\n"
    )
