"""Where a parser stands in a shell body: blanks, comments, newlines, nesting, and giving up.

Words are read in `words`, what is inside them in `expansions`, commands in `parser` and `compounds`.
"""

from typing import NoReturn

from dockopt.shell.patterns import Pattern
from dockopt.shell.tree import Redirect, Script
from dockopt.text.source import Span

END = "\0"
"""Stands after the last character, so that looking at the next one needs no test of length."""

DELIMITERS = " \t\n|&;<>()\0"
DEEPEST = 40

_BLANKS = Pattern(r"(?:[ \t]|\\\n)*")
_KEYWORD = Pattern(r"[a-z]+")
_BLANK_OR_ESCAPE = " \t\\"


class Refused(Exception):  # noqa: N818 - control flow inside this package, it never leaves `parse`
    """The body is not read any further."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class HereDocument:
    """One whose body has not been reached yet."""

    __slots__ = ("delimiter", "expand", "redirect", "strip_tabs")

    def __init__(self, redirect: Redirect, delimiter: str, *, expand: bool, strip_tabs: bool) -> None:
        self.redirect = redirect
        self.delimiter = delimiter
        self.expand = expand
        self.strip_tabs = strip_tabs


class Lexer:
    """`pos` is the next character; `limit` where the enclosing backquotes close (-1 outside)."""

    def __init__(self, text: str) -> None:
        self.text = text + END
        self.pos = 0
        self.limit = -1
        self.depth = 0
        self.comments: list[Span] = []
        self.bash_only: list[Span] = []
        self.pending: list[HereDocument] = []

    def script(self) -> Script:
        raise NotImplementedError

    def document(self, waiting: HereDocument) -> None:
        raise NotImplementedError

    def refuse(self, reason: str, offset: int | None = None) -> NoReturn:
        raise Refused(reason, self.pos if offset is None else offset)

    def refuse_next(self) -> NoReturn:
        """Give up because of the next character."""
        if self.at_end():
            self.refuse("unexpected end")
        found = _KEYWORD.match(self.text, self.pos)
        self.refuse(f"unexpected {found[0] if found else repr(self.text[self.pos])}")

    def at_end(self) -> bool:
        return self.pos >= len(self.text) - 1

    def enter(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse("nested too deeply")

    def leave(self) -> None:
        self.depth -= 1

    def mark_bash(self, start: int, end: int) -> None:
        self.bash_only.append(Span(start, end))

    def ends_word(self, offset: int) -> bool:
        """Whether a word ends here, perhaps with a continuation between it and the next blank."""
        following = self.text[offset]
        if following in DELIMITERS or offset == self.limit:
            return True
        if following != "\\" or self.text[offset + 1] != "\n":
            return False
        match = _BLANKS.match(self.text, offset)
        assert match
        after = self.text[match.end()]
        if " " in match[0] or "\t" in match[0] or after in " \t\n|&;)\0" or match.end() == self.limit:
            return True
        if after in DELIMITERS:
            self.refuse("a continuation before an operator", offset)
        return False

    def blanks(self) -> str:
        """Skip blanks and continuations; the next character."""
        following = self.text[self.pos]
        if following in _BLANK_OR_ESCAPE:
            match = _BLANKS.match(self.text, self.pos)
            assert match
            self.pos = match.end()
            return self.text[self.pos]
        return following

    def comment(self) -> None:
        start = self.pos
        end = self.text.find("\n", start)
        if end < 0:
            end = len(self.text) - 1
        if start < self.limit < end:
            end = self.limit
        self.pos = end
        self.comments.append(Span(start, end))

    def newline(self) -> None:
        """Step over a newline and the here-documents that begin after it."""
        self.pos += 1
        if self.pending:
            waiting, self.pending = self.pending, []
            for document in waiting:
                self.document(document)

    def linebreak(self) -> str:
        """Skip blanks, comments and newlines; the next character."""
        while True:
            following = self.blanks()
            if following == "\n":
                self.newline()
            elif following == "#":
                self.comment()
            else:
                return following

    def accept(self, keyword: str) -> bool:
        """Step over a reserved word if it is next."""
        after = self.pos + len(keyword)
        if self.text.startswith(keyword, self.pos) and self.ends_word(after):
            self.pos = after
            return True
        return False

    def expect(self, keyword: str) -> None:
        self.blanks()
        if not self.accept(keyword):
            self.refuse(f"expected {keyword}")
