"""One RUN while its commands are followed: what is pending in its layer, where the shell stands, what mounts hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dockopt.context.tree import Context
from dockopt.estimate.contributions import Contents, Key, Piece, is_under, tidy
from dockopt.knowledge.ranges import Range
from dockopt.model.instructions import Run
from dockopt.model.state import joined


@dataclass
class Work:
    """The layer in the making. `pieces` are what it would hold if it ended here."""

    run: Run
    contents: Contents
    context: Context | None
    pieces: list[Piece] = field(default_factory=list)
    folder: str | None = None
    requested: list[str] = field(default_factory=list)
    """Debian packages that this RUN asked for by name."""
    environment: str | None = None
    """The Python environment that is active, "" for the image's own."""

    def __post_init__(self) -> None:
        self.folder = self.run.state.folder or "/"
        self.environment = self.run.state.value("VIRTUAL_ENV")

    def place(self, path: str | None) -> str:
        """An absolute path as pieces carry it, "" where it is not known."""
        if not path or "$" in path:
            return ""
        if path.startswith("~"):
            return path
        return tidy(joined(self.folder, path) or "")

    def add(self, key: Key, size: Range, basis: str, path: str = "", group: str = "") -> None:
        if path and self.is_mounted(path):
            return
        self.pieces.append(Piece(key, size, basis, path, group))

    def is_mounted(self, path: str) -> bool:
        """Whether a path is in a mount, so that nothing of it is in the layer."""
        return any(target and is_under(path, target) for target in self.mounts)

    @property
    def mounts(self) -> tuple[str, ...]:
        targets = (mount.get("target") or mount.get("dst") or mount.get("destination") for mount in self.run.mounts)
        return tuple(tidy(joined(self.run.state.folder, target) or target) for target in targets if target)

    def remove(self, patterns: Iterable[str]) -> None:
        """Take away what this layer holds below some paths; earlier layers keep what they hold."""
        folders = [self.place(pattern) or tidy(pattern) for pattern in patterns]
        self.drop(lambda piece: bool(piece.path) and any(is_under(piece.path, folder) for folder in folders))
        if any(is_under("/var/lib/apt/lists", folder) for folder in folders):
            self.contents.has_lists = False

    def drop(self, is_gone: Callable[[Piece], bool]) -> None:
        """Take pieces out of this layer, and out of what later instructions see of the earlier ones."""
        self.pieces = [piece for piece in self.pieces if not is_gone(piece)]
        self.contents.pieces = [piece for piece in self.contents.pieces if not is_gone(piece)]

    def has(self, *key: str) -> bool:
        return any(piece.key[: len(key)] == key for piece in self.pieces)

    def setting(self, name: str) -> str | None:
        """An environment variable or build argument, as far as the file says."""
        return self.run.state.value(name)
