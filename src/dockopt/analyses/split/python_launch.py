"""Starting a program through `uv run` or `poetry run`, and starting the same program without them."""

import json
from collections.abc import Iterator

from dockopt.analyses.split.needs import Program
from dockopt.analyses.split.plan import NotSplit
from dockopt.model.commands import calls
from dockopt.model.instructions import Step
from dockopt.shell.parser import parse as parse_shell
from dockopt.shell.tree import Refusal

SYNC_OPTIONS = frozenset({"--frozen", "--locked", "--no-sync", "--no-dev", "--quiet", "-q", "--no-cache", "--offline"})
"""Options of `uv run` that concern what it does before the program starts."""
RUNNERS = ("uv", "poetry")


def unwrapped(program: Program) -> Program | None:
    """The program that `uv run` or `poetry run` starts, None where it is not known to be one of the environment."""
    at = _start(program)
    if at is None:
        return None
    name = program.arguments[at] or ""
    if name.endswith(".py"):
        return Program("python", program.arguments[at:], program.where)
    return Program(name, program.arguments[at + 1 :], program.where)


def _start(program: Program) -> int | None:
    """Where among the arguments the started program is."""
    if program.name not in RUNNERS or program.arguments[:1] != ("run",):
        return None
    at = 1
    while program.name == "uv" and at < len(program.arguments) and program.arguments[at] in SYNC_OPTIONS:
        at += 1
    name = program.arguments[at] if at < len(program.arguments) else None
    if not name or name.startswith("-") or "://" in name or (name.endswith(".py") and program.name == "poetry"):
        return None
    return at


def launched(program: Program) -> Iterator[str]:
    """Names of the programs and modules that a call starts."""
    program = unwrapped(program) or program
    yield program.name.rpartition("/")[2]
    if program.name.startswith("python") and "-m" in program.arguments[:-1]:
        yield program.arguments[program.arguments.index("-m") + 1] or ""


def rewritten(step: Step) -> str:
    """A CMD or ENTRYPOINT that starts its programs directly, "" where none goes through uv or Poetry.

    Raises:
        NotSplit: a call cannot be replaced.
    """
    words = step.node.exec_form
    if step.keyword == "HEALTHCHECK":
        if any(f"{runner} run" in step.text or f'"{runner}"' in step.text for runner in RUNNERS):
            raise NotSplit("the health check goes through uv or Poetry", step)
        return ""
    if words is None:
        return _shell_form(step)
    if not words or words[0] not in RUNNERS:
        return ""
    program = _known(Program(words[0], words[1:], step.keyword))
    written = json.dumps([program.name, *(word or "" for word in program.arguments)], ensure_ascii=False)
    return f"{step.keyword} {written}"


def _known(program: Program) -> Program:
    inner = unwrapped(program)
    if inner is None:
        raise NotSplit(f"{program.where} needs {program.name} when the container runs")
    return inner


def _shell_form(step: Step) -> str:
    if not step.state.posix:
        raise NotSplit(f"{step.keyword} runs under another shell", step)
    text, start = step.source.at(step.span).rstrip("\r\n"), step.span.start
    edits = _replacements(step.text, step.keyword)
    for begin, end, prefix in reversed(edits):
        first, last = (step.node.raw(step.node.arguments.start + offset) - start for offset in (begin, end))
        text = text[:first] + prefix + text[last:]
    return text if edits else ""


def _replacements(text: str, where: str) -> list[tuple[int, int, str]]:
    """Where a shell text goes through uv or Poetry, and what takes the place."""
    script = parse_shell(text)
    if isinstance(script, Refusal):
        raise NotSplit(f"the shell text of {where} cannot be read")
    found: list[tuple[int, int, str]] = []
    for call in calls(script):
        if call.name not in RUNNERS:
            continue
        program = Program(call.words[0].value or "", tuple(word.value for word in call.arguments), where)
        inner = _known(program)
        first = call.words[(_start(program) or 0) + 1]
        prefix = "python " if (first.value or "").endswith(".py") and inner.name == "python" else ""
        found.append((call.words[0].span.start, first.span.start, prefix))
    return found


def without_runner(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a CMD or ENTRYPOINT, uv and Poetry left out where they only start a program."""
    inner = unwrapped(Program(words[0], words[1:], "")) if words else None
    if inner:
        return (inner.name, *(word or "" for word in inner.arguments))
    return (*words[:-1], text_without_runner(words[-1])) if words[1:2] == ("-c",) else words


def text_without_runner(text: str) -> str:
    """The same of a shell text."""
    try:
        for begin, end, prefix in reversed(_replacements(text, "")):
            text = text[:begin] + prefix + text[end:]
    except NotSplit:
        pass
    return text
