"""What an image holds while a stage is walked, and what an instruction asked of it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from dockopt.context.sources import STANDARD_FOLDERS
from dockopt.estimate.contributions import Piece, is_under, left_of, overlaps, without_replaced
from dockopt.estimate.portions import Split, near, split
from dockopt.knowledge.images import Image


class Apt(NamedTuple):
    """What apt knows of an image. `packages` are those beyond the base image's, which are in `debian.packages_in`."""

    packages: frozenset[str] = frozenset()
    has_lists: bool = False
    keeps_archives: bool = False
    recommends: bool = True


class Settings(NamedTuple):
    """What earlier instructions settled beside files: `folders` are those that the file makes itself."""

    apt: Apt = Apt()
    folders: frozenset[str] = frozenset()
    first_in_path: str = ""
    """The folder that ENV puts at the head of PATH."""


Query = Callable[[Iterable[Piece]], list[Piece]]
"""Picks, out of all pieces, those that something depends on."""


class Trace:
    """What was asked: names of settings that were read or written, and queries of the pieces."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.queries: list[Query] = []


class Contents:
    """What an image holds: `pieces` are the files that the next instruction sees, `base` all that was there before.

    Who follows an instruction goes by methods and properties, so that a trace tells what its outcome rests on.
    """

    def __init__(self, image: Image | None = None, base: Piece | None = None) -> None:
        self.image = image
        self.base = base
        self.settings = Settings()
        self.pieces: list[Piece] = []
        self.trace: Trace | None = None

    def copy(self, trace: Trace | None = None) -> "Contents":
        other = object.__new__(Contents)
        other.__dict__.update(self.__dict__, pieces=list(self.pieces), trace=trace)
        return other

    @property
    def release(self) -> str | None:
        """The release that is likeliest; sizes of neighbours hardly differ."""
        return self.image.candidates[0] if self.image and self.image.candidates else None

    @property
    def apt(self) -> Apt:
        self._note("apt")
        return self.settings.apt

    @apt.setter
    def apt(self, value: Apt) -> None:
        self._note("apt")
        self.settings = self.settings._replace(apt=value)

    @property
    def folders(self) -> frozenset[str]:
        self._note("folders")
        return self.settings.folders

    @folders.setter
    def folders(self, value: frozenset[str]) -> None:
        self._note("folders")
        self.settings = self.settings._replace(folders=value)

    @property
    def first_in_path(self) -> str:
        self._note("first_in_path")
        return self.settings.first_in_path

    @first_in_path.setter
    def first_in_path(self, value: str) -> None:
        self._note("first_in_path")
        self.settings = self.settings._replace(first_in_path=value)

    def put(self, pieces: Iterable[Piece]) -> None:
        """Let later instructions see new files, and no longer what they replace."""
        for piece in pieces:
            if piece.files:
                self._ask(lambda there, new=piece: [old for old in there if overlaps(old, new)])  # type: ignore[misc]
                self.pieces = without_replaced(self.pieces, piece)
            self.pieces.append(piece)

    def drop(self, is_gone: Callable[[Piece], bool]) -> None:
        """Take out pieces that are gone, in bundles or not."""
        self._ask(lambda there: [one for one in there if left_of((one,), is_gone) != [one]])
        self.pieces = left_of(self.pieces, is_gone)

    def change(self, changed: Callable[[Piece], Piece | None]) -> None:
        """Put what is left of each piece in its place."""
        self._ask(lambda there: [one for one in there if changed(one) is not one])
        self.pieces = [left for piece in self.pieces if (left := changed(piece)) is not None]

    def look(self, pattern: str, *, deep: bool = True) -> Split:
        """What lies at a path or pattern, and what does not."""
        self._ask(lambda there: near(there, pattern))
        return split(self.pieces, pattern, deep=deep)

    def take(self, pattern: str, *, deep: bool = True) -> Split:
        """The same, and let later instructions no longer see what lies there."""
        found = self.look(pattern, deep=deep)
        self.pieces = found.kept
        return found

    def those(self, wanted: Callable[[Piece], bool]) -> list[Piece]:
        """The pieces of some kind."""
        self._ask(lambda there: list(filter(wanted, there)))
        return list(filter(wanted, self.pieces))

    def is_folder(self, path: str) -> bool:
        """Whether a folder is known to be there."""
        if path in self.folders or path in STANDARD_FOLDERS:
            return True
        if path.endswith("*"):
            return bool(self.those(lambda one: bool(one.path) and _shows_folder(one, path)))
        self._ask(lambda there: near(there, path))
        return any(_shows_folder(one, path) for one in near(self.pieces, path))

    def knows_folder(self, path: str) -> bool:
        """Whether the file makes this folder itself, so that the base image has nothing in it."""
        return any(path != folder and is_under(path, folder) for folder in self.folders) or path in self.folders

    def _note(self, name: str) -> None:
        if self.trace is not None:
            self.trace.names.add(name)

    def _ask(self, query: Query) -> None:
        if self.trace is not None:
            self.trace.queries.append(query)


def _shows_folder(piece: Piece, path: str) -> bool:
    """Whether a piece that has a path is a folder there, or stands in one."""
    if not is_under(piece.path, path):
        return False
    return piece.path != path or (piece.files is not None and any(file.name for file in piece.files))
