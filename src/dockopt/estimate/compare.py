"""What a rewrite saves: the pieces that only one of two files has. What both have cancels, however uncertain it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dockopt.context.tree import Context
from dockopt.estimate.contributions import Key, Piece, each
from dockopt.estimate.layers import LayerEstimate, described
from dockopt.estimate.sizes import NOTHING, Estimate, Range, total
from dockopt.estimate.stages import Layer, Walk, walked
from dockopt.model.dockerfile import Dockerfile


class Comparison(NamedTuple):
    """Two files' layers and totals; `saves` is negative where the second one's image is larger."""

    before: tuple[LayerEstimate, ...]
    after: tuple[LayerEstimate, ...]
    before_total: Estimate
    after_total: Estimate
    saves: Range


def compare(before: Dockerfile, after: Dockerfile, context: Context | None = None) -> Comparison:
    """Estimates of both files' last stages and of the difference between them."""
    old, new = _walked(before, context), _walked(after, context)
    old_layers = tuple(described(before, layer) for layer in old)
    new_layers = tuple(described(after, layer) for layer in new)
    return Comparison(old_layers, new_layers, _whole(old_layers), _whole(new_layers), difference(old, new))


def saved(before: Dockerfile, after: Dockerfile, context: Context | None = None) -> Range:
    """Only the difference."""
    return difference(_walked(before, context), _walked(after, context))


def difference(old: Iterable[Layer], new: Iterable[Layer]) -> Range:
    """Bytes that the first list of layers has more than the second, piece by piece."""
    old, new = tuple(old), tuple(new)
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one is not other), None)
    if same is None and len(old) == len(new):
        return NOTHING
    same = min(len(old), len(new)) if same is None else same
    keys = _differing(old[same:], new[same:])
    first, second = _by_key(old, keys), _by_key(new, keys)
    result = NOTHING
    for key in keys:
        old_sizes, new_sizes = first.get(key, []), second.get(key, [])
        if old_sizes != new_sizes:
            result = result.plus(_one(old_sizes, new_sizes))
    return result


def _one(old: list[Range], new: list[Range]) -> Range:
    """The difference of one kind of piece; what is on both sides varies together."""
    shared = min(len(old), len(new))
    old, new = sorted(old, reverse=True), sorted(new, reverse=True)
    result = NOTHING
    for one, other in zip(old[:shared], new[:shared], strict=True):
        low, expected, high = (a - b for a, b in zip(one, other, strict=True))
        result = result.plus(Range(min(low, expected, high), expected, max(low, expected, high)))
    return result.plus(total(old[shared:])).minus(total(new[shared:]))


def _differing(old: Iterable[Layer], new: Iterable[Layer]) -> dict[Key, None]:
    """The kinds of pieces of which one list has some that the other has not; most pieces are the same objects."""
    first = [piece for layer in old for piece in layer.pieces]
    second = [piece for layer in new for piece in layer.pieces]
    whole, other = _only(first, second), _only(second, first)
    if whole is not None and other is not None:
        here, there = tuple(each(whole)), tuple(each(other))
        parts, others = _only(here, there), _only(there, here)
        if parts is not None and others is not None:
            return dict.fromkeys(piece.key for piece in (*parts, *others))
    return dict.fromkeys(piece.key for piece in each((*first, *second)))


def _only(some: Sequence[Piece], others: Sequence[Piece]) -> list[Piece] | None:
    """Pieces that are not the same objects as any of the others; None where one object is there twice."""
    there = set(map(id, others))
    if len(there) < len(others):
        return None
    return [piece for piece in some if id(piece) not in there]


def _by_key(layers: Iterable[Layer], keys: Mapping[Key, None]) -> dict[Key, list[Range]]:
    """The sizes of some kinds of pieces."""
    found: dict[Key, list[Range]] = {}
    for layer in layers:
        for piece in layer.pieces:
            if piece.bundle is None:
                if piece.key in keys:
                    found.setdefault(piece.key, []).append(piece.size)
            elif not piece.bundle.keys.isdisjoint(keys):
                for one in piece.bundle.pieces:
                    if one.key in keys:
                        found.setdefault(one.key, []).append(one.size)
    return found


def _walked(file: Dockerfile, context: Context | None) -> tuple[Layer, ...]:
    if context is None or context is file.context:
        return file.facts(_own_layers)
    return Walk(file, context).layers(file.final) if file.stages else ()


def _own_layers(file: Dockerfile) -> tuple[Layer, ...]:
    return file.facts(walked).layers(file.final) if file.stages else ()


def _whole(layers: tuple[LayerEstimate, ...]) -> Estimate:
    return Estimate.of(total(layer.range for layer in layers), *(text for layer in layers for text in layer.basis))
