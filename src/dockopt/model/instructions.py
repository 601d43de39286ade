"""Typed views of instructions: what a RUN runs, what a COPY copies, with spans that lead back to the file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from dockopt.lazy import cached_property
from dockopt.model.commands import Call, calls
from dockopt.model.state import State, joined
from dockopt.shell.parser import parse as parse_shell
from dockopt.shell.tree import Refusal, Script
from dockopt.syntax.tree import Instruction
from dockopt.syntax.words import plain_words
from dockopt.text.source import SourceText, Span

T = TypeVar("T")
SHEBANG = "#!"


@dataclass(frozen=True, eq=False)
class Step:
    """An instruction in its stage. `state` is what is in force before it, `index` its place in the stage."""

    node: Instruction
    state: State
    stage: int
    index: int
    source: SourceText
    kept: dict[Callable[..., object], Any] = field(default_factory=dict, repr=False)
    """What is known of the instruction in its state, wherever it stands."""

    @property
    def keyword(self) -> str:
        return self.node.keyword

    @property
    def span(self) -> Span:
        return self.node.span

    @property
    def text(self) -> str:
        """The logical arguments after the flags."""
        return self.node.argument_text

    def has_flag(self, name: str) -> bool:
        return self.node.flag(name) is not None

    def again(self, node: Instruction, stage: int, index: int, source: SourceText) -> "Step":
        """The same instruction in the same state, elsewhere in another text, with all that is known of it.

        What is kept of a step is in terms of its own text, not of places in the file.
        """
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, node=node, stage=stage, index=index, source=source)
        return other


class Run(Step):
    """A RUN instruction. `opaque` says why its commands are not known ("" where they are)."""

    @cached_property
    def heredoc(self) -> bool:
        """Whether the body is a here-document that the shell runs (`RUN <<EOF`)."""
        opener = self.node.heredocs[0].opener if len(self.node.heredocs) == 1 else None
        return opener is not None and opener == self.node.arguments and not self.node.heredocs[0].descriptor

    @property
    def has_mount(self) -> bool:
        return self.has_flag("mount")

    @cached_property
    def mounts(self) -> tuple[dict[str, str], ...]:
        """The options of each `--mount`; an option without a value maps to ""."""
        if not self.node.flags:
            return ()
        return tuple(
            {key: value for key, _, value in (option.partition("=") for option in (flag.value or "").split(","))}
            for flag in self.node.flags
            if flag.name == "mount"
        )

    @cached_property
    def shell_text(self) -> str:
        """What the shell reads."""
        if self.heredoc:
            return self.node.heredocs[0].content
        text = self.text
        for heredoc in self.node.heredocs:
            end = "" if text.endswith("\n") else "\n"
            text = f"{text}{end}{heredoc.content}{heredoc.name}\n"
        return text

    @cached_property
    def body(self) -> Script | Refusal:
        """The parsed commands of a shell-form or heredoc RUN."""
        reason = self._not_shell()
        if reason:
            return Refusal(reason, 0)
        body = self._read.script
        if isinstance(body, Script) and body.bash_only and not self.state.bash:
            return Refusal("bash syntax under a shell that may not be bash", body.bash_only[0].start)
        return body

    @cached_property
    def opaque(self) -> str:
        return self.body.reason if isinstance(self.body, Refusal) else ""

    @cached_property
    def script(self) -> Script:
        """The parsed body; only where `opaque` is empty."""
        assert isinstance(self.body, Script), self.opaque
        return self.body

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every simple command; none where the body is opaque."""
        return () if self.opaque else self._read.calls

    def facts(self, analysis: Callable[[tuple[Call, ...]], T]) -> T:
        """What an analysis says of the commands, computed once for all snapshots that have the same body."""
        known = self._known
        if analysis not in known:
            known[analysis] = analysis(self.calls)
        return known[analysis]  # type: ignore[return-value]

    def body_facts(self, analysis: Callable[["Run"], T]) -> T:
        """The same of an analysis that looks at nothing but the body; only where `opaque` is empty."""
        known = self._read.facts
        if analysis not in known:
            known[analysis] = analysis(self)
        return known[analysis]  # type: ignore[return-value]

    def own_facts(self, analysis: Callable[["Run"], T]) -> T:
        """The same of an analysis that looks at the instruction and its state, too, but not at where it stands."""
        if analysis not in self.kept:
            self.kept[analysis] = analysis(self)
        return self.kept[analysis]  # type: ignore[no-any-return]

    @cached_property
    def _known(self) -> dict[Callable[..., object], object]:
        """What analyses said of the commands; of none where the body is opaque."""
        return {} if self.opaque else self._read.facts

    @cached_property
    def _read(self) -> "_Body":
        return _read_body(self.shell_text, self.state.errexit)

    def calls_of(self, *names: str) -> Iterator[Call]:
        return (call for call in self.calls if call.name in names)

    def raw(self, offset: int) -> int:
        """File offset of the character at `offset` of the shell text."""
        if self.heredoc:
            heredoc = self.node.heredocs[0]
            if not heredoc.strip_tabs:
                return heredoc.body.start + offset
            return heredoc.body.start + _with_tabs(self.source.at(heredoc.body), offset)
        return self.node.raw(self.node.arguments.start + offset)

    def raw_after(self, offset: int) -> int:
        """File offset just after the character before `offset` of the shell text."""
        return self.raw(offset - 1) + 1 if offset else self.raw(0)

    def raw_span(self, span: Span) -> Span:
        if span.start == span.end:
            return Span(self.raw_after(span.start), self.raw_after(span.start))
        return Span(self.raw(span.start), self.raw_after(span.end))

    def _not_shell(self) -> str:
        if not self.state.posix:
            return "runs under another shell"
        if self.node.exec_form is not None:
            return "exec form"
        if self.heredoc and self.shell_text.startswith(SHEBANG):
            return "runs under its own interpreter"
        if self.node.heredocs and not self.heredoc and len(self.node.heredocs) > 1:
            return "several here-documents"
        return ""


class _Body(NamedTuple):
    """A body as it was read, and what analyses said of its commands."""

    script: Script | Refusal
    calls: tuple[Call, ...]
    facts: dict[Callable[..., object], object]


@lru_cache(maxsize=512)
def _read_body(text: str, errexit: bool) -> _Body:
    """Most bodies are the same in the next snapshot."""
    body = parse_shell(text)
    return _Body(body, () if isinstance(body, Refusal) else calls(body, errexit=errexit), {})


def _with_tabs(body: str, offset: int) -> int:
    """Offset in `body` of the character at `offset` of the text with leading tabs stripped."""
    at = taken = 0
    for line in body.splitlines(keepends=True):
        tabs = len(line) - len(line.lstrip("\t"))
        kept = len(line) - tabs
        if offset < taken + kept:
            return at + tabs + offset - taken
        taken += kept
        at += len(line)
    return at + offset - taken


class Copy(Step):
    """COPY or ADD."""

    @property
    def from_(self) -> str | None:
        """The value of `--from` as written."""
        flag = self.node.flag("from")
        return flag.value if flag else None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Sources and destination as written."""
        if self.node.exec_form is not None:
            return self.node.exec_form
        return plain_words(self.text)

    @property
    def sources(self) -> tuple[str, ...]:
        return self.words[:-1]

    @property
    def destination(self) -> str:
        return self.words[-1] if self.words else ""

    @property
    def inline(self) -> bool:
        """Whether a source is a here-document."""
        return bool(self.node.heredocs)

    @cached_property
    def expanded_sources(self) -> tuple[str | None, ...]:
        return tuple(self.state.expand(source) for source in self.sources)

    @cached_property
    def target(self) -> str | None:
        """The absolute destination, None where it is not known; a trailing slash is kept."""
        value = self.state.expand(self.destination)
        path = joined(self.state.folder, value)
        if path is None or value is None:
            return None
        return path + "/" if value.endswith(("/", "/.")) and path != "/" else path


VIEWS = {"RUN": Run, "COPY": Copy, "ADD": Copy}


def view(node: Instruction, state: State, stage: int, index: int, source: SourceText) -> Step:
    """The typed view of an instruction."""
    step: Step = object.__new__(VIEWS.get(node.keyword, Step))
    step.__dict__.update(node=node, state=state, stage=stage, index=index, source=source, kept={})
    return step
