"""Which packages nobody needs any more: no requested one leads to them, as `apt-get autoremove` goes by."""

from dockopt.debian.system import System
from dockopt.debian.universe import Universe

REQUIRED = 1


def garbage(universe: Universe, system: System) -> frozenset[str]:
    """Packages that neither were asked for nor are needed or recommended by one that was, in any alternative."""
    kept = {name for name in system.installed if name in system.manual or _is_root(universe, name)}
    queue = list(kept)
    while queue:
        name = queue.pop()
        for group in (*universe.needs(name), *universe.wishes(name)):
            for target in group:
                if target in system.installed and target not in kept:
                    kept.add(target)
                    queue.append(target)
    return system.installed - kept


def _is_root(universe: Universe, name: str) -> bool:
    version = universe.candidate(name)
    return version is None or version.essential or version.priority == REQUIRED
