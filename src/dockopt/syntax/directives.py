"""Parser directives: `# syntax=`, `# escape=` and `# check=` in the first lines of a file."""

import re

from dockopt.syntax.lines import SPACES

NAMES = frozenset({"syntax", "escape", "check"})

_DIRECTIVE = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*\Z")


def read_directive(line: str) -> tuple[str, str] | None:
    """Name (lower case) and value, where the line (without leading space and newline) is a known directive."""
    if not line.startswith("#"):
        return None
    match = _DIRECTIVE.match(line[1:].lstrip(SPACES))
    if match is None or match[1].lower() not in NAMES:
        return None
    return match[1].lower(), match[2]
