"""Which files and folders of a tree a search leaves alone: `.gitignore`, `.dockoptignore`, and `exclude` in settings.

Patterns mean what git means by them: nested files come after those above, `!` takes a path back, and nothing is taken
back out of a folder that is ignored itself.
"""

import os
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from dockopt.batch.configuration import Config, config_at, config_in

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILES = (".gitignore", ".dockoptignore")
GIT = ".git"


class Rule(NamedTuple):
    """Patterns that hold below a folder."""

    folder: str
    spec: "GitIgnoreSpec"


class Rules(NamedTuple):
    """What holds in one folder: a chain of rules for each kind of file, from above to below."""

    chains: tuple[tuple[Rule, ...], ...] = ((),) * (len(FILES) + 1)

    def ignores(self, path: str, *, folder: bool) -> bool:
        """Whether a whole path is to be left alone."""
        return any(_verdict(chain, path, folder) for chain in self.chains if chain)

    @property
    def empty(self) -> bool:
        """Whether nothing is left alone."""
        return not any(self.chains)


def rules_above(root: str) -> Rules:
    """What files above a folder say, up to the top of its repository; a folder may be ignored itself and searched."""
    folders = [root]
    while not os.path.exists(os.path.join(folders[-1], GIT)):
        above = os.path.dirname(folders[-1])
        if above == folders[-1]:
            return Rules()  # in no repository: what lies above is somebody else's
        folders.append(above)
    rules = Rules()
    exclude = _spec(os.path.join(folders[-1], GIT, "info", "exclude"))
    if exclude:
        rules = Rules(((Rule(folders[-1], exclude),), *rules.chains[1:]))
    for folder in reversed(folders[1:]):
        rules = _rules(folder, FILES, rules, config_at(folder))
    return rules


def rules_in(folder: str, names: Collection[str], above: Rules) -> Rules:
    """What holds in a folder that has these names in it."""
    return _rules(folder, names, above, config_in(folder, names))


def _rules(folder: str, names: Collection[str], above: Rules, config: Config) -> Rules:
    if above.empty and not config.excluded and not any(name in names for name in FILES):
        return above
    chains = list(above.chains)
    for at, name in enumerate(FILES):
        spec = _spec(os.path.join(folder, name)) if name in names else None
        if spec:
            chains[at] = (*chains[at], Rule(folder, spec))
    chains[-1] = tuple(Rule(home, parsed(patterns)) for home, patterns in config.excluded)
    return Rules(tuple(chains))


def _verdict(chain: tuple[Rule, ...], path: str, folder: bool) -> bool:
    for rule in reversed(chain):
        name = path[len(rule.folder.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
        said = rule.spec.check_file(name + "/" if folder else name).include
        if said is not None:
            return said
    return False


def _spec(path: str) -> "GitIgnoreSpec | None":
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except OSError:
        return None
    return parsed(lines) if any(line.strip() and not line.startswith("#") for line in lines) else None


def parsed(lines: Iterable[str]) -> "GitIgnoreSpec":
    """Patterns as git reads them."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only where there are patterns

    return GitIgnoreSpec.from_lines(lines)
