"""Relations between packages: Debian's notation (`a (>= 1) | b`) and the short one of the index (`a>=1|b`).

A relation is a list of groups; a group is a list of alternatives, each a name that may have a version to compare with.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_WRITTEN = re.compile(r"([^\s(:\[<]+)(?::([a-z0-9-]+))?\s*(?:\(\s*([<>=]+)\s*([^)\s]+)\s*\))?")
_SHORT = re.compile(r"([^<>=]+)(?:([<>]=?|=)(.*))?")
OPERATORS = {"<<": "<", ">>": ">", "<": "<=", ">": ">="}
"""Old notations: a single `<` has always meant "or equal"."""
ANY = ":any"
"""Ends the name where a package of any architecture will do; apt then takes the name for a virtual one."""
NATIVE = frozenset({"", "any", "native", "all", "amd64"})


class Alternative(NamedTuple):
    """One way to satisfy a group; `operator` is "" where any version will do."""

    name: str
    operator: str = ""
    version: str = ""

    def __str__(self) -> str:
        return f"{self.name}{self.operator}{self.version}"


Group = tuple[Alternative, ...]


def parse_field(text: str) -> Iterator[Group]:
    """The groups of a field such as Depends; alternatives of foreign architectures are left out."""
    for group in text.split(","):
        found = tuple(one for part in group.split("|") if (one := _parse_written(part.strip())))
        if found:
            yield found


@cache
def _parse_written(text: str) -> Alternative | None:
    match = _WRITTEN.match(text)
    if match is None or (match[2] or "") not in NATIVE:
        return None
    operator = match[3] or ""
    name = f"{match[1]}{ANY}" if match[2] == "any" else match[1]
    return Alternative(name, OPERATORS.get(operator, operator), match[4] or "")


def parse_group(text: str) -> Group:
    """A group in the short notation of the index."""
    return tuple(_parse_short(part) for part in text.split("|"))


def _parse_short(text: str) -> Alternative:
    match = _SHORT.fullmatch(text)
    assert match is not None, text
    return Alternative(match[1], match[2] or "", match[3] or "")


def short(group: Group) -> str:
    return "|".join(str(alternative) for alternative in group)
