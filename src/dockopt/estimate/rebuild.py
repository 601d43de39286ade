"""What a change of one source file costs: the instructions that run again, their time, and the bytes pushed anew.

Follows the build cache: an instruction runs again where the one before it did, where it copies or mounts what changed,
or where it copies from a stage what ran again there.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.context.tree import Context
from dockopt.estimate.changes import brought, may_bring, typical
from dockopt.estimate.contributions import is_under, tidy
from dockopt.estimate.files import PYTHON_PACKAGES
from dockopt.estimate.layers import shortened_text
from dockopt.estimate.pull import pull
from dockopt.estimate.seconds import milliseconds
from dockopt.estimate.stages import Layer, Walk
from dockopt.knowledge.ranges import Range, total
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined

ANY = "any file that is no manifest"
ARGUMENT = "$"
"""What a change of build arguments begins with: `$GIT_COMMIT $VERSION` are two that have other values."""
BASIS = ("modelled speeds of package managers and compilers, wide", "every instruction after the first that changes")


class Rerun(NamedTuple):
    """One instruction that runs again."""

    line: int
    instruction: str
    milliseconds: Range


class Rebuild(NamedTuple):
    """What follows a change of the file `changed`, "" where no instruction sees any source; `pushed` are compressed."""

    changed: str
    milliseconds: Range
    pushed: Range
    reruns: tuple[Rerun, ...]
    basis: tuple[str, ...] = BASIS


def rebuild(walk: Walk, stage: Stage, changed: str | None = None) -> Rebuild:
    """The cost of a typical change for a stage; `changed` names the file where another run chose it."""
    file, context = walk.file, walk.context
    needed = tuple(needed_by(file, stage))
    if changed is None:
        changed = changing(file, stage, context)
    again = _Again(walk, changed)
    layers = [layer for one in needed for layer in again.of(one)]
    shipped = [layer for one in file.chain(stage) for layer in again.of(one)]
    reruns = tuple(Rerun(*_where(file, layer), milliseconds(layer)) for layer in layers if _does_work(layer))
    time = total(rerun.milliseconds for rerun in reruns)
    return Rebuild(changed, time, total(map(pull, shipped)), reruns)


def changing(file: Dockerfile, stage: Stage, context: Context | None) -> str:
    """The file that stands for a typical change, "" where no instruction brings any."""
    steps = [step for one in needed_by(file, stage) for step in one.steps]
    if context is None:
        return ANY if any(may_bring(step) for step in steps) else ""
    return typical(context, steps)


def needed_by(file: Dockerfile, stage: Stage) -> Iterator[Stage]:
    """The stages that are built for one of them, itself the last, in the order of the file."""
    found: set[int] = set()
    waiting = [stage]
    while waiting:
        one = waiting.pop()
        if one.index not in found:
            found.add(one.index)
            parents = [one.parent] if one.parent is not None else []
            waiting += [file.stages[index] for index in (*parents, *file.sources_of(one)) if index < one.index]
    return (one for one in file.stages if one.index in found)


class _Again:
    """The layers of each stage that are built again."""

    def __init__(self, walk: Walk, changed: str) -> None:
        self.walk = walk
        self.changed = changed
        self._found: dict[int, tuple[Layer, ...]] = {}

    def of(self, stage: Stage) -> tuple[Layer, ...]:
        if stage.index not in self._found:
            self._found[stage.index] = tuple(self._layers(stage))
        return self._found[stage.index]

    def _layers(self, stage: Stage) -> Iterator[Layer]:
        parent = None if stage.parent is None else self.walk.file.stages[stage.parent]
        started = parent is not None and bool(self.chain(parent))
        for layer in self.walk.of(stage):
            if layer.step is None:
                continue
            sees = self._sees(layer.step)
            alone = layer.step.has_flag("link") and isinstance(layer.step, Copy)
            if sees or (started and not alone):
                yield layer
            started = started or sees

    def chain(self, stage: Stage) -> tuple[Layer, ...]:
        return tuple(layer for one in self.walk.file.chain(stage) for layer in self.of(one))

    def _sees(self, step: Step) -> bool:
        """Whether an instruction reads what changed, by itself."""
        context = self.walk.context
        if self.changed.startswith(ARGUMENT):
            return any(_has_argument(step, name[1:]) for name in self.changed.split())
        if self.changed == ANY and may_bring(step):
            return True
        if context is not None and self.changed and self.changed in brought(context, step):
            return True
        return any(self._changes(step, name, path) for name, path in _sources(step))

    def _changes(self, step: Step, name: str, path: str) -> bool:
        """Whether what lies at a path of another stage may be different after the change."""
        stage = self.walk.file.stage_named(step.state.expand(name) or name)
        if stage is None or stage.index >= step.stage:
            return False
        return any(_writes(layer, path, self.changed) for layer in self.chain(stage))


def _has_argument(step: Step, name: str) -> bool:
    """Whether a build argument is in the environment of a RUN, or decides what a COPY copies."""
    if isinstance(step, Run):
        return name in step.state.arguments
    return isinstance(step, Copy) and (f"${name}" in step.node.logical or f"${{{name}" in step.node.logical)


def _sources(step: Step) -> Iterator[tuple[str, str]]:
    """Stages and paths that an instruction copies or mounts from."""
    if isinstance(step, Copy) and step.from_:
        for source in step.expanded_sources:
            yield step.from_, tidy(joined("/", source) or "/")
    if isinstance(step, Run):
        for mount in step.mounts:
            if mount.get("from"):
                yield mount["from"], tidy(joined("/", mount.get("source", mount.get("src", "/"))) or "/")


def _writes(layer: Layer, path: str, changed: str) -> bool:
    """Whether a layer has, or may have, something new at a path; commands that say nothing of their places may.

    Files of the context stay as they are, but for the one that changed: the builder goes by content.
    """
    path = PYTHON_PACKAGES if path.startswith(PYTHON_PACKAGES) else path
    for piece in layer.pieces:
        place = piece.path.removesuffix("/*")
        if piece.files and all(file.source for file in piece.files):
            if any(file.source == changed and is_under(piece.absolute(file), path) for file in piece.files):
                return True
        elif not place or is_under(place, path) or is_under(path, place):
            return True
    return False


def _does_work(layer: Layer) -> bool:
    return isinstance(layer.step, Run | Copy)


def _where(file: Dockerfile, layer: Layer) -> tuple[int, str]:
    return file.source.line(layer.node.span.start), shortened_text(file, layer)
