"""`mix.lock`: the packages that Mix fetches, what builds each, and which of them may compile C or Rust."""

import re
from typing import NamedTuple

ENTRY = re.compile(r'(?m)^\s*"?([\w]+)"?:\s*\{:(\w+),(.*)$')
MANAGERS = re.compile(r'"[0-9a-f]{40,}",\s*\[([^\]]*)\]')
COMPILES = (
    ":elixir_make",
    ":rustler",
    ":rustler_precompiled",
    ":zigler",
    ":cc_precompiler",
    ":bundlex",
    ":nerves_runtime",
)


class LockedHex(NamedTuple):
    """One package. `source` is "hex", "git" or "path"; `native` says that it may compile something but Erlang."""

    name: str
    source: str
    managers: frozenset[str]
    native: bool


def read(text: str) -> tuple[LockedHex, ...]:
    """The entries of a lockfile, in order."""
    return tuple(_entry(name, source, rest) for name, source, rest in ENTRY.findall(text))


def _entry(name: str, source: str, rest: str) -> LockedHex:
    found = MANAGERS.search(rest)
    managers = frozenset(word.strip(" :") for word in found[1].split(",")) if found else frozenset()
    native = "make" in managers or any(f"{{{mark}," in rest for mark in COMPILES)
    return LockedHex(name, source, managers - {""}, native)
