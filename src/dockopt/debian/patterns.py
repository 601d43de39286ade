"""Patterns that apt takes for package names: shell patterns, and of regular expressions those that say as much.

An expression is turned into shell patterns, which match in time that hardly grows with their length. Counts and
repeated letters or groups have no such pattern: what matches them is not known.
"""

from itertools import pairwise

SHELL = frozenset("*?[")
EXPRESSION = frozenset("?*|[^$")
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-:~_")
REPEATED = ("*", "+", "?", "{")
MOST = 16
"""Alternatives, and wildcards in one: nobody who means packages writes more."""
LONGEST = 200


def is_shell_pattern(text: str) -> bool:
    return bool(SHELL.intersection(text)) and _is_short(text)


def beginning(pattern: str) -> str:
    """What all names begin with that match a shell pattern."""
    return pattern[: min((place for one in SHELL if (place := pattern.find(one)) >= 0), default=len(pattern))]


def shell_patterns(expression: str) -> tuple[str, ...]:
    """Shell patterns that match the names in which a regular expression is found; none where there are none."""
    if not EXPRESSION.intersection(expression) or not _is_short(expression):
        return ()
    found = [_translated(one) for one in _alternatives(expression.lower())]
    return tuple(found) if all(found) else ()


def _alternatives(expression: str) -> list[str]:
    """The alternatives of an expression, with each group taken apart: of `a(b|c)` they are `ab` and `ac`."""
    start = expression.find("(")
    end = expression.find(")", start)
    if start < 0 or end < 0:
        return expression.split("|")
    before, inside, after = expression[:start], expression[start + 1 : end], expression[end + 1 :]
    if "(" in inside or after[:1] in REPEATED or "|" in before + after:
        return [""]
    found = [one for part in inside.split("|") for one in _alternatives(f"{before}{part}{after}")]
    return found if len(found) <= MOST else [""]


def _is_short(text: str) -> bool:
    return len(text) <= LONGEST and sum(map(text.count, "*|?")) <= MOST


def _translated(expression: str) -> str:
    """One alternative as a shell pattern, "" where there is none."""
    begins, ends = expression.startswith("^"), expression.endswith("$")
    parts = _parts(expression[begins : len(expression) - ends])
    if not parts or "" in parts:
        return ""
    whole = [*(() if begins else "*"), *parts, *(() if ends else "*")]
    return "".join(part for before, part in pairwise(["", *whole]) if (before, part) != ("*", "*"))


def _parts(expression: str) -> list[str]:
    """The pattern for each character or class, with "" for what has none."""
    parts: list[str] = []
    place = 0
    while place < len(expression):
        end = place + 1
        if expression[place] == "[":
            end = expression.find("]", place + 2) + 1
            parts.append(_class(expression[place:end]))
            if not end:
                break
        elif expression[place] == ".":
            following = expression[place + 1 : place + 2]
            parts += {"*": ["*"], "+": ["?", "*"]}.get(following, ["?"])
            end += following in ("*", "+") and bool(following)
        else:
            parts.append(expression[place] if expression[place] in PLAIN else "")
        place = end
    return parts


def _class(text: str) -> str:
    inside = text[1:-1].removeprefix("^")
    if not inside or any(one not in PLAIN and one not in ".+" for one in inside):
        return ""
    return f"[{'!' if text[1] == '^' else ''}{inside}]"
