"""What is installed, and what a command of apt-get makes of it, as plain values."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

NOTHING_CHOSEN: Mapping[str, str] = MappingProxyType({})


class System(NamedTuple):
    """The packages of an image. Those that are not `manual` were installed for others' sake.

    `chosen` are versions where they are not the newest of the index.
    """

    installed: frozenset[str]
    manual: frozenset[str]
    chosen: Mapping[str, str] = NOTHING_CHOSEN


class Change(NamedTuple):
    """What a command does: packages in the order in which they were decided on, and the system after it.

    `replaced` were installed in another version. `unknown` are words that the index cannot explain, `problems` says
    in words what apt would refuse; the rest of the command is then carried out all the same.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    replaced: tuple[str, ...]
    unknown: tuple[str, ...]
    problems: tuple[str, ...]
    after: System
