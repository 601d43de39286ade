"""Writing one stage as two: the steps that build stay in a named builder, the rest follows in a stage of its own."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Step
from dockopt.model.stages import Stage
from dockopt.rewrite import style
from dockopt.rewrite.instructions import remove, replace
from dockopt.syntax.tree import Instruction, Tree, Trivia
from dockopt.syntax.words import split_words
from dockopt.text.edits import Edit
from dockopt.text.source import Span

BUILDER = "builder"


class Piece(NamedTuple):
    """A line of a new stage: an instruction of the old one as it stands, or a new one.

    A piece with `text` and `step` stands in that step's place. A piece without text is the step itself; `shared` says
    that it stands in the builder as well, so that its comments stay there.
    """

    step: Step | None = None
    text: str = ""
    shared: bool = False


class Layout(Protocol):
    """Where the steps of a stage go; `base` is the image of the runtime stage."""

    base: str
    builder: list[Piece]
    runtime: list[Piece]


def split_stage(file: Dockerfile, stage: Stage, layout: Layout) -> tuple[Edit, ...]:
    """Make two stages of one: a builder on the old base, then the runtime stage, which keeps the stage's name."""
    tree = file.tree
    leading = _leading(tree)
    newline = tree.source.newline
    start = stage.node.span.start
    end = _end(tree, stage)
    keyword = style.cased_from(tree, stage.node)
    words = stage.node.argument_text.split()
    flags = "".join(f"--{flag.name}={flag.value} " for flag in stage.node.flags)
    as_ = words[1] if len(words) == 3 else "as" if keyword.islower() else "AS"
    builder = _free_name(file, stage)
    lines = [
        f"{keyword} {flags}{words[0]} {as_} {builder}",
        *_written(tree, layout.builder, leading, lower=keyword.islower()),
    ]
    while lines and not lines[-1].strip():
        lines.pop()
    named = f" {as_} {words[2]}" if len(words) == 3 else ""
    lines += [
        "",
        f"{keyword} {flags}{layout.base}{named}",
        *_written(tree, [_taking(piece, builder) for piece in layout.runtime], leading, lower=keyword.islower()),
    ]
    tail = tree.source.text[_last(stage).span.end : end].rstrip("\r\n")
    text = newline.join(lines)
    if tail.strip():
        text += newline + tail.lstrip("\r\n")
    closing = newline if tree.source.text[start:end].endswith("\n") else ""
    return _by_lines(tree.source.text[start:end], text + closing, start)


def _free_name(file: Dockerfile, stage: Stage) -> str:
    """A name for the builder that no stage has, and that no instruction uses for an image."""
    taken = {word.lower() for other in file.stages for word in other.node.argument_text.split()}
    taken |= {name.lower() for other in file.stages for name in file.names_of_sources(other)}
    own = [f"{stage.name}-{BUILDER}"] if stage.name else []
    numbered = (f"{BUILDER}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (BUILDER, *own, *numbered) if name not in taken)


def _taking(piece: Piece, builder: str) -> Piece:
    """A new line that copies from the builder, by the name that it has."""
    old = f"COPY --from={BUILDER} "
    if piece.step is not None or not piece.text.startswith(old):
        return piece
    return piece._replace(text=f"COPY --from={builder} {piece.text.removeprefix(old)}")


def use_base(
    file: Dockerfile,
    stage: Stage,
    reference: str,
    lines: Sequence[str] = (),
    rewritten: Sequence[tuple[Step, str]] = (),
) -> tuple[Edit, ...]:
    """Start a stage from another image.

    `lines` are instructions to stand right behind FROM; `rewritten` steps get another text, "" to take one out.
    """
    node = stage.node
    first = split_words(node.argument_text)[0].span
    start = node.arguments.start
    lower = style.cased_from(file.tree, node).islower()
    edits = [Edit(node.raw_span(Span(start + first.start, start + first.end)), reference)]
    for step, text in rewritten:
        edits += replace(step, file.source.newline.join(_cased(text, lower=lower))) if text else _without(file, step)
    if not lines:
        return tuple(edits)
    newline, end = file.source.newline, node.span.end
    text = newline.join(part for line in lines for part in _cased(line, lower=lower)) + newline
    if not file.source.at(node.span).endswith("\n"):
        text = newline + text.removesuffix(newline)
    return (*edits, Edit(Span(end, end), text))


def _without(file: Dockerfile, step: Step) -> tuple[Edit, ...]:
    """Take an instruction out, with the empty line behind it where another one is in front of it."""
    nodes = file.tree.nodes
    at = nodes.index(step.node)
    around = (nodes[at - 1], nodes[at + 1]) if 0 < at < len(nodes) - 1 else ()
    if around and all(isinstance(node, Trivia) and node.kind == "blank" for node in around) and not step.node.comments:
        return (Edit(Span(step.span.start, around[1].span.end), ""),)
    return remove(step)


def _by_lines(old: str, new: str, start: int) -> tuple[Edit, ...]:
    """The edits that turn one text into another, line by line, so that what stays keeps its place."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only where a stage is split

    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    offsets = [start, *(start + size for size in accumulate(len(line) for line in before))]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return tuple(
        Edit(Span(offsets[first], offsets[last]), "".join(after[begin:end]))
        for kind, first, last, begin, end in matcher.get_opcodes()
        if kind != "equal"
    )


def _written(tree: Tree, pieces: Sequence[Piece], leading: dict[int, str], *, lower: bool) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if piece.step is not None and not piece.shared:
            lines += leading.get(piece.step.span.start, "").splitlines()
        if piece.text:
            lines += _cased(piece.text, lower=lower)
        elif piece.step is not None:
            lines += tree.source.at(piece.step.span).rstrip("\r\n").splitlines()
    return [line.rstrip("\r") for line in lines]


def _cased(text: str, *, lower: bool) -> list[str]:
    """The lines of a new instruction, its keyword spelt as the file's are."""
    word, blank, rest = text.partition(" ")
    return f"{word.lower() if lower else word}{blank}{rest}".splitlines()


def _leading(tree: Tree) -> dict[int, str]:
    """The comments and blank lines above each instruction, by where the instruction starts."""
    found: dict[int, str] = {}
    waiting = ""
    for node in tree.nodes:
        if isinstance(node, Instruction):
            found[node.span.start] = waiting
            waiting = ""
        elif isinstance(node, Trivia) and node.kind in ("comment", "blank"):
            waiting += tree.source.at(node.span)
    return found


def _last(stage: Stage) -> Instruction:
    return stage.steps[-1].node if stage.steps else stage.node


def _end(tree: Tree, stage: Stage) -> int:
    """Where the stage's text ends, in the last stage with the comments behind its last instruction."""
    last = _last(stage)
    later = any(node.span.start > last.span.start for node in tree.instructions)
    return last.span.end if later else len(tree.source.text)
