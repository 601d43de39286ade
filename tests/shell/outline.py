"""A shell body's tree in a few lines of text, so that a test can show the whole of it."""

from collections.abc import Iterator

from dockopt.shell.parser import parse
from dockopt.shell.tree import Command, Compound, Pipeline, Refusal, Script, Simple, Statement
from dockopt.text.source import Span

PLAIN_END = {"": "", "\n": " newline", ";": " ;", "&": " &"}


def read(text: str) -> Script:
    script = parse(text)
    assert isinstance(script, Script), script
    return script


def only(text: str) -> Command:
    """The single command of a body."""
    (statement,) = read(text).statements
    (pipeline,) = statement.pipelines
    (command,) = pipeline.commands
    return command


def simple(text: str) -> Simple:
    command = only(text)
    assert isinstance(command, Simple)
    return command


def compound(text: str) -> Compound:
    command = only(text)
    assert isinstance(command, Compound)
    return command


def refused(text: str) -> tuple[str, int]:
    refusal = parse(text)
    assert isinstance(refusal, Refusal)
    return refusal.reason, refusal.offset


def outline(text: str) -> list[str]:
    """One line a statement, pipeline parts and bodies nested: kinds, texts and what ends them."""
    return list(_script(text, read(text), 0))


def _script(text: str, script: Script, depth: int) -> Iterator[str]:
    for statement in script.statements:
        yield from _statement(text, statement, depth)


def _statement(text: str, statement: Statement, depth: int) -> Iterator[str]:
    assert text[statement.end.start : statement.end.end] == statement.terminator
    marks = ("", *(link.operator for link in statement.links))
    for mark, pipeline in zip(marks, statement.pipelines, strict=True):
        last = pipeline is statement.pipelines[-1]
        end = PLAIN_END[statement.terminator] if last else ""
        yield from _pipeline(text, pipeline, depth, mark, end)


def _pipeline(text: str, pipeline: Pipeline, depth: int, mark: str, end: str) -> Iterator[str]:
    marks = (" ".join(filter(None, (mark, "!" if pipeline.negated else ""))), *pipeline.operators)
    for operator, command in zip(marks, pipeline.commands, strict=True):
        before = operator + " " if operator else ""
        after = end if command is pipeline.commands[-1] else ""
        yield from _command(text, command, depth, before, after)


def _command(text: str, command: Command, depth: int, before: str, after: str) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(command, Simple):
        yield f"{indent}{before}{at(text, command.span)}{after}"
        return
    words = "".join(f" {word.text}" for word in command.words)
    name = f" {command.name}" if command.name else ""
    yield f"{indent}{before}({command.kind}){name}{words}{after}"
    for body in command.bodies:
        yield from _script(text, body, depth + 1)


def at(text: str, span: Span) -> str:
    return text[span.start : span.end]
