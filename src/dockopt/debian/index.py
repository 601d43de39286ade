"""The packages of one release, taken out of an index file name by name."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from fnmatch import translate
from functools import cached_property

from dockopt.debian.layout import Block, File
from dockopt.debian.patterns import is_shell_pattern, shell_patterns
from dockopt.debian.records import Entry, Provider, Version, parse_entry


class Index:
    """Looking up names; each block of the file is unpacked when a name in it is first asked for."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._texts: dict[int, str] = {}
        self._entries: dict[str, Entry | None] = {}
        self._matching: dict[str, tuple[str, ...]] = {}
        self._firsts = [block.first for block in file.blocks[1:]]
        self._core = self._lines(file.text(file.blocks[0]))

    @property
    def codename(self) -> str:
        return self._file.header.codename

    @property
    def date(self) -> str:
        return self._file.header.date

    @property
    def suites(self) -> dict[str, tuple[str, ...]]:
        return self._file.header.suites

    def entry(self, name: str) -> Entry | None:
        """What is known of a name, None where it is neither a package nor provided by one."""
        try:
            return self._entries[name]
        except KeyError:
            lines = self._core.get(name) or self._find(name)
            found = self._entries[name] = parse_entry(lines) if lines else None
            return found

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
        return frozenset(name for name in self._core if any("P" in version.flags for version in self.versions(name)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all packages, sorted; this unpacks the whole file, and keeps nothing else of it."""
        return tuple(sorted({name for block in self._file.blocks for name in self._names_in(block)}))

    def _names_in(self, block: Block) -> Iterator[str]:
        """The last line of an entry is one of its versions, unless it is only provided by others."""
        last = {line[: line.index("\t")]: line for line in self._file.text(block).splitlines()}
        return (name for name, line in last.items() if not line.startswith(f"{name}\t\t"))

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Packages whose names match a shell pattern, else those in which a regular expression is found, as apt reads.

        Nothing where the pattern is neither, or more than `patterns` can say. A dot alone makes no expression
        of a name, though apt takes it for one: `python3.7` means that version, and not whatever matches it.
        """
        if pattern not in self._matching:
            wanted = (pattern,) if is_shell_pattern(pattern) else ()
            self._matching[pattern] = self._fitting(wanted) or self._fitting(shell_patterns(pattern))
        return self._matching[pattern]

    def _fitting(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        fits = [re.compile(translate(one)).match for one in wanted]
        return tuple(name for name in self.names if any(fit(name) for fit in fits)) if fits else ()

    def _find(self, name: str) -> list[str]:
        """The lines of a name, which stand together in the one block that may have it."""
        place = bisect_right(self._firsts, name)
        if not place:
            return []
        if place not in self._texts:
            self._texts[place] = "\n" + self._file.text(self._file.blocks[place])
        text, mark = self._texts[place], f"\n{name}\t"
        lines: list[str] = []
        at = text.find(mark)
        while at >= 0:
            end = text.index("\n", at + 1)
            lines.append(text[at + 1 : end])
            at = end if text.startswith(mark, end) else -1
        return lines

    @staticmethod
    def _lines(text: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in text.splitlines():
            found.setdefault(line[: line.index("\t")], []).append(line)
        return found
