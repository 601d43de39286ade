"""What the tables of Python and Node packages have in common: a row, and what it says a package needs of the image."""

from functools import cache
from typing import NamedTuple

from dockopt.knowledge.tables import table


class LanguagePackage(NamedTuple):
    """One package of a language's index, on Linux with glibc.

    `kind` is one of
    - `pure`: code of the language only;
    - `bundled`: native code that works in a slim image as it is installed; `bookworm` and `trixie` are the Debian
      packages that it links where it was built from source against them;
    - `needs`: the Debian packages in `bookworm` and `trixie` and the commands in `tools` are needed at run time,
      whichever way it was installed;
    - `compiles`: runs a compiler at run time;
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


@cache
def rows_of(name: str) -> dict[str, LanguagePackage]:
    """The rows of `NAME.csv` by package."""
    return {row[0]: _package(row) for row in table(name)}


def _package(row: tuple[str, ...]) -> LanguagePackage:
    name, kind, bookworm, trixie, tools, builds, source = row
    debian = _list(bookworm), _list(trixie)
    return LanguagePackage(name, kind, *debian, tuple(tools.split()), tuple(builds.split()), source)


def _list(text: str) -> tuple[str, ...] | None:
    return None if text == "-" else tuple(text.split())
