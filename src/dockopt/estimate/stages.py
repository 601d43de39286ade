"""Walking the stages of a file: for every instruction the pieces it adds, with what earlier ones left in mind."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from weakref import ref

from dockopt.context.tree import Context
from dockopt.estimate.contents import Contents, Trace
from dockopt.estimate.contributions import Piece, weight_of
from dockopt.estimate.files import copied, selection
from dockopt.estimate.portions import moved, split
from dockopt.estimate.programs import follow
from dockopt.estimate.replay import depends_on_stages, keep, known
from dockopt.estimate.work import Work
from dockopt.knowledge.image_sizes import size_of_unknown
from dockopt.knowledge.images import describe
from dockopt.knowledge.ranges import Range, exactly, total
from dockopt.lazy import cached_property
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.syntax.tree import Instruction
from dockopt.syntax.words import parse_name_values

OPAQUE = Range(0, 5_000_000, 500_000_000)
CHANGING = frozenset({"RUN", "COPY", "ADD", "ENV", "WORKDIR"})
"""Instructions behind which an image may hold something else, or hold it elsewhere."""
REMEMBERED = 400
"""Instructions whose layers are kept for texts that begin alike, in each context."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One instruction and what it adds; `made` is all that it writes, also to mounts and to what it removes again."""

    node: Instruction
    pieces: tuple[Piece, ...]
    made: tuple[Piece, ...] = ()
    step: Step | None = None
    """None for FROM."""

    def of(self, step: Step) -> "Layer":
        """The same layer for the same instruction in another text."""
        other = object.__new__(Layer)
        other.__dict__.update(self.__dict__, node=step.node, step=step)
        return other

    @property
    def alone(self) -> "Layer":
        """The same without its instruction: what is kept of an instruction must not lead back to it."""
        other = object.__new__(Layer)
        other.__dict__.update(self.__dict__, step=None, size=self.size)
        return other

    @cached_property
    def size(self) -> Range:
        """What it adds to the image."""
        return total(piece.size for piece in self.pieces)

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """How much of the figure rests on what."""
        found: dict[str, int] = {}
        for piece in self.pieces:
            found[piece.basis] = found.get(piece.basis, 0) + weight_of(piece)
        return found


class Walk:
    """The layers of all stages of a file that are asked for, each stage walked once.

    What an instruction adds depends on the text before it, on nothing after it: where two texts of a context begin
    alike, as before and after a fix, the second walk takes over what the first found.
    """

    def __init__(self, file: Dockerfile, context: Context | None) -> None:
        self._file = ref(file)
        self.context = context
        self._known = _known(context, tuple(stage.name for stage in file.stages))
        self._contents: dict[int, Contents] = {}
        self._layers: dict[int, tuple[Layer, ...]] = {}

    @property
    def file(self) -> Dockerfile:
        """The file, which has this walk as a fact: whoever holds the walk holds the file, too."""
        file = self._file()
        assert file is not None
        return file

    def layers(self, stage: Stage) -> tuple[Layer, ...]:
        """The layers of a stage with those of the stages and the image it is built on."""
        return tuple(layer for one in self.file.chain(stage) for layer in self.of(one))

    def contents(self, stage: Stage) -> Contents:
        self.of(stage)
        return self._contents[stage.index]

    def of(self, stage: Stage) -> tuple[Layer, ...]:
        """A stage's own layers, with that of the base image where it is built on one."""
        if stage.index not in self._layers:
            if stage.parent is not None:
                contents = self.contents(self.file.stages[stage.parent]).copy()
                first: tuple[Layer, ...] = ()
            else:
                contents = _base_contents(stage.base)
                first = (Layer(stage.node, (contents.base,)),) if contents.base else ()
            rest = []
            for step in stage.steps:
                layer, contents = self._once(step, contents)
                rest.append(layer)
            self._layers[stage.index] = (*first, *rest)
            self._contents[stage.index] = contents
        return self._layers[stage.index]

    def _once(self, step: Step, contents: Contents) -> tuple[Layer, Contents]:
        """The layer of an instruction, and what the image holds after it."""
        text = self.file.text[: step.node.span.end]
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[text] = self._followed(step, contents)
        return found

    def _followed(self, step: Step, contents: Contents) -> tuple[Layer, Contents]:
        """The same for an instruction behind something new."""
        if step.keyword not in CHANGING:
            return Layer(step.node, (), (), step), contents
        if depends_on_stages(step):
            contents = contents.copy()
            return self._step(step, contents), contents
        outcome = known(step, self.context, contents)
        if outcome is not None:
            return outcome.layer.of(step), outcome.replayed(contents)
        after = contents.copy(Trace())
        layer = self._step(step, after)
        keep(step, self.context, contents, after, layer.alone)
        return layer, after

    def _step(self, step: Step, contents: Contents) -> Layer:
        if isinstance(step, Run):
            return self._run(step, contents)
        pieces: list[Piece] = []
        if isinstance(step, Copy):
            pieces = copied(step, self.context, contents, lambda name: self._named(step, name))
            contents.put(pieces)
        elif step.keyword == "ENV":
            _note_path(step, contents)
        elif step.keyword == "WORKDIR":
            folder = joined(step.state.folder, step.state.expand(step.text))
            if folder and not contents.is_folder(folder):
                contents.folders |= {folder}
        return Layer(step.node, tuple(pieces), tuple(pieces), step)

    def _run(self, run: Run, contents: Contents) -> Layer:
        if run.opaque:
            text = " ".join(run.node.exec_form) if run.node.exec_form else run.shell_text
            unread = (Piece(("run", text), OPAQUE, "commands that cannot be read"),)
            contents.put(unread)
            return Layer(run.node, unread, unread, run)
        work = Work(run, contents, self.context)
        work.mounted = [piece for mount in run.mounts for piece in self._mounted(run, mount)]
        for call in run.calls:
            follow(call, work)
        _note_settings(run, contents)
        contents.put(work.pieces)
        return Layer(run.node, tuple(work.pieces), tuple(work.made), run)

    def _mounted(self, run: Run, mount: dict[str, str]) -> list[Piece]:
        """The files that a bind mount shows, of the context or of another stage."""
        target = next((mount[key] for key in ("target", "dst", "destination") if key in mount), None)
        place = joined(run.state.folder, run.state.expand(target or ""))
        if mount.get("type", "bind") != "bind" or not place:
            return []
        source = run.state.expand(mount.get("source", mount.get("src", ""))) or "."
        if mount.get("from"):
            there = self._named(run, mount["from"])
            found = split(there.pieces, joined("/", source) or "/").taken if there else []
            return [moved(portion, place, into=False) for portion in found]
        if self.context is None or not self.context.complete:
            return []
        matched, files = selection(self.context, source)
        if not matched.is_folder:
            files = tuple(file._replace(name="") for file in files)
        size = sum(file.size for file in files)
        return [Piece(("mount", source), exactly(size), "sizes of files in the build context", place, files=files)]

    def _named(self, step: Step, name: str) -> Contents | None:
        """What an earlier stage holds; None where the name is an image's."""
        expanded = step.state.expand(name) or name
        stage = self.file.stage_named(expanded)
        if stage is None or stage.index >= step.stage:
            return None
        return self.contents(stage)


def walked(file: Dockerfile) -> Walk:
    """The walk through a file with its own context: a fact."""
    return Walk(file, file.context)


@lru_cache(maxsize=4)
def _known(context: Context | None, stages: tuple[str | None, ...]) -> dict[str, tuple[Layer, Contents]]:  # noqa: ARG001
    """Layers by the text that ends with their instruction. A name of a stage may mean a later one: they count, too."""
    return {}


def _note_settings(run: Run, contents: Contents) -> None:
    """Settings of apt that a RUN writes to a file and that later ones obey."""
    text = run.shell_text
    if "Install-Recommends" in text and "apt.conf" in text and any(word in text for word in ("false", '"0"', " 0")):
        contents.apt = contents.apt._replace(recommends=False)
    if "docker-clean" in text and run.calls and any(call.is_("rm", "mv") for call in run.calls):
        contents.apt = contents.apt._replace(keeps_archives=True)


def _note_path(step: Step, contents: Contents) -> None:
    """Remember the folder that comes first in PATH; the rest of it is the base image's and seldom known."""
    for pair in parse_name_values(step.text, step.state.escape):
        if pair.name == "PATH" and pair.value is not None:
            first = pair.value.strip("\"'").partition(":")[0]
            contents.first_in_path = step.state.expand(first) or ""


def _base_contents(reference: str | None) -> Contents:
    image = describe(reference) if reference else None
    return Contents(image, base=_base_piece(reference))


def _base_piece(reference: str | None) -> Piece:
    image = describe(reference) if reference else None
    size, basis = (image.size, image.basis) if image else size_of_unknown(reference)
    return Piece(("base", reference or "?"), size, basis)
