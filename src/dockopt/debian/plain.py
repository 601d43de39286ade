"""Installing where nothing stands in the way: what is missing is brought, first choices first, and that is all.

Most installs are of this kind, and then all that marking weighs (`solver`) comes to nothing. A walk that only follows
what is missing finds the same packages in the same order, and knows when it does not: see `Plain.install`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from dockopt.debian.system import Change, System
from dockopt.debian.universe import Needs, Universe

SYSTEMS = 64
"""Sets of installed packages that are remembered: a file's installs start from the same ones again and again."""


class Plain:
    """Installs in a universe where no versions were chosen, with what was found out about packages and sets of them."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        self._steps = {False: cache(self._needed), True: cache(self._wanted)}
        self._settled: dict[frozenset[str], frozenset[str] | None] = {}

    def install(self, system: System, wanted: Sequence[str], *, recommends: bool) -> Change | None:
        """What marking makes of an install; None where there may be more to it.

        The answer stands when all that is brought can be had, the installed packages lack nothing, and in the end
        nobody's enemies are there. Then marking met no enemy on its way either, for nothing ever went; what it ruled
        out is an enemy of something there, so it is never what the walk chose; and the protection that it extends to
        packages that are there finds nothing missing. What is left of marking is the walk: the needs of a package in
        order, then its wishes, of each group that nothing satisfies the first, with all that this one brings.
        No chain of packages comes near the depth at which marking gives up.
        """
        enemies = self._enemies_of(system.installed)
        if enemies is None:
            return None
        present = set(system.installed)
        added = [name for name in wanted if name not in present]
        present.update(added)
        steps = self._steps[recommends]
        if not all(_bring(steps, name, present, added) for name in tuple(added)):
            return None
        enemies = enemies.union(*filter(None, map(self._universe.enemies, added)))
        if not present.isdisjoint(enemies):
            return None
        after = System(frozenset(present), (system.manual & present).union(wanted))
        self._remember(after.installed, enemies)
        return Change(tuple(added), (), (), (), (), after)

    def _needed(self, name: str) -> Needs | None:
        """What a package must have; None where it cannot be had, whatever is there already."""
        needs = self._universe.needs(name)
        return needs if self._universe.candidate(name) and all(needs) else None

    def _wanted(self, name: str) -> Needs | None:
        needs = self._needed(name)
        return None if needs is None else needs + self._universe.wishes(name)

    def _enemies_of(self, names: frozenset[str]) -> frozenset[str] | None:
        """What some packages cannot stand, None where they lack something or cannot stand each other."""
        try:
            return self._settled[names]
        except KeyError:
            needs = map(self._universe.needs, names)
            enemies = frozenset().union(*filter(None, map(self._universe.enemies, names)))
            lacking = any(names.isdisjoint(group) for groups in needs for group in groups)
            return self._remember(names, None if lacking or not names.isdisjoint(enemies) else enemies)

    def _remember(self, names: frozenset[str], enemies: frozenset[str] | None) -> frozenset[str] | None:
        if len(self._settled) >= SYSTEMS:
            self._settled.clear()
        self._settled[names] = enemies
        return enemies


@lru_cache(maxsize=4)
def plain(universe: Universe) -> Plain:
    return Plain(universe)


def _bring(steps: Callable[[str], Needs | None], name: str, present: set[str], added: list[str]) -> bool:
    """Add what a package lacks, depth first; whether that could be had."""
    groups = steps(name)
    if groups is None:
        return False
    stack: list[Iterator[tuple[str, ...]]] = [iter(groups)]
    while stack:
        for group in stack[-1]:
            if present.isdisjoint(group):
                first = group[0]
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
