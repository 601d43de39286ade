"""What one instruction adds to an image, piece by piece, each with a key by which two files can be compared.

A piece that is in both files cancels in a comparison, however uncertain its size is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from dockopt.knowledge.images import Image
from dockopt.knowledge.ranges import Range

HOMES = ("/root", "$HOME", "${HOME}", "/home/*")
Key = tuple[str, ...]


class Piece(NamedTuple):
    """Bytes that a layer holds: what they are (`key`), where they lie (`path`, "" where that is not known).

    Home folders in paths are written `~`, whoever's they are. `group` names packages that are removed together.
    """

    key: Key
    size: Range
    basis: str
    path: str = ""
    group: str = ""


@dataclass
class Contents:
    """What an image holds while a stage is walked: `pieces` are the files that the next instruction sees.

    `packages` are Debian's beyond those of the base image, whose own are in `debian.packages_in`.
    """

    image: Image | None = None
    packages: set[str] = field(default_factory=set)
    has_lists: bool = False
    keeps_archives: bool = False
    recommends: bool = True
    first_in_path: str = ""
    """The folder that ENV puts at the head of PATH."""
    pieces: list[Piece] = field(default_factory=list)

    def copy(self) -> "Contents":
        return Contents(
            self.image,
            set(self.packages),
            self.has_lists,
            self.keeps_archives,
            self.recommends,
            self.first_in_path,
            list(self.pieces),
        )

    @property
    def release(self) -> str | None:
        """The release that is likeliest; sizes of neighbours hardly differ."""
        return self.image.candidates[0] if self.image and self.image.candidates else None


def tidy(path: str) -> str:
    """A path or pattern as pieces carry it: no quotes, no trailing slash or wildcard, `~` for home folders."""
    path = path.strip("\"'")
    while path.endswith(("/", "/*", "/.")):
        path = path.removesuffix("*").removesuffix(".").rstrip("/") or "/"
        if path == "/":
            return path
    for home in HOMES:
        if path == home or path.startswith(home + "/"):
            return "~" + path[len(home) :]
    if path.startswith("/home/") and path.count("/") >= 3:
        return "~/" + path.split("/", 3)[3]
    return path


def is_under(path: str, folder: str) -> bool:
    if folder.endswith("*"):
        return path.startswith(folder.rstrip("*"))
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def pieces_under(pieces: Iterable[Piece], folder: str) -> Iterator[Piece]:
    return (piece for piece in pieces if piece.path and is_under(piece.path, folder))
