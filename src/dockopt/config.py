"""What the user asked for, as one frozen value."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dockopt.errors import SettingsError
from dockopt.fixes import Level, Purpose

PRESETS: Mapping[str, frozenset[Purpose]] = {
    "ci": frozenset(Purpose) - {Purpose.STYLE},
    "size": frozenset({Purpose.SIZE}),
    "cache": frozenset({Purpose.CACHE}),
    "security": frozenset({Purpose.SECURITY}),
    "style": frozenset({Purpose.STYLE}),
    "all": frozenset(Purpose),
}
"""Names for sets of purposes; several add up."""


class Rejection(NamedTuple):
    """A fix that must not be applied: what proposes it, its title and its place in the first text, and why not."""

    transform: str
    title: str
    start: int
    reason: str


class Settings(NamedTuple):
    """How far to go. `select` empty means every transform; names are module names (`remove_apt_lists`)."""

    level: Level = Level.STANDARD
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    max_fixes: int | None = None
    rounds: int = 10
    few_layers: bool = False
    """Merge neighbouring RUN instructions also where no byte is saved."""

    buildkit: bool = False
    """BuildKit builds the files, also where they do not show it."""

    rejections: tuple[Rejection, ...] = ()
    """Fixes that were tried and found wanting."""

    purposes: frozenset[Purpose] = frozenset()
    """Only transforms for these, and those of `select`; empty is every purpose but style."""

    targets: frozenset[str] = frozenset()
    """Stages, by name or number, that somebody builds beside the last one."""

    at_most: tuple[tuple[str, Level], ...] = ()
    """Transforms that may only do less than `level` allows, with the level that they may go to."""

    def wants(self, name: str, purpose: Purpose = Purpose.SIZE) -> bool:
        """Whether a transform is to run; one that is selected by its name runs whatever it is for."""
        if name in self.ignore or name in self.select:
            return name not in self.ignore
        if self.purposes:
            return purpose in self.purposes
        return not self.select and purpose is not Purpose.STYLE

    def lowered(self, name: str) -> Level:
        """How far a transform may go by itself."""
        return next((level for known, level in self.at_most if known == name), Level.ADVICE)

    def grants(self, opt_in: str) -> bool:
        """Whether the setting that a fix asks for was given ("" asks for nothing)."""
        given = {"few-layers": self.few_layers, "buildkit": self.buildkit}
        return not opt_in or given.get(opt_in, False)

    def rejects(self, transform: str, title: str, start: int) -> str:
        """Why a fix must not be applied, "" where nothing is known against it."""
        known = (one for one in self.rejections if one[:3] == (transform, title, start))
        return next((one.reason for one in known), "")


def purposes(presets: Iterable[str]) -> frozenset[Purpose]:
    """What some presets stand for together.

    Raises:
        SettingsError: there is no such preset.
    """
    found: frozenset[Purpose] = frozenset()
    for preset in presets:
        if preset not in PRESETS:
            raise SettingsError(f"no preset is called {preset!r}; there are {', '.join(PRESETS)}")
        found |= PRESETS[preset]
    return found
