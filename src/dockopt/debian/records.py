"""One line of an index for each version of a package, and one for what else provides its name.

A version's line: name, version, kilobytes installed, kilobytes of the archive, flags, groups it depends on, groups it
recommends, what it conflicts with, suites. A relation that ends in `=` means the package's own version. The flags are
the priority from 1 (required) to 5, `E` for essential packages, `I` for important ones, `M` for packages that only
stand for others, `P` for those that Dockerfiles name most. Providers have an empty version.
"""

from typing import NamedTuple

KILOBYTE = 1024


class Version(NamedTuple):
    """One version of a package. Relations are groups in the short notation.

    `size` is dpkg's estimate of what is unpacked, `archive` the size of the file to download, in bytes.
    """

    name: str
    version: str
    size: int
    archive: int
    flags: str
    depends: tuple[str, ...]
    recommends: tuple[str, ...]
    conflicts: tuple[str, ...]
    suites: str

    @property
    def priority(self) -> int:
        return int(self.flags[0])

    @property
    def essential(self) -> bool:
        return "E" in self.flags or "I" in self.flags

    @property
    def line(self) -> str:
        relations = (self._shortened(groups) for groups in (self.depends, self.recommends, self.conflicts))
        sizes = (str(-(-size // KILOBYTE)) for size in (self.size, self.archive))
        return "\t".join((self.name, self.version, *sizes, self.flags, *relations, self.suites))

    def _shortened(self, groups: tuple[str, ...]) -> str:
        return " ".join(self._short(group) for group in groups)

    def _short(self, group: str) -> str:
        own = f"={self.version}"
        return "|".join(part.removesuffix(own) + "=" * part.endswith(own) for part in group.split("|"))


class Provider(NamedTuple):
    """A package that provides a name, in a version where it says one."""

    name: str
    version: str = ""


class Entry(NamedTuple):
    """All that is known of a name: its versions, newest first, and the packages that provide it, apt's choice first."""

    versions: tuple[Version, ...]
    providers: tuple[Provider, ...]


def parse_entry(lines: list[str]) -> Entry:
    versions: list[Version] = []
    providers: tuple[Provider, ...] = ()
    for line in lines:
        fields = line.split("\t")
        if fields[1]:
            versions.append(_parse_version(fields))
        else:
            providers = tuple(_parse_provider(word) for word in fields[2].split(" "))
    return Entry(tuple(versions), providers)


def _parse_version(fields: list[str]) -> Version:
    name, version, size, archive, flags, depends, recommends, conflicts, suites = fields
    return Version(
        name,
        version,
        int(size) * KILOBYTE,
        int(archive) * KILOBYTE,
        flags,
        _groups(depends, version),
        _groups(recommends, version),
        _groups(conflicts, version),
        suites,
    )


def _groups(text: str, version: str) -> tuple[str, ...]:
    if "=" in text:
        text = f"{text} ".replace("= ", f"={version} ").replace("=|", f"={version}|")
    return tuple(text.split())


def _parse_provider(word: str) -> Provider:
    name, _, version = word.partition("=")
    return Provider(name, version)


def provider_line(name: str, providers: tuple[Provider, ...]) -> str:
    words = (f"{one.name}={one.version}" if one.version else one.name for one in providers)
    return f"{name}\t\t{' '.join(words)}"
