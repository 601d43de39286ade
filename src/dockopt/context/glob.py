r"""Paths and patterns as Go reads them: `filepath.Clean` and `filepath.Match`, which COPY and `.dockerignore` build on.

Patterns become regular expressions here; what they are matched against is the caller's business.
"""

import posixpath

WILDCARDS = frozenset("*?[")


def clean(path: str) -> str:
    """The shortest equal path: no `.`, no inner `..`, no doubled or trailing slash; "." for nothing."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def inside(path: str) -> str:
    """A path as seen from the root of the context: cleaned, `..` stopping at the root, "" for the root itself."""
    return clean("/" + path)[1:]


def has_wildcard(pattern: str) -> bool:
    """Whether the pattern can match more than one name; a backslash takes the meaning away."""
    if WILDCARDS.isdisjoint(pattern):
        return False
    escaped = False
    for character in pattern:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in WILDCARDS:
            return True
    return False


def to_regex(pattern: str) -> str | None:
    """The regular expression (for `fullmatch`) of a Go path pattern; None where Go calls the pattern malformed."""
    from re import escape  # noqa: PLC0415 - most runs never ask for a pattern

    parts: list[str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        if character == "*":
            parts.append("[^/]*")
        elif character == "?":
            parts.append("[^/]")
        elif character == "[":
            found = _class(pattern, position)
            if found is None:
                return None
            body, position = found
            parts.append(body)
        elif character == "\\":
            if position == len(pattern):
                return None
            parts.append(escape(pattern[position]))
            position += 1
        else:
            parts.append(escape(character))
    return "".join(parts)


def _class(pattern: str, position: int) -> tuple[str, int] | None:
    """The class that starts after a `[`, and where the pattern goes on."""
    from re import escape  # noqa: PLC0415

    negated = pattern.startswith("^", position)
    position += negated
    ranges: list[str] = []
    while not (ranges and pattern.startswith("]", position)):
        low = _class_character(pattern, position)
        if low is None:
            return None
        high = _class_character(pattern, low[1] + 1) if pattern.startswith("-", low[1]) else low
        if high is None:
            return None
        position = high[1]
        ranges.append(f"{escape(low[0])}-{escape(high[0])}" if low[0] <= high[0] else "")
    body = "".join(ranges)
    if not body:
        return ("[\\s\\S]" if negated else "(?!)"), position + 1
    return f"[{'^' if negated else ''}{body}]", position + 1


def _class_character(pattern: str, position: int) -> tuple[str, int] | None:
    """One end of a range and the position after it."""
    if position >= len(pattern) or pattern[position] in "-]":
        return None
    if pattern[position] == "\\":
        position += 1
        if position >= len(pattern):
            return None
    return (pattern[position], position + 1) if position + 1 < len(pattern) else None
