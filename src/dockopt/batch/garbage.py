"""How often Python looks for garbage while many files are worked through: a file's own goes at once, cycles wait."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 100_000
"""New objects, beyond those that are gone again, after which the youngest are looked through: there are no cycles."""


def collect_seldom() -> None:
    """What is loaded by now stays to the end: it is not looked through again."""
    gc.freeze()
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """The same for a while."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
