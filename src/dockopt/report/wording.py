"""Phrases and line breaks that reports share."""

from dockopt.batch.results import Result, Status
from dockopt.report.screen import Screen, Style
from dockopt.report.sizes import human


def problem(result: Result, screen: Screen | Style) -> str:
    """A file that was refused or could not be read or written, in one line."""
    place = f"{result.path}:{result.line}" if result.line else result.path
    kind = screen.paint(result.status.value, "red" if result.status is Status.ERROR else "yellow")
    return f"{screen.paint(place, 'bold')}: {kind}: {result.reason}"


def saved(size: int) -> str:
    return f"saves {human(size)}" if size >= 0 else f"adds {human(-size)}"


def count(number: int, noun: str) -> str:
    plural = noun + ("es" if noun.endswith("x") else "s")
    return f"{number} {noun if number == 1 else plural}"


def wrap(text: str, width: int, indent: str) -> str:
    """The text in lines of at most `width`, all but the first behind an indent."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return f"\n{indent}".join(lines)


def shortened(text: str, width: int) -> str:
    """The text in one line of at most `width`."""
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."
