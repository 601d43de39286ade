"""Commands of a RUN body with their place: which program, which words, and whether its failure fails the build."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dockopt.lazy import cached_property
from dockopt.shell.tree import Assignment, Command, Redirect, Script, Simple, Statement, Word
from dockopt.text.source import Span

WRAPPERS = frozenset({"sudo", "command", "exec", "nice", "time", "eatmydata"})
BEFORE_PROGRAMS = WRAPPERS | {"env"}


class _Fields(NamedTuple):
    span: Span
    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    wrapper: str = ""
    top: bool = False
    sure: bool = False
    statement: int = -1
    """Index of the body's statement it belongs to."""
    pipeline: int = -1
    """Index of the pipeline within that statement."""


class Call(_Fields):
    """One simple command with a program.

    `words` begin with the program (behind `sudo` and the like, which `wrapper` names); their spans are in the RUN's
    shell text, as `span` is. `top` says that it stands alone in a pipeline of the body's own list, not in a subshell,
    a condition, a function or a substitution. `sure` says that it is certain to run if all before it succeeded, and
    that its failure fails the RUN.
    """

    @cached_property
    def name(self) -> str | None:
        """The program without its folder, None where it is not known before the command runs."""
        value = self.words[0].value if self.words else None
        return value.rpartition("/")[2] if value else None

    @property
    def arguments(self) -> tuple[Word, ...]:
        return self.words[1:]

    @cached_property
    def values(self) -> tuple[str | None, ...]:
        """The arguments' values, None for each that depends on an expansion."""
        return tuple(word.value for word in self.words[1:])

    @property
    def literal(self) -> bool:
        """Whether program and arguments are all known as written."""
        return all(word.value is not None for word in self.words)

    def is_(self, *names: str) -> bool:
        return self.name in names

    def has(self, *options: str) -> bool:
        """Whether one of the arguments is one of these words."""
        return not self._words.isdisjoint(options)

    @cached_property
    def _words(self) -> frozenset[str | None]:
        return frozenset(self.values)


def calls(script: Script, *, errexit: bool = False) -> tuple[Call, ...]:
    """Every simple command with a program, in textual order; `errexit` says that the shell was started with `-e`."""
    return tuple(_of_script(script, top=True, sure=True, errexit=errexit))


def _of_script(script: Script, *, top: bool, sure: bool, errexit: bool = False) -> Iterator[Call]:
    last = len(script.statements) - 1
    for number, statement in enumerate(script.statements):
        fails = sure and statement.terminator != "&"
        for call in _of_statement(statement, top=top, sure=fails and number == last, ends=fails and errexit):
            yield _numbered(call, number) if top else call
        errexit = errexit or _sets_errexit(statement)


def _of_statement(statement: Statement, *, top: bool, sure: bool, ends: bool) -> Iterator[Call]:
    """`ends`: under errexit a failure ends the body, though only that of the list's last command."""
    operators = [link.operator for link in statement.links]
    for number, pipeline in enumerate(statement.pipelines):
        passed_on = all(operator == "&&" for operator in operators[max(0, number - 1) :])
        alone = len(pipeline.commands) == 1 and not pipeline.negated
        for command in pipeline.commands:
            decides = sure or (ends and number == len(statement.pipelines) - 1)
            for call in _of_command(command, top=top and alone, sure=decides and passed_on and alone):
                yield _piped(call, number) if call.top else call


def _of_command(command: Command, *, top: bool, sure: bool) -> Iterator[Call]:
    if isinstance(command, Simple):
        yield from _of_simple(command, top=top, sure=sure)
        words: Iterable[Word] = (*command.words, *(a.value for a in command.assignments if a.value))
    else:
        for body in command.bodies:
            yield from _of_script(body, top=False, sure=False)
        words = command.words
    targets = (redirect.target for redirect in command.redirects if redirect.target)
    for word in (*words, *targets):
        for script in word.substitutions:
            yield from _of_script(script, top=False, sure=False)


def _of_simple(command: Simple, *, top: bool, sure: bool) -> Iterator[Call]:
    words, assignments = command.words, command.assignments
    wrapper = ""
    while words and words[0].value in BEFORE_PROGRAMS:
        at = 1
        wrapper = words[0].value or ""
        while at < len(words) and _is_wrapper_option(wrapper, words[at].value):
            at += 1
        if at == len(words) or (words[at].value or "-").startswith("-"):
            break
        words = words[at:]
    if words:
        yield Call(command.span, words, assignments, command.redirects, wrapper, top=top, sure=sure)


def _is_wrapper_option(wrapper: str, value: str | None) -> bool:
    if value is None:
        return False
    if wrapper == "env":
        return "=" in value and not value.startswith("-")
    return wrapper == "sudo" and value in {"-E", "-H", "-n", "-S"}


def _sets_errexit(statement: Statement) -> bool:
    command = statement.pipelines[0].commands[0]
    return (
        isinstance(command, Simple)
        and len(command.words) > 1
        and command.words[0].value == "set"
        and any(word.value == "errexit" or _has_e(word.value) for word in command.words[1:])
    )


def _has_e(value: str | None) -> bool:
    return value is not None and value[:1] == "-" and value[1:2] != "-" and "e" in value


def _numbered(call: Call, statement: int) -> Call:
    return _changed(call, statement=statement) if call.statement < 0 else call


def _piped(call: Call, pipeline: int) -> Call:
    return _changed(call, pipeline=pipeline) if call.pipeline < 0 else call


def _changed(call: Call, *, statement: int = -1, pipeline: int = -1) -> Call:
    return Call(
        call.span,
        call.words,
        call.assignments,
        call.redirects,
        call.wrapper,
        top=call.top,
        sure=call.sure,
        statement=statement if statement >= 0 else call.statement,
        pipeline=pipeline if pipeline >= 0 else call.pipeline,
    )
