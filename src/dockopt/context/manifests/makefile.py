"""A Makefile that can be read without running make: plain variables, rules with written names, recipes."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

ASSIGNMENT = re.compile(r"^(?:export\s+)?([\w.-]+)\s*(::?=|\?=|\+=|=)\s*(.*)$")
REFERENCE = re.compile(r"\$[({]([\w.-]+)[)}]")
KEPT = frozenset({"HOME", "PWD", "PATH", "USER", "SHELL", "MAKEFLAGS", "MFLAGS", "MAKECMDGOALS"})
UNREAD = re.compile(r"^(?:-?include|sinclude|define|ifn?eq|ifn?def|vpath|load)\b")


class Rule(NamedTuple):
    """`needs` are prerequisites, `recipe` the lines with variables in them."""

    targets: tuple[str, ...]
    needs: tuple[str, ...]
    recipe: tuple[str, ...]


class Makefile(NamedTuple):
    """`default` is what make makes when it is not told; `problem` says what cannot be read, "" for nothing."""

    variables: Mapping[str, str]
    rules: tuple[Rule, ...]
    default: str
    problem: str = ""

    def expanded(self, text: str, given: Mapping[str, str]) -> str:
        """A text with variables in place of their names: nothing for those that are not set, as make has it, but for
        those of the environment; functions and automatic variables stay as they are written.
        """
        values = {**self.variables, **given}
        for _ in range(10):
            before = text
            text = REFERENCE.sub(lambda match: values.get(match[1], "" if match[1] not in KEPT else match[0]), text)
            if text == before:
                break
        return text

    def made(self, goals: tuple[str, ...], given: Mapping[str, str]) -> Iterator[Rule]:
        """The rules that make goes through for its goals, with their variables expanded but for automatic ones."""
        waiting = list(goals or (self.default,))
        seen: set[str] = set()
        while waiting:
            goal = waiting.pop(0)
            if goal in seen:
                continue
            seen.add(goal)
            for rule in self.rules:
                targets = tuple(self.expanded(" ".join(rule.targets), given).split())
                if goal in targets or any("%" in one and _fits(goal, one) for one in targets):
                    needs = tuple(self.expanded(" ".join(rule.needs), given).split())
                    waiting += [need.replace("%", _stem(goal, targets)) for need in needs]
                    yield Rule(targets, needs, tuple(self.expanded(line, given) for line in rule.recipe))


def parse(text: str) -> Makefile:
    """The variables and rules of a Makefile's text."""
    variables = {"MAKE": "make", "CC": "cc", "CXX": "c++", "RM": "rm -f", "DESTDIR": "", "CURDIR": "."}
    rules: list[Rule] = []
    problem = ""
    for line in _lines(text):
        if line.startswith("\t"):
            if rules:
                rules[-1] = rules[-1]._replace(recipe=(*rules[-1].recipe, line.strip()))
            continue
        plain = line.partition("#")[0].rstrip()
        assigned = ASSIGNMENT.match(plain)
        if not plain.strip() or plain.startswith((".PHONY", ".DEFAULT", ".SUFFIXES")):
            continue
        if assigned:
            _assign(variables, assigned)
        elif UNREAD.match(plain.strip()) or ":" not in plain:
            problem = problem or f"has a line that is not read: {plain.strip()[:40]}"
        else:
            targets, _, needs = plain.partition(":")
            needs, semicolon, first = needs.lstrip(":").partition(";")
            recipe = (first.strip(),) if semicolon else ()
            rules.append(Rule(tuple(targets.split()), tuple(needs.replace("|", " ").split()), recipe))
    default = next((rule.targets[0] for rule in rules if rule.targets and not rule.targets[0].startswith(".")), "")
    found = Makefile(variables, tuple(rules), "", problem)
    return found._replace(default=(found.expanded(default, {}).split() or [""])[0])


def _assign(variables: dict[str, str], assigned: re.Match[str]) -> None:
    name, operator, value = assigned.groups()
    if operator == "+=":
        value = f"{variables.get(name, '')} {value}".strip()
    if operator != "?=" or name not in variables:
        variables[name] = value


def _lines(text: str) -> Iterator[str]:
    waiting = ""
    for line in text.splitlines():
        if line.endswith("\\"):
            waiting += line[:-1].rstrip() + " "
        else:
            yield waiting + (line.strip() if waiting else line)
            waiting = ""


def _fits(goal: str, pattern: str) -> bool:
    start, _, end = pattern.partition("%")
    return goal.startswith(start) and goal.endswith(end) and len(goal) > len(start) + len(end)


def _stem(goal: str, targets: tuple[str, ...]) -> str:
    for pattern in targets:
        start, percent, end = pattern.partition("%")
        if percent and _fits(goal, pattern):
            return goal[len(start) : len(goal) - len(end)]
    return ""
