"""Markdown on a terminal: headings, code and diffs in colour; elsewhere as it is."""

from collections.abc import Iterable, Iterator

from dockopt.report.diff import STYLES
from dockopt.report.screen import Screen


def painted(lines: Iterable[str], screen: Screen) -> Iterator[str]:
    """The lines, with what Markdown marks shown as colour where the screen has any."""
    if not screen.colour:
        yield from lines
        return
    fence = ""
    for line in lines:
        if line.startswith("```"):
            fence = "" if fence else line[3:] or "text"
        elif fence == "diff":
            yield "    " + screen.paint(line, *STYLES.get(line[:1], ()))
        elif fence:
            yield "    " + screen.paint(line, "dim")
        elif line.startswith("#"):
            yield screen.paint(line.lstrip("# "), "bold")
        else:
            yield _inline(line, screen)


def _inline(line: str, screen: Screen) -> str:
    parts = line.split("`")
    if len(parts) % 2 == 0:
        return line
    return "".join(screen.paint(part, "cyan") if at % 2 else part for at, part in enumerate(parts))
