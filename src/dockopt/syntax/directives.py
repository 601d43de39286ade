"""Parser directives: `# syntax=`, `# escape=` and `# check=` in the first lines of a file."""

import re

from dockopt.syntax.lines import SPACES

NAMES = frozenset({"syntax", "escape", "check"})

_BLANKS = "\t\f\r "
_DIRECTIVE = re.compile(rf"([a-zA-Z][a-zA-Z0-9]*)[{_BLANKS}]*=[{_BLANKS}]*(.*)")


def read_directive(line: str) -> tuple[str, str] | None:
    """Name (lower case) and value, where the line (without leading space and newline) is a known directive.

    The value of one with nothing but white space after `=` is the last of it.
    """
    if not line.startswith("#"):
        return None
    text = line[1:].lstrip(SPACES)
    kept = text.rstrip(_BLANKS)
    match = _DIRECTIVE.fullmatch(kept)
    if match is None or match[1].lower() not in NAMES:
        return None
    value = match[2] or text[len(kept) :][-1:]
    return (match[1].lower(), value) if value else None
