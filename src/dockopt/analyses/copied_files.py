"""Which files of the build context stand where in the image, as the COPYs of a stage leave them.

A COPY whose files are not known for certain has a `problem`; what it may have overwritten counts as not known either.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.context.sources import Matched, destination, is_remote, match
from dockopt.context.tree import Context
from dockopt.lazy import cached_property
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Step
from dockopt.model.stages import Stage

PLAIN_FLAGS = frozenset({"chown", "chmod", "link"})


class Landing(NamedTuple):
    """Where one COPY puts its files: context paths by absolute image path.

    `broad` holds the image paths that came with a folder or a pattern, not by their own name. `needs_folder` says
    that the destination was taken for a folder only because an earlier step made one.
    """

    places: Mapping[str, str] = {}
    broad: frozenset[str] = frozenset()
    problem: str = ""
    needs_folder: bool = False


class CopiedFiles:
    """Context paths by absolute image path, after some COPYs. `made` are files that commands since wrote from them."""

    def __init__(self, context: Context, places: Mapping[str, str], made: frozenset[str] = frozenset()) -> None:
        self.context = context
        self.places = places
        self.made = made

    def at(self, path: str) -> str | None:
        """The context path of a regular file that stands at an image path."""
        found = self.places.get(path)
        if found is None or self.context.files[found].link is not None:
            return None
        return found

    def text(self, path: str) -> str | None:
        found = self.at(path)
        return None if found is None else self.context.read(found)

    def any_below(self, path: str) -> bool:
        """Whether a copied file stands at an image path or below it."""
        return path in self.places or path in self._folders

    def never_copied(self, path: str) -> bool:
        """Whether nothing at an image path or below it can come from the context, whatever lies in the folder."""
        folder, _, name = path.rpartition("/")
        beside = [(copied, source) for copied, source in self.places.items() if is_below(copied, folder or "/")]
        if any(is_below(copied, path) for copied, _ in beside):
            return False
        for copied, source in beside:
            tail = copied.removeprefix(folder).lstrip("/")
            if not source.endswith(tail) or not self.context.ignores(source.removesuffix(tail) + name):
                return False
        return True

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(parents(self.places))


def landing_of(file: Dockerfile, copy: Step) -> Landing:
    """Where the files of a COPY or ADD land."""
    known = file.facts(_landings)
    if copy not in known:
        known.update(_of_stage(file, file.stages[copy.stage]))
    return known[copy]


def _landings(_: Dockerfile) -> dict[Step, Landing]:
    """By step, a stage at a time: most have no install that a COPY could go below."""
    return {}


def files_before(file: Dockerfile, step: Step) -> CopiedFiles:
    """The copied files that a step finds, as its own stage has put them there."""
    assert file.context is not None
    places: dict[str, str] = {}
    for copy in file.stages[step.stage].copies:
        if copy.index >= step.index:
            break
        landing = landing_of(file, copy)
        if landing.problem:
            places = {path: place for path, place in places.items() if not _may_overwrite(copy, path)}
        places.update(landing.places)
    return CopiedFiles(file.context, places)


def overlaps(landing: Landing, path: str) -> bool:
    """Whether something written at or below a path could meet a file of the COPY, or a file stand in its way."""
    return any(is_below(place, path) or is_below(path, place) for place in landing.places)


def is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def parents(paths: Mapping[str, str]) -> Iterator[str]:
    for path in paths:
        parent = path.rpartition("/")[0]
        while parent:
            yield parent
            parent = parent.rpartition("/")[0]


def _of_stage(file: Dockerfile, stage: Stage) -> Iterator[tuple[Step, Landing]]:
    folders: set[str] = set()
    for step in stage.steps:
        if step.state.folder:
            folders.add(step.state.folder)
        if isinstance(step, Copy):
            landing = _landing(file, step, frozenset(folders))
            yield step, landing
            folders.update(parents(landing.places))


def _landing(file: Dockerfile, copy: Copy, folders: frozenset[str]) -> Landing:
    problem = _problem(file, copy)
    if problem or file.context is None:
        return Landing(problem=problem or "no build context is given")
    sources = [source for source in copy.expanded_sources if source is not None]
    matched = match(file.context, sources)
    if any(one.missing or one.linked for one in matched):
        return Landing(problem="a source is not in the build context, or a link")
    if copy.keyword == "ADD" and not all(one.is_folder for one in matched):
        return Landing(problem="ADD may unpack a file")
    places, broad = _places(copy, matched, folders), _broad(copy, matched, folders)
    if places is None or broad is None:
        return Landing(problem="where its files land is not known")
    needs_folder = _places(copy, matched, frozenset()) is None
    return Landing(places, broad, needs_folder=needs_folder)


def _problem(file: Dockerfile, copy: Copy) -> str:
    if copy.from_ is not None or copy.inline:
        return "does not copy from the build context"
    if any(flag.name not in PLAIN_FLAGS for flag in copy.node.flags):
        return "has a flag that changes what is copied"
    if copy.target is None or None in copy.expanded_sources or not copy.sources:
        return "the sources or the destination are not known"
    if any(is_remote(source or "") for source in copy.expanded_sources):
        return "downloads a file"
    if file.context is not None and not file.context.complete:
        return "the build context cannot be read in full"
    return ""


def _places(copy: Copy, matched: tuple[Matched, ...], folders: frozenset[str]) -> dict[str, str] | None:
    """Source by source: the same file may land in two places."""
    places: dict[str, str] = {}
    dest = copy.state.expand(copy.destination) or ""
    for one in matched:
        landed = destination((one,), dest, copy.state.folder or "/", folders)
        if landed is None:
            return None
        places.update({place: path for path, place in landed.items()})
    return places


def _broad(copy: Copy, matched: tuple[Matched, ...], folders: frozenset[str]) -> frozenset[str] | None:
    places = _places(copy, tuple(one for one in matched if one.is_folder or one.glob), folders)
    return None if places is None else frozenset(places)


def _may_overwrite(copy: Copy, path: str) -> bool:
    return copy.target is None or is_below(path, copy.target) or is_below(copy.target, path)
