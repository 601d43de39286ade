"""Edits on whole instructions: inserted, removed, moved, replaced, two RUNs joined into one."""

from collections.abc import Iterable, Sequence

from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.rewrite import style
from dockopt.syntax.tree import Instruction, Trivia
from dockopt.syntax.words import split_words
from dockopt.text.edits import Edit
from dockopt.text.source import Span


def insert_before(step: Step, *lines: str) -> tuple[Edit, ...]:
    """Put instructions on lines of their own in front of a step (behind the comments above it)."""
    at = step.span.start
    return (Edit(Span(at, at), "".join(line + style.newline(step) for line in lines)),)


def insert_after(step: Step, *lines: str) -> tuple[Edit, ...]:
    """Put instructions on lines of their own behind a step."""
    at, newline = step.span.end, style.newline(step)
    text = "".join(line + newline for line in lines)
    if not step.source.at(step.span).endswith("\n"):
        text = newline + text.removesuffix(newline)
    return (Edit(Span(at, at), text),)


def remove(step: Step) -> tuple[Edit, ...]:
    """Take an instruction out with its newline; comments inside it stay as lines of their own."""
    kept = "".join(step.source.at(comment) for comment in step.node.comments)
    return (Edit(step.span, kept),)


def replace(step: Step, text: str) -> tuple[Edit, ...]:
    """Put other text in an instruction's place; its newline and the comments inside it stay."""
    old = step.source.at(step.span)
    newline = style.newline(step) if old.endswith("\n") else ""
    kept = "".join(step.source.at(comment) for comment in step.node.comments)
    return (Edit(step.span, kept + text + newline),)


def written(step: Step | Instruction, source: str = "") -> str:
    """An instruction as it stands in the file, without its last newline."""
    text = step.source.at(step.span) if isinstance(step, Step) else source[step.span.start : step.span.end]
    return text.rstrip("\r\n")


def move_after(step: Step, target: Step) -> tuple[Edit, ...]:
    """Take an instruction from where it is and put it behind a later one."""
    return (*remove_whole(step), *insert_after(target, written(step)))


def move_block_after(
    file: Dockerfile, step: Step, target: Step, *, left: Sequence[str] = (), text: str = ""
) -> tuple[Edit, ...]:
    """Take an instruction with the comment lines directly above it and put them behind a later one.

    `left` are instructions to stand in its place, `text` what it is to say there (its own text where not given).
    """
    taken, comments = _taken(file, step, left)
    gap = ("",) if _stands_apart(file, target) else ()
    return (taken, *insert_after(target, *gap, comments + (text or written(step))))


def move_block_before(
    file: Dockerfile, step: Step, target: Step, *, left: Sequence[str], above: str, text: str, rest: str = ""
) -> tuple[Edit, ...]:
    """As `move_block_after`, but in front of a later instruction (and behind its comments), with another one `above`.

    `rest` is what the later instruction is to say then (its own text where not given).
    """
    taken, comments = _taken(file, step, left)
    newline = style.newline(step)
    gap = newline if _stands_apart(file, target) else ""
    lines = f"{above}{newline}{gap}{comments}{text}{newline}{gap}"
    span = target.span if rest else Span(target.span.start, target.span.start)
    end = newline if rest and written(target) != target.source.at(target.span) else ""
    return (taken, Edit(span, lines + rest + end))


def move_blocks_after(file: Dockerfile, steps: Sequence[Step], target: Step) -> tuple[Edit, ...]:
    """Take several instructions, each with its comments, and put them in their order behind a later one."""
    edits: list[Edit] = []
    lines = [""] if _stands_apart(file, target) else []
    for group in _neighbours(file, steps):
        taken, comments = _taken(file, group[0], (), group[-1])
        if edits and _stands_apart(file, group[0]) and lines[-1:] != [""]:
            lines.append("")
        start = group[0].span.start
        lines.append(comments + file.source.at(Span(start, group[-1].span.end)).rstrip("\r\n"))
        edits.append(taken)
    return (*edits, *insert_after(target, *lines))


def _neighbours(file: Dockerfile, steps: Sequence[Step]) -> list[list[Step]]:
    """Instructions in groups that have nothing but comments between them."""
    places = {id(node): number for number, node in enumerate(file.tree.nodes)}
    groups: list[list[Step]] = []
    for step in steps:
        at = places[id(step.node)]
        before = places[id(groups[-1][-1].node)] if groups else at
        between = file.tree.nodes[before + 1 : at]
        if groups and all(_is_trivia(node, "comment") for node in between):
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _taken(file: Dockerfile, step: Step, left: Sequence[str], last: Step | None = None) -> tuple[Edit, str]:
    """An instruction (up to a `last` one) and the comment lines directly above it taken out, and those lines."""
    nodes = file.tree.nodes
    first, at = nodes.index(step.node), nodes.index((last or step).node)
    while first and _is_trivia(nodes[first - 1], "comment"):
        first -= 1
    start, end = nodes[first].span.start, (last or step).span.end
    if (
        not left
        and at + 1 < len(nodes)
        and _is_trivia(nodes[first - 1], "blank")
        and _is_trivia(nodes[at + 1], "blank")
    ):
        end = nodes[at + 1].span.end
    lines = "".join(line + style.newline(step) for line in left)
    return Edit(Span(start, end), lines), file.source.at(Span(start, step.span.start))


def _stands_apart(file: Dockerfile, step: Step) -> bool:
    """Whether an empty line is above an instruction and its comments."""
    nodes = file.tree.nodes
    at = nodes.index(step.node)
    while at and _is_trivia(nodes[at - 1], "comment"):
        at -= 1
    return at > 0 and _is_trivia(nodes[at - 1], "blank")


def _is_trivia(node: Trivia | Instruction, kind: str) -> bool:
    return isinstance(node, Trivia) and node.kind == kind


def move_before(step: Step, target: Step) -> tuple[Edit, ...]:
    """Take an instruction from where it is and put it in front of an earlier one."""
    return (*remove_whole(step), *insert_before(target, written(step)))


def remove_whole(step: Step) -> tuple[Edit, ...]:
    """Take an instruction out with everything inside it, comments included (for one that stands elsewhere again)."""
    return (Edit(step.span, ""),)


def keyword_like(step: Step, keyword: str) -> str:
    """A keyword in the case of another instruction's."""
    return keyword.lower() if step.source.at(step.node.raw_span(step.node.keyword_span)).islower() else keyword


def copy_like(copy: Copy, sources: Sequence[str], folder: str) -> str:
    """A COPY with another one's flags and spelling: files of the context into a folder below its destination."""
    keyword = keyword_like(copy, "COPY")
    flags = [copy.node.logical[flag.span.start : flag.span.end] for flag in copy.node.flags]
    into = copy.destination.rstrip("/") + "/" + (folder + "/" if folder else "")
    return " ".join((keyword, *flags, *sources, into))


def with_destination(copy: Copy, destination: str) -> str:
    """A COPY as it stands in the file, but for its destination."""
    if destination == copy.destination:
        return written(copy)
    last = split_words(copy.text)[-1].span
    start = copy.node.arguments.start
    old = copy.node.raw_span(Span(start + last.start, start + last.end))
    text = copy.source.text
    return text[copy.span.start : old.start] + destination + text[old.end : copy.span.end].rstrip("\r\n")


def replace_arguments(step: Step, text: str) -> tuple[Edit, ...]:
    """Put other text in place of the arguments after the flags."""
    return (Edit(step.node.raw_span(step.node.arguments), text),)


def add_flag(step: Step, flag: str, beside: Iterable[Edit] = ()) -> tuple[Edit, ...]:
    """Put a flag in front of the arguments, behind the flags that are there, beside other edits of the instruction."""
    at = step.node.raw(step.node.arguments.start)
    edits = tuple(beside)
    if not any(edit.span.start == at for edit in edits):
        return (Edit(Span(at, at), flag + " "), *edits)
    return tuple(Edit(one.span, f"{flag} {one.text}") if one.span.start == at else one for one in edits)


def join_runs(first: Run, second: Run) -> tuple[Edit, ...]:
    """Make one RUN of two that follow each other: the second runs if the first succeeded. Comments between stay."""
    start = first.raw_after(first.script.statements[-1].span.end)
    end = second.raw(second.script.statements[0].span.start)
    joiner = style.breaking_joiner(first)
    lines = first.source.at(Span(start, end)).splitlines(keepends=True)
    comments = "".join(line for line in lines[1:] if line.lstrip().startswith("#"))
    head, _, tail = joiner.rpartition("\n")
    return (Edit(Span(start, end), f"{head}\n{comments}{tail}"),)


def drop_blank_lines(file: Dockerfile, node: Instruction) -> tuple[Edit, ...]:
    """Take out the empty lines inside an instruction's continuations; here-documents keep theirs."""
    source, edits = file.source, []
    start = node.span.start
    for line in source.at(node.span).splitlines(keepends=True):
        span = Span(start, start + len(line))
        start = span.end
        documents = (part for heredoc in node.heredocs for part in (heredoc.body, heredoc.terminator))
        if not line.strip() and not any(part.contains(span) for part in documents):
            edits.append(Edit(span, ""))
    return tuple(edits)


def respell(step: Step, text: str) -> tuple[Edit, ...]:
    """Put other text in place of the arguments; comments inside them stay as lines above the instruction."""
    if not step.node.comments:
        return replace_arguments(step, text)
    head = step.node.logical[: step.node.arguments.start].rstrip()
    return replace(step, f"{head} {text}")


def respell_keyword(step: Step, keyword: str) -> tuple[Edit, ...]:
    """Put another keyword in an instruction's place, in the case of the old one."""
    span = step.node.raw_span(step.node.keyword_span)
    return (Edit(span, keyword.lower() if step.source.at(span).islower() else keyword),)


def merge_steps(steps: Sequence[Step]) -> tuple[Edit, ...]:
    """Make one instruction of several that follow each other, each one's arguments on lines of their own."""
    first, *others = steps
    escape, newline = first.state.escape, style.newline(first)
    indent = " " * (first.node.arguments.start)
    texts = (step.source.at(step.node.raw_span(step.node.arguments)) for step in others)
    end = first.node.raw_span(first.node.arguments).end
    last = others[-1].node.raw_span(others[-1].node.arguments).end
    return (Edit(Span(end, last), "".join(f" {escape}{newline}{indent}{text}" for text in texts)),)
