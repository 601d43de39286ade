"""What the user asked for, as one frozen value."""

from typing import NamedTuple

from dockopt.fixes import Level


class Settings(NamedTuple):
    """How far to go. `select` empty means every transform; names are module names (`remove_apt_lists`)."""

    level: Level = Level.STANDARD
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    max_fixes: int | None = None
    rounds: int = 10
    few_layers: bool = False
    """Merge neighbouring RUN instructions also where no byte is saved."""

    def wants(self, name: str) -> bool:
        return name not in self.ignore and (not self.select or name in self.select)

    def grants(self, opt_in: str) -> bool:
        """Whether the setting that a fix asks for was given ("" asks for nothing)."""
        return not opt_in or (opt_in == "few-layers" and self.few_layers)
