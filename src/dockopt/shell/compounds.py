"""Commands that hold other commands: if, loops, case, groups, functions, `[[ … ]]` and `(( … ))`."""

from dockopt.shell.expansions import Pieces
from dockopt.shell.patterns import Pattern
from dockopt.shell.tree import Command, Compound, Pipeline, Redirect, Script, Statement, Word
from dockopt.shell.words import Words
from dockopt.text.source import Span

_NAME = Pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_FUNCTION_NAME = Pattern(r"[A-Za-z_][A-Za-z0-9_.:-]*")
_DESCRIPTOR = Pattern(r"[0-9]+(?=[<>])")
_TEST_OPERATORS = frozenset(
    ("=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef")
)
_UNARY = Pattern(r"-[a-hknoprstuvwxzGLNORS]")
_REGEX_RUN = Pattern(r"[^ \t\n&;<>()|'\"\\$`\0]*")

RESERVED = frozenset((
    "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for",
    "in", "function", "select", "time", "coproc", "{", "}", "!", "[[", "]]"
))  # fmt: skip
DECLARATIONS = frozenset(("declare", "typeset", "local", "export", "readonly"))


class Compounds(Words):
    """Reads each compound command from just after its opening word."""

    def command(self) -> Command:
        raise NotImplementedError

    def compound(self, start: int, opening: str) -> Compound:
        """Read the command that a reserved word opens; `pos` is after that word."""
        self.enter()
        match opening:
            case "{":
                found = self.group(start)
            case "if":
                found = self.conditional(start)
            case "while" | "until":
                found = self.loop(start, opening)
            case "for" | "select":
                found = self.iteration(start, opening)
            case "case":
                found = self.cases(start)
            case "[[":
                found = self.test(start)
            case "function":
                found = self.bash_function(start)
            case _:
                self.refuse(f"unexpected {opening}", start)
        self.leave()
        return found

    def closed(
        self, start: int, kind: str, bodies: list[Script], words: tuple[Word, ...] = (), name: str = ""
    ) -> Compound:
        """The finished command, with the redirections that follow it."""
        redirects = self.redirects()
        return Compound(Span(start, self.pos), kind, tuple(bodies), words, redirects, name)

    def redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        end = self.pos
        while True:
            following = self.blanks()
            if following not in "<>&" and not _DESCRIPTOR.match(self.text, self.pos):
                break
            redirect = self.redirect()
            if not redirect:
                break
            found.append(redirect)
            end = self.pos
        self.pos = end
        return tuple(found)

    def body(self) -> Script:
        """Read a list that may not be empty."""
        script = self.script()
        if not script.statements:
            self.refuse_next()
        return script

    def group(self, start: int) -> Compound:
        body = self.body()
        self.expect("}")
        return self.closed(start, "group", [body])

    def parenthesised(self, start: int) -> Compound:
        """Read a subshell or an arithmetic command."""
        self.enter()
        if self.text[start + 1] == "(":
            self.pos += 2
            header = self.arithmetic_word()
            self.mark_bash(start, self.pos)
            found = self.closed(start, "arithmetic", [], (header,))
        else:
            self.pos += 1
            body = self.body()
            if self.text[self.pos] != ")":
                self.refuse_next()
            self.pos += 1
            found = self.closed(start, "subshell", [body])
        self.leave()
        return found

    def arithmetic_word(self, separators: str = "") -> Word:
        pieces = Pieces()
        span = self.arithmetic(pieces, separators)
        return Word(
            span,
            self.text[span.start : span.end],
            None,
            pieces.quoted,
            expansions=tuple(pieces.expansions),
            substitutions=tuple(pieces.substitutions),
        )

    def conditional(self, start: int) -> Compound:
        bodies = [self.body()]
        self.expect("then")
        bodies.append(self.body())
        while self.accept("elif"):
            bodies.append(self.body())
            self.expect("then")
            bodies.append(self.body())
        if self.accept("else"):
            bodies.append(self.body())
        self.expect("fi")
        return self.closed(start, "if", bodies)

    def loop(self, start: int, kind: str) -> Compound:
        condition = self.body()
        return self.closed(start, kind, [condition, self.repeated()])

    def repeated(self) -> Script:
        self.expect("do")
        body = self.body()
        self.expect("done")
        return body

    def iteration(self, start: int, kind: str) -> Compound:
        self.blanks()
        if kind == "for" and self.text.startswith("((", self.pos):
            return self.counting(start)
        if kind == "select":
            self.mark_bash(start, self.pos)
        name = _NAME.match(self.text, self.pos)
        if not name or not self.ends_word(name.end()):
            self.refuse("a loop variable")
        self.pos = name.end()
        words: list[Word] = []
        separated = self.blanks() == ";"
        if separated:
            self.pos += 1
        self.linebreak()
        if not separated and self.accept("in"):
            words = self.iterated()
        self.linebreak()
        return self.closed(start, kind, [self.repeated()], tuple(words), name[0])

    def counting(self, start: int) -> Compound:
        self.pos += 2
        header = self.arithmetic_word(";")
        self.mark_bash(start, self.pos)
        if header.text.count(";") != 2:
            self.refuse("a loop's header", header.span.start)
        if self.blanks() == ";":
            self.pos += 1
        self.linebreak()
        return self.closed(start, "for", [self.repeated()], (header,))

    def iterated(self) -> list[Word]:
        """Read words up to the semicolon or newline that ends them."""
        words: list[Word] = []
        while True:
            following = self.blanks()
            if following == "#":
                self.comment()
            elif following == "\n":
                return words
            elif following == ";":
                self.pos += 1
                return words
            else:
                words.append(self.word())

    def cases(self, start: int) -> Compound:
        self.blanks()
        subject = self.word()
        self.linebreak()
        self.expect("in")
        bodies: list[Script] = []
        while True:
            self.linebreak()
            if self.accept("esac"):
                break
            self.patterns()
            bodies.append(self.script())
            if self.accept("esac"):
                break
            self.end_case()
        return self.closed(start, "case", bodies, (subject,))

    def end_case(self) -> None:
        text, pos = self.text, self.pos
        if text.startswith(";;", pos):
            self.pos = pos + 3 if text[pos + 2] == "&" else pos + 2
        elif text.startswith(";&", pos):
            self.pos = pos + 2
        else:
            self.refuse("unclosed case" if self.at_end() else f"unexpected {text[pos]!r}")
        if text[self.pos - 1] == "&":
            self.mark_bash(pos, self.pos)

    def patterns(self) -> None:
        if self.text[self.pos] == "(":
            self.pos += 1
            self.blanks()
        while True:
            pattern = self.word()
            if pattern.substitutions:
                self.refuse("a substitution in a case pattern", pattern.span.start)
            following = self.blanks()
            self.pos += 1
            if following == ")":
                return
            if following != "|":
                self.refuse("a case pattern", self.pos - 1)
            self.blanks()

    def bash_function(self, start: int) -> Compound:
        self.blanks()
        name = _FUNCTION_NAME.match(self.text, self.pos)
        if not name or not (self.ends_word(name.end())):
            self.refuse("a function's name")
        self.pos = name.end()
        self.mark_bash(start, self.pos)
        if self.blanks() == "(":
            self.parentheses()
        return self.function(start, name[0])

    def parentheses(self) -> None:
        self.pos += 1
        if self.blanks() != ")":
            self.refuse_next()
        self.pos += 1

    def posix_function(self, start: int, name: str) -> Compound:
        if not _FUNCTION_NAME.fullmatch(name):
            self.refuse("unexpected '('")
        if not _NAME.fullmatch(name):
            self.mark_bash(start, self.pos)
        self.enter()
        self.parentheses()
        found = self.function(start, name)
        self.leave()
        return found

    def function(self, start: int, name: str) -> Compound:
        self.linebreak()
        comments, bash_only = len(self.comments), len(self.bash_only)
        body = self.command()
        if not isinstance(body, Compound) or body.kind == "function":
            self.refuse("a function's body", body.span.start)
        statement = Statement(body.span, (Pipeline(body.span, (body,)),), end=Span(body.span.end, body.span.end))
        script = Script(body.span, (statement,), tuple(self.comments[comments:]), tuple(self.bash_only[bash_only:]))
        return Compound(Span(start, self.pos), "function", (script,), name=name)

    def test(self, start: int) -> Compound:
        """Read `[[ … ]]`: operands between `&&`, `||`, `!` and parentheses."""
        words: list[Word] = []
        depth = 0
        while True:
            while (following := self.linebreak()) in "(!":
                if following == "(":
                    depth += 1
                elif not self.ends_word(self.pos + 1):
                    break
                self.pos += 1
            words += self.operands()
            while depth and self.linebreak() == ")":
                depth -= 1
                self.pos += 1
            self.linebreak()
            if self.text[self.pos : self.pos + 2] not in {"&&", "||"}:
                break
            self.pos += 2
        if depth or not self.accept("]]"):
            self.refuse("unclosed [[")
        self.mark_bash(start, self.pos)
        return self.closed(start, "test", [], tuple(words))

    def operands(self) -> list[Word]:
        """Read `word`, `-f word` or `word == word`."""
        words: list[Word] = []
        while True:
            following = self.blanks()
            if following in "<>" and self.text[self.pos + 1] in " \t":
                self.pos += 1
                words.append(Word(Span(self.pos - 1, self.pos), following, following))
            elif following in "|&)\n" or (following == "]" and self._closes_test()):
                break
            elif len(words) == 2 and words[1].text == "=~":
                words.append(self.regex())
            else:
                words.append(self.word())
        known = (
            (len(words) == 1 and not words[0].text.startswith("-"))
            or (len(words) == 2 and _UNARY.fullmatch(words[0].text))
            or (len(words) == 3 and words[1].text in _TEST_OPERATORS)
        )
        if not known:
            self.refuse("unknown test")
        return words

    def _closes_test(self) -> bool:
        return self.text.startswith("]]", self.pos) and self.ends_word(self.pos + 2)

    def regex(self) -> Word:
        """Read the word after `=~`, in which parentheses and bars are plain."""
        start, depth = self.pos, 0
        pieces = Pieces()
        while True:
            match = _REGEX_RUN.match(self.text, self.pos)
            assert match
            pieces.parts.append(match[0])
            self.pos = match.end()
            stop = self.text[self.pos]
            if stop in "'\"\\$`":
                if not self.special(pieces, stop):
                    break
                continue
            if stop == "(":
                depth += 1
            elif stop == ")" and depth:
                depth -= 1
            elif not (stop in " \t" and depth) and (stop != "|" or self.text.startswith("||", self.pos)):
                break
            pieces.parts.append(stop)
            self.pos += 1
        if depth or self.pos == start:
            self.refuse("a regular expression", start)
        return self.finished(pieces, start)
