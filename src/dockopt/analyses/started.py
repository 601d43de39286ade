"""What a container starts: the commands of CMD, ENTRYPOINT and HEALTHCHECK, as words."""

from collections.abc import Iterator
from functools import lru_cache

from dockopt.model.commands import calls
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Step
from dockopt.model.stages import Stage
from dockopt.shell.parser import parse
from dockopt.shell.tree import Script

Words = tuple[str, ...]
SHELLS = frozenset({"sh", "bash", "ash", "dash"})


def start_steps(file: Dockerfile, stage: Stage) -> tuple[Step, ...]:
    """The ENTRYPOINT and the CMD in force at the end of a stage, in this order.

    An ENTRYPOINT clears the CMD of the stage that its own is built on.
    """
    entry = command = None
    for ancestor in file.chain(stage):
        if (found := ancestor.last("ENTRYPOINT")) is not None:
            entry = found
            command = None
        command = ancestor.last("CMD") or command
    return tuple(step for step in (entry, command) if step is not None)


def started(file: Dockerfile, stage: Stage) -> tuple[Words, ...]:
    """Every command that starts with the container, as far as it is known; a word that is not known is "$"."""
    steps = start_steps(file, stage)
    found = tuple(words for step in steps for words in words_of(step))
    if len(steps) == 2 and steps[0].node.exec_form and steps[1].node.exec_form:
        return ((*steps[0].node.exec_form, *steps[1].node.exec_form), *found)
    return found


def words_of(step: Step) -> Iterator[Words]:
    """The commands of one CMD or ENTRYPOINT; a shell's `-c` text is taken apart."""
    form = step.node.exec_form
    if form is None:
        yield from _of_text(step.text)
    elif len(form) >= 3 and form[0].rpartition("/")[2] in SHELLS and form[1].startswith("-") and "c" in form[1]:
        yield from _of_text(form[2])
    elif form:
        yield form


@lru_cache(maxsize=256)
def _of_text(text: str) -> tuple[Words, ...]:
    """Many ask for the same text, in each snapshot of a file."""
    script = parse(text)
    if not isinstance(script, Script):
        return (tuple(text.split()),)
    return tuple(tuple("$" if word.value is None else word.value for word in call.words) for call in calls(script))
