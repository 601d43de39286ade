"""What the user asked for, as one frozen value."""

from typing import NamedTuple

from dockopt.fixes import Level


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

    rejections: tuple[Rejection, ...] = ()
    """Fixes that were tried and found wanting."""

    def wants(self, name: str) -> bool:
        return name not in self.ignore and (not self.select or name in self.select)

    def grants(self, opt_in: str) -> bool:
        """Whether the setting that a fix asks for was given ("" asks for nothing)."""
        return not opt_in or (opt_in == "few-layers" and self.few_layers)

    def rejects(self, transform: str, title: str, start: int) -> str:
        """Why a fix must not be applied, "" where nothing is known against it."""
        known = (one for one in self.rejections if one[:3] == (transform, title, start))
        return next((one.reason for one in known), "")
