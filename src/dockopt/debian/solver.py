"""What `apt-get install` adds: marking packages one by one, as apt's own marking does, and never looking back far.

A requested package is protected, and so is all that it cannot do without; what conflicts with protected packages is out
of the question. Alternatives are tried in order, packages that are installed already before all others. A package
that cannot be had takes back its own mark, not those of what it brought. Recommendations are followed for packages that
were not there before.
"""

from collections.abc import Iterator, Sequence

from dockopt.debian.plain import plain
from dockopt.debian.repair import repair
from dockopt.debian.sweep import garbage
from dockopt.debian.system import Change, System
from dockopt.debian.universe import Universe
from dockopt.debian.words import Request

DEEPEST = 400


class Marks:
    """The state of a command in the making: what is to be installed, what must stay, what is out of the question."""

    def __init__(self, universe: Universe, system: System, *, recommends: bool) -> None:
        self.universe = universe
        self.system = system
        self.recommends = recommends
        self.marked: dict[str, None] = {}
        self.present = set(system.installed)
        """What is installed in the end, as far as it is decided."""
        self.protected: set[str] = set()
        self.discarded: set[str] = set()
        self.changed: set[str] = set()
        """Installed packages that are to be replaced by another version."""
        self.undone = False

    def request(self, name: str) -> None:
        """Mark a package that the command names, without what it needs."""
        self.protected.add(name)
        self.discarded.discard(name)
        self._set(name)

    def forbid(self, name: str) -> None:
        """Mark a package to be removed because the command says so."""
        self.protected.add(name)
        self.discarded.add(name)
        self.drop(name)

    def drop(self, name: str) -> None:
        self.present.discard(name)
        if name in self.marked:
            del self.marked[name]
            self.undone = True

    def _set(self, name: str) -> None:
        if name not in self.system.installed or name in self.changed:
            self.marked[name] = None
        self.present.add(name)

    def is_out(self, name: str) -> bool:
        """Whether a package is protected against being installed."""
        return name in self.protected and name not in self.present

    def install(self, name: str, *, requested: bool = False, depth: int = 0) -> bool:
        """Mark a package and all it needs; whether that was possible. Nothing it brings may push it out again."""
        if depth > DEEPEST or self.is_out(name) or name in self.discarded:
            return False
        if self.universe.candidate(name) is None:
            return False
        protected = name in self.protected
        if not protected and name in self.present and not self.is_broken(name):
            return True
        if not self._is_possible(name):
            if not protected:
                self.discarded.add(name)
                self.drop(name)
            return False
        careful = not protected and not requested
        removed: list[str] = []
        failed = not self._clear_the_way(name, removed, protected=protected, careful=careful)
        if failed and careful:
            return False
        self._set(name)
        self.protected.add(name)
        failed |= not self._bring(name, protected=protected, careful=careful, depth=depth)
        if not protected:
            self.protected.discard(name)
        if failed and careful:
            self._take_back(name)
            return False
        for one in removed:
            self.drop(one)
        return not failed

    def _take_back(self, name: str) -> None:
        if name not in self.system.installed:
            self.discarded.add(name)
            self.drop(name)

    def _is_possible(self, name: str) -> bool:
        """Whether something is left to satisfy each dependency."""
        needs = self.universe.needs(name)
        if not all(needs):
            return False
        if not self.discarded:
            return True
        return not any(self.discarded.issuperset(group) and self.present.isdisjoint(group) for group in needs)

    def is_broken(self, name: str) -> bool:
        """Whether something that a package must have is missing, or something it must not is there."""
        if any(map(self.present.isdisjoint, self.universe.needs(name))):
            return True
        return not self.present.isdisjoint(self.universe.enemies(name))

    def suspects(self) -> Iterator[str]:
        """Packages that may be broken: all where something went, else new ones and those that hate them."""
        if self.undone or not self.present.issuperset(self.system.installed):
            yield from tuple(self.present)
            return
        yield from tuple(self.marked)
        yield from self.universe.hostile(self.system.installed)

    def _clear_the_way(self, name: str, removed: list[str], *, protected: bool, careful: bool) -> bool:
        """Deal with what a package conflicts with; `removed` gets installed packages that have to go."""
        cleared = True
        for enemy in self.universe.enemies(name):
            if enemy not in self.system.installed:
                cleared &= self._rule_out(enemy, protected=protected)
            elif enemy in self.present:
                if not self.may_go(enemy):
                    cleared = False
                elif protected:
                    self.drop(enemy)
                    self.discarded.add(enemy)
                    self.protected.add(enemy)
                else:
                    removed.append(enemy)
            if careful and not cleared:
                return False
        return cleared

    def _rule_out(self, enemy: str, *, protected: bool) -> bool:
        if enemy in self.present:
            if enemy in self.protected:
                return False
            self.drop(enemy)
        if protected:
            self.discarded.add(enemy)
            self.protected.add(enemy)
        return True

    def may_go(self, name: str) -> bool:
        version = self.universe.candidate(name)
        return name not in self.protected and not (version and version.essential)

    def _bring(self, name: str, *, protected: bool, careful: bool, depth: int) -> bool:
        """Install what a package depends on and recommends; whether it got all it must have."""
        complete = True
        present = self.present
        for group in self.universe.needs(name):
            if present.isdisjoint(group):
                if not self._satisfy(group, depth, protected=protected):
                    complete = False
                    if careful:
                        return False
            elif protected and not (len(group) == 1 and group[0] in self.protected):
                complete &= self._protect(group, depth)
        if self.recommends and name not in self.system.installed:
            for group in self.universe.wishes(name):
                if present.isdisjoint(group):
                    self._satisfy(group, depth, protected=False)
        return complete

    def _protect(self, targets: tuple[str, ...], depth: int) -> bool:
        """What a protected package needs is protected too where nothing else would do."""
        possible = [one for one in targets if one in self.present or one not in self.discarded]
        if len(possible) != 1 or possible[0] in self.protected:
            return True
        self.protected.add(possible[0])
        return self.install(possible[0], depth=depth + 1)

    def _satisfy(self, targets: tuple[str, ...], depth: int, *, protected: bool) -> bool:
        possible: Sequence[str] = targets
        if len(targets) > 1:
            left = [one for one in targets if one not in self.discarded and not self.is_out(one)]
            possible = sorted(left, key=lambda one: one not in self.system.installed)
        for one in possible:
            if one in self.discarded:
                continue
            if protected and len(possible) == 1:
                if one in self.protected and one not in self.present:
                    continue
                self._set(one)
                self.protected.add(one)
            if self.install(one, depth=depth + 1):
                return True
        return False


def install(universe: Universe, system: System, requests: Sequence[Request], *, recommends: bool) -> Change:
    """What installing (and, for `name-`, removing) does to a system; versions were chosen with the universe."""
    change = None
    if not (universe.chosen or system.chosen or any(request.remove for request in requests)):
        change = plain(universe).install(system, [request.name for request in requests], recommends=recommends)
    return change or marked_install(universe, system, requests, recommends=recommends)


def marked_install(universe: Universe, system: System, requests: Sequence[Request], *, recommends: bool) -> Change:
    """The same with all that marking weighs."""
    marks = Marks(universe, system, recommends=recommends)
    marks.changed = {name for name in universe.chosen if name in system.installed and name not in system.chosen}
    wanted = [request.name for request in requests if not request.remove]
    for request in requests:
        if request.remove:
            marks.forbid(request.name)
    for name in wanted:
        marks.request(name)
    for name in wanted:
        marks.install(name, requested=True)
    problems = repair(marks)
    present = frozenset(marks.present)
    manual = (system.manual & present) | frozenset(wanted)
    superfluous: frozenset[str] = frozenset()
    if marks.undone:
        superfluous = garbage(universe, System(present, manual)) - system.installed
    added = tuple(name for name in marks.marked if name not in superfluous and name not in system.installed)
    chosen = {name: version for name, version in universe.chosen.items() if name in present}
    return Change(
        added,
        tuple(sorted(system.installed - present)),
        tuple(name for name in marks.marked if name in system.installed),
        (),
        problems,
        System(present - superfluous, manual, chosen),
    )
