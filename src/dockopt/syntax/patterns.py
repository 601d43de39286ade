"""Shell wildcards of `${name#pattern}` and its relatives: `*` and `?` only, as BuildKit reads them."""

import re


class PatternError(Exception):
    """A pattern, or a replacement, that BuildKit refuses or that cannot be followed."""


def trim_prefix(pattern: str, value: str, *, longest: bool) -> str:
    match = _compile(pattern, longest=longest).match(value)
    return value[match.end() :] if match else value


def trim_suffix(pattern: str, value: str, *, longest: bool) -> str:
    """As `trim_prefix` from the other end: the text and the pattern are reversed, as BuildKit does it."""
    return trim_prefix(_reversed(pattern), value[::-1], longest=longest)[::-1]


def replace(pattern: str, replacement: str, value: str, *, every: bool) -> str:
    expression = _compile(pattern, longest=True)
    if not every:
        match = expression.search(value)
        return value if match is None else value[: match.start()] + replacement + value[match.end() :]
    if "$" in replacement:
        raise PatternError("a $ in the replacement of all matches is not supported")
    parts: list[str] = []
    end = 0
    for match in expression.finditer(value):
        if match.start() == match.end() == end and end > 0:
            continue
        parts += (value[end : match.start()], replacement)
        end = match.end()
    return "".join([*parts, value[end:]])


def _compile(pattern: str, *, longest: bool) -> re.Pattern[str]:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            parts.append(".*" if longest else ".*?")
        elif character == "?":
            parts.append(".")
        elif character != "\\":
            parts.append(re.escape(character))
        elif pattern[at : at + 1] not in ("}", "/"):
            if pattern[at : at + 1] not in ("*", "?", "\\"):
                raise PatternError(f"invalid pattern ({pattern}) in substitution: invalid escape")
            parts.append(re.escape(pattern[at]))
            at += 1
    return re.compile("".join(parts))


def _reversed(pattern: str) -> str:
    pieces = re.findall(r"\\.|.", pattern, re.DOTALL)
    return "".join(reversed(pieces))
