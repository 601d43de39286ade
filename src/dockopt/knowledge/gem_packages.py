"""Ruby gems: what does one need of a slim Debian image once it is installed?

A row speaks of gems as their public server has them, on Linux with glibc. Debian's own packages of gems tell the rest:
one that depends on no library is Ruby only, or native code that links nothing but the C library.
"""

from functools import cache
from typing import NamedTuple

from dockopt.knowledge.tables import table

LINKED_BY_RUBY = ("libc6", "libgcc-s1", "libstdc++6", "libruby", "zlib1g", "libssl", "libcrypt1", "libffi", "libyaml-0")
"""Beginnings of libraries that every Ruby image has."""


class Gem(NamedTuple):
    """One gem. `kind` is `pure`, `bundled` (native code that needs nothing more), `needs` or `refuse`.

    `packages` are Debian packages by release, `tools` programs that it calls.
    """

    name: str
    kind: str
    packages: dict[str, tuple[str, ...]]
    tools: tuple[str, ...]

    def needs(self, release: str) -> tuple[str, ...] | None:
        """Debian packages needed at run time; None where that is not known."""
        return self.packages.get(release) if self.kind == "needs" else ()


def lookup(name: str, releases: tuple[str, ...]) -> Gem | None:
    """What is known of a gem, None where nothing is."""
    return _rows().get(name) or _in_debian(name, releases)


@cache
def _rows() -> dict[str, Gem]:
    return {row[0]: _gem(row) for row in table("gem_packages")}


def _gem(row: tuple[str, ...]) -> Gem:
    name, kind, bullseye, bookworm, trixie, tools, _ = row
    packages = {"bullseye": bullseye, "bookworm": bookworm, "trixie": trixie}
    return Gem(name, kind, {release: tuple(text.split()) for release, text in packages.items()}, tuple(tools.split()))


@cache
def _in_debian(name: str, releases: tuple[str, ...]) -> Gem | None:
    """A gem that Debian has as a package that needs no library beyond what Ruby links itself."""
    from dockopt.knowledge.apt_packages import packages_of  # noqa: PLC0415 - the index takes time to load

    package = f"ruby-{name.replace('_', '-').lower()}"
    for release in ("bookworm", *releases):
        version = packages_of(release).index.newest(package)
        if version is None:
            continue
        libraries = [group for group in version.depends if group.startswith("lib") and not group.startswith("libjs-")]
        if all(group.startswith(LINKED_BY_RUBY) for group in libraries):
            return Gem(name, "bundled", {}, ())
    return None
