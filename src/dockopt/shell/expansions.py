"""What stands inside words: double quotes, `$name`, `${…}`, `$(…)`, backquotes, `$((…))`.

Each reader starts at its opening character, ends after its closing one and adds what it found to the word's pieces.
"""

import re
import sys

from dockopt.shell.lexer import END, HereDocument, Lexer
from dockopt.shell.patterns import Pattern
from dockopt.shell.tree import Script
from dockopt.text.source import Span

_QUOTED_RUN = Pattern(r'[^"\\$`\0]*')
_DOCUMENT_RUN = Pattern(r"[^\\$`\0]*")
_VARIABLE = Pattern(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_PARAMETER = Pattern(r"\$\{([#!]?)([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])")
_SUBSCRIPT = Pattern(r"\[(?:[A-Za-z0-9_@*+-]+|\$[A-Za-z_][A-Za-z0-9_]*)\]")
_OPERATOR = Pattern(r":?[-=?+]|##?|%%?|//?|\^\^?|,,?|:")
_OPERAND_RUN = Pattern(r"[^}{'\"\\$`<>\0]*")
_INDIRECT_END = Pattern(r"[@*]\}")
_TRANSFORMATION = Pattern(r"@[A-Za-z]\}")
_BACKQUOTED = Pattern(r"`[^`\\\0]*(?:\\.[^`\\\0]*)*`", re.DOTALL)
_ARITHMETIC_RUN = Pattern(r"[^A-Za-z_0-9()$`\"'\\;#{}\0]*")
_BEFORE_OPERAND = Pattern(r"[-+!~\s]*(?P<operator>)")
_AFTER_OPERAND = Pattern(
    r"[\]\s]*(?:\+\+|--)?\s*"
    r"(?P<operator>(?:\*\*|<<=?|>>=?|&&|\|\||[-+*/%&|^<>=!]=|[-+*/%&|^<>=?:,\[])[-+!~\s]*)?"
)
_NOT_A_SLICE = Pattern(r"[^A-Za-z0-9_ \t:+*/%()-]|[A-Za-z0-9_)][ \t]+[A-Za-z0-9_(]")
_NAME = Pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = Pattern(r"[0-9][A-Za-z0-9_#@]*")
_POSIX_OPERATORS = frozenset((":-", ":=", ":?", ":+", "-", "=", "?", "+", "#", "##", "%", "%%"))


_PATTERN_OPERATORS = frozenset(("#", "##", "%", "%%"))
_UNSURE = Pattern(r'[}"`$\\]')
"""Inside `"${x:-'…'}"` bash takes single quotes for quotes and dash does not: these would make a difference."""


class Pieces:
    """A word as it is put together: `parts` after quote removal, `bare` the unquoted text of its own."""

    __slots__ = ("bare", "expansions", "parts", "quoted", "static", "substitutions")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.bare: list[str] = []
        self.static = True
        self.quoted = False
        self.expansions: list[str] = []
        self.substitutions: list[Script] = []

    def read(self, name: str) -> None:
        self.static = False
        self.expansions.append(name)


class Expansions(Lexer):
    """Reads expansions and double quotes."""

    def double_quoted(self, pieces: Pieces) -> None:
        start = self.pos
        pieces.quoted = True
        self.pos += 1
        while True:
            stop = self.quoted_run(pieces, _QUOTED_RUN)
            if stop == '"':
                self.pos += 1
                return
            if stop == END:
                self.refuse('unclosed "', start)
            if stop == "\\" and self.text[self.pos + 1] == '"':
                pieces.parts.append('"')
                self.pos += 2
            else:
                self.quoted_special(pieces, stop)

    def here_document(self, pieces: Pieces, end: int) -> None:
        """Read an unquoted here-document up to its end."""
        while self.pos < end:
            stop = self.quoted_run(pieces, _DOCUMENT_RUN, end)
            if self.pos < end:
                self.quoted_special(pieces, stop)
        if self.pos > end:
            self.refuse("an expansion reaches over the end of its here-document", end)

    def quoted_run(self, pieces: Pieces, pattern: Pattern, end: int = sys.maxsize) -> str:
        match = pattern.match(self.text, self.pos, end)
        assert match
        pieces.parts.append(match[0])
        self.pos = match.end()
        return self.text[self.pos]

    def quoted_special(self, pieces: Pieces, stop: str) -> None:
        """Step over a backslash, dollar or backquote between double quotes."""
        if stop == "$":
            self.dollar(pieces, quoted=True)
        elif stop == "`":
            self.backquotes(pieces, quoted=True)
        else:
            following = self.text[self.pos + 1]
            if following == END:
                self.refuse("a backslash ends the body")
            if following != "\n":
                pieces.parts.append(following if following in "$`\\" else "\\" + following)
            self.pos += 2

    def dollar(self, pieces: Pieces, *, quoted: bool) -> None:
        start = self.pos
        variable = _VARIABLE.match(self.text, start + 1)
        if variable:
            pieces.read(variable[0])
            self.pos = variable.end()
            return
        following = self.text[start + 1]
        if following == "{":
            self.parameter(pieces, quoted=quoted)
        elif following == "(":
            if self.text[start + 2] == "(":
                self.pos += 3
                pieces.static = False
                self.arithmetic(pieces)
            else:
                self.substitution(pieces)
        elif following == "[":
            self.refuse("$[…] arithmetic")
        else:
            pieces.parts.append("$")
            self.pos += 1

    def parameter(self, pieces: Pieces, *, quoted: bool) -> None:
        start = self.pos
        match = _PARAMETER.match(self.text, start)
        if not match:
            self.refuse("unknown ${…}")
        pieces.read(match[2])
        self.pos = match.end()
        bash_only = match[1] == "!"
        subscript = _SUBSCRIPT.match(self.text, self.pos)
        if subscript:
            self.pos = subscript.end()
            bash_only = True
            if "$" in subscript[0]:
                pieces.read(subscript[0][2:-1])
        if self.text[self.pos] == "}":
            self.pos += 1
        elif match[1] == "#":
            self.refuse("unknown ${…}")
        elif match[1] and (indirect := _INDIRECT_END.match(self.text, self.pos)):
            self.pos = indirect.end()
        elif transformation := _TRANSFORMATION.match(self.text, self.pos):
            self.pos = transformation.end()
            bash_only = True
        else:
            bash_only = self.operation(pieces, start, quoted=quoted) or bash_only
        if bash_only:
            self.mark_bash(start, self.pos)

    def operation(self, pieces: Pieces, start: int, *, quoted: bool) -> bool:
        """Read the operator, its word and the closing brace; whether dash lacks it."""
        operator = _OPERATOR.match(self.text, self.pos)
        if not operator:
            self.refuse("unknown ${…}")
        self.pos = operator.end()
        if operator[0] == ":" and self.text[self.pos] == "}":
            self.refuse("unknown ${…}")
        self.enter()
        self.operand(pieces, operator[0], start, quoted=quoted)
        self.leave()
        return operator[0] not in _POSIX_OPERATORS

    def operand(self, pieces: Pieces, operator: str, start: int, *, quoted: bool) -> None:
        text = self.text
        while True:
            match = _OPERAND_RUN.match(text, self.pos)
            assert match
            if operator == ":" and _NOT_A_SLICE.search(match[0]):
                self.refuse("unknown ${…}", start)
            self.pos = match.end()
            stop = text[self.pos]
            if stop == "}":
                self.pos += 1
                return
            if operator == ":" and stop not in "$\0":
                self.refuse("unknown ${…}", start)
            if stop == END:
                self.refuse("unclosed ${", start)
            if stop == '"':
                self.double_quoted(pieces)
            elif stop == "$":
                self.dollar(pieces, quoted=quoted)
            elif stop == "`":
                self.backquotes(pieces, quoted=quoted)
            else:
                self.operand_special(operator, stop, quoted=quoted)

    def operand_special(self, operator: str, stop: str, *, quoted: bool) -> None:
        following = self.text[self.pos + 1]
        if stop == "\\":
            if following == END:
                self.refuse("a backslash ends the body")
            self.pos += 2
        elif stop == "'":
            start = self.pos
            content = self.single_quoted()
            if quoted and operator not in _PATTERN_OPERATORS and _UNSURE.search(content):
                self.refuse("a single quote in ${…} inside double quotes", start)
        elif stop == "{" or (stop in "<>" and following == "("):
            self.refuse("a brace or process substitution in ${…}")
        else:
            self.pos += 1

    def single_quoted(self) -> str:
        start = self.pos + 1
        end = self.text.find("'", start)
        if end < 0:
            self.refuse("unclosed '")
        self.pos = end + 1
        return self.text[start:end]

    def substitution(self, pieces: Pieces) -> None:
        """Read `$(…)`, `<(…)` or `>(…)`."""
        start = self.pos
        if self.text[start] != "$" and self.text[start + 2] == "(":
            self.refuse("a subshell in a process substitution", start)
        outer, self.pending = self.pending, []
        self.enter()
        self.pos += 2
        pieces.substitutions.append(self.script())
        pieces.static = False
        if self.text[self.pos] != ")":
            self.refuse("unclosed $(" if self.at_end() else "unexpected token in $(…)", start)
        self.pos += 1
        self.leave()
        self.resume(outer, start)

    def backquotes(self, pieces: Pieces, *, quoted: bool) -> None:
        """Read "`…`" in place, which is right as long as no backslash in it is taken away first."""
        start = self.pos
        match = _BACKQUOTED.match(self.text, start) if self.limit < 0 else None
        if not match:
            self.refuse("unclosed backquote")
        inside = match[0][1:-1]
        if "\\\\" in inside or "\\$" in inside or "\\`" in inside or (quoted and '\\"' in inside):
            self.refuse("escapes in backquotes")
        outer, self.pending = self.pending, []
        self.enter()
        self.limit = match.end() - 1
        self.pos += 1
        pieces.substitutions.append(self.script())
        pieces.static = False
        if self.pos != self.limit:
            self.refuse("unexpected token in backquotes")
        self.limit = -1
        self.pos += 1
        self.leave()
        self.resume(outer, start)

    def resume(self, outer: list[HereDocument], start: int) -> None:
        if self.pending or (outer and "\n" in self.text[start : self.pos]):
            self.refuse("a here-document around a substitution", start)
        self.pending = outer

    def arithmetic(self, pieces: Pieces, separators: str = "") -> Span:
        """Read on to the `))` that closes; the span before it.

        Operands and operators have to alternate: `((a b))` may be arithmetic to one shell and a subshell to another.
        """
        text, start, depth, operand = self.text, self.pos, 0, False
        while True:
            operand = self.operators(start, operand=operand)
            stop = text[self.pos]
            if stop == ")":
                if not (operand or separators):
                    self.refuse("unknown arithmetic", start)
                if depth == 0:
                    break
                depth -= 1
                self.pos += 1
            elif stop == "(" and not operand:
                depth += 1
                self.pos += 1
            elif stop == ";" and separators:
                operand = False
                self.pos += 1
            else:
                self.arithmetic_operand(pieces, stop, start)
                operand = True
        if text[self.pos + 1] != ")" or text.count("(", start, self.pos) != text.count(")", start, self.pos):
            self.refuse("arithmetic or a subshell", start)
        self.pos += 2
        return Span(start, self.pos - 2)

    def operators(self, start: int, *, operand: bool) -> bool:
        """Read blanks and operators; whether an operand stands before what follows."""
        match = _ARITHMETIC_RUN.match(self.text, self.pos)
        assert match
        self.pos = match.end()
        symbols = match[0].strip()
        if not symbols:
            if operand and match[0] and self.text[self.pos] not in ");":
                self.refuse("unknown arithmetic", start)
            return operand
        match = (_AFTER_OPERAND if operand else _BEFORE_OPERAND).fullmatch(symbols)
        if not match:
            self.refuse("unknown arithmetic", start)
        return operand and not match["operator"]

    def arithmetic_operand(self, pieces: Pieces, stop: str, start: int) -> None:
        if name := _NAME.match(self.text, self.pos):
            pieces.expansions.append(name[0])
            self.pos = name.end()
        elif number := _NUMBER.match(self.text, self.pos):
            self.pos = number.end()
        elif stop == "$":
            self.enter()
            self.dollar(pieces, quoted=True)
            self.leave()
        elif stop == "`":
            self.backquotes(pieces, quoted=True)
        else:
            self.refuse("unclosed arithmetic" if self.at_end() else f"{stop!r} in arithmetic", start)
