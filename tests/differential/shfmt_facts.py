"""A syntax tree as shfmt prints it, as the facts that `shell_facts` draws from dockopt's."""

import re
from collections.abc import Iterable
from typing import Any

from tests.differential.shell_facts import Fact, by_position

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
            start, end = self.at(variant["Pos"]), self.at(variant["End"])
            words = ((start, self.without_continuation(start, end), variant["Value"], ()),)
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
        start = self.at(declared["Pos"])
        end = self.without_continuation(start, self.at(declared["End"]))
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

    def document(self, hdoc: Json, *, quoted: bool) -> Fact | None:
        start, end, value, names = self.word(hdoc)
        end = self.text.rfind("\n", start, end) + 1 or start
        if start == end:
            return None
        if quoted:
            value = self.text[start:end]
        elif value is not None:
            value = unescape(self.text[start:end], "$`\\\n")
        return start, end, value, names

    def compound(self, kind: str, command: Json) -> None:
        name = ""
        words: tuple[Fact, ...] = ()
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
        end = self.without_continuation(start, end)
        return start, end, value, None if "((" in self.text[start:end] else tuple(names)

    def without_continuation(self, start: int, end: int) -> int:
        """Shfmt counts a continuation straight after a word in."""
        while self.text.endswith("\\\n", start, end):
            end -= 2
        return end

    def part(self, part: Json, names: list[str], *, quoted: bool) -> str | None:
        match part["Type"]:
            case "Lit":
                return unescape(part["Value"], '$`"\\\n' if quoted else None)
            case "SglQuoted":
                raw = part.get("Value", "")
                if not part.get("Dollar"):
                    return str(raw)
                known = not re.search(r"\\[^nt'\\]", raw)
                return str(raw).encode("ascii", "backslashreplace").decode("unicode_escape") if known else None
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
