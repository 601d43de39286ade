"""Why a file that BuildKit's parser may accept is still not rewritten: templates, merge conflicts, things unknown."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from dockopt.syntax.arguments import KEYWORDS
from dockopt.syntax.tree import Instruction, Node, SyntaxProblem, Trivia
from dockopt.text.source import SourceText, Span

_MARKER = re.compile(r"^(?:<{7}|>{7}|\|{7})(?=[ \r]|$)|^={7}(?=\r?$)", re.MULTILINE)
_CONTROL = re.compile(
    r"^[ \t]*+#?[ \t]*+(?:\{%|<%|\{\{[-~]?\s*(?:[#/^>]|(?:if|else|end|range|with|define|template|block|include)\b))"
    r"|\{%[-+]?\s*(?:if|elif|else|endif|for|endfor|set|include|block|endblock|extends|import|from|macro|raw)\b",
    re.MULTILINE,
)
_IN_FROM = re.compile(r"\{\{|\{%|<%|%%\w+%%|@\w+@|\$\{\w+:(?![-+?])")
_AS_KEYWORD = re.compile(r"\{\{|\{%|\{#|<%|%%\w+%%|@\w+@|\$\{?\w")
_HINTS = ("{{", "{%", "<%")


def find_doubts(source: SourceText, nodes: tuple[Node, ...], fresh: Span | None = None) -> tuple[SyntaxProblem, ...]:
    """Reasons in the order of the file, at most one a line. Instructions among nodes that are not `fresh` have none."""
    text = source.text
    found: dict[int, str] = {}
    if "\0" in text:
        found[source.line(text.index("\0"))] = "binary content: the file holds a NUL byte"
    markers = "<<<<<<<" in text or "=======" in text or ">>>>>>>" in text
    templates = any(hint in text for hint in _HINTS)
    if markers or templates:
        bodies = [heredoc.body for node in nodes if isinstance(node, Instruction) for heredoc in node.heredocs]
        starts = [body.start for body in bodies]

        def in_heredoc(offset: int) -> bool:
            before = bisect_right(starts, offset)
            return before > 0 and offset < bodies[before - 1].end

        for match in _MARKER.finditer(text) if markers else ():
            if match[0] != "=======" or not in_heredoc(match.start()):
                found.setdefault(source.line(match.start()), "merge-conflict marker: resolve the conflict first")
        for match in _CONTROL.finditer(text) if templates else ():
            if not in_heredoc(match.start()):
                found.setdefault(source.line(match.start()), "unrendered template: render it to a Dockerfile first")
    for line, message in _instruction_doubts(source, nodes, fresh or Span(0, len(nodes))):
        found.setdefault(line, message)
    return tuple(SyntaxProblem(line, found[line]) for line in sorted(found))


def _instruction_doubts(source: SourceText, nodes: tuple[Node, ...], fresh: Span) -> Iterator[tuple[int, str]]:
    in_stage = False
    last: Instruction | None = None
    for at, node in enumerate(nodes):
        if isinstance(node, Trivia):
            continue
        if not in_stage or fresh.start <= at < fresh.end:
            for offset, message in _doubts_of(source, last, node, in_stage=in_stage):
                yield source.line(offset), message
        last = node
        in_stage = in_stage or node.keyword == "FROM"
    if last is not None and not in_stage:
        first = next(node for node in nodes if isinstance(node, Instruction))
        yield source.line(first.span.start), "no FROM: not a complete Dockerfile"


def _doubts_of(
    source: SourceText, before: Instruction | None, node: Instruction, *, in_stage: bool
) -> Iterator[tuple[int, str]]:
    start = node.span.start
    parts = (node,) if node.trigger is None else (node, node.trigger)
    for part in parts:
        if part.keyword not in KEYWORDS:
            yield node.raw(part.keyword_span.start), _unknown(source, before, part)
    if node.trigger is not None and node.trigger.keyword == "ONBUILD":
        yield start, "ONBUILD cannot trigger ONBUILD"
    if node.keyword == "FROM":
        if _IN_FROM.search(node.logical):
            yield start, "unrendered template: the base image is a placeholder"
    elif not in_stage and node.keyword != "ARG" and node.keyword in KEYWORDS:
        yield start, f"{node.keyword} stands before the first FROM"
    for part in parts:
        if part.flags and any(not part.logical[flag.span.start : flag.span.end].isascii() for flag in part.flags):
            yield start, "a flag is not ASCII, which BuildKit reads byte by byte"


def _unknown(source: SourceText, before: Instruction | None, node: Instruction) -> str:
    word = node.logical[node.keyword_span.start : node.keyword_span.end]
    if _AS_KEYWORD.match(word):
        return "unrendered template: a placeholder stands where an instruction should"
    if not word:
        return "a continuation with nothing to continue"
    shown = word if word.isprintable() else ascii(word)
    message = f"unknown instruction: {shown[:40]}"
    if before is None or before.span.end != node.span.start:
        return message
    return f"{message}; is a continuation character missing at the end of line {source.line(before.span.end - 1)}?"
