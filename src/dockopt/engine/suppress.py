"""Ignore comments: `# dockopt: ignore=NAME reason` above or inside an instruction, `ignore-file=NAME` anywhere."""

from collections.abc import Iterator

from dockopt.fixes import Fix, Transform
from dockopt.model.dockerfile import Dockerfile
from dockopt.syntax.tree import Instruction
from dockopt.text.source import Span

MARK = "dockopt:"


def suppressed(file: Dockerfile, transform: Transform, fix: Fix) -> bool:
    """Whether a comment in the file asks for this fix to be left out."""
    if MARK not in file.text:
        return False
    spans = [fix.where, *(edit.span for edit in fix.edits)]
    for scope, names in file.facts(ignores):
        touched = scope is None or any(scope.overlaps(span) or scope.contains(span) for span in spans)
        if touched and (transform.label in names or "all" in names):
            return True
    return False


def ignores(file: Dockerfile) -> tuple[tuple[Span | None, frozenset[str]], ...]:
    """Each ignore comment: the span it covers (None for the whole file) and the transforms it names."""
    return tuple(_ignores(file))


def _ignores(file: Dockerfile) -> Iterator[tuple[Span | None, frozenset[str]]]:
    waiting: set[str] = set()
    for node in file.tree.nodes:
        if isinstance(node, Instruction):
            inner = (_names(file.source.at(span)) for span in node.comments)
            names = waiting.union(*(found for whole, found in inner if not whole))
            if names:
                yield node.span, frozenset(names)
            waiting = set()
        elif node.kind == "comment":
            whole, found = _names(file.source.at(node.span))
            if whole and found:
                yield None, frozenset(found)
            elif found:
                waiting |= found
        else:
            waiting = set()


def _names(comment: str) -> tuple[bool, set[str]]:
    text = comment.strip().lstrip("#").strip()
    if not text.startswith(MARK):
        return False, set()
    order, _, rest = text[len(MARK) :].strip().partition("=")
    names = {name.strip().replace("_", "-") for name in rest.split(" ")[0].split(",")} - {""}
    return order == "ignore-file", names if order in ("ignore", "ignore-file") else set()
