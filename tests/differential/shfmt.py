"""What shfmt makes of a shell body, and what dockopt makes of it, as the same plain facts to compare.

Offsets are those of characters; every fact carries where it stands, so that equal facts are equal spans.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from dockopt.shell.parser import parse
from dockopt.shell.tree import Assignment, Command, Compound, Redirect, Refusal, Script, Simple, Statement, Word
from dockopt.syntax.parser import parse as parse_dockerfile
from dockopt.syntax.tree import Instruction
from dockopt.text.source import SourceText

POSIX_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})
KINDS = {
    "Subshell": "subshell",
    "Block": "group",
    "IfClause": "if",
    "WhileClause": "while",
    "ForClause": "for",
    "CaseClause": "case",
    "FuncDecl": "function",
    "TestClause": "test",
    "ArithmCmd": "arithmetic",
}
_NEGATION = re.compile(r"!(?:[ \t]|\\\n)+")
Json = dict[str, Any]
Fact = tuple[Any, ...]


class Verdict(NamedTuple):
    """How the two readings of a body compare: "same", "refused", "different" or "invalid" (shfmt reads it in no way)."""

    kind: str
    detail: str = ""


def program() -> str | None:
    beside = Path(sys.executable).with_name("shfmt")
    return str(beside) if beside.exists() else shutil.which("shfmt")


def corpus_archive() -> Path:
    default = Path(__file__).parents[3] / "shared" / "corpus" / "dockerfiles.tar.xz"
    return Path(os.environ.get("DOCKOPT_CORPUS", default))


def dockerfiles(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of a tar archive's or a folder's Dockerfiles."""
    if archive.is_dir():
        for path in sorted(archive.rglob("*Dockerfile*")):
            if path.is_file():
                yield path.name, path.read_bytes()
        return
    with tarfile.open(archive) as opened:
        for member in opened:
            stream = opened.extractfile(member) if member.isfile() else None
            if stream:
                yield member.name, stream.read()


def bodies(data: bytes) -> Iterator[str]:
    """What a POSIX shell reads for each RUN of a Dockerfile, ONBUILD included; other shells left out."""
    posix = True
    for node in parse_dockerfile(SourceText.from_bytes(data)).instructions:
        if node.keyword == "FROM":
            posix = True
        elif node.keyword == "SHELL":
            words = node.exec_form or ("?",)
            posix = bool(words) and words[0].rpartition("/")[2] in POSIX_SHELLS
        run = node.trigger or node
        if run.keyword == "RUN" and posix and run.exec_form is None:
            yield from _shell_texts(run)


def _shell_texts(run: Instruction) -> Iterator[str]:
    text = run.argument_text
    if len(run.heredocs) == 1 and run.heredocs[0].opener == run.arguments:
        if not run.heredocs[0].content.startswith("#!"):
            yield run.heredocs[0].content
        return
    for heredoc in run.heredocs:
        end = "" if text.endswith("\n") else "\n"
        text = f"{text}{end}{heredoc.content}{heredoc.name}\n"
    yield text


def ask(text: str) -> Json | str:
    """shfmt's tree, or its complaint."""
    shfmt = program()
    assert shfmt
    data = text.encode("utf-8", "surrogateescape")
    complaint = ""
    for dialect in ("bash", "posix"):
        result = subprocess.run([shfmt, "-ln", dialect, "--to-json"], input=data, capture_output=True, check=False)
        if result.returncode == 0:
            tree: Json = json.loads(result.stdout)
            return tree
        complaint = complaint or result.stderr.decode("utf-8", "replace").strip()
    return complaint


def compare(text: str) -> Verdict:
    theirs = ask(text)
    if isinstance(theirs, str):
        return Verdict("invalid", theirs)
    ours = parse(text)
    if isinstance(ours, Refusal):
        return Verdict("refused", f"{ours.reason} at {ours.offset}")
    expected, found = TheirFacts(text).facts(theirs), OurFacts(text).facts(ours)
    if expected == found:
        return Verdict("same")
    missing = [fact for fact in expected if fact not in found]
    added = [fact for fact in found if fact not in expected]
    return Verdict("different", f"shfmt {missing} dockopt {added}")


def compare_all(texts: Iterable[str], workers: int = 2) -> Iterator[Verdict]:
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(compare, texts)


def by_position(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact[1], fact[0], str(fact)))


class OurFacts:
    """Facts of a dockopt tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Fact] = []

    def facts(self, script: Script) -> list[Fact]:
        self.script(script)
        return by_position(self.found)

    def script(self, script: Script) -> None:
        for statement in script.statements:
            self.statement(statement)

    def statement(self, statement: Statement) -> None:
        self.found.append(("statement", statement.span.start))
        if statement.terminator in {";", "&"}:
            self.found.append(("terminator", statement.end.start, statement.terminator))
        self.found += [("link", link.span.start, link.operator) for link in statement.links]
        for pipeline in statement.pipelines:
            if pipeline.negated:
                self.found.append(("not", pipeline.span.start))
            if pipeline.operators:
                self.found.append(("pipes", pipeline.commands[0].span.start, pipeline.operators))
            for command in pipeline.commands:
                self.command(command)

    def command(self, command: Command) -> None:
        for redirect in command.redirects:
            self.redirect(redirect)
        if isinstance(command, Compound):
            self.compound(command)
            return
        words = tuple(self.word(word) for word in command.words)
        assignments = tuple(self.assignment(assignment) for assignment in command.assignments)
        self.found.append(("command", _start(command), assignments, words, len(command.redirects)))

    def compound(self, command: Compound) -> None:
        kind = {"until": "while", "select": "for"}.get(command.kind, command.kind)
        compared = kind in {"for", "case"} and command.name + kind != "for"
        words = tuple(self.word(word) for word in command.words)
        self.found.append((kind, command.span.start, command.name, words if compared else ()))
        for body in command.bodies:
            if command.kind == "function":
                self.command(body.statements[0].pipelines[0].commands[0])
            else:
                self.script(body)

    def word(self, word: Word) -> Fact:
        for script in word.substitutions:
            self.script(script)
        assert self.text[word.span.start : word.span.end] == word.text
        names = None if "((" in word.text else tuple(word.expansions)
        return (*word.span, word.value, names)

    def assignment(self, assignment: Assignment) -> Fact:
        assert assignment.value
        value = self.word(assignment.value)
        return assignment.span.start, assignment.name, assignment.append, *value[:3]

    def redirect(self, redirect: Redirect) -> None:
        target = self.word(redirect.target) if redirect.target else None
        document = self.word(redirect.document) if redirect.document else None
        descriptor = redirect.descriptor
        self.found.append(("redirect", redirect.span.start, redirect.operator, descriptor, target, document))


class TheirFacts:
    """The same facts of shfmt's tree."""

    def __init__(self, text: str) -> None:
        data = text.encode("utf-8", "surrogateescape")
        self.text = text
        self.data = data
        self.ascii = len(data) == len(text)
        self.found: list[Fact] = []

    def facts(self, tree: Json) -> list[Fact]:
        self.statements(tree.get("Stmts", ()))
        return by_position(self.found)

    def at(self, place: Json) -> int:
        """A character offset from a byte offset."""
        offset = int(place.get("Offset", 0))
        return offset if self.ascii else len(self.data[:offset].decode("utf-8", "surrogateescape"))

    def statements(self, statements: Iterable[Json]) -> None:
        for statement in statements:
            self.found.append(("statement", self.at(statement["Position"])))
            if "Semicolon" in statement:
                kind = "&" if statement.get("Background") else ";"
                self.found.append(("terminator", self.at(statement["Semicolon"]), kind))
            self.statement(statement)

    def statement(self, statement: Json) -> None:
        if statement.get("Negated"):
            self.found.append(("not", self.at(statement["Position"])))
        redirects = statement.get("Redirs", ())
        for redirect in redirects:
            self.redirect(redirect)
        self.command(statement.get("Cmd"), statement, len(redirects))

    def command(self, command: Json | None, statement: Json, redirects: int, prefix: tuple[Fact, ...] = ()) -> None:
        kind = command["Type"] if command else "CallExpr"
        if kind in {"CallExpr", "DeclClause", "LetClause"}:
            self.simple(command or {}, statement, redirects, prefix)
        elif kind == "BinaryCmd":
            assert command
            self.binary(command)
        elif kind == "TimeClause":
            assert command
            start = self.at(command["Pos"])
            words: tuple[Fact, ...] = ((start, start + 4, "time", ()),)
            if command.get("PosixFormat"):
                option = self.text.index("-p", start)
                words += ((option, option + 2, "-p", ()),)
            inner = command.get("Stmt", {})
            for redirect in inner.get("Redirs", ()):
                self.redirect(redirect)
            self.command(inner.get("Cmd"), statement, redirects + len(inner.get("Redirs", ())), words)
        else:
            assert command
            self.compound(kind, command)

    def binary(self, command: Json) -> None:
        operator, at = command["Op"], self.at(command["OpPos"])
        if operator in {"&&", "||"}:
            self.found.append(("link", at, operator))
        elif command["X"].get("Cmd", {}).get("Op") not in {"|", "|&"} or command["X"].get("Redirs"):
            self.found.append(("pipes", self.command_start(command["X"]), (operator,)))
        else:
            self.pipes(command)
            return
        self.statement(command["X"])
        self.statement(command["Y"])

    def pipes(self, command: Json) -> None:
        operators: list[str] = []
        parts: list[Json] = []
        here: Json = command
        while here.get("Type") == "BinaryCmd" and here["Op"] in {"|", "|&"}:
            operators.insert(0, here["Op"])
            parts.insert(0, here["Y"])
            first = here["X"]
            here = first.get("Cmd", {})
        parts.insert(0, first)
        self.found.append(("pipes", self.command_start(first), tuple(operators)))
        for part in parts:
            self.statement(part)

    def command_start(self, statement: Json) -> int:
        """Where the command itself starts: shfmt counts a `!` before the whole pipeline in."""
        start = self.at(statement["Position"])
        match = _NEGATION.match(self.text, start)
        return match.end() if match else start

    def simple(self, command: Json, statement: Json, redirects: int, prefix: tuple[Fact, ...]) -> None:
        assignments = tuple(self.assignment(found) for found in command.get("Assigns", ()))
        words = prefix + tuple(self.word(word) for word in command.get("Args", ()) if "Parts" in word)
        if "Let" in command:
            start = self.at(command["Let"])
            words = ((start, start + 3, "let", ()), *(self.expression(found) for found in command["Exprs"]))
        elif "Variant" in command:
            variant = command["Variant"]
            words = ((self.at(variant["Pos"]), self.at(variant["End"]), variant["Value"], ()),)
            words += tuple(self.declared(found) for found in command.get("Args", ()))
        start = min([self.command_start(statement), *(word[0] for word in words)])
        if not prefix:
            start = self.command_start(statement)
        self.found.append(("command", start, assignments, words, redirects))

    def expression(self, found: Json) -> Fact:
        """One argument of `let`, taken for a plain word."""
        self.nested(found)
        start, end = self.at(found["Pos"]), self.at(found["End"])
        return start, end, self.text[start:end], ()

    def declared(self, declared: Json) -> Fact:
        if declared.get("Naked") and "Value" in declared:
            return self.word(declared["Value"])
        start, end = self.at(declared["Pos"]), self.at(declared["End"])
        name = declared["Name"]["Value"]
        if "Array" in declared:
            names = [name for element in declared["Array"].get("Elems", ()) for name in self.word(element["Value"])[3]]
            return start, end, None, tuple(names)
        if declared.get("Naked"):
            return start, end, name, ()
        sign = "+=" if declared.get("Append") else "="
        value = self.word(declared["Value"]) if "Value" in declared else (0, 0, "", ())
        return start, end, None if value[2] is None else name + sign + value[2], value[3]

    def assignment(self, found: Json) -> Fact:
        start, end = self.at(found["Pos"]), self.at(found["End"])
        name, append = found["Name"]["Value"], bool(found.get("Append"))
        if "Index" in found:
            self.nested(found["Index"])
        if "Array" in found:
            for element in found["Array"].get("Elems", ()):
                self.word(element["Value"])
            return start, name, append, self.at(found["Array"]["Pos"]), end, None
        if "Value" not in found:
            return start, name, append, end, end, ""
        return start, name, append, *self.word(found["Value"])[:3]

    def redirect(self, redirect: Json) -> None:
        operator = redirect["Op"]
        target = self.word(redirect["Word"]) if "Word" in redirect else None
        document = None
        if operator in {"<<", "<<-"}:
            hdoc = redirect.get("Hdoc")
            document = hdoc and self.document(
                hdoc, quoted=any(part["Type"] != "Lit" or "\\" in part["Value"] for part in redirect["Word"]["Parts"])
            )
        descriptor = redirect.get("N", {}).get("Value", "")
        self.found.append(("redirect", self.at(redirect["Pos"]), operator, descriptor, target, document))

    def document(self, hdoc: Json, *, quoted: bool) -> Fact:
        start, end, value, names = self.word(hdoc)
        end = self.text.rfind("\n", start, end) + 1 or start
        if quoted:
            value = self.text[start:end]
        elif value is not None:
            value = unescape(self.text[start:end], "$`\\\n")
        return start, end, value, names

    def compound(self, kind: str, command: Json) -> None:
        name, words = "", ()
        if kind == "FuncDecl":
            name = command["Name"]["Value"]
        elif kind == "ForClause" and command["Loop"]["Type"] == "WordIter":
            name = command["Loop"]["Name"]["Value"]
            words = tuple(self.word(word) for word in command["Loop"].get("Items", ()))
        elif kind == "ForClause":
            self.nested(command["Loop"])
        elif kind == "CaseClause":
            words = (self.word(command["Word"]),)
            for item in command.get("Items", ()):
                for pattern in item["Patterns"]:
                    self.word(pattern)
                self.statements(item.get("Stmts", ()))
        elif kind not in KINDS:
            self.found.append((kind, self.at(command["Pos"])))
        if kind in {"TestClause", "ArithmCmd"}:
            self.nested(command.get("X"))
        self.found.append((KINDS.get(kind, kind), self.at(command["Pos"]), name, words))
        self.inside(kind, command)

    def inside(self, kind: str, command: Json) -> None:
        if kind == "FuncDecl":
            self.statement(command["Body"])
            return
        for key in ("Cond", "Then", "Do", "Stmts"):
            if isinstance(command.get(key), list):
                self.statements(command[key])
        branch = command.get("Else")
        while branch:
            self.statements(branch.get("Cond", ()))
            self.statements(branch.get("Then", ()))
            branch = branch.get("Else")

    def word(self, word: Json) -> Fact:
        names: list[str] = []
        value: str | None = ""
        for part in word.get("Parts", ()):
            piece = self.part(part, names, quoted=False)
            value = None if value is None or piece is None else value + piece
        start, end = self.at(word["Pos"]), self.at(word["End"])
        while self.text.endswith("\\\n", start, end):
            end -= 2
        return start, end, value, None if "((" in self.text[start:end] else tuple(names)

    def part(self, part: Json, names: list[str], *, quoted: bool) -> str | None:
        match part["Type"]:
            case "Lit":
                return unescape(part["Value"], '$`"\\\n' if quoted else None)
            case "SglQuoted":
                raw = part.get("Value", "")
                if not part.get("Dollar"):
                    return str(raw)
                return str(raw).encode().decode("unicode_escape") if "\\" in raw else str(raw)
            case "DblQuoted":
                value: str | None = ""
                for inner in part.get("Parts", ()):
                    piece = self.part(inner, names, quoted=True)
                    value = None if value is None or piece is None else value + piece
                return None if part.get("Dollar") else value
            case "ParamExp":
                if part.get("Param"):
                    names.append(part["Param"]["Value"])
                for key in ("Index", "Slice", "Repl", "Exp"):
                    self.nested(part.get(key), names)
                return None
            case "CmdSubst" | "ProcSubst":
                self.statements(part.get("Stmts", ()))
                return None
            case _:
                self.nested(part.get("X"), names)
                return None

    def nested(self, node: Any, names: list[str] | None = None) -> None:  # noqa: ANN401 - whatever JSON holds
        """Commands and variables anywhere below a node that is not compared itself."""
        if isinstance(node, list):
            for each in node:
                self.nested(each, names)
        elif isinstance(node, dict):
            if node.get("Type") in {"CmdSubst", "ProcSubst", "ParamExp"}:
                self.part(node, [] if names is None else names, quoted=False)
            else:
                for each in node.values():
                    self.nested(each, names)


def unescape(raw: str, special: str | None) -> str:
    """Take backslashes away, before any character or only before special ones."""
    if special is None:
        return re.sub(r"\\(.)", lambda match: "" if match[1] == "\n" else match[1], raw, flags=re.DOTALL)
    return re.sub(
        r"\\(.)",
        lambda match: ("" if match[1] == "\n" else match[1]) if match[1] in special else match[0],
        raw,
        flags=re.DOTALL,
    )


def _start(command: Simple) -> int:
    return command.span.start
