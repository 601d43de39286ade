"""What the package dockerfile-parse makes of a file, dockopt's reading in the same words, and why they part."""

import io
from collections.abc import Iterator
from typing import NamedTuple

from dockerfile_parse import DockerfileParser

from dockopt.syntax.tree import Instruction, Tree


class Line(NamedTuple):
    """One instruction: keyword in upper case, first and last line from 1, all after the keyword without outer space."""

    keyword: str
    start: int
    end: int
    value: str


def parser_of(data: bytes) -> DockerfileParser:
    return DockerfileParser(fileobj=io.BytesIO(data))


def their_structure(data: bytes) -> list[Line]:
    records = [record for record in parser_of(data).structure if record["instruction"] != "COMMENT"]
    return [
        Line(record["instruction"], record["startline"] + 1, record["endline"] + 1, record["value"].strip())
        for record in records
    ]


def our_structure(tree: Tree) -> list[Line]:
    return [_line(tree, node) for node in tree.instructions]


def _line(tree: Tree, node: Instruction) -> Line:
    start, end = tree.source.line(node.span.start), tree.source.line(max(node.span.start, node.span.end - 1))
    return Line(node.keyword, start, end, node.logical[node.keyword_span.end :].strip())


def misread(tree: Tree, theirs: list[Line]) -> Iterator[tuple[Instruction, str]]:
    """Instructions that are not among theirs as they stand, each with the likely cause."""
    found = set(theirs)
    for node in tree.instructions:
        if _line(tree, node) not in found:
            yield node, _cause(tree, node)


def _cause(tree: Tree, node: Instruction) -> str:
    if node.heredocs:
        return "heredoc"
    if node.blank_continuation:
        return "empty line in a continuation"
    if node.span.start == 1:
        return "byte order mark"
    if node.arguments.start == node.arguments.end:
        return "no arguments"
    if len(node.segments) > 1 and node.segments[0].length <= node.keyword_span.end:
        return "continuation right after the keyword"
    last = tree.source.at(node.span).rstrip()
    if last.endswith(tree.escape * 2):
        return "escaped escape character at the end"
    if last.endswith(tree.escape) or (node.comments and last.endswith(tree.source.at(node.comments[-1]).rstrip())):
        return "continuation at the end of the file"
    return "other"
