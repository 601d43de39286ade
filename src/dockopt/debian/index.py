"""The packages of one release, taken out of an index file name by name."""

import re
from bisect import bisect_left, bisect_right
from fnmatch import translate
from functools import lru_cache

from dockopt.debian.layout import File
from dockopt.debian.patterns import beginning, is_shell_pattern, shell_patterns
from dockopt.debian.records import Entry, Provider, Version, parse_entry
from dockopt.lazy import cached_property

LAST = "~"
"""Sorts behind all that a name can go on with."""
NAMES = 20_000
"""Names that are remembered: a tree of files asks for half as many, but words that are no packages come without end."""
PATTERNS = 256
"""Patterns whose names are remembered: a file's are asked for with every fix."""


class Index:
    """Looking up names; each block of the file is unpacked when a name in it is first asked for."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._lines: dict[int, list[str]] = {}
        self.entry = lru_cache(maxsize=NAMES)(self._entry)
        self._matches = lru_cache(maxsize=PATTERNS)(self._matched)
        self._firsts = [block.first for block in file.blocks[1:]]
        self._core = file.text(file.blocks[0]).splitlines()

    @property
    def codename(self) -> str:
        return self._file.header.codename

    @property
    def date(self) -> str:
        return self._file.header.date

    @property
    def suites(self) -> dict[str, tuple[str, ...]]:
        return self._file.header.suites

    def _entry(self, name: str) -> Entry | None:
        """What is known of a name, None where it is neither a package nor provided by one."""
        lines = _lines_of(self._core, name) or self._find(name)
        return parse_entry(lines) if lines else None

    def versions(self, name: str) -> tuple[Version, ...]:
        """Newest first."""
        entry = self.entry(name)
        return entry.versions if entry else ()

    def newest(self, name: str) -> Version | None:
        versions = self.versions(name)
        return versions[0] if versions else None

    def providers(self, name: str) -> tuple[Provider, ...]:
        entry = self.entry(name)
        return entry.providers if entry else ()

    @cached_property
    def popular(self) -> frozenset[str]:
        """The packages that Dockerfiles name most."""
        names = (line[: line.index("\t")] for line in self._core)
        return frozenset(name for name in names if any("P" in version.flags for version in self.versions(name)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all packages, sorted; this unpacks the whole file, and keeps nothing else of it."""
        return self._beginning("")

    def _beginning(self, start: str) -> tuple[str, ...]:
        """The names of packages that begin so, sorted; of the blocks only those that may have some are unpacked."""
        first, last = bisect_right(self._firsts, start), bisect_right(self._firsts, start + LAST)
        found: set[str] = set()
        for lines in (self._core, *map(self._unpacked, range(max(first, 1), last + 1))):
            wanted = (line for line in lines if line.startswith(start))
            found.update(line[: line.index("\t")] for line in wanted if not _is_provided(line))
        return tuple(sorted(found))

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Packages whose names match a shell pattern, else those in which a regular expression is found, as apt reads.

        Nothing where the pattern is neither, or more than `patterns` can say. A dot alone makes no expression
        of a name, though apt takes it for one: `python3.7` means that version, and not whatever matches it.
        """
        wanted = (pattern,) if is_shell_pattern(pattern) else ()
        return self._fitting(wanted) or self._fitting(shell_patterns(pattern))

    def _fitting(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({name for one in wanted for name in self._matches(one)}))

    def _matched(self, pattern: str) -> tuple[str, ...]:
        start = beginning(pattern)
        names = self._beginning(start) if start else self.names
        return tuple(filter(re.compile(translate(pattern)).match, names))

    def _find(self, name: str) -> list[str]:
        """The lines of a name in the one block that may have it."""
        place = bisect_right(self._firsts, name)
        if not place:
            return []
        if place not in self._lines:
            self._lines[place] = self._unpacked(place)
        return _lines_of(self._lines[place], name)

    def _unpacked(self, place: int) -> list[str]:
        return self._file.text(self._file.blocks[place]).splitlines()


def _lines_of(lines: list[str], name: str) -> list[str]:
    """The lines of a name among lines sorted by name; a tab comes before all that a longer name goes on with."""
    mark = f"{name}\t"
    first = last = bisect_left(lines, mark)
    while last < len(lines) and lines[last].startswith(mark):
        last += 1
    return lines[first:last]


def _is_provided(line: str) -> bool:
    """Whether a line says who provides a name; it follows the versions of a package of that name."""
    return line.startswith("\t", line.index("\t") + 1)
