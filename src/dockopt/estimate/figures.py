"""The three figures of an image as it stands: bytes on disk, bytes to pull, and what a change of the source costs."""

from collections.abc import Mapping
from typing import NamedTuple

from dockopt.context.tree import Context
from dockopt.estimate.layers import described
from dockopt.estimate.pull import pull
from dockopt.estimate.rebuild import Rebuild, rebuild
from dockopt.estimate.stages import Walk
from dockopt.knowledge.ranges import Range, total
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run
from dockopt.model.stages import Stage
from dockopt.syntax.words import parse_name_values
from dockopt.text.edits import Edit, apply_edits
from dockopt.text.source import Span


class LayerFigures(NamedTuple):
    """What one instruction adds, in bytes: uncompressed, compressed, and what the figures rest on."""

    line: int
    instruction: str
    size: Range
    pull: Range
    basis: str


class ImageFigures(NamedTuple):
    """An image layer by layer. `stage` is the name or number of the stage that was asked for."""

    stage: str
    size: Range
    pull: Range
    layers: tuple[LayerFigures, ...]
    rebuild: Rebuild


def figures(file: Dockerfile, stage: Stage, context: Context | None) -> ImageFigures:
    """Everything that is estimated of one stage."""
    walk = Walk(file, context)
    layers = []
    for layer in walk.layers(stage):
        if layer.step is None or isinstance(layer.step, Run | Copy):
            one = described(file, layer)
            layers.append(LayerFigures(one.line, one.instruction, one.range, pull(layer), "; ".join(one.basis)))
    size, pulled = total(one.size for one in layers), total(one.pull for one in layers)
    return ImageFigures(stage.name or str(stage.index), size, pulled, tuple(layers), rebuild(walk, stage))


def with_arguments(text: str, arguments: Mapping[str, str]) -> str:
    """The Dockerfile with other defaults for its build arguments, on the same lines."""
    if not arguments:
        return text
    file = Dockerfile.parse(text)
    edits = []
    for node in file.tree.instructions:
        if node.keyword != "ARG":
            continue
        for pair in parse_name_values(node.argument_text, file.tree.escape, arguments=True):
            if pair.name in arguments:
                start, end = (node.arguments.start + at for at in pair.span)
                value = _quoted(arguments[pair.name], file.tree.escape)
                edits.append(Edit(node.raw_span(Span(start, end)), f"{pair.name}={value}"))
    return apply_edits(text, edits)


def _quoted(value: str, escape: str) -> str:
    """A value that is taken as it is."""
    escaped = "".join(f"{escape}{character}" if character in f'{escape}"$' else character for character in value)
    return '"' + " ".join(escaped.splitlines()) + '"'
