"""The nodes that tile a Dockerfile, with the logical text BuildKit sees and its way back to file offsets.

What instructions mean (stages, variables, commands) lives in `dockopt.model`.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from dockopt.lazy import cached_property
from dockopt.text.source import SourceText, Span


class Segment(NamedTuple):
    """`length` characters of logical text at `logical` stand at `raw` in the file."""

    logical: int
    raw: int
    length: int


class Flag(NamedTuple):
    """`--name=value` before an instruction's arguments; `span` is in the instruction's logical text."""

    name: str
    value: str | None
    span: Span


class Heredoc(NamedTuple):
    """One here-document of an instruction; spans are in the file.

    `content` is what BuildKit passes on (tabs stripped for `<<-`), `body` the raw lines before the terminator,
    `terminator` that line with its newline (empty at the end of the file where the heredoc is not terminated),
    `expand` is false where the name was quoted, `descriptor` the number before `<<` ("" where there is none).
    """

    name: str
    expand: bool
    strip_tabs: bool
    descriptor: str
    opener: Span
    """In the logical text: from the descriptor to the end of the name."""
    body: Span
    terminator: Span
    content: str


class Trivia(NamedTuple):
    """A node that is not an instruction: "bom", "directive", "comment" or "blank"; `span` covers its newline.

    "unread" is a whole file that is too large.
    """

    kind: str
    span: Span
    name: str = ""
    value: str = ""


@dataclass(frozen=True)
class Instruction:
    """One instruction, from the first character of its first line to the newline of its last.

    `logical` is BuildKit's view of the line: continuations joined, comment and blank lines in between dropped.
    Offsets into it map to the file through `raw`. `arguments` is the logical span after the flags, without
    surrounding white space. `keyword` is in upper case; `keyword_span` (logical) has the file's own spelling.
    `exec_form` holds the words of a JSON array, where the arguments are one (for HEALTHCHECK: those after CMD).
    """

    span: Span
    keyword: str
    keyword_span: Span
    logical: str
    segments: tuple[Segment, ...]
    flags: tuple[Flag, ...]
    arguments: Span
    exec_form: tuple[str, ...] | None = None
    heredocs: tuple[Heredoc, ...] = ()
    comments: tuple[Span, ...] = ()
    """Comment lines inside the continuations, in the file, each with its newline."""
    blank_continuation: bool = False
    """A continuation holds an empty line, which BuildKit warns about."""
    trigger: "Instruction | None" = None
    """The instruction after ONBUILD; its spans and logical offsets are those of this one's text."""

    @property
    def argument_text(self) -> str:
        return self.logical[self.arguments.start : self.arguments.end]

    @cached_property
    def _starts(self) -> list[int]:
        return [segment.logical for segment in self.segments]

    def raw(self, offset: int) -> int:
        """File offset of the logical character at `offset`."""
        segment = self.segments[max(0, bisect_right(self._starts, offset) - 1)]
        return segment.raw + offset - segment.logical

    def raw_after(self, offset: int) -> int:
        """File offset just after the logical character before `offset`."""
        return self.raw(offset - 1) + 1 if offset > 0 else self.raw(0)

    def raw_span(self, span: Span) -> Span:
        """File span from the first to just after the last of some logical characters."""
        if span.start == span.end:
            at = self.raw_after(span.start)
            return Span(at, at)
        return Span(self.raw(span.start), self.raw_after(span.end))

    def flag(self, name: str) -> Flag | None:
        for flag in self.flags:
            if flag.name == name:
                return flag
        return None


def instruction(**fields: object) -> Instruction:
    """An instruction from all of its fields: what the class makes of them, at a third of the time."""
    node = object.__new__(Instruction)
    node.__dict__.update(fields)
    return node


Node = Trivia | Instruction


class SyntaxProblem(NamedTuple):
    """Why BuildKit would refuse the file, or why dockopt will not read on; `line` from 1."""

    line: int
    message: str


@dataclass(frozen=True)
class Tree:
    """A parsed file. `nodes` tile `source`; `problems` is empty where BuildKit's parser would accept the file.

    `doubts` are dockopt's own reasons not to rewrite: templates, merge conflicts, unknown instructions, binary data.
    """

    source: SourceText
    nodes: tuple[Node, ...]
    escape: str = "\\"
    directives: tuple[Trivia, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    doubts: tuple[SyntaxProblem, ...] = ()

    @cached_property
    def instructions(self) -> tuple[Instruction, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Instruction))

    def directive(self, name: str) -> str | None:
        return next((node.value for node in self.directives if node.name == name), None)

    def render(self) -> str:
        return "".join(self.source.at(node.span) for node in self.nodes)
