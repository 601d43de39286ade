"""BuildKit's own parser as an oracle: the `dockerfile` package, asked in a subprocess that it may crash.

The package is built from BuildKit 0.12. Where later versions read differently, dockopt follows them: text after a
JSON array, white space between `<<` and the name of a heredoc, the directive `check`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from dockopt.syntax.lines import SPACES
from dockopt.syntax.parser import parse
from dockopt.syntax.tree import Instruction, Tree, Trivia
from dockopt.syntax.words import read_name_values, split_words
from dockopt.text.source import SourceText

WORKER = """
import json, sys
import dockerfile
for line in sys.stdin:
    try:
        commands = [command._asdict() for command in dockerfile.parse_string(json.loads(line))]
        answer = {"commands": commands}
    except dockerfile.GoParseError as error:
        answer = {"error": str(error)}
    print(json.dumps(answer, default=tuple), flush=True)
"""
SINGLE = frozenset({"CMD", "ENTRYPOINT", "MAINTAINER", "RUN", "SHELL", "STOPSIGNAL", "USER", "WORKDIR"})
LISTS = frozenset({"ADD", "COPY", "EXPOSE", "FROM", "VOLUME"})


class Reading(NamedTuple):
    """One instruction as both sides see it; `keyword` and `inner` as spelled, `heredocs` as (name, number, lines)."""

    keyword: str
    inner: str | None
    json: bool
    original: str
    start: int
    end: int
    flags: tuple[str, ...]
    value: tuple[str, ...]
    heredocs: tuple[tuple[str, int, str], ...]


class Answer(NamedTuple):
    """What BuildKit made of a file: its readings, or an error, or neither where it crashed."""

    readings: tuple[Reading, ...] | None
    error: str | None = None


def comparable(data: bytes) -> str:
    """Text that the oracle survives: no surrogates, no NUL."""
    text = data.decode("utf-8", "surrogateescape").replace("\0", "\1")
    return text.encode("utf-8", "replace").decode()


class Oracle:
    """One worker process, started again after a crash."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, text: str) -> Answer:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(text) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            self.close()
            return Answer(None)
        return _answer(json.loads(line))

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()
            self._process = None


def _answer(record: dict[str, Any]) -> Answer:
    if "error" in record:
        return Answer(None, record["error"])
    return Answer(tuple(_reading(command) for command in record["commands"]))


def _reading(command: dict[str, Any]) -> Reading:
    heredocs = tuple((name, int(number), content) for name, number, content in command["heredocs"])
    return Reading(
        keyword=command["cmd"] or "",
        inner=command["sub_cmd"],
        json=command["json"],
        original=command["original"] or "",
        start=command["start_line"],
        end=command["end_line"],
        flags=tuple(command["flags"]),
        value=tuple(command["value"]),
        heredocs=heredocs,
    )


def _our_reading(tree: Tree, node: Instruction) -> Reading:
    source, trigger = tree.source, node.trigger
    raw = [(heredoc, source.at(heredoc.body)) for heredoc in node.heredocs]
    visible = [] if trigger else raw
    text = node.logical + ("\n" if visible else "") + "".join(f"{body}{heredoc.name}\n" for heredoc, body in visible)
    return Reading(
        keyword=_spelled(node),
        inner=_spelled(trigger) if trigger else None,
        json=(trigger or node).exec_form is not None,
        original=text,
        start=source.line(node.span.start),
        end=source.line(max(node.span.start, node.span.end - 1)),
        flags=tuple(_flag(name, value) for name, value, _ in node.flags),
        value=tuple(word.partition("\0")[0] for word in _value(trigger or node, tree.escape)),
        heredocs=tuple((heredoc.name, int(heredoc.descriptor or 0), body) for heredoc, body in visible),
    )


def _spelled(node: Instruction) -> str:
    return node.logical[node.keyword_span.start : node.keyword_span.end]


def _flag(name: str, value: str | None) -> str:
    """BuildKit reads flags byte by byte and takes each for a character."""
    text = f"--{name}" if value is None else f"--{name}={value}"
    return text.encode().decode("latin-1")


def _value(node: Instruction, escape: str) -> Iterator[str]:
    text, keyword = node.argument_text, node.keyword
    if keyword == "HEALTHCHECK":
        kind, _, rest = text.partition(next((character for character in text if character in SPACES), " "))
        rest = rest.lstrip(SPACES)
        yield from (kind, *(node.exec_form or ())) if kind else ()
        yield from (rest,) if rest and node.exec_form is None else ()
    elif node.exec_form is not None:
        yield from node.exec_form
    elif keyword in SINGLE:
        yield from (text,) if text else ()
    elif keyword in LISTS:
        yield from (word.value for word in split_words(text))
    elif keyword == "ARG":
        yield from (word.value for word in split_words(text, escape, quoted=True))
    elif keyword in ("ENV", "LABEL"):
        for pair in read_name_values(text, escape).pairs:
            yield from (pair.name, pair.value or "")
    elif keyword != "ONBUILD" or text:
        yield ""


def _reads_json_later(node: Instruction) -> bool:
    """BuildKit 0.12 ignores text after a JSON array; now it makes the instruction shell form."""
    part = node.trigger or node
    return part.exec_form is None and part.argument_text.partition("[")[0] in ("", "CMD ")


def _reads_heredoc_later(node: Instruction) -> bool:
    """Since BuildKit 0.22 `<< EOF` opens a heredoc."""
    openers = (node.logical[heredoc.opener.start : heredoc.opener.end] for heredoc in node.heredocs)
    return any(opener.partition("<<")[2].lstrip("-")[:1] in ("\t", "\r", " ") for opener in openers)


def _reads_directives_later(tree: Tree) -> bool:
    """To BuildKit 0.12 `# check=` is a comment, so that no directive can follow it."""
    return sum(isinstance(node, Trivia) and node.kind == "directive" for node in tree.nodes) > 1 and (
        tree.directive("check") is not None
    )


def _splits_bytes(node: Instruction) -> bool:
    """Bytes 0x85 and 0xA0, alone or within a character, are white space to BuildKit's reader of flags."""
    text = node.logical.encode()
    return "--" in node.logical and (b"\x85" in text or b"\xa0" in text)


class Difference(NamedTuple):
    """Where two readings part, and how."""

    field: str
    ours: object
    theirs: object


def differences(text: str, answer: Answer, *, strict: bool = False) -> Iterator[Difference]:
    """Every field in which dockopt and the oracle disagree about a file.

    Changes of BuildKit since the oracle's version are left out, unless `strict`.
    """
    tree = parse(SourceText(text))
    later_json = not strict and any(map(_reads_json_later, tree.instructions))
    if not strict and (_reads_directives_later(tree) or any(map(_reads_heredoc_later, tree.instructions))):
        return
    if bool(tree.problems) != (answer.readings is None):
        if not later_json:
            yield Difference("accepted", tree.problems, answer.error)
        return
    if answer.readings is None:
        return
    if len(tree.instructions) != len(answer.readings):
        if not later_json:
            yield Difference("instructions", len(tree.instructions), len(answer.readings))
        return
    for node, theirs in zip(tree.instructions, answer.readings, strict=True):
        mine = _our_reading(tree, node)
        for field, left, right in zip(Reading._fields, mine, theirs, strict=True):
            if left == right or (later_json and field in ("json", "value") and _reads_json_later(node)):
                continue
            if field not in ("json", "value", "flags", "inner") or not _splits_bytes(node):
                yield Difference(field, left, right)
