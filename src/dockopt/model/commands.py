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
    return tuple(_of_script(script, _Place(top=True, sure=True), errexit=errexit))


class _Place(NamedTuple):
    """Where a command stands. `sure` says that its failure fails the body, `top` that it may be a call of its list."""

    top: bool
    sure: bool
    statement: int = -1
    pipeline: int = -1


_INNER = _Place(top=False, sure=False)


def _of_script(script: Script, place: _Place, *, errexit: bool = False) -> Iterator[Call]:
    last = len(script.statements) - 1
    for number, statement in enumerate(script.statements):
        fails = place.sure and statement.terminator != "&"
        inner = _Place(place.top, fails and number == last, number if place.top else place.statement)
        yield from _of_statement(statement, inner, ends=fails and errexit)
        errexit = errexit or _sets_errexit(statement)


def _of_statement(statement: Statement, place: _Place, *, ends: bool) -> Iterator[Call]:
    """`ends`: under errexit a failure ends the body, though only that of the list's last command."""
    last = len(statement.pipelines) - 1
    broken = max((number for number, link in enumerate(statement.links) if link.operator != "&&"), default=-1)
    for number, pipeline in enumerate(statement.pipelines):
        passed_on = max(0, number - 1) > broken
        alone = len(pipeline.commands) == 1 and not pipeline.negated
        sure = (place.sure or (ends and number == last)) and passed_on and alone
        inner = _Place(place.top and alone, sure, place.statement, number)
        for command in pipeline.commands:
            yield from _of_command(command, inner)


def _of_command(command: Command, place: _Place) -> Iterator[Call]:
    inside = _INNER._replace(statement=place.statement)
    if isinstance(command, Simple):
        yield from _of_simple(command, place)
        words: Iterable[Word] = (*command.words, *(a.value for a in command.assignments if a.value))
    else:
        for body in command.bodies:
            yield from _of_script(body, inside)
        words = command.words
    targets = (redirect.target for redirect in command.redirects if redirect.target)
    for word in (*words, *targets):
        for script in word.substitutions:
            yield from _of_script(script, inside)


def _of_simple(command: Simple, place: _Place) -> Iterator[Call]:
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
        pipeline = place.pipeline if place.top else -1
        yield Call(
            command.span,
            words,
            assignments,
            command.redirects,
            wrapper,
            top=place.top,
            sure=place.sure,
            statement=place.statement,
            pipeline=pipeline,
        )


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
