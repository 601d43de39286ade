"""How a file is written: what joins commands, how continuations are indented, which case keywords have."""

from itertools import pairwise

from dockopt.model.instructions import Run, Step
from dockopt.syntax.tree import Instruction, Tree
from dockopt.text.source import Span

DEFAULT_INDENT = "    "


def newline(step: Step) -> str:
    return step.source.newline


def several_lines(run: Run) -> bool:
    """Whether the body stands on more than one line of the file."""
    return len({run.source.line(segment.raw) for segment in run.node.segments}) > 1


def indent(run: Run) -> str:
    """The white space that continuation lines of the body begin with."""
    found = [text[: len(text) - len(text.lstrip())] for text in _later_lines(run)]
    return min(found, key=len) if found else DEFAULT_INDENT


def joiner(run: Run) -> str:
    """What stands between two commands joined by `&&` in this body, ready to be used before another one."""
    if run.heredoc or run.node.heredocs:
        return " && "
    own = _own_joiner(run)
    if own and (len(own.splitlines()) > 1 or not several_lines(run)):
        return own
    if not several_lines(run):
        return " && "
    return f" {run.state.escape}{newline(run)}{indent(run) or DEFAULT_INDENT}&& "


def statement_joiner(run: Run, start: int) -> str:
    """What separates two statements of this body: a line of its own in a here-document, else a semicolon."""
    if not run.heredoc:
        return "; "
    line = run.source.text[run.source.line_start(run.raw(start)) : run.raw(start)]
    return newline(run) + line[: len(line) - len(line.lstrip())]


def breaking_joiner(run: Run) -> str:
    """A joiner that goes to a new line, in the body's own style where it has one."""
    own = _own_joiner(run)
    if own and len(own.splitlines()) > 1:
        return own
    return f" {run.state.escape}{newline(run)}{(indent(run) if several_lines(run) else '') or DEFAULT_INDENT}&& "


def _own_joiner(run: Run) -> str:
    """The text of the body's last `&&` with what is around it, "" where there is none that can be used again."""
    gaps = []
    for statement in run.script.statements:
        for link, (first, second) in zip(statement.links, pairwise(statement.pipelines), strict=True):
            if link.operator == "&&":
                gaps.append(Span(run.raw_after(first.span.end), run.raw(second.span.start)))
    if not gaps:
        return ""
    text = run.source.at(gaps[-1])
    plain = text.replace("&&", "").replace(run.state.escape, "").strip() == ""
    return text if plain and len(text.splitlines()) <= 2 else ""


def _later_lines(run: Run) -> list[str]:
    lines = run.source.at(run.node.span).splitlines()[1:]
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def cased_from(tree: Tree, node: Instruction) -> str:
    """An instruction's keyword as it is written."""
    return tree.source.at(node.raw_span(node.keyword_span))
