"""When marking leaves something broken: giving up what is wanted least, in a few rounds, as apt's resolver would."""

from collections.abc import Iterator
from typing import Protocol

from dockopt.debian.universe import Universe

ROUNDS = 10


class Broken(Protocol):
    """As much of the marks as is needed here."""

    universe: Universe
    present: set[str]
    protected: set[str]

    def suspects(self) -> Iterator[str]: ...
    def is_broken(self, name: str) -> bool: ...
    def may_go(self, name: str) -> bool: ...
    def drop(self, name: str) -> None: ...
    def install(self, name: str, *, requested: bool = False, depth: int = 0) -> bool: ...


def repair(marks: Broken) -> tuple[str, ...]:
    """Repair what can be; in words, what cannot."""
    for _ in range(ROUNDS):
        broken = [name for name in marks.suspects() if marks.is_broken(name)]
        if not broken:
            return ()
        for name in sorted(broken, key=lambda one: (one in marks.protected, one)):
            _repair_one(marks, name)
    return tuple(f"{name} cannot be installed" for name in sorted(marks.suspects()) if marks.is_broken(name))


def _repair_one(marks: Broken, name: str) -> None:
    if not marks.is_broken(name):
        return
    if name in marks.protected:
        marks.install(name, requested=True)
        for enemy in marks.universe.enemies(name):
            if enemy in marks.present and marks.may_go(enemy):
                marks.drop(enemy)
    else:
        marks.drop(name)
