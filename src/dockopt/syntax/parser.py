"""Text to tree, as BuildKit's frontend/dockerfile/parser reads it. Never raises: what is wrong stands in the tree.

The steps live next door: `directives`, `lines`, `arguments`, `heredocs`, `words`, `doubts`.
"""

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from dockopt.syntax.arguments import JSON_KEYWORDS, NotStringsError, Parts, exec_form, split_instruction
from dockopt.syntax.directives import read_directive
from dockopt.syntax.doubts import find_doubts
from dockopt.syntax.heredocs import Opener, find_openers, read_bodies
from dockopt.syntax.known import Known
from dockopt.syntax.lexer import LexError
from dockopt.syntax.lines import LINE_LIMIT, SPACES, Logical, join, physical_lines, too_long
from dockopt.syntax.tree import Heredoc, Instruction, Node, SyntaxProblem, Tree, Trivia, instruction
from dockopt.syntax.words import read_name_values
from dockopt.text.source import SourceText, Span

MOST_TRIGGERS = 100
"""How deep ONBUILD in ONBUILD is followed; BuildKit builds none of it."""

_HEREDOC_KEYWORDS = frozenset({"ADD", "COPY", "RUN"})
_PLAIN_VALUE = r"""(?:"[^"\\`]*+"|'[^'\\`]*+'|[^\s"'\\`]*+)"""
_PLAIN_PAIRS = re.compile(rf"""(?:[^\s"'=\\`]++={_PLAIN_VALUE}(?:\s++|\Z))+|[^\s"'=\\`]++[ \t]++\S.*""", re.DOTALL)
_HEALTHCHECK_KIND = re.compile(rf"[^{SPACES}]*[{SPACES}]*")


MOST_CHARACTERS = 2_000_000
MOST_LINES = 50_000
"""Files beyond these are not taken apart: the longest Dockerfile among thousands of real ones has 65 kB."""


def parse(source: SourceText, like: Tree | None = None) -> Tree:
    """The tree of a file, whatever its bytes. A huge one is a single node of kind "unread", and a doubt.

    Nodes are taken over from the tree `like` where its text is the same from the beginning, or to the end: what a
    node is depends on nothing behind it, nor, once there was an instruction, on what is before it.
    """
    if len(source.text) > MOST_CHARACTERS or source.text.count("\n") > MOST_LINES:
        node = Trivia("unread", Span(0, len(source.text)))
        return Tree(source, (node,), doubts=(SyntaxProblem(1, "too large for a Dockerfile: not read"),))
    return _Parser(source, Known.of(like, source.text) if like else None).tree()


class _Parser:
    def __init__(self, source: SourceText, known: Known | None) -> None:
        self.source = source
        self.lines = physical_lines(source)
        self.long = too_long(self.lines)
        self.known = known if self.long is None else None
        self.escape = "\\"
        self.nodes: list[Node] = []
        self.directives: dict[str, Trivia] = {}
        self.problems: list[SyntaxProblem] = []

    def tree(self) -> Tree:
        self._read()
        if self.long is not None:
            self._problem(self.long + 1, f"line greater than the {LINE_LIMIT - 1} bytes that BuildKit reads")
        nodes = tuple(self.nodes)
        if not any(isinstance(node, Instruction) for node in nodes):
            self._problem(max(1, len(self.lines.texts)), "file with no instructions")
        return Tree(
            self.source,
            nodes,
            self.escape,
            tuple(self.directives.values()),
            tuple(self.problems),
            find_doubts(self.source, nodes, self.fresh),
        )

    def _problem(self, line: int, message: str) -> None:
        self.problems.append(SyntaxProblem(line, message))

    @property
    def fresh(self) -> Span | None:
        """Which nodes were read anew, None for all."""
        if self.known is None:
            return None
        return Span(len(self.known.first), len(self.nodes) - len(self.known.taken))

    def _read(self) -> None:
        if self.known is None:
            self._read_all()
            return
        self.escape = self.known.escape
        self.directives = {node.name: node for node in self.known.directives}
        self.nodes += self.known.first
        texts, starts = self.lines
        index = bisect_left(starts, self.known.first[-1].span.end)
        while index < len(texts):
            if self.known.goes_on(starts[index]):
                self.nodes += self.known.taken
                return
            index = self._line(index, 0)

    def _read_all(self) -> None:
        texts, starts = self.lines
        index, column = 0, 0
        if self.source.text.startswith("\ufeff"):
            self.nodes.append(Trivia("bom", Span(0, 1)))
            if len(self.source.text) == 1:
                return
            column = 1
        in_directives = True
        while index < len(texts):
            if in_directives:
                content = texts[index][column:].lstrip(SPACES)
                span = Span(starts[index] + column, starts[index + 1])
                in_directives = self._directive(content.rstrip("\r"), span, index + 1)
            index = index + 1 if in_directives else self._line(index, column)
            column = 0

    def _line(self, index: int, column: int) -> int:
        """The node that begins on a line, and the index of the line behind it."""
        text = self.lines.texts[index][column:] if column else self.lines.texts[index]
        content = text.lstrip(SPACES)
        if content and content[0] != "#":
            return self._instruction(index, column, len(text) - len(content))
        span = Span(self.lines.starts[index] + column, self.lines.starts[index + 1])
        self.nodes.append(Trivia("comment" if content else "blank", span))
        return index + 1

    def _directive(self, line: str, span: Span, number: int) -> bool:
        """Whether the line is a directive, and so the next one may be."""
        found = read_directive(line)
        if found is None:
            return False
        name, value = found
        node = Trivia("directive", span, name, value)
        self.nodes.append(node)
        if name in self.directives:
            self._problem(number, f"only one {name} parser directive can be used")
            return True
        self.directives[name] = node
        if name == "escape":
            if value in ("\\", "`"):
                self.escape = value
            else:
                self._problem(number, f"invalid escape token '{value}': it must be ` or \\")
        return True

    def _instruction(self, index: int, column: int, indent: int) -> int:
        start = self.lines.starts[index] + column
        line = join(self.lines, index, column + indent, self.escape)
        chain, words, refusals = _taken_apart(line.text, self.escape, self.long is not None)
        for refusal in refusals:
            self._problem(index + 1, refusal)
        openers: list[Opener] = []
        if "<<" in line.text and len(chain) <= 2 and words[-1] is None and self.long is None:
            openers = self._openers(chain[-1], line.text, index + 1)
        heredocs: tuple[Heredoc, ...] = ()
        stop = line.stop
        if openers:
            heredocs, stop, terminated = read_bodies(openers, self.lines, stop)
            if not terminated:
                self._problem(index + 1, f"unterminated heredoc: no line {openers[len(heredocs) - 1].name}")
        span = Span(start, self.lines.starts[stop])
        trigger = _node(span, chain[1], line, words[1], heredocs=heredocs) if len(chain) > 1 else None
        self.nodes.append(_node(span, chain[0], line, words[0], heredocs=heredocs, trigger=trigger))
        return stop

    def _openers(self, parts: Parts, logical: str, number: int) -> list[Opener]:
        if parts.keyword not in _HEREDOC_KEYWORDS:
            return []
        try:
            return find_openers(logical)
        except LexError as error:
            self._problem(number, f"heredoc: {error}")
            return []


class _Apart(NamedTuple):
    """An instruction, those that its triggers hold, the JSON words of each, and what BuildKit refuses in them."""

    chain: tuple[Parts, ...]
    words: tuple[tuple[str, ...] | None, ...]
    refusals: tuple[str, ...]


@lru_cache(maxsize=2048)
def _taken_apart(logical: str, escape: str, long: bool) -> _Apart:
    """A logical line by itself: most are the same when a file is read again."""
    chain = [split_instruction(logical, 0, len(logical.rstrip(SPACES)))]
    while (
        chain[-1].keyword == "ONBUILD"
        and chain[-1].arguments.start < chain[-1].arguments.end
        and len(chain) < MOST_TRIGGERS
    ):
        chain.append(split_instruction(logical, *chain[-1].arguments))
    refusals: list[str] = []
    words = tuple(_exec_form(parts, logical, escape, refusals, long=long) for parts in chain)
    return _Apart(tuple(chain), words, tuple(refusals))


def _exec_form(parts: Parts, logical: str, escape: str, refusals: list[str], *, long: bool) -> tuple[str, ...] | None:
    """The JSON words; on the way, what BuildKit demands of the arguments of other instructions."""
    start, end = parts.arguments
    if parts.keyword in JSON_KEYWORDS:
        if parts.keyword == "HEALTHCHECK":
            kind = _HEALTHCHECK_KIND.match(logical, start, end)
            start = kind.end() if kind else start
        if not logical.startswith("[", start, end):
            return None
        try:
            return exec_form(logical[start:end])
        except NotStringsError as error:
            refusals.append(str(error))
    elif parts.keyword in ("ENV", "LABEL") and not long and not _PLAIN_PAIRS.fullmatch(logical, start, end):
        refusal = read_name_values(logical[start:end], escape, keyword=parts.keyword).error
        if refusal is not None:
            refusals.append(refusal)
    return None


def _node(
    span: Span,
    parts: Parts,
    line: Logical,
    words: tuple[str, ...] | None,
    *,
    heredocs: tuple[Heredoc, ...],
    trigger: Instruction | None = None,
) -> Instruction:
    return instruction(
        span=span,
        keyword=parts.keyword,
        keyword_span=parts.keyword_span,
        logical=line.text,
        segments=line.segments,
        flags=parts.flags,
        arguments=parts.arguments,
        exec_form=words,
        heredocs=heredocs,
        comments=line.comments,
        blank_continuation=line.blank,
        trigger=trigger,
    )
