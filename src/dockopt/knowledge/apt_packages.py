"""What installing Debian packages adds to a layer: dependencies, recommendations and sizes of `apt_packages_*.csv`.

Sizes are dpkg's estimates turned into layer bytes with factors fitted on layers that were measured on Debian 12.
"""

from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

from dockopt.knowledge.ranges import Range
from dockopt.knowledge.tables import lines

KILOBYTE = 1024
FILES_OF_ESTIMATE = 0.98
"""Bytes of files for a byte of dpkg's estimate, which rounds every file up (0.95 to 0.99 on eleven measured sets)."""
DOCUMENTS_OF_ESTIMATE = 0.04
"""Share of manuals, documents and translations in a package where it was not measured."""
COMPILED_PYTHON = 0.75
"""Bytes of compiled modules that installing a Python package adds, for a byte of its files."""
RECORDS = 15_000
"""Bytes in dpkg's database and logs for every package."""
SPREAD = 0.1
FOREIGN_SPREAD = 0.3
UNKNOWN_PACKAGE = Range(50_000, 8_000_000, 200_000_000)
REMEMBERED = 500
"""Installs whose outcome is kept: a file is estimated many times while it is rewritten."""
NEAREST = {
    **dict.fromkeys(("trixie", "forky", "sid", "noble", "oracular", "plucky", "questing", "resolute"), "trixie"),
    **dict.fromkeys(("bookworm", "jammy", "kinetic", "lunar", "mantic"), "bookworm"),
    **dict.fromkeys(("bullseye", "buster", "stretch", "jessie", "focal", "bionic", "xenial", "trusty"), "bullseye"),
}
FALLBACK = "bookworm"
EXACT = frozenset({"bullseye", "bookworm", "trixie"})


class Package(NamedTuple):
    """One package of a release; each group of alternatives needs one of them. `base` is in every image already."""

    size: int
    documents: int | None
    depends: tuple[tuple[str, ...], ...]
    recommends: tuple[tuple[str, ...], ...]
    base: bool


class Installed(NamedTuple):
    """What an install adds: packages in order, and names that the tables do not have."""

    packages: tuple[str, ...]
    unknown: tuple[str, ...]


class Packages:
    """The packages of one release; a row is taken apart when it is asked for.

    Names that the release has not are looked up in Debian 12: an image that installs them brings them from elsewhere.
    """

    def __init__(self, release: str) -> None:
        self.release = release
        rows = lines(f"apt_packages_{release}")
        self._lines = {line.partition(",")[0]: line for line in rows}
        self._base = frozenset(line.partition(",")[0] for line in rows if line.endswith(",base"))
        self._rows: dict[str, Package] = {}
        self._installs: dict[tuple[tuple[str, ...], bool, frozenset[str]], Installed] = {}
        self._bytes: dict[tuple[str, bool], Range] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._lines or (self.release != FALLBACK and name in _packages(FALLBACK))

    def has(self, name: str) -> bool:
        """Whether this very release has the package."""
        return name in self._lines

    def __getitem__(self, name: str) -> Package:
        row = self._rows.get(name)
        if row is None:
            if name not in self._lines:
                return _packages(FALLBACK)[name]
            _, size, documents, depends, recommends, base = self._lines[name].split(",")
            measured = int(documents) * KILOBYTE if documents else None
            row = Package(int(size) * KILOBYTE, measured, _groups(depends), _groups(recommends), bool(base))
            self._rows[name] = row
        return row

    def install(self, names: Iterable[str], *, recommends: bool, present: Collection[str] = ()) -> Installed:
        """What apt would add to the base and to what is present."""
        key = (tuple(names), recommends, frozenset(present))
        if key not in self._installs:
            if len(self._installs) > REMEMBERED:
                self._installs.clear()
            self._installs[key] = self._install(*key)
        return self._installs[key]

    def _install(self, names: tuple[str, ...], recommends: bool, present: frozenset[str]) -> Installed:
        wanted = [name for name in dict.fromkeys(names) if name not in present]
        there = self._base.union(present)
        found = dict.fromkeys(name for name in wanted if name in self and name not in there)
        queue = list(found)
        for name in queue:
            row = self[name]
            for group in (*row.depends, *(row.recommends if recommends else ())):
                if not any(one in found or one in there for one in group):
                    choice = next((one for one in group if one in self), None)
                    if choice is not None:
                        found[choice] = None
                        queue.append(choice)
        return Installed(tuple(found), tuple(name for name in wanted if name not in self))

    def is_base(self, name: str) -> bool:
        """Whether every image of the release has the package."""
        return name in self._base

    def layer_bytes(self, name: str, *, trimmed: bool) -> Range:
        """What one package adds to a layer; `trimmed` where manuals and translations are left out."""
        if (name, trimmed) not in self._bytes:
            self._bytes[name, trimmed] = self._layer_bytes(name, trimmed=trimmed)
        return self._bytes[name, trimmed]

    def _layer_bytes(self, name: str, *, trimmed: bool) -> Range:
        row = self[name]
        files = row.size * FILES_OF_ESTIMATE
        if trimmed:
            files -= row.documents if row.documents is not None else files * _document_share(name)
        if _is_python(name):
            files *= 1 + COMPILED_PYTHON
        size = max(0, files) + RECORDS
        return Range(round(size * (1 - SPREAD)), round(size), round(size * (1 + SPREAD)))


@cache
def packages_of(release: str | None) -> Packages:
    """The packages of a release, of the nearest one where the tables lack it, of Debian 12 where it is not known."""
    return _packages(NEAREST.get(release or "", FALLBACK))


@cache
def _packages(release: str) -> Packages:
    return Packages(release)


def installed_size(
    names: Iterable[str],
    release: str | None,
    *,
    recommends: bool,
    trimmed: bool = True,
    present: Collection[str] = (),
) -> tuple[Range, str]:
    """Layer bytes of an install, shared dependencies counted once, and what the figure rests on."""
    index = packages_of(release)
    installed = index.install(names, recommends=recommends, present=present)
    sizes = [index.layer_bytes(name, trimmed=trimmed) for name in installed.packages]
    sizes += [UNKNOWN_PACKAGE for _ in installed.unknown]
    low, expected, high = (sum(values) for values in zip(*sizes, strict=True)) if sizes else (0, 0, 0)
    factor = FOREIGN_SPREAD if release not in EXACT else 0
    basis = f"Debian package index of {index.release}"
    if installed.unknown:
        basis += f"; not in it: {' '.join(installed.unknown[:3])}"
    return Range(round(low * (1 - factor)), expected, round(high * (1 + factor))), basis


def _document_share(name: str) -> float:
    if name.endswith(("-doc", "-l10n")) or name.startswith("manpages"):
        return 0.9
    return DOCUMENTS_OF_ESTIMATE


def _is_python(name: str) -> bool:
    if name.startswith("libpython3"):
        return name.endswith(("-stdlib", "-minimal"))
    return name.startswith("python3-") and not name.endswith(("-dev", "-doc", "-dbg"))


def _groups(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group.split("|")) for group in text.split())
