"""Which packages satisfy a relation: the candidates of an index, with other versions where some were asked for."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain

from dockopt.debian.index import NAMES, Index
from dockopt.debian.records import Version
from dockopt.debian.relations import Alternative, parse_group
from dockopt.debian.versions import satisfies

Needs = tuple[tuple[str, ...], ...]

SYSTEMS = 64
"""Sets of installed packages for which it is remembered who of them has conflicts."""
REQUIRED = 1
SIGNS = frozenset("|<=>")
"""What stands in a group that is more than the name of a package."""
NO_CHOICES: Mapping[str, str] = {}


class Universe:
    """One version for every name: the newest, or the one in `chosen`. Answers are remembered by the relation's text."""

    def __init__(self, index: Index, chosen: Mapping[str, str] = NO_CHOICES) -> None:
        self.index = index
        self.chosen = dict(chosen)
        remembered = lru_cache(maxsize=NAMES)
        self.candidate = remembered(self._candidate)
        self.targets = remembered(self._targets)
        self.needs = remembered(self._needs)
        self.wishes = remembered(self._wishes)
        self.enemies = remembered(self._enemies)
        self.uses = remembered(self._uses)
        self.stays = remembered(self._stays)
        self._hostile: dict[frozenset[str], tuple[str, ...]] = {}

    def _candidate(self, name: str) -> Version | None:
        wanted = self.chosen.get(name)
        return next((one for one in self.index.versions(name) if wanted in (None, one.version)), None)

    def _targets(self, group: str) -> tuple[str, ...]:
        """The packages that satisfy a group of alternatives, in the order in which apt tries them."""
        if SIGNS.isdisjoint(group):
            return tuple(dict.fromkeys(self._named(group)))
        found = (name for alternative in parse_group(group) for name in self._satisfying(alternative))
        return tuple(dict.fromkeys(found))

    def _named(self, name: str) -> list[str]:
        own = [name] if self.candidate(name) else []
        return own + [provider.name for provider in self.index.providers(name)]

    def _needs(self, name: str) -> Needs:
        """What a candidate depends on: for every group the packages that satisfy it."""
        version = self.candidate(name)
        return tuple(dict.fromkeys(map(self.targets, version.depends))) if version else ()

    def _wishes(self, name: str) -> Needs:
        """What a candidate recommends, likewise, without what nothing satisfies."""
        version = self.candidate(name)
        return tuple(dict.fromkeys(filter(None, map(self.targets, version.recommends)))) if version else ()

    def _enemies(self, name: str) -> tuple[str, ...]:
        """The packages that cannot be installed together with a candidate, as its own conflicts say."""
        version = self.candidate(name)
        found = (one for group in (version.conflicts if version else ()) for one in self.targets(group) if one != name)
        return tuple(dict.fromkeys(found))

    def _uses(self, name: str) -> frozenset[str]:
        """All that satisfies something a candidate depends on or recommends."""
        return frozenset(chain(*self.needs(name), *self.wishes(name)))

    def _stays(self, name: str) -> bool:
        """Whether a package is none that goes when nobody needs it: every system has it, or nothing is known of it."""
        version = self.candidate(name)
        return version is None or version.essential or version.priority == REQUIRED

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
