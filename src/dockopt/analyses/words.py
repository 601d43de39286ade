"""Reading a command's words by its model: subcommand, options with their values, operands."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeVar

from dockopt.knowledge.commands import TOOLS, Tool
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.shell.tree import Word
from dockopt.text.source import Span


class Option(NamedTuple):
    """`--name`, `--name=value` or `--name value`; `value` is the word it came in, or None."""

    name: str
    value: str | None
    word: Word


class Reading(NamedTuple):
    """A command taken apart. `subcommand` is None where no operand is there or it is not known as written.

    `options` and `operands` leave the subcommand out; `unknown` says that a word depends on an expansion.
    """

    program: str
    subcommand: str | None
    subcommand_word: Word | None
    options: tuple[Option, ...]
    operands: tuple[Word, ...]
    unknown: bool

    def option(self, *names: str) -> Option | None:
        return next((option for option in self.options if option.name in names), None)

    def values(self, *names: str) -> tuple[str | None, ...]:
        return tuple(option.value for option in self.options if option.name in names)


def read(call: Call) -> Reading | None:
    """A known program's command, None for any other; `python -m pip` reads as pip."""
    words = call.words
    name = call.name or ""
    if name.startswith("python") and [word.value for word in words[1:3]] == ["-m", "pip"]:
        name, words = "pip", words[2:]
    elif name.startswith("pip") and name not in TOOLS and name[3:].replace(".", "").isdigit():
        name = "pip"
    tool = TOOLS.get(name)
    return _read("pip" if name == "pip3" else name, tool, words[1:]) if tool else None


def read_as(program: str, call: Call, start: int) -> Reading:
    """The words of a command from a place on, as those of another program (`uv pip` reads as pip)."""
    return _read(program, TOOLS[program], call.words[start:])


def _read(name: str, tool: Tool, words: tuple[Word, ...]) -> Reading:
    options: list[Option] = []
    operands: list[Word] = []
    at, literal = 0, False
    while at < len(words):
        word = words[at]
        value = word.value
        at += 1
        if literal or value is None or not value.startswith("-") or value == "-":
            operands.append(word)
        elif value == "--":
            literal = True
        elif "=" in value and value.startswith("--"):
            key, _, after = value.partition("=")
            options.append(Option(key, after, word))
        elif value in tool.valued and at < len(words):
            options.append(Option(value, words[at].value, word))
            at += 1
        else:
            options.append(Option(value, None, word))
    subcommand = operands.pop(0) if operands else None
    unknown = any(word.value is None for word in words)
    return Reading(name, subcommand.value if subcommand else None, subcommand, tuple(options), tuple(operands), unknown)


@dataclass(frozen=True)
class ToolCall:
    """One command of a known program in a RUN, taken apart."""

    run: Run
    call: Call
    reading: Reading

    @property
    def subcommand(self) -> str | None:
        return self.reading.subcommand


Kind = TypeVar("Kind", bound=ToolCall)


def tool_calls(kind: type[Kind], run: Run, programs: tuple[str, ...], subcommands: tuple[str, ...]) -> Iterator[Kind]:
    """The commands of a body that read as one of the programs, of these subcommands where any are given."""
    for call, reading in run.facts(readings):
        if reading.program in programs and (not subcommands or reading.subcommand in subcommands):
            yield kind(run, call, reading)


def readings(calls: tuple[Call, ...]) -> tuple[tuple[Call, Reading], ...]:
    """The commands of known programs with their readings."""
    return tuple((call, reading) for call in calls if (reading := read(call)))


def stands_on_lines(run: Run, words: tuple[Word, ...]) -> bool:
    """Whether two or more words stand one on a line, nothing but blanks and continuations between them."""
    if len(words) < 2 or any(word.glob or word.value is None for word in words):
        return False
    for first, second in pairwise(words):
        between = run.source.at(Span(run.raw_after(first.span.end), run.raw(second.span.start)))
        if between.count("\n") != 1 or between.replace(run.state.escape, "").strip():
            return False
    return True
