"""What must still hold after a fix: it parses, every comment survives, only declared aspects differ, nothing grows."""

from collections import Counter

from dockopt.engine.observe import observe
from dockopt.fixes import Phase, Transform
from dockopt.model.dockerfile import Dockerfile
from dockopt.shell.tree import Refusal
from dockopt.syntax.tree import Instruction


def objection(before: Dockerfile, after: Dockerfile, transform: Transform) -> str:
    """Why the new text must not stand, "" where nothing speaks against it."""
    if after.refusal:
        line, message = after.refusal
        return f"the result would not parse: line {line}: {message}"
    if after.facts(_unreadable) > before.facts(_unreadable):
        return "the result holds a RUN body that cannot be read"
    lost = Counter(before.facts(comments)) - Counter(after.facts(comments))
    if lost:
        return f"a comment would be lost: {next(iter(lost))}"
    if lost_target := _lost_target(before, after):
        return f"{lost_target} would be another stage, and somebody builds that"
    old, new = before.facts(observe), after.facts(observe)
    for aspect, value in old.items():
        if aspect not in transform.may_change and new[aspect] != value:
            return f"would also change {aspect.value}"
    if _is_larger(before, after, transform):
        return "the estimate calls the image larger"
    return ""


def _lost_target(before: Dockerfile, after: Dockerfile) -> str:
    """A stage that is asked for and would not be there any more, or another under the same number; "" for none."""
    for target in sorted(before.targets):
        old, new = before.stage_named(target), after.stage_named(target)
        if old is not None and (
            new is None or (old.name != target.lower() and len(before.stages) != len(after.stages))
        ):
            return target
    return ""


def _is_larger(before: Dockerfile, after: Dockerfile, transform: Transform) -> bool:
    """Whether a fix that is there to save bytes would cost some, as far as can be said."""
    from dockopt.estimate.compare import saved  # noqa: PLC0415 - only where there is a fix

    if transform.phase is Phase.ORDER:
        return False
    saves = saved(before, after, after.context)
    return saves.high < 0 or (transform.phase is Phase.STRUCTURE and saves.expected < 0)


def comments(file: Dockerfile) -> tuple[str, ...]:
    """The text of every comment: lines of their own and lines inside instructions."""
    found = []
    for node in file.tree.nodes:
        if isinstance(node, Instruction):
            found += [file.source.at(span).strip() for span in node.comments]
        elif node.kind == "comment":
            found.append(file.source.at(node.span).strip())
    return tuple(found)


def _unreadable(file: Dockerfile) -> int:
    """How many RUN bodies the shell parser refused, those of other shells and exec form left out."""
    return sum(isinstance(run.body, Refusal) and run.state.posix and run.node.exec_form is None for run in file.runs)
