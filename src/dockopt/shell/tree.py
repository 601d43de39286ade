"""What a shell body consists of. Every span is in the text that was parsed.

A word keeps its raw text and, where no expansion is involved, its value after quote removal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dockopt.text.source import Span

_NOWHERE = Span(0, 0)


class Word(NamedTuple):
    """One shell word. `value` is None where its text depends on an expansion, a glob stays as it is written.

    `quoted` says whether any part was quoted; `glob` whether an unquoted `*`, `?` or `[` (or a brace list) is in it;
    `expansions` are the names of variables read (also inside double quotes), `substitutions` the scripts of
    `$(…)`, backquotes and `<(…)` in it.
    """

    span: Span
    text: str
    value: str | None
    quoted: bool = False
    glob: bool = False
    expansions: tuple[str, ...] = ()
    substitutions: "tuple[Script, ...]" = ()


class Assignment(NamedTuple):
    """`NAME=value` (or `+=`) before or instead of a command; the word of an array `(…)` has no static value."""

    span: Span
    name: str
    value: Word | None
    append: bool = False


@dataclass(frozen=True)
class Redirect:
    """`2>file`, `<<EOF`, `>&2`, `<<<word`; `operator` without the descriptor; `body` is a here-document's.

    `document` is that body as a word: its value where nothing in it expands (tabs still there for `<<-`), else what
    it reads and runs. `body` and `document` stand after the line of the command, outside its span.
    """

    span: Span
    operator: str
    descriptor: str
    target: Word | None
    body: Span | None = None
    document: Word | None = None


class Simple(NamedTuple):
    """A simple command: assignments, words, redirections in any order; `words` may be empty."""

    span: Span
    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...] = ()


class Compound(NamedTuple):
    """Anything with commands inside: kind is "subshell", "group", "if", "while", "until", "for", "select", "case",
    "function", "test" (`[[ … ]]`) or "arithmetic" (`(( … ))`).

    `bodies` are the scripts inside in textual order (conditions included); `words` what a for loop iterates over, a
    case examines or a test compares; `name` a function's or loop variable's name ("" for `for ((…))`, whose header is
    then the only word).
    """

    span: Span
    kind: str
    bodies: "tuple[Script, ...]" = ()
    words: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    name: str = ""


Command = Simple | Compound


class Pipeline(NamedTuple):
    """Commands joined by `|` or `|&`; `operators` has one entry fewer than `commands`."""

    span: Span
    commands: tuple[Command, ...]
    operators: tuple[str, ...] = ()
    negated: bool = False


class Link(NamedTuple):
    """`&&` or `||` and where it stands."""

    operator: str
    span: Span


class Statement(NamedTuple):
    """An and-or list: pipelines joined by links, with what ends it: "", ";", "&" or a newline.

    `span` ends before the terminator; `end` is the terminator's span (empty where there is none).
    """

    span: Span
    pipelines: tuple[Pipeline, ...]
    links: tuple[Link, ...] = ()
    terminator: str = ""
    end: Span = _NOWHERE


class Script(NamedTuple):
    """A list of statements, and the comments in it (a comment on the last line would swallow what is appended).

    `span` is all between what opens and what closes the list. `comments` and `bash_only` include those of inner lists;
    `bash_only` are the constructs that bash reads as shown here, while dash reads something else or fails.
    """

    span: Span
    statements: tuple[Statement, ...]
    comments: tuple[Span, ...] = ()
    bash_only: tuple[Span, ...] = ()


class Refusal(NamedTuple):
    """Why a body was not read, and where."""

    reason: str
    offset: int


def commands(script: Script) -> Iterator[Command]:
    """Every command of a script in textual order, those inside compounds and substitutions included."""
    for statement in script.statements:
        for pipeline in statement.pipelines:
            for command in pipeline.commands:
                yield command
                yield from _inner(command)


def simple_commands(script: Script) -> Iterator[Simple]:
    """Every simple command of a script in textual order, those inside compounds and substitutions included."""
    return (command for command in commands(script) if isinstance(command, Simple))


def _inner(command: Command) -> Iterator[Command]:
    words = list(command.words)
    if isinstance(command, Simple):
        words += [assignment.value for assignment in command.assignments if assignment.value]
    else:
        for body in command.bodies:
            yield from commands(body)
    for redirect in command.redirects:
        words += [word for word in (redirect.target, redirect.document) if word]
    for word in words:
        for script in word.substitutions:
            yield from commands(script)
