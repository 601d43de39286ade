"""Words, assignments, redirections and the bodies of here-documents."""

import re

from dockopt.shell.expansions import Expansions, Pieces
from dockopt.shell.lexer import END, HereDocument
from dockopt.shell.patterns import Pattern
from dockopt.shell.tree import Assignment, Redirect, Word
from dockopt.text.source import Span

_RUN = Pattern(r"[^ \t\n|&;<>()'\"\\$`\0]*")
_ANSI_C = Pattern(r"\$'([^'\\\0]*(?:\\[^\0][^'\\\0]*)*)'")
_ANSI_C_ESCAPE = Pattern(r"\\([abeEfnrtv\\'\"?])")
_ANSI_C_VALUES = dict(zip("abeEfnrtv\\'\"?", "\a\b\x1b\x1b\f\n\r\t\v\\'\"?", strict=True))
_ASSIGNMENT = Pattern(r"([A-Za-z_][A-Za-z0-9_]*)(\[(?:[A-Za-z0-9_@*+-]+|\$[A-Za-z_][A-Za-z0-9_]*)\])?(\+?)=")
_ELEMENT = Pattern(r"[A-Za-z_][A-Za-z0-9_]*\[")
_REDIRECT = Pattern(r"([0-9]*|\{[A-Za-z_][A-Za-z0-9_]*\})(<<<|<<-|<<|<>|<&|>>|>&|>\||<|>)|(&>>|&>)")
_ONLY_DESCRIPTOR = Pattern(r"(?:[0-9]+|\{.*\})\Z", re.DOTALL)
_DELIMITER = Pattern(r"""(?:'([^'\n]*)'|"([^"\\$`\n]*)"|(\\?)([A-Za-z0-9_.!+%@:,/=-]+))(?=[ \t\n|&;<>()\0])""")
_ODD_BACKSLASHES = Pattern(r"(?<!\\)(?:\\\\)*\\\n\Z")


class Words(Expansions):
    """Reads words and what is made of them."""

    def word(self) -> Word:
        """Read the word that starts here."""
        text, start = self.text, self.pos
        if text[start] == "#":
            self.refuse_next()
        pieces = Pieces()
        while True:
            match = _RUN.match(text, self.pos)
            assert match
            if run := match[0]:
                pieces.parts.append(run)
                pieces.bare.append(run)
                self.pos = match.end()
            stop = text[self.pos]
            if stop in "'\"\\$`":
                if self.pos == self.limit or not self.special(pieces, stop):
                    break
            elif stop in "<>" and text[self.pos + 1] == "(":
                if self.pos > start and text[self.pos - 1].isdigit():
                    self.refuse("a digit before a process substitution")
                self.mark_bash(self.pos, self.pos + 2)
                self.substitution(pieces)
            else:
                break
        if self.pos == start:
            self.refuse_next()
        if stop == "(":
            self.refuse("unexpected '('")
        return self.finished(pieces, start)

    def finished(self, pieces: Pieces, start: int) -> Word:
        raw = self.text[start : self.pos]
        return Word(
            Span(start, self.pos),
            raw,
            "".join(pieces.parts) if pieces.static else None,
            pieces.quoted,
            bool(pieces.bare) and _has_glob("'".join(pieces.bare)),
            tuple(pieces.expansions),
            tuple(pieces.substitutions),
        )

    def special(self, pieces: Pieces, stop: str) -> bool:
        """Read a quoted or expanded part of a word; false where a continuation ends the word instead."""
        if stop == '"':
            self.double_quoted(pieces)
        elif stop == "$":
            self.unquoted_dollar(pieces)
        elif stop == "'":
            pieces.quoted = True
            pieces.parts.append(self.single_quoted())
        elif stop == "`":
            self.backquotes(pieces, quoted=False)
        else:
            return self.escaped(pieces)
        return True

    def escaped(self, pieces: Pieces) -> bool:
        following = self.text[self.pos + 1]
        if following == "\n":
            if self.ends_word(self.pos):
                return False
            self.blanks()
            return True
        if following == END:
            self.refuse("a backslash ends the body")
        pieces.quoted = True
        pieces.parts.append(following)
        self.pos += 2
        return True

    def unquoted_dollar(self, pieces: Pieces) -> None:
        start = self.pos
        following = self.text[start + 1]
        if following == "'":
            match = _ANSI_C.match(self.text, start)
            if not match:
                self.refuse("unclosed '")
            pieces.quoted = True
            value = _ANSI_C_ESCAPE.sub(lambda escape: _ANSI_C_VALUES[escape[1]], match[1])
            pieces.static = pieces.static and "\\" not in _ANSI_C_ESCAPE.sub("", match[1])
            pieces.parts.append(value)
            self.pos = match.end()
            self.mark_bash(start, self.pos)
        elif following == '"':
            pieces.static = False
            self.pos += 1
            self.double_quoted(pieces)
            self.mark_bash(start, self.pos)
        else:
            if self.text.startswith("\\\n", start + 1):
                self.refuse("a continuation after a dollar sign")
            self.dollar(pieces, quoted=False)

    def assignment(self) -> Assignment | None:
        start = self.pos
        match = _ASSIGNMENT.match(self.text, start)
        if not match:
            if _ELEMENT.match(self.text, start):
                self.refuse("an array element")
            return None
        self.pos = match.end()
        if self.text[self.pos] == "(" and not match[2]:
            value = self.array()
        elif self.ends_word(self.pos):
            value = Word(Span(self.pos, self.pos), "", "")
        else:
            value = self.word()
        if match[2] or match[3]:
            self.mark_bash(start, match.end())
        return Assignment(Span(start, self.pos), match[1], value, bool(match[3]))

    def array(self) -> Word:
        """Read `(…)` after an assignment's equals sign."""
        start = self.pos
        pieces = Pieces()
        pieces.static = False
        self.pos += 1
        while self.linebreak() != ")":
            element = self.word()
            pieces.quoted = pieces.quoted or element.quoted
            pieces.expansions += element.expansions
            pieces.substitutions += element.substitutions
        self.pos += 1
        self.mark_bash(start, self.pos)
        if not self.ends_word(self.pos):
            self.refuse_next()
        return self.finished(pieces, start)

    def redirect(self) -> Redirect | None:
        """Read a redirection if one is next."""
        start = self.pos
        match = _REDIRECT.match(self.text, start)
        if not match or (match[2] in {"<", ">"} and self.text[match.end()] == "("):
            return None
        operator = match[2] or match[3]
        descriptor = match[1] or ""
        self.pos = match.end()
        if match[3] or operator == "<<<" or descriptor.startswith("{"):
            self.mark_bash(start, self.pos)
        self.blanks()
        if operator in {"<<", "<<-"}:
            return self.open_document(start, operator, descriptor)
        target = self.word()
        if self.text[self.pos] in "<>" and _ONLY_DESCRIPTOR.match(target.text):
            self.refuse("a descriptor between redirections")
        return Redirect(Span(start, self.pos), operator, descriptor, target)

    def open_document(self, start: int, operator: str, descriptor: str) -> Redirect:
        match = _DELIMITER.match(self.text, self.pos)
        if not match or self.limit >= 0:
            self.refuse("a here-document's delimiter")
        begin, self.pos = match.span()
        delimiter = match[1] or match[2] or match[4]
        if not delimiter:
            self.refuse("a here-document's delimiter")
        quoted = bool(match[3]) or not match[4]
        target = Word(Span(begin, self.pos), match[0], delimiter, quoted)
        redirect = Redirect(Span(start, self.pos), operator, descriptor, target)
        self.pending.append(
            HereDocument(redirect, delimiter, expand=not quoted, strip_tabs=operator == "<<-"),
        )
        return redirect

    def document(self, waiting: HereDocument) -> None:
        """Read the body that starts at this line and step over its delimiter."""
        text, start = self.text, self.pos
        line = start
        while True:
            end = text.find("\n", line)
            last = end < 0
            if last:
                end = len(text) - 1
            content = text[line:end]
            if (content.lstrip("\t") if waiting.strip_tabs else content) == waiting.delimiter:
                break
            if last:
                self.refuse("unclosed here-document", waiting.redirect.span.start)
            line = end + 1
        if waiting.expand and _ODD_BACKSLASHES.search(text, max(start, line - 64), line):
            self.refuse("a continuation before a here-document's delimiter", line)
        pieces = Pieces()
        if waiting.expand:
            self.here_document(pieces, line)
        else:
            pieces.parts.append(text[start:line])
        self.pos = line
        body = self.finished(pieces, start)
        self.pos = end if last else end + 1
        # The redirection stands on an earlier line than its body: this is the only time a node is completed later.
        object.__setattr__(waiting.redirect, "body", body.span)
        object.__setattr__(waiting.redirect, "document", body)


def _has_glob(bare: str) -> bool:
    if "*" in bare or "?" in bare or ("[" in bare and "]" in bare[bare.index("[") :]):
        return True
    opening = bare.find("{")
    if opening < 0:
        return False
    closing = bare.rfind("}")
    return "," in bare[opening:closing] or ".." in bare[opening:closing]
