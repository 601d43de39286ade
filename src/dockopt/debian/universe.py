"""Which packages satisfy a relation: the candidates of an index, with other versions where some were asked for."""

from collections.abc import Iterator, Mapping

from dockopt.debian.index import Index
from dockopt.debian.records import Version
from dockopt.debian.relations import Alternative, parse_group
from dockopt.debian.versions import satisfies

Needs = tuple[tuple[str, ...], ...]

SYSTEMS = 64
"""Sets of installed packages for which it is remembered who of them has conflicts."""
NO_CHOICES: Mapping[str, str] = {}


class Universe:
    """One version for every name: the newest, or the one in `chosen`. Answers are remembered by the relation's text."""

    def __init__(self, index: Index, chosen: Mapping[str, str] = NO_CHOICES) -> None:
        self.index = index
        self.chosen = dict(chosen)
        self._targets: dict[str, tuple[str, ...]] = {}
        self._needs: dict[str, Needs] = {}
        self._wishes: dict[str, Needs] = {}
        self._enemies: dict[str, tuple[str, ...]] = {}
        self._candidates: dict[str, Version | None] = {}
        self._hostile: dict[frozenset[str], tuple[str, ...]] = {}

    def candidate(self, name: str) -> Version | None:
        try:
            return self._candidates[name]
        except KeyError:
            wanted = self.chosen.get(name)
            versions = self.index.versions(name)
            found = next((one for one in versions if wanted in (None, one.version)), None)
            self._candidates[name] = found
            return found

    def targets(self, group: str) -> tuple[str, ...]:
        """The packages that satisfy a group of alternatives, in the order in which apt tries them."""
        try:
            return self._targets[group]
        except KeyError:
            found = (name for alternative in parse_group(group) for name in self._satisfying(alternative))
            targets = self._targets[group] = tuple(dict.fromkeys(found))
            return targets

    def needs(self, name: str) -> Needs:
        """What a candidate depends on: for every group the packages that satisfy it."""
        try:
            return self._needs[name]
        except KeyError:
            version = self.candidate(name)
            groups = version.depends if version else ()
            needs = self._needs[name] = tuple(dict.fromkeys(map(self.targets, groups)))
            return needs

    def wishes(self, name: str) -> Needs:
        """What a candidate recommends, likewise, without what nothing satisfies."""
        try:
            return self._wishes[name]
        except KeyError:
            version = self.candidate(name)
            groups = version.recommends if version else ()
            wishes = self._wishes[name] = tuple(dict.fromkeys(filter(None, map(self.targets, groups))))
            return wishes

    def enemies(self, name: str) -> tuple[str, ...]:
        """The packages that cannot be installed together with a candidate, as its own conflicts say."""
        try:
            return self._enemies[name]
        except KeyError:
            version = self.candidate(name)
            groups = version.conflicts if version else ()
            found = (one for group in groups for one in self.targets(group) if one != name)
            enemies = self._enemies[name] = tuple(dict.fromkeys(found))
            return enemies

    def hostile(self, names: frozenset[str]) -> tuple[str, ...]:
        """Those of some packages that cannot stand all others."""
        try:
            return self._hostile[names]
        except KeyError:
            if len(self._hostile) >= SYSTEMS:
                self._hostile.clear()
            found = self._hostile[names] = tuple(name for name in names if self.enemies(name))
            return found

    def _satisfying(self, wanted: Alternative) -> Iterator[str]:
        candidate = self.candidate(wanted.name)
        if candidate and satisfies(candidate.version, wanted.operator, wanted.version):
            yield wanted.name
        for provider in self.index.providers(wanted.name):
            if not wanted.operator or (
                provider.version and satisfies(provider.version, wanted.operator, wanted.version)
            ):
                yield provider.name
