"""The files that a build works on: what COPY brought, what build tools and everyday commands made of it."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from dockopt.analyses.split.effects import Effect, Kind
from dockopt.analyses.split.plan import NotSplit
from dockopt.context.sources import STANDARD_FOLDERS
from dockopt.model.instructions import Run
from dockopt.model.state import joined


class Touched(NamedTuple):
    """What the commands of a RUN have to do with the build's files.

    `mine` is at least one of them, `others` at least one file elsewhere in the image or an account; `uses` says that
    files of the build are copied, moved or removed, `owns` that they change their owner.
    """

    mine: bool = False
    others: bool = False
    uses: bool = False
    owns: bool = False


class BuilderFiles:
    """`roots` are the paths that COPY filled, `landed` image path to context path, `outputs` what the build writes.

    `made` is what everyday commands added, `removed` what they took away, `copied` outputs that lie elsewhere as well,
    `sources` what each of those was copied from: a path, or the folder of a pattern.
    """

    def __init__(self) -> None:
        self.roots: list[str] = []
        self.landed: dict[str, str] = {}
        self.outputs: dict[str, Run] = {}
        self.made: dict[str, Run] = {}
        self.made_folders: set[str] = set()
        self.removed: set[str] = set()
        self.copied: set[str] = set()
        self.sources: dict[str, str] = {}

    def touched(self, found: list[Effect], run: Run) -> Touched:
        """What a RUN has to do with the build's files.

        Raises:
            NotSplit: a path may be one of them.
        """
        mine = [effect for effect in found if self._is_mine(effect, run)]
        return Touched(
            mine=bool(mine),
            others=any(effect.path == "" or effect not in mine for effect in found),
            uses=any(one.kind in (Kind.COPY, Kind.MOVE, Kind.REMOVE, Kind.READ) for one in mine),
            owns=any(one.kind is Kind.OWN for one in mine),
        )

    def _is_mine(self, effect: Effect, run: Run) -> bool:
        if effect.path == "":
            return False
        if effect.path is None:
            if self.roots:
                raise NotSplit("a command works on files whose names depend on a variable or a pattern", run)
            return False
        return self.near(effect.path) or (effect.source is not None and self.near(effect.source))

    def near(self, path: str) -> bool:
        """Whether a path is, holds or lies below something of the build; folders of every image hold too much."""
        known = (*self.roots, *self.outputs, *self.made)
        above = path not in STANDARD_FOLDERS
        return any(_is_below(path, one) or (above and _is_below(one, path)) for one in known)

    def apply(self, found: list[Effect], run: Run) -> None:
        """Take in what a RUN of the builder does.

        Raises:
            NotSplit: the result is not known.
        """
        for effect in found:
            match effect.kind:
                case Kind.MAKE | Kind.FOLDER:
                    self._make(effect.path, run)
                    if effect.kind is Kind.FOLDER:
                        self.made_folders.add(effect.path or "")
                case Kind.COPY | Kind.MOVE:
                    self._copy(effect, run)
                case Kind.REMOVE:
                    self._remove(effect, run)
                case Kind.CHANGE:
                    self._change(effect, run)
                case Kind.OWN if effect.path is None or self.near(effect.path):
                    raise NotSplit("the owner of copied files is changed before the last build step", run)
                case Kind.LINK | Kind.READ | Kind.OWN | Kind.IMAGE:
                    raise NotSplit("a build step does more to the image than writing files", run)

    def land(self, landed: Mapping[str, str], root: str) -> None:
        """Take in what a COPY brings to a folder, "" for the root of the image."""
        self.landed |= landed
        self.removed -= landed.keys()
        self.roots += [root] if root else list(landed)

    def leave(self, mounted: Iterable[str]) -> None:
        """Take away what a RUN wrote below its mounts: it is in no layer."""
        for folder in mounted:
            for written in (self.outputs, self.made):
                for path in [path for path in written if folder and _is_below(path, folder.rstrip("/"))]:
                    del written[path]

    def _make(self, path: str | None, run: Run) -> None:
        if path is None:
            raise NotSplit("a build step makes files whose names are not known", run)
        if path not in self.landed and path not in self.outputs:
            self.made[path] = run
        self.removed.discard(path)

    def _copy(self, effect: Effect, run: Run) -> None:
        source, target = effect.source, effect.path
        if source is None or target is None:
            raise NotSplit("a build step copies files whose names are not known", run)
        if effect.glob and target in self.folders():
            raise NotSplit("a build step copies files whose names are not known", run)
        if target in self.folders():
            target = joined(target, source.rpartition("/")[2]) or target
        if source in self.outputs or (source not in self.landed and source not in self.made):
            self.outputs[target] = run
            self.copied.add(source)
            self.sources[target] = source
        else:
            self.made[target] = run
        self.removed.discard(target)
        if effect.kind is Kind.MOVE:
            self.removed.add(source)

    def _remove(self, effect: Effect, run: Run) -> None:
        if effect.path is None or (effect.glob and effect.source is None):
            raise NotSplit("a build step removes files whose names are not known", run)
        known = (*self.landed, *self.outputs, *self.made)
        if effect.glob:
            pattern = effect.source or ""
            gone = [path for path in known if _matches(path, pattern)]
        else:
            gone = [path for path in known if _is_below(path, effect.path)]
        self.removed.update(gone)

    def _change(self, effect: Effect, run: Run) -> None:
        if effect.path is None or not self.near(effect.path):
            raise NotSplit("a build step changes files of the image", run)

    def folders(self) -> frozenset[str]:
        """Folders that are known to be there."""
        return frozenset(_parents((*self.landed, *self.outputs, *self.made))) | self.made_folders

    def is_gone(self, path: str) -> bool:
        return path in self.removed


def _matches(path: str, pattern: str) -> bool:
    """Whether a path or a folder that holds it fits a shell pattern."""
    count = pattern.count("/")
    return fnmatchcase("/".join(path.split("/")[: count + 1]), pattern)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _parents(paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        parent = path.rpartition("/")[0]
        while parent:
            yield parent
            parent = parent.rpartition("/")[0]
