"""How large an image is, instruction by instruction, as `docker history` would add it up: uncompressed bytes.

Only the last stage counts, with the stages and the image it is built on; others weigh nothing but what is copied from
them.
"""

from typing import NamedTuple

from dockopt.context.tree import Context
from dockopt.estimate.sizes import Estimate, Range, total
from dockopt.estimate.stages import Layer, Walk, walked
from dockopt.model.dockerfile import Dockerfile

TEXT_LENGTH = 60
BASES = 4


class LayerEstimate(NamedTuple):
    """What one instruction adds. `line` is its first, `basis` what the figure rests on, the largest share first."""

    line: int
    instruction: str
    low: int
    expected: int
    high: int
    basis: tuple[str, ...]

    @property
    def range(self) -> Range:
        return Range(self.low, self.expected, self.high)


def layers(file: Dockerfile, context: Context | None = None) -> tuple[LayerEstimate, ...]:
    """Estimates for the last stage's chain, in order; none for a file without a stage."""
    if not file.stages:
        return ()
    walk = file.facts(walked) if context is None else Walk(file, context)
    return tuple(described(file, layer) for layer in walk.layers(file.final))


def described(file: Dockerfile, layer: Layer) -> LayerEstimate:
    weights = layer.weights
    basis = sorted(weights, key=lambda text: -weights[text])[:BASES]
    return LayerEstimate(
        file.source.line(layer.node.span.start), shortened_text(file, layer), *layer.size, tuple(basis)
    )


def shortened_text(file: Dockerfile, layer: Layer) -> str:
    """The instruction in one line."""
    text = layer.node.logical if layer.node.keyword == "RUN" else file.source.at(layer.node.span)
    text = " ".join(text.split())
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"


def image(file: Dockerfile, context: Context | None = None) -> Estimate:
    """The whole image of the last stage."""
    found = layers(file, context)
    return Estimate.of(total(layer.range for layer in found), *(text for layer in found for text in layer.basis))
