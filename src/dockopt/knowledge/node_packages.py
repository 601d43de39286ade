"""Node packages that bring native code, run a script when they are installed, or call programs.

JavaScript is the rule: a package that its lockfile marks with no install script and that has no row here needs
nothing but Node. With an install script and no row it is unknown. A row speaks of Linux with glibc.
"""

from functools import cache
from typing import NamedTuple

from dockopt.knowledge.tables import table


class NodePackage(NamedTuple):
    """A row of the table.

    `kind` is one of
    - `pure`: JavaScript only, whatever its install script does;
    - `bundled`: native code that works in a slim image of the same libc; `bookworm` and `trixie` are the Debian
      packages that it links where it was built from source against them;
    - `needs`: the Debian packages in `bookworm` and `trixie` and the commands in `tools` are needed at run time;
    - `refuse`: what it needs cannot be told from a table.

    `builds` are Debian packages that a build from source takes. None for a release means that it has no such package.
    """

    name: str
    kind: str
    bookworm: tuple[str, ...] | None
    trixie: tuple[str, ...] | None
    tools: tuple[str, ...]
    builds: tuple[str, ...]
    source: str

    def needs(self, release: str, *, from_source: bool = False) -> tuple[str, ...] | None:
        """Debian packages needed at run time; None where that is not known, or no package helps."""
        if self.kind == "pure" or (self.kind == "bundled" and not from_source):
            return ()
        if self.kind not in ("bundled", "needs"):
            return None
        return {"bookworm": self.bookworm, "trixie": self.trixie}.get(release)


def lookup(name: str) -> NodePackage | None:
    """The row of a package, by its name with scope."""
    return _rows().get(name)


@cache
def _rows() -> dict[str, NodePackage]:
    return {row[0]: _package(row) for row in table("node_packages")}


def _package(row: tuple[str, ...]) -> NodePackage:
    name, kind, bookworm, trixie, tools, builds, source = row
    return NodePackage(name, kind, _list(bookworm), _list(trixie), tuple(tools.split()), tuple(builds.split()), source)


def _list(text: str) -> tuple[str, ...] | None:
    return None if text == "-" else tuple(text.split())
