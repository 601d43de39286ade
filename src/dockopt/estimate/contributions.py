"""What one instruction adds to an image, piece by piece, each with a key by which two files can be compared.

A piece that is in both files cancels in a comparison, however uncertain its size is.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dockopt.knowledge.ranges import Range, total
from dockopt.lazy import cached_property

HOME_NAMES = ("$HOME", "${HOME}")
Key = tuple[str, ...]


class File(NamedTuple):
    """One file: its name below the path of its piece ("" where the piece is this file), bytes, place in the context."""

    name: str
    size: int
    source: str = ""


class Piece(NamedTuple):
    """Bytes that a layer holds: what they are (`key`), where they lie (`path`, "" where that is not known).

    `~` stands for a home folder that is not known. `group` names packages that are removed together.
    `files` lists what is in it, None where that is not known. `bundle` are the pieces that this one stands for, "" as
    their path: what an install brings is carried through a walk as one.
    """

    key: Key
    size: Range
    basis: str
    path: str = ""
    group: str = ""
    files: tuple[File, ...] | None = None
    bundle: "Bundle | None" = None

    @property
    def is_loose(self) -> bool:
        """Whether the bytes lie somewhere below a folder, under names that are not known."""
        return self.path.endswith("/*")

    def absolute(self, file: File) -> str:
        return f"{self.path.rstrip('/')}/{file.name}" if file.name else self.path


class Bundle:
    """Pieces on the same basis whose places are not known, with what is asked of all of them together."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces = tuple(pieces)

    def as_piece(self) -> Piece:
        first = self.pieces[0]
        return Piece(first.key[:1], total(piece.size for piece in self.pieces), first.basis, bundle=self)

    @cached_property
    def keys(self) -> frozenset[Key]:
        return frozenset(piece.key for piece in self.pieces)

    @cached_property
    def weight(self) -> int:
        return sum(map(weight_of, self.pieces))

    @cached_property
    def sometimes(self) -> Piece:
        """The same where it is not certain that they are there."""
        return Bundle(map(sometimes, self.pieces)).as_piece()

    def without(self, is_gone: Callable[[Piece], bool]) -> Piece | None:
        """What is left, None for nothing; only where something is gone."""
        kept = tuple(piece for piece in self.pieces if not is_gone(piece))
        return Bundle(kept).as_piece() if kept else None


def bundled(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The same bytes as one piece; none for none."""
    bundle = Bundle(pieces)
    return (bundle.as_piece(),) if bundle.pieces else ()


def each(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces with bundles taken apart."""
    for piece in pieces:
        if piece.bundle is None:
            yield piece
        else:
            yield from piece.bundle.pieces


def left_of(pieces: Iterable[Piece], is_gone: Callable[[Piece], bool]) -> list[Piece]:
    """What is left of some pieces, in bundles or not."""
    found = []
    for piece in pieces:
        if piece.bundle is None:
            if not is_gone(piece):
                found.append(piece)
        elif not any(map(is_gone, piece.bundle.pieces)):
            found.append(piece)
        elif left := piece.bundle.without(is_gone):
            found.append(left)
    return found


def weight_of(piece: Piece) -> int:
    """How much a figure rests on a piece."""
    return piece.size.expected + piece.size.high // 20 if piece.bundle is None else piece.bundle.weight


def sometimes(piece: Piece) -> Piece:
    """The piece where it is not certain that it is there."""
    return piece._replace(size=Range(0, *piece.size[1:])) if piece.bundle is None else piece.bundle.sometimes


def without_replaced(pieces: list[Piece], new: Piece) -> list[Piece]:
    """What is left of pieces when a new one comes over them: a new list."""
    return [left for old in pieces if (left := _without(old, new)) is not None]


def overlaps(old: Piece, new: Piece) -> bool:
    """Whether two pieces may have files in common."""
    return bool(old.files and new.files) and (is_under(old.path, new.path) or is_under(new.path, old.path))


def _without(old: Piece, new: Piece) -> Piece | None:
    """What is left of a piece where another one brings some of the same files."""
    if not overlaps(old, new):
        return old
    assert old.files is not None
    assert new.files is not None
    if old.path == new.path:
        names = {file.name for file in new.files}
        kept = tuple(file for file in old.files if file.name not in names)
    else:
        places = {new.absolute(file) for file in new.files}
        kept = tuple(file for file in old.files if old.absolute(file) not in places)
    return old if len(kept) == len(old.files) else of_files(old, kept)


def of_files(piece: Piece, files: tuple[File, ...]) -> Piece | None:
    """The piece with some of its files only, None for none."""
    size = sum(file.size for file in files)
    return piece._replace(files=files, size=Range(size, size, size)) if files else None


def tidy(path: str) -> str:
    """A path or pattern as pieces carry it: no quotes, no trailing slash or wildcard, `~` for `$HOME`."""
    path = path.strip("\"'")
    while path.endswith(("/", "/*", "/.")):
        path = path.removesuffix("*").removesuffix(".").rstrip("/") or "/"
        if path == "/":
            return path
    home = next((name for name in HOME_NAMES if path == name or path.startswith(name + "/")), "")
    return "~" + path[len(home) :] if home else path


def is_under(path: str, folder: str) -> bool:
    if folder.endswith("*"):
        return path.startswith(folder.rstrip("*"))
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def pieces_under(pieces: Iterable[Piece], folder: str) -> Iterator[Piece]:
    return (piece for piece in pieces if piece.path and is_under(piece.path, folder))
