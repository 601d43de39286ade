"""Measured layers beside the instructions that made them, and beside what was estimated of them."""

from typing import NamedTuple

from dockopt.batch.results import ImageSize
from dockopt.build.claims import chain
from dockopt.build.image import Image
from dockopt.knowledge.ranges import Range
from dockopt.model.dockerfile import Dockerfile


class LayerRow(NamedTuple):
    """What one instruction adds, in bytes; the FROM stands for all layers of its base image."""

    line: int
    instruction: str
    measured: int
    estimated: Range | None


def layer_rows(image: Image, text: str, target: str, estimated: ImageSize | None) -> tuple[LayerRow, ...]:
    """Instructions that add something or were expected to; none where the history does not follow the file."""
    file = Dockerfile.parse(text)
    stages = chain(file, target)[::-1]
    steps = [step for stage in stages for step in stage.steps]
    base = len(image.steps) - len(steps)
    if not stages or base < 0:
        return ()
    guesses = {layer.line: layer.size for layer in estimated.layers} if estimated else {}
    sizes = [(stages[0].node, sum(step.size for step in image.steps[:base]))]
    sizes += [(step.node, made.size) for step, made in zip(steps, image.steps[base:], strict=True)]
    lines = [(file.source.line(node.span.start), " ".join(node.logical.split()), size) for node, size in sizes]
    return tuple(
        LayerRow(line, words, size, guesses.get(line)) for line, words, size in lines if size or line in guesses
    )
