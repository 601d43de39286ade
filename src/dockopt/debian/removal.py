"""What `apt-get remove`, `purge` and `autoremove` take away: what is named, and all that cannot do without it."""

from collections.abc import Iterable

from dockopt.debian.sweep import garbage
from dockopt.debian.system import Change, System
from dockopt.debian.universe import Universe


def remove(universe: Universe, system: System, names: Iterable[str], *, automatic: bool) -> Change:
    """Take packages away; with `automatic` also those that nobody needs then."""
    gone = [name for name in dict.fromkeys(names) if name in system.installed]
    present = set(system.installed).difference(gone)
    queue = list(gone)
    while queue:
        queue = sorted(name for name in present if any(map(present.isdisjoint, universe.needs(name))))
        present.difference_update(queue)
        gone += queue
    after = System(frozenset(present), system.manual & present, _still(system, present))
    if automatic:
        superfluous = garbage(universe, after)
        gone += sorted(superfluous)
        present -= superfluous
        after = System(frozenset(present), system.manual & present, _still(system, present))
    return Change((), tuple(gone), (), (), (), after)


def _still(system: System, present: set[str]) -> dict[str, str]:
    return {name: version for name, version in system.chosen.items() if name in present}
