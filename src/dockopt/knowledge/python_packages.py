"""Python packages: does one, with all that it requires, work in a slim Debian image once it is installed?

A row speaks of Linux with glibc and of what a package of an index brings by itself. A package that is not in the
table is unknown, and nothing is said of it.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from dockopt.knowledge.tables import table

ORDER = ("pure", "bundled", "needs", "compiles", "refuse")


class PythonPackage(NamedTuple):
    """A row of the table.

    `kind` is one of
    - `pure`: Python code only;
    - `bundled`: native code that works as installed from a wheel; `bookworm` and `trixie` are the Debian packages
      that it links where it was built from source against them;
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


def lookup(name: str, extras: tuple[str, ...] = ()) -> PythonPackage | None:
    """The row of a normalised name. With extras, what the rows `name[extra]` say together; None if one is not known."""
    rows = [_rows().get(f"{name}[{extra}]") for extra in extras] or [_rows().get(name)]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return None
    return known[0] if len(known) == 1 else _together(name, known)


def _together(name: str, rows: list[PythonPackage]) -> PythonPackage:
    worst = max(rows, key=lambda row: ORDER.index(row.kind))
    return PythonPackage(
        name,
        worst.kind,
        _joined(row.bookworm for row in rows if row.kind == worst.kind),
        _joined(row.trixie for row in rows if row.kind == worst.kind),
        _joined(row.tools for row in rows) or (),
        _joined(row.builds for row in rows) or (),
        worst.source,
    )


def _joined(lists: Iterable[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    found: dict[str, None] = {}
    for one in lists:
        if one is None:
            return None
        found.update(dict.fromkeys(one))
    return tuple(found)


@cache
def _rows() -> dict[str, PythonPackage]:
    return {row[0]: _package(row) for row in table("python_packages")}


def _package(row: tuple[str, ...]) -> PythonPackage:
    name, kind, bookworm, trixie, tools, builds, source = row
    return PythonPackage(
        name, kind, _list(bookworm), _list(trixie), tuple(tools.split()), tuple(builds.split()), source
    )


def _list(text: str) -> tuple[str, ...] | None:
    return None if text == "-" else tuple(text.split())
