"""From the text of a shell body to its commands: POSIX sh and the bash that occurs in Dockerfiles.

What cannot be read without doubt is refused as a whole; nothing is guessed, and time is linear in the text.
"""

from dockopt.shell.compounds import DECLARATIONS, RESERVED, Compounds
from dockopt.shell.lexer import Refused
from dockopt.shell.patterns import Pattern
from dockopt.shell.tree import (
    Assignment,
    Command,
    Link,
    Pipeline,
    Redirect,
    Refusal,
    Script,
    Simple,
    Statement,
    Word,
)
from dockopt.text.source import Span

_TOKEN = Pattern(r"(?:[ \t]|\\\n)*((?:[^ \t\n|&;<>()'\"\\$`*?\[{#\0][^ \t\n|&;<>()'\"\\$`*?\[{\0]*)?)")
_CLOSER = Pattern(r"then|fi|done|do|esac|else|elif|\}")
_DESCRIPTOR = Pattern(r"[0-9]+(?=[<>])|\{[A-Za-z_][A-Za-z0-9_]*\}(?=[<>])")
_ARRAY = Pattern(r"[A-Za-z_][A-Za-z0-9_]*\+?=\Z")
_TIMED = Pattern(
    r"[ \t]*(?:-p[ \t]+)?"
    r"(?:[({!\\#]|\[\[|[A-Za-z_][A-Za-z0-9_]*\+?=|(?:if|for|while|until|case|select|function|time)\b)"
)
_DESCRIPTOR_STARTS = "0123456789{"
_COMMAND_ENDS = "\n|;()#\0"
_PLAIN_ENDS = " \t\n|&;)\0"
_OPENERS = frozenset("{[!")


def parse(text: str) -> Script | Refusal:
    """The commands of a shell body, or why it was not read. Spans are offsets into `text`."""
    parser = Parser(text)
    try:
        return parser.whole()
    except Refused as refused:
        return Refusal(str(refused), min(refused.offset, len(text)))
    except RecursionError:
        return Refusal("nested too deeply", min(parser.pos, len(text)))


class Parser(Compounds):
    """Reads lists, pipelines and simple commands."""

    def whole(self) -> Script:
        for character, name in (("\0", "a null character"), ("\r", "a carriage return")):
            at = self.text.find(character, 0, len(self.text) - 1)
            if at >= 0:
                self.refuse(name, at)
        script = self.script()
        if not self.at_end():
            self.refuse_next()
        if self.pending:
            self.refuse("unclosed here-document", self.pending[0].redirect.span.start)
        return script

    def script(self) -> Script:
        """Read statements up to whatever cannot start one; the caller checks what that is."""
        start, comments, bash_only = self.pos, len(self.comments), len(self.bash_only)
        statements: list[Statement] = []
        terminated = True
        while not self.closes(self.linebreak()):
            if not terminated:
                self.refuse("a command after another")
            statement = self.statement()
            statements.append(statement)
            terminated = statement.terminator != ""
        return Script(
            Span(start, self.pos),
            tuple(statements),
            tuple(self.comments[comments:]),
            tuple(self.bash_only[bash_only:]),
        )

    def closes(self, following: str) -> bool:
        if following in ");\0" or self.pos == self.limit:
            return True
        if following in "tfde}":
            match = _CLOSER.match(self.text, self.pos)
            return match is not None and self.ends_word(match.end())
        return False

    def statement(self) -> Statement:
        text, start = self.text, self.pos
        pipelines = [self.pipeline()]
        links: list[Link] = []
        while True:
            end = self.pos
            following = self.blanks()
            if following not in "&|" or text[self.pos + 1] != following:
                break
            at = self.pos
            links.append(Link(following * 2, Span(at, at + 2)))
            self.pos = at + 2
            self.linebreak()
            pipelines.append(self.pipeline())
        if following == "#":
            self.comment()
            following = text[self.pos]
        at = self.pos
        terminator = ""
        if following == "\n":
            terminator = following
            self.newline()
        elif following == "&" or (following == ";" and text[at + 1] not in ";&"):
            terminator = following
            self.pos += 1
        ended = Span(at, at + 1) if terminator else Span(end, end)
        return Statement(Span(start, end), tuple(pipelines), tuple(links), terminator, ended)

    def pipeline(self) -> Pipeline:
        text, start = self.text, self.pos
        negated = text[start] == "!" and self.accept("!")
        if negated:
            if text[self.pos] == "(":
                self.refuse("an extended glob or a negation", start)
            self.blanks()
        commands = [self.command()]
        operators: list[str] = []
        while True:
            end = self.pos
            if self.blanks() != "|" or text[self.pos + 1] == "|":
                break
            operator = "|&" if text[self.pos + 1] == "&" else "|"
            if operator == "|&":
                self.mark_bash(self.pos, self.pos + 2)
            operators.append(operator)
            self.pos += len(operator)
            self.linebreak()
            commands.append(self.command())
        self.pos = end
        return Pipeline(Span(start, end), tuple(commands), tuple(operators), negated)

    def command(self) -> Command:
        text, start = self.text, self.pos
        if text[start] == "(":
            return self.parenthesised(start)
        match = _TOKEN.match(text, start)
        assert match
        first, end = match[1], match.end()
        if not first and text[start] in _OPENERS:
            first = "[[" if text.startswith("[[", start) else text[start]
            end = start + len(first)
        if first in RESERVED and self.ends_word(end):
            if first == "time":
                if _TIMED.match(text, end):
                    self.refuse("time before a compound command")
            else:
                self.pos = end
                return self.compound(start, first)
        return self.simple(start)

    def simple(self, start: int) -> Command:
        text = self.text
        pos = start
        words: list[Word] = []
        others: list[Assignment | Redirect] = []
        while True:
            match = _TOKEN.match(text, pos)
            assert match
            begin, end = match.span(1)
            following = text[end]
            if begin < end and following in _PLAIN_ENDS:
                literal = match[1]
                if words or "=" not in literal:
                    words.append(Word(Span(begin, end), literal, literal))
                    pos = end
                    continue
            self.pos = begin
            if begin == end and (following in _COMMAND_ENDS or begin == self.limit):
                break
            if not self.item(match[1], words, others):
                break
            pos = self.pos
        if text[self.pos] == "(":
            if len(words) == 1 and not others:
                return self.posix_function(start, words[0].text)
            self.refuse_next()
        self.pos = pos
        if pos == start:
            self.refuse_next()
        if not others:
            return Simple(Span(start, pos), (), tuple(words))
        return self.mixed(Span(start, pos), words, others)

    def mixed(self, span: Span, words: list[Word], others: list[Assignment | Redirect]) -> Simple:
        """A simple command that is not words alone."""
        assignments = tuple(other for other in others if isinstance(other, Assignment))
        if words and any(self.is_array(assignment) for assignment in assignments):
            self.refuse("an array before a command", span.start)
        if words and words[0].text in RESERVED and words[0].span.start > span.start:
            self.refuse("a reserved word that is not first", words[0].span.start)
        redirects = tuple(other for other in others if isinstance(other, Redirect))
        return Simple(span, assignments, tuple(words), redirects)

    def is_array(self, assignment: Assignment) -> bool:
        """Whether a whole array or an element of one is set."""
        element = self.text[assignment.span.start + len(assignment.name)] == "["
        return element or bool(assignment.value and assignment.value.text.startswith("("))

    def item(self, literal: str, words: list[Word], others: list[Assignment | Redirect]) -> bool:
        """Read an assignment, a redirection or a word that is not plain; false at the end of the command."""
        text, start = self.text, self.pos
        following = text[start]
        if following in "<>&" or (following in _DESCRIPTOR_STARTS and _DESCRIPTOR.match(text, start)):
            redirect = self.redirect()
            if redirect:
                others.append(redirect)
                return True
            if following == "&":
                return False
        if not words and (assignment := self.assignment()):
            others.append(assignment)
            return True
        words.append(self.argument(literal, words))
        return True

    def argument(self, literal: str, words: list[Word]) -> Word:
        start = self.pos
        end = start + len(literal)
        if literal and self.text[end] == "(":
            if words and words[0].text in DECLARATIONS and _ARRAY.match(literal):
                self.pos = end
                array = self.array()
                span = Span(start, self.pos)
                return Word(
                    span,
                    self.text[start : self.pos],
                    None,
                    array.quoted,
                    expansions=array.expansions,
                    substitutions=array.substitutions,
                )
            self.pos = end
            return Word(Span(start, end), literal, literal)
        word = self.word()
        if not words and "\\\n" in word.text:
            self.refuse("a continuation inside a command's name", start)
        return word
