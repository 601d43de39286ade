"""ENV, LABEL and EXPOSE as pairs and words: what a legacy ENV would be with `=`, and which neighbours can be one."""

from collections.abc import Iterator

from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Step
from dockopt.model.stages import Stage
from dockopt.syntax.tree import Trivia
from dockopt.syntax.words import expand, read_name_values

KEYWORDS = ("ENV", "LABEL", "EXPOSE")
QUOTES = "\"'"
MARK = "\x01"
"""Stands for the value of every variable when two spellings are compared."""


def with_equals(step: Step) -> str:
    """A legacy `ENV name value` as `name=value`, "" where it is none or its value would be read otherwise."""
    read = read_name_values(step.text, step.state.escape)
    if not read.legacy or read.error or not read.pairs or not read.pairs[0].name.isidentifier():
        return ""
    name, value = read.pairs[0].name, read.pairs[0].value or ""
    quoted = [f"{quote}{value}{quote}" for quote in QUOTES if quote not in value]
    for written in (value, *quoted):
        if _means(step, f"{name}={written}", name, value):
            return f"{name}={written}"
    return ""


def _means(step: Step, text: str, name: str, value: str) -> bool:
    """Whether the text is one pair of this name whose value is the same for whatever the variables hold."""
    escape = step.state.escape
    read = read_name_values(text, escape)
    if read.error or read.legacy or [pair.name for pair in read.pairs] != [name]:
        return False
    old, new = expand(value, {}, escape), expand(read.pairs[0].value or "", {}, escape)
    if old.error or new.error or old.names != new.names:
        return False
    marks = dict.fromkeys(old.names, MARK)
    filled = expand(value, marks, escape), expand(read.pairs[0].value or "", marks, escape)
    return old.value == new.value and filled[0].value == filled[1].value


def groups(file: Dockerfile, stage: Stage) -> Iterator[tuple[Step, ...]]:
    """Neighbouring ENVs, LABELs or EXPOSEs that mean the same as one instruction, two or more at a time."""
    group: list[Step] = []
    for step in (*stage.steps, None):
        if step is not None and group and _goes_with(file, group, step):
            group.append(step)
            continue
        if len(group) > 1:
            yield tuple(group)
        group = [step] if step is not None and _is_plain(step) else []


def _is_plain(step: Step) -> bool:
    """Whether an instruction can be in a group: no comments inside, and not in the legacy form."""
    if step.keyword not in KEYWORDS or step.node.comments:
        return False
    read = read_name_values(step.text, step.state.escape)
    return step.keyword == "EXPOSE" or not (read.legacy or read.error)


def _goes_with(file: Dockerfile, group: list[Step], step: Step) -> bool:
    if step.keyword != group[0].keyword or not _is_plain(step) or _stands_apart(file, group[-1], step):
        return False
    if step.keyword == "EXPOSE":
        return True
    names = {pair.name for one in group for pair in read_name_values(one.text, one.state.escape).pairs}
    for pair in read_name_values(step.text, step.state.escape).pairs:
        if pair.name in names or (step.keyword == "ENV" and names.intersection(expand(pair.value or "", {}).names)):
            return False
    return True


def _stands_apart(file: Dockerfile, first: Step, second: Step) -> bool:
    """Whether the author keeps two instructions apart, by a comment or an empty line."""
    between = (node for node in file.tree.nodes if isinstance(node, Trivia))
    return any(first.span.end <= node.span.start < second.span.start for node in between)


def set_by(step: Step) -> tuple[tuple[str, str | None], ...]:
    """The variables that an ENV sets, with their values; None for one that is not known."""
    after = step.state.after(step.node, {}).environment
    return tuple((pair.name, after.get(pair.name)) for pair in read_name_values(step.text, step.state.escape).pairs)
