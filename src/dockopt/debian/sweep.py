"""Which packages nobody needs any more: no requested one leads to them, as `apt-get autoremove` goes by."""

from dockopt.debian.system import System
from dockopt.debian.universe import Universe


def garbage(universe: Universe, system: System) -> frozenset[str]:
    """Packages that neither were asked for nor are needed or recommended by one that was, in any alternative."""
    kept = {name for name in system.installed if name in system.manual or universe.stays(name)}
    queue = list(kept)
    while queue:
        found = system.installed.intersection(universe.uses(queue.pop())).difference(kept)
        kept |= found
        queue += found
    return system.installed - kept
