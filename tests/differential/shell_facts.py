"""Dockopt's reading of a shell body as plain facts, to be compared with another parser's.

A fact is what it is about, where that stands (offsets of characters) and what is said about it.
"""

from collections.abc import Iterable
from typing import Any

from dockopt.shell.tree import Assignment, Command, Compound, Redirect, Script, Statement, Word

Fact = tuple[Any, ...]


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
        self.found.append(("command", command.span.start, assignments, words, len(command.redirects)))

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
        document = self.word(redirect.document) if redirect.document and redirect.document.text else None
        descriptor = redirect.descriptor
        self.found.append(("redirect", redirect.span.start, redirect.operator, descriptor, target, document))
