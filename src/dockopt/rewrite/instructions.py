"""Edits on whole instructions: inserted, removed, moved, replaced, two RUNs joined into one."""

from dockopt.model.instructions import Run, Step
from dockopt.rewrite import style
from dockopt.syntax.tree import Instruction
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


def move_before(step: Step, target: Step) -> tuple[Edit, ...]:
    """Take an instruction from where it is and put it in front of an earlier one."""
    return (*remove_whole(step), *insert_before(target, written(step)))


def remove_whole(step: Step) -> tuple[Edit, ...]:
    """Take an instruction out with everything inside it, comments included (for one that stands elsewhere again)."""
    return (Edit(step.span, ""),)


def replace_arguments(step: Step, text: str) -> tuple[Edit, ...]:
    """Put other text in place of the arguments after the flags."""
    return (Edit(step.node.raw_span(step.node.arguments), text),)


def add_flag(step: Step, flag: str) -> tuple[Edit, ...]:
    """Put a flag in front of the arguments, behind the flags that are there."""
    at = step.node.raw(step.node.arguments.start)
    return (Edit(Span(at, at), flag + " "),)


def join_runs(first: Run, second: Run) -> tuple[Edit, ...]:
    """Make one RUN of two that follow each other: the second runs if the first succeeded. Comments between stay."""
    start = first.raw_after(first.script.statements[-1].span.end)
    end = second.raw(second.script.statements[0].span.start)
    joiner = style.breaking_joiner(first)
    lines = first.source.at(Span(start, end)).splitlines(keepends=True)
    comments = "".join(line for line in lines[1:] if line.lstrip().startswith("#"))
    head, _, tail = joiner.rpartition("\n")
    return (Edit(Span(start, end), f"{head}\n{comments}{tail}"),)
