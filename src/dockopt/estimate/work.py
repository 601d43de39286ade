"""One RUN while its commands are followed: what is pending in its layer, where the shell stands, what mounts hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from dockopt.context.tree import Context
from dockopt.estimate.contents import Contents
from dockopt.estimate.contributions import Key, Piece, is_under, left_of, of_files, tidy, without_replaced
from dockopt.estimate.portions import Portion, split
from dockopt.knowledge.ranges import NOTHING, Range
from dockopt.lazy import cached_property
from dockopt.model.instructions import Run
from dockopt.model.state import joined

PROGRAMS = ("run", "npm run")
"""Pieces that may lie anywhere."""
ROOTS = (None, "", "root", "0", "0:0", "root:root")


class Taken(NamedTuple):
    """What `mv` takes away, out of earlier layers and out of the one in the making; `found` if there was anything."""

    earlier: list[Portion]
    here: list[Portion]
    found: bool


@dataclass
class Work:
    """The layer in the making. `pieces` are what it would hold if it ended here.

    `made` is all that was written on the way, also to mounts and to what is removed again; `mounted` are the files
    that bind mounts show.
    """

    run: Run
    contents: Contents
    context: Context | None
    pieces: list[Piece] = field(default_factory=list)
    folder: str | None = None
    requested: list[str] = field(default_factory=list)
    """Debian packages that this RUN asked for by name."""
    environment: str | None = None
    """The Python environment that is active, "" for the image's own."""
    made: list[Piece] = field(default_factory=list)
    mounted: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = self.run.state.folder or "/"
        self.environment = self.run.state.value("VIRTUAL_ENV")

    def place(self, path: str | None) -> str:
        """An absolute path as pieces carry it, "" where it is not known."""
        return tidy(self.pattern(path)) if path else ""

    def pattern(self, path: str) -> str:
        """The same with wildcards at the end left as they are."""
        if path.startswith(("~", "$HOME", "${HOME}")):
            return self.real(tidy(path))
        if "$" in path:
            path = self.run.state.expand(path) or ""
        return (joined(self.folder, path) or "") if path else ""

    @property
    def home(self) -> str:
        """The home folder of the user that runs the commands, "~" where it is not known."""
        user = self.run.state.user
        if user in ROOTS:
            return "/root"
        name = (user or "").partition(":")[0]
        return f"/home/{name}" if name.isidentifier() else "~"

    def real(self, path: str) -> str:
        """A path with the home folder that `~` stands for."""
        return self.home + path[1:] if path == "~" or path.startswith("~/") else path

    def add(self, key: Key, size: Range, basis: str, path: str = "", group: str = "") -> None:
        self.put(Piece(key, size, basis, self.real(path), group))

    def put(self, piece: Piece) -> None:
        """Add a piece to the layer, unless it lies in a mount."""
        self.made.append(piece)
        if piece.path and self.is_mounted(piece.path):
            return
        if piece.files:
            self.pieces = without_replaced(self.pieces, piece)
        self.pieces.append(piece)

    def put_elsewhere(self, pieces: Iterable[Piece]) -> None:
        """Add pieces of which neither a place nor files are known."""
        pieces = tuple(pieces)
        self.made += pieces
        self.pieces += pieces

    def is_mounted(self, path: str) -> bool:
        """Whether a path is in a mount, so that nothing of it is in the layer."""
        mounts = self.mounts
        return bool(mounts) and any(target and is_under(self.real(path), target) for target in mounts)

    @cached_property
    def mounts(self) -> tuple[str, ...]:
        targets = (mount.get("target") or mount.get("dst") or mount.get("destination") for mount in self.run.mounts)
        return tuple(tidy(joined(self.run.state.folder, target) or target) for target in targets if target)

    def remove(self, patterns: Iterable[str]) -> None:
        """Take away what this layer holds below some paths; earlier layers keep what they hold."""
        for pattern in patterns:
            place = self.real(self.pattern(pattern) or tidy(pattern))
            if place.endswith("/*"):
                place = tidy(place)
            self.pieces = split(self.pieces, place).kept
            self.contents.take(place)
            if is_under("/var/lib/apt/lists", tidy(place)):
                self.contents.apt = self.contents.apt._replace(has_lists=False)

    def remove_named(self, folder: str, names: list[str]) -> None:
        """Take away the known files below a folder that have one of the names, all for none."""
        from fnmatch import fnmatchcase  # noqa: PLC0415 - only where a command asks for it

        def goes(place: str) -> bool:
            name = place.rpartition("/")[2]
            return is_under(place, folder) and (not names or any(fnmatchcase(name, one) for one in names))

        def left(piece: Piece) -> Piece | None:
            if piece.files is None:
                return piece
            kept = tuple(file for file in piece.files if not goes(piece.absolute(file)))
            return piece if len(kept) == len(piece.files) else of_files(piece, kept)

        self.pieces = [one for piece in self.pieces if (one := left(piece))]
        self.contents.change(left)

    def drop(self, is_gone: Callable[[Piece], bool]) -> None:
        """Take pieces out of this layer, and out of what later instructions see of the earlier ones."""
        self.pieces = left_of(self.pieces, is_gone)
        self.contents.drop(is_gone)

    def copy_up(self, pattern: str, why: str, *, deep: bool) -> bool:
        """Store again what earlier layers hold at a pattern, as a change of owner, mode or content does.

        False where nothing is known to be there.
        """
        taken, _, parts = self.contents.take(pattern, deep=deep)
        for piece, _ in (*taken, *parts):
            self.put(piece._replace(key=(why, *piece.key), basis=f"copied again by {why}: {piece.basis}"))
        here = split(self.pieces, pattern, deep=deep)
        return bool(taken or parts or here.taken or here.parts)

    def take(self, pattern: str) -> Taken:
        """Take what lies at a pattern out of everything that later commands see."""
        taken, _, parts = self.contents.take(pattern)
        here, self.pieces, shares = split(self.pieces, pattern)
        return Taken([*taken, *parts], here, bool(taken or parts or here or shares))

    def visible(self, pattern: str, *, deep: bool = True) -> list[Portion]:
        """What commands find at a pattern, wherever it comes from."""
        mounted, here = (split(pieces, pattern, deep=deep) for pieces in (self.mounted, self.pieces))
        found = mounted, self.contents.look(pattern, deep=deep), here
        return [portion for one in found for portion in (*one.taken, *one.parts)]

    def is_folder(self, path: str) -> bool:
        below = split(self.pieces, path).taken
        return self.contents.is_folder(path) or any(piece.path != path or root != path for piece, root in below)

    def has(self, *key: str) -> bool:
        return any(piece.key[: len(key)] == key for piece in self.pieces)

    def those(self, wanted: Callable[[Piece], bool]) -> list[Piece]:
        """The pieces of some kind, of earlier layers and of this one."""
        return [*self.contents.those(wanted), *filter(wanted, self.pieces)]

    def knows(self, *key: str) -> bool:
        """Whether earlier layers or this one hold just this."""
        return bool(self.those(lambda piece: piece.key == key))

    def setting(self, name: str) -> str | None:
        """An environment variable or build argument, as far as the file says."""
        return self.run.state.value(name)

    @property
    def is_known_empty(self) -> bool:
        """Whether every command so far said where it writes, so that a folder without pieces is empty."""
        return not self.those(lambda piece: not piece.path and piece.key[0] in PROGRAMS and piece.size != NOTHING)
