"""What is taken over from another text is what a walk by itself finds."""

from hypothesis import given
from hypothesis import strategies as st
from tests.estimate.test_laws import BASES, CONTEXT, INSTRUCTIONS

from dockopt.estimate import stages
from dockopt.estimate.stages import Walk
from dockopt.model.dockerfile import Dockerfile
from dockopt.syntax.parser import parse
from dockopt.text.source import SourceText

ALL = (*INSTRUCTIONS, "RUN apk add --virtual .x gcc", "RUN apk del .x", "RUN apt-get purge -y git")
BODIES = st.lists(st.sampled_from(ALL), min_size=3, max_size=7)


def text_of(base: str, body: list[str]) -> str:
    return f"FROM debian:12\nCOPY . /app\nFROM {base}\n" + "".join(f"{one}\n" for one in body)


@given(st.data(), st.sampled_from(BASES), BODIES)
def test_walk_beside_another(draw: st.DataObject, base: str, body: list[str]) -> None:
    at = draw.draw(st.integers(0, len(body) - 1))
    other = [*body[:at], *draw.draw(st.lists(st.sampled_from(ALL), max_size=2)), *body[at + 1 :]]
    first, second = text_of(base, body), text_of(base, other)
    assert found(second, beside=first) == found(second)


def found(text: str, beside: str = "") -> object:
    """Layers with nothing remembered but what the other text's walk left."""
    stages._known.cache_clear()
    like = Dockerfile(parse(SourceText(beside)), CONTEXT) if beside else None
    if like:
        Walk(like, CONTEXT).layers(like.final)
        stages._known.cache_clear()
    file = Dockerfile(parse(SourceText(text)), CONTEXT, like=like)
    walk = Walk(file, CONTEXT)
    layers = [(layer.node, layer.step, plain(layer.pieces), plain(layer.made)) for layer in walk.layers(file.final)]
    contents = walk.contents(file.final)
    return [layer[:1] + layer[2:] for layer in layers], plain(contents.pieces), contents.settings


def plain(pieces: object) -> list[object]:
    return [piece._replace(bundle=piece.bundle and plain(piece.bundle.pieces)) for piece in pieces]  # type: ignore[attr-defined]
