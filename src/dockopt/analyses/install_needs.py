"""What one command needs of the files that were copied from the build context, and what it fills: the common words."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.analyses.copied_files import CopiedFiles
from dockopt.model.commands import Call
from dockopt.model.state import joined


class Needs(NamedTuple):
    """All that a command takes from the copied files and leaves among them; every path is absolute in the image.

    `reads` are the copied files it reads, `fills` the folders and files it writes, `rewrites` those of `reads` that
    it may bring up to date. `installs` marks an install of packages. Where that is not known `obstacle` says why.
    """

    reads: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    installs: bool = False
    obstacle: str = ""


class Place(NamedTuple):
    """Where a command runs: its folder (None where not known), the copied files there, and the variables set."""

    folder: str | None
    files: CopiedFiles
    environment: Mapping[str, str | None]

    def path(self, name: str | None) -> str | None:
        """An absolute image path, None where it is not known."""
        return joined(self.folder, name) if name else None

    def inside(self, folder: str) -> "Place":
        return self._replace(folder=folder)


NOTHING = Needs()


SETTINGS_WITH_FILES = (
    *("CERT", "SSL_", "GIT_SSH", "CA_BUNDLE", "CA_FILE", "CAINFO", "CREDENTIALS", "NETRC", "LD_PRELOAD", "BASH_ENV"),
    *("GIT_CONFIG", "GIT_ASKPASS"),
)
"""Parts of the names of variables by which programs of every kind find certificates, keys and settings."""


def may_name_files(variable: str) -> bool:
    """Whether programs that fetch packages may look into a file that a variable of this name leads to."""
    return any(mark in variable.upper() for mark in SETTINGS_WITH_FILES)


def words(text: str) -> frozenset[str]:
    """The options or names in a text, for tables of them."""
    return frozenset(text.split())


def blocked(reason: str) -> Needs:
    return Needs(obstacle=reason)


def united(parts: tuple[Needs, ...]) -> Needs:
    """What several commands need together."""
    return Needs(
        reads=tuple(dict.fromkeys(path for part in parts for path in part.reads)),
        fills=tuple(path for part in parts for path in part.fills),
        rewrites=tuple(path for part in parts for path in part.rewrites),
        installs=any(part.installs for part in parts),
        obstacle=next((part.obstacle for part in parts if part.obstacle), ""),
    )


def beside(folder: str, name: str) -> str:
    """The image path of a file in a folder."""
    return f"{folder.rstrip('/')}/{name}"


def above(folder: str) -> Iterator[str]:
    """The folders above one, the nearest first."""
    while folder != "/":
        folder = folder.rpartition("/")[0] or "/"
        yield folder


class Line(NamedTuple):
    """A command's words taken apart: operands in order, options by name with the value of each that takes one.

    `obstacle` names an option that is in neither table.
    """

    operands: tuple[str, ...]
    options: Mapping[str, str]
    obstacle: str = ""

    def has(self, *names: str) -> bool:
        return any(name in self.options for name in names)


class Ahead(NamedTuple):
    """What a command that reads the sources does without them: `needs` of that part, and how to ask for it.

    Either `insert` goes behind the last word, or `instead` is the whole command.
    """

    needs: Needs
    insert: str = ""
    instead: str = ""


def read_line(call: Call, valued: frozenset[str], plain: frozenset[str]) -> Line:
    """The words of a command; `valued` options take the next word where they have no value of their own."""
    operands: list[str] = []
    options: dict[str, str] = {}
    obstacle = ""
    following = iter(call.arguments)
    for word in following:
        name, equals, value = (word.value or word.text).partition("=")
        if not name.startswith("-"):
            operands.append(word.value or "$")
            continue
        if name in valued and not equals:
            after = next(following, None)
            value = (after.value if after else None) or "$"
        options[name] = value
        if name not in valued and name not in plain and not obstacle:
            obstacle = f"the option {name} may read the copied files"
    return Line(tuple(operands), options, obstacle)
