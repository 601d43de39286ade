"""What holds of every run of dockopt, whatever the Dockerfile: each law tells what is broken, for tests and the corpus.

Comments and shell bodies are judged here without the engine's own guard wherever that is possible.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from dockopt.config import Settings
from dockopt.context.tree import Context
from dockopt.engine.ledger import FateKind
from dockopt.engine.observe import observe
from dockopt.engine.pipeline import Outcome, optimize, with_changes
from dockopt.engine.registry import transforms as all_transforms
from dockopt.engine.vocabulary import concerns, vocabulary
from dockopt.fixes import Aspect, Phase, Transform
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.shell.tree import Script
from dockopt.text.source import SourceText
from tests.oracles import buildkit_objection, shell_objection

WORTH = frozenset({Aspect.CACHES, Aspect.PACKAGE_LISTS, Aspect.LAYERS})
MOUNTS = "use-cache-mounts"


def broken(
    text: str,
    outcome: Outcome,
    settings: Settings,
    context: Context | None = None,
    transforms: Iterable[Transform] | None = None,
) -> Iterator[str]:
    """Every law that an outcome breaks, in a line each."""
    file = Dockerfile.parse(text, context)
    if file.tree.render() != text or SourceText.from_bytes(file.source.to_bytes()).text != text:
        yield "rendering the parsed file gives another text"
    if not outcome.settled:
        yield "does not settle"
    for transform in () if file.refusal else all_transforms() if transforms is None else transforms:
        if not concerns(vocabulary(file), transform) and any(True for _ in transform.apply(file)):
            yield f"is not asked, and has something to propose: {transform.label}"
    for fate in outcome.fates:
        if fate.kind is FateKind.REJECTED:
            yield f"rejected: {fate.transform.label}: {fate.reason}"
    for fate in outcome.applied:
        if not fate.fix.evidence or fate.fix.level > settings.level:
            yield f"{fate.transform.label}: applied beyond its evidence"
    if not outcome.changed:
        return
    again = optimize(outcome.after, settings, with_changes(context, outcome.others), transforms)
    if again.changed:
        names = ", ".join(sorted({fate.transform.label for fate in again.applied}))
        yield f"a second run changes the text again: {names}"
    error = buildkit_objection(outcome.after)
    if error and not buildkit_objection(text):
        yield f"BuildKit refuses the result: {error}"
    after = Dockerfile.parse(outcome.after, context)
    yield from broken_shell(file, after)
    yield from lost_comments(file, after)


def order_matters(
    first: Outcome, second: Outcome, pair: tuple[Transform, ...], context: Context | None = None
) -> Iterator[str]:
    """In what the texts differ that two transforms reached in either order, but for what is only worth bytes.

    All that a new stage changes may differ, and whether a command runs on a cache mount instead of cleaning up.
    """
    for outcome in (first, second):
        if not outcome.settled:
            yield "does not settle"
    if first.after == second.after:
        return
    free = (one for one in pair if one.phase is Phase.STRUCTURE or one.label == MOUNTS)
    may_differ = WORTH.union(*(transform.may_change for transform in free))
    observed = [observe(Dockerfile.parse(outcome.after, context)) for outcome in (first, second)]
    for aspect in Aspect:
        if aspect not in may_differ and observed[0].get(aspect) != observed[1].get(aspect):
            yield f"the order decides: {aspect.value}"


def broken_shell(before: Dockerfile, after: Dockerfile) -> Iterator[str]:
    """Each rewritten RUN body that its shell no longer reads, although it read all the bodies there were."""
    old = [(run.shell_text, shell_of(run)) for run in before.runs if is_shell(run)]
    for body, shell in ((run.shell_text, shell_of(run)) for run in after.runs if is_shell(run)):
        if (body, shell) in old:
            continue
        objection = shell_objection(body, shell)
        if objection and shell == "dash" and any(shell_objection(*pair) for pair in old):
            objection = shell_objection(body, "bash")
        if objection and not any(shell_objection(text, "bash") for text, _ in old):
            yield f"the shell refuses a rewritten RUN: {objection}"


def lost_comments(before: Dockerfile, after: Dockerfile) -> Iterator[str]:
    """Each comment that is gone: lines of the file that begin with #, and comments inside shell bodies."""
    for lost in (Counter(comment_lines(before.text)) - Counter(comment_lines(after.text))).elements():
        yield f"a comment is gone: {lost}"
    for lost in (Counter(shell_comments(before)) - Counter(shell_comments(after))).elements():
        yield f"a shell comment is gone: {lost}"


def is_shell(run: Run) -> bool:
    """Whether a RUN's body is read by a POSIX shell."""
    return run.state.posix and run.node.exec_form is None and not run.shell_text.startswith("#!")


def shell_of(run: Run) -> str:
    """The shell to ask: bash where a SHELL instruction names one of its kind."""
    name = run.state.shell[0].rpartition("/")[2] if run.state.shell else "sh"
    return "dash" if name in ("sh", "dash", "ash") else "bash"


def comment_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


def shell_comments(file: Dockerfile) -> list[str]:
    bodies = [(run.shell_text, run.body) for run in file.runs]
    return [
        text[span.start : span.end].strip()
        for text, body in bodies
        if isinstance(body, Script)
        for span in body.comments
    ]
