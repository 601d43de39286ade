"""Transforms that are wrong on purpose: to see whether somebody notices."""

from collections.abc import Callable, Iterator

from dockopt.fixes import Aspect, Evidence, Fix, Phase, Strength, Transform
from dockopt.model.dockerfile import Dockerfile
from dockopt.text.edits import Edit
from dockopt.text.source import Span


def wrong(name: str, old: str, new: str, aspects: frozenset[Aspect] = frozenset(Aspect)) -> Transform:
    """A transform that replaces one text by another, once, and claims to change whatever the aspects say."""
    return Transform(name, _replacing(old, new), Phase.LAYERS, aspects, (), "Break something.")


def _replacing(old: str, new: str) -> Callable[[Dockerfile], Iterator[Fix]]:
    def apply(file: Dockerfile) -> Iterator[Fix]:
        at = file.text.find(old)
        if at >= 0 and new not in file.text:
            span = Span(at, at + len(old))
            yield Fix("replace what works", (Edit(span, new),), (Evidence("so it seemed", Strength.PROVEN, span),))

    return apply
