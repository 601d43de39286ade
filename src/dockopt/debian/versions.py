"""Debian's version numbers: which of two is newer, as dpkg says (deb-version(7))."""

import re
from functools import cache
from typing import Any

Key = tuple[Any, ...]

_CHUNKS = re.compile(r"(\D*)(\d*)")
_PUNCTUATION = 256
"""Letters sort before everything else but the tilde, so other characters are moved behind them."""


@cache
def version_key(version: str) -> Key:
    """A value that sorts as dpkg sorts versions: epoch, upstream version, revision."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
    return (int(epoch) if epoch.isdigit() else 0, _part_key(upstream), _part_key(revision or "0"))


def _part_key(part: str) -> Key:
    key: list[Any] = []
    for letters, digits in _CHUNKS.findall(part):
        if letters or digits:
            key += [(*(_order(letter) for letter in letters), 0), int(digits or 0)]
    return (*key, (0,))


def _order(letter: str) -> int:
    """A tilde sorts before the end of the part, which is 0."""
    if letter == "~":
        return -1
    return ord(letter) if letter.isalpha() else ord(letter) + _PUNCTUATION


def satisfies(version: str, operator: str, wanted: str) -> bool:
    """Whether a version is as a relation demands; operators are `<`, `<=`, `=`, `>=`, `>`, "" for any version."""
    if not operator:
        return True
    have, want = version_key(version), version_key(wanted)
    if operator == "=":
        return have == want
    if operator in ("<", "<="):
        return have < want or (operator == "<=" and have == want)
    return have > want or (operator == ">=" and have == want)
