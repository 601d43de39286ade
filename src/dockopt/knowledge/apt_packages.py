"""What installing Debian packages adds to a layer: what apt would bring, and dpkg's estimates as layer bytes.

Packages and relations come from the package indexes (`dockopt.debian`); the factors were fitted on layers that were
measured on Debian 12.
"""

from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from dockopt.debian.index import NAMES, Index
from dockopt.debian.operations import install, remove, universe
from dockopt.debian.records import Version
from dockopt.debian.store import load
from dockopt.debian.system import System
from dockopt.debian.words import real_name
from dockopt.knowledge.image_contents import base_packages
from dockopt.knowledge.ranges import Range
from dockopt.knowledge.tables import table

KILOBYTE = 1024
FILES_OF_ESTIMATE = 0.98
"""Bytes of files for a byte of dpkg's estimate, which rounds every file up (0.95 to 0.99 on eleven measured sets)."""
DOCUMENTS = 0.06
DOCUMENTS_OF_DEVELOPMENT = 0.03
DOCUMENTS_OF_LIBRARIES = 0.04
DOCUMENTS_OF_DOCUMENTATION = 0.9
"""Share of manuals, documents and translations in a package where it was not measured, by kind (663 measured)."""
MOST_DOCUMENTS_OF_LIBRARIES = 50_000
COMPILED_PYTHON = 0.75
"""Bytes of compiled modules that installing a Python package adds, for a byte of its files."""
COMPILED_APPLICATION = 0.5
"""The same for programs written in Python, which bring other files too."""
RECORDS = 15_000
"""Bytes in dpkg's database and logs for every package."""
SPREAD = 0.1
FOREIGN_SPREAD = 0.3
UNKNOWN_PACKAGE = Range(50_000, 8_000_000, 200_000_000)
REMEMBERED = 500
"""Installs and removals whose outcome is kept: a file is estimated many times while it is rewritten."""
NEAREST = {
    **dict.fromkeys(("trixie", "forky", "sid", "noble", "oracular", "plucky", "questing", "resolute"), "trixie"),
    **dict.fromkeys(("bookworm", "jammy", "kinetic", "lunar", "mantic"), "bookworm"),
    **dict.fromkeys(("bullseye", "buster", "stretch", "jessie", "focal", "bionic", "xenial", "trusty"), "bullseye"),
}
FALLBACK = "bookworm"
EXACT = frozenset({"bullseye", "bookworm", "trixie"})
SMALL = 100_000
"""Recommended packages below this size that stand alone are not worth a thought."""


class Installed(NamedTuple):
    """What an install adds: packages in order, and words that no index can explain. `removed` has to make room."""

    packages: tuple[str, ...]
    unknown: tuple[str, ...]
    removed: tuple[str, ...] = ()


class Packages:
    """The packages of one release.

    Names that the release has not are looked up in the others: an image that installs them brings them from elsewhere.
    """

    def __init__(self, release: str, index: Index) -> None:
        self.release = release
        self.index = index
        self._base = frozenset(base_packages(release) or base_packages(NEAREST.get(release, FALLBACK)))
        self._installed = lru_cache(maxsize=REMEMBERED)(self._install)
        self._removed = lru_cache(maxsize=REMEMBERED)(self._remove)
        self._bytes = lru_cache(maxsize=NAMES)(self._layer_bytes)
        self.find = lru_cache(maxsize=NAMES)(self._find)
        self.recommended = lru_cache(maxsize=NAMES)(self._recommended)

    def __contains__(self, name: str) -> bool:
        return self.find(name) is not None

    def has(self, name: str) -> bool:
        """Whether this very release has the package."""
        return real_name(self.index, name) is not None

    def _find(self, name: str) -> Version | None:
        """The newest version of a package in this release, else in the nearest other one that has it."""
        return self.index.newest(name) or next(
            (found for one in self._others() if (found := one.index.newest(name))), None
        )

    def _others(self) -> tuple["Packages", ...]:
        return tuple(_packages(release) for release in (FALLBACK, "trixie", "bullseye") if release != self.release)

    def _recommended(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The groups a package recommends and the base lacks, each as the packages that would do.

        Small ones that stand alone are left out.
        """
        groups = universe(self.index).wishes(name)
        return tuple(group for group in groups if self._base.isdisjoint(group) and not self._is_trifle(group[0]))

    def _is_trifle(self, name: str) -> bool:
        version = self.index.newest(name)
        if version is None or "P" in version.flags or version.size >= SMALL or version.recommends:
            return False
        needed = (target for group in version.depends for target in universe(self.index).targets(group)[:1])
        return all(target in self._base or target == "perl" for target in needed)

    def system(self, present: Collection[str], requested: Collection[str] | None = None) -> System:
        """The base with some packages; those that were not requested, where that is said, were installed for them."""
        installed = self._base.union(present)
        return System(installed, installed if requested is None else self._base.union(requested))

    def install(self, words: Iterable[str], *, recommends: bool, present: Collection[str] = ()) -> Installed:
        """What apt would add to the base and to what is present."""
        return self._installed(tuple(words), recommends, frozenset(present))

    def _install(self, words: tuple[str, ...], recommends: bool, present: frozenset[str]) -> Installed:
        change = install(self.index, self.system(present), words, recommends=recommends)
        added = dict.fromkeys((*change.added, *change.replaced))
        unknown = []
        for word in change.unknown:
            elsewhere = self._elsewhere(word, change.after, recommends=recommends)
            added |= dict.fromkeys(elsewhere)
            if not elsewhere and word not in present:
                unknown.append(word)
        return Installed(tuple(added), tuple(unknown), change.removed)

    def remove(
        self, words: Collection[str], *, present: Collection[str], requested: Collection[str], automatic: bool
    ) -> tuple[str, ...]:
        """What apt would take away; `requested` are the packages that are there for their own sake."""
        return self._removed(tuple(words), frozenset(present), frozenset(requested), automatic)

    def _remove(
        self, words: tuple[str, ...], present: frozenset[str], requested: frozenset[str], automatic: bool
    ) -> tuple[str, ...]:
        return remove(self.index, self.system(present, requested), words, automatic=automatic).removed

    def _elsewhere(self, word: str, system: System, *, recommends: bool) -> tuple[str, ...]:
        """What a package brings in the nearest release that has it, as far as this release has not got it already."""
        for other in self._others():
            if real_name(other.index, word):
                return install(other.index, system, [word], recommends=recommends).added
        return ()

    def is_base(self, name: str) -> bool:
        """Whether every image of the release has the package."""
        return name in self._base

    def layer_bytes(self, name: str, *, trimmed: bool) -> Range:
        """What one package adds to a layer; `trimmed` where manuals and translations are left out."""
        return self._bytes(name, trimmed)

    def _layer_bytes(self, name: str, trimmed: bool) -> Range:
        version = self.find(name)
        if version is None:
            return UNKNOWN_PACKAGE
        files = version.size * FILES_OF_ESTIMATE
        if trimmed:
            files -= _documents().get(name, _unmeasured_documents(version))
        files *= 1 + _compiled_share(version)
        size = max(0, files) + RECORDS
        spread = SPREAD if self.index.newest(name) else FOREIGN_SPREAD
        return Range(round(size * (1 - spread)), round(size), round(size * (1 + spread)))


@cache
def packages_of(release: str | None) -> Packages:
    """The packages of a release, of the nearest one where there is no index of it, of Debian 12 where none is known."""
    if release and release not in EXACT and load(release):
        return _packages(release)
    return _packages(NEAREST.get(release or "", FALLBACK))


@cache
def _packages(release: str) -> Packages:
    index = load(release)
    assert index is not None, f"the index of {release} is not there"
    return Packages(release, index)


@cache
def _documents() -> dict[str, int]:
    """Bytes of manuals, documents and translations by package, where they were measured."""
    return {name: int(kilobytes) * KILOBYTE for name, kilobytes in table("debian_documents")}


def _unmeasured_documents(version: Version) -> float:
    name = version.name
    if name.endswith(("-doc", "-l10n")) or name.startswith("manpages"):
        return version.size * DOCUMENTS_OF_DOCUMENTATION
    if name.endswith("-dev"):
        return version.size * DOCUMENTS_OF_DEVELOPMENT
    if name.startswith("lib"):
        return min(version.size * DOCUMENTS_OF_LIBRARIES, MOST_DOCUMENTS_OF_LIBRARIES)
    return version.size * DOCUMENTS


def _compiled_share(version: Version) -> float:
    """Installing compiles the Python modules of a package; its name says whether it has nothing else."""
    name = version.name
    if name.endswith(("-dev", "-doc", "-dbg")):
        return 0
    if name.startswith("libpython3"):
        return COMPILED_PYTHON if name.endswith(("-stdlib", "-minimal")) else 0
    if name.startswith("python3-"):
        return COMPILED_PYTHON
    needs_python = any(group.partition(">")[0].removesuffix(":any") == "python3" for group in version.depends)
    return COMPILED_APPLICATION if needs_python else 0
