"""Installing where nothing stands in the way: what is missing is brought, first choices first, and that is all.

Most installs are of this kind, and then all that marking weighs (`solver`) comes to nothing. A walk that only follows
what is missing finds the same packages in the same order, and knows when it does not: see `Plain.install`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from dockopt.debian.index import NAMES
from dockopt.debian.system import Change, System
from dockopt.debian.universe import Needs, Universe

SYSTEMS = 64
"""Sets of installed packages that are remembered: a file's installs start from the same ones again and again."""
Steps = tuple[tuple[str, tuple[str, ...]], ...]
"""What installing a package looks for: of each group the first package, which it brings, and what else would do."""


class Standing(NamedTuple):
    """What is to be known of packages that are installed together: who cannot stand what, and who lacks something."""

    enemies: frozenset[str]
    lacking: frozenset[str]


class Plain:
    """Installs in a universe where no versions were chosen, with what was found out about packages and sets of them."""

    def __init__(self, universe: Universe) -> None:
        remembered = lru_cache(maxsize=NAMES)
        self._universe = universe
        self._steps = {False: remembered(self._needed), True: remembered(self._wanted)}
        self._standings: dict[frozenset[str], Standing] = {}

    def install(self, system: System, wanted: Sequence[str], *, recommends: bool) -> Change | None:
        """What marking makes of an install; None where there may be more to it.

        The answer stands when all that is brought can be had, in the end nobody's enemies are there, and nothing that
        is there and might matter lacks anything. Then marking met no enemy on its way either, for nothing ever went;
        what it ruled out is an enemy of something there, so it is never what the walk chose; and protecting what the
        packages need finds nothing missing. What is left of marking is the walk: the needs of a package in order, then
        its wishes, of each group that nothing satisfies the first, with all that this one brings. No chain of packages
        comes near the depth at which marking gives up.
        """
        standing = self._standing(system.installed)
        present = set(system.installed)
        added = [name for name in wanted if name not in present]
        present.update(added)
        steps = self._steps[recommends]
        if not all(_bring(steps, name, present, added) for name in tuple(added)):
            return None
        enemies = standing.enemies.union(*filter(None, map(self._universe.enemies, added)))
        if not present.isdisjoint(enemies) or self._touches(standing.lacking, (*wanted, *added), present):
            return None
        after = System(frozenset(present), (system.manual & present).union(wanted))
        self._remember(after.installed, Standing(enemies, self._lacking(standing.lacking, after.installed)))
        return Change(tuple(added), (), (), (), (), after)

    def _needed(self, name: str) -> Steps | None:
        """What a package must have; None where it cannot be had, whatever is there already."""
        needs = self._universe.needs(name)
        return _steps(needs) if self._universe.candidate(name) and all(needs) else None

    def _wanted(self, name: str) -> Steps | None:
        needs = self._needed(name)
        return None if needs is None else needs + _steps(self._universe.wishes(name))

    def _touches(self, lacking: frozenset[str], names: Iterable[str], present: set[str]) -> bool:
        """Whether marking may look at packages that lack something: those in the way of others, and what names need."""
        if any(map(self._universe.enemies, lacking)):
            return True
        reached = set(names) if lacking else set()
        queue = list(reached)
        while queue:
            found = present.intersection(chain.from_iterable(self._universe.needs(queue.pop()))) - reached
            reached |= found
            queue += found
        return not lacking.isdisjoint(reached)

    def _standing(self, names: frozenset[str]) -> Standing:
        try:
            return self._standings[names]
        except KeyError:
            enemies = frozenset().union(*filter(None, map(self._universe.enemies, names)))
            return self._remember(names, Standing(enemies, self._lacking(names, names)))

    def _lacking(self, names: frozenset[str], present: frozenset[str]) -> frozenset[str]:
        return frozenset(name for name in names if any(map(present.isdisjoint, self._universe.needs(name))))

    def _remember(self, names: frozenset[str], standing: Standing) -> Standing:
        if len(self._standings) >= SYSTEMS:
            self._standings.clear()
        self._standings[names] = standing
        return standing


@lru_cache(maxsize=4)
def plain(universe: Universe) -> Plain:
    return Plain(universe)


def _steps(groups: Needs) -> Steps:
    return tuple((group[0], group[1:]) for group in groups)


def _bring(steps: Callable[[str], Steps | None], name: str, present: set[str], added: list[str]) -> bool:
    """Add what a package lacks, depth first; whether that could be had."""
    groups = steps(name)
    if groups is None:
        return False
    stack = [iter(groups)]
    while stack:
        for first, others in stack[-1]:
            if first in present or (others and not present.isdisjoint(others)):
                continue
            present.add(first)
            added.append(first)
            groups = steps(first)
            if groups is None:
                return False
            if groups:
                stack.append(iter(groups))
                break
        else:
            stack.pop()
    return True
