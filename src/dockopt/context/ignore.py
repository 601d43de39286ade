r"""`.dockerignore` as BuildKit reads it: which files of the folder never reach the builder.

Follows moby's patternmatcher, shortcuts included: patterns are cleaned as paths, `**` crosses folders, the last rule
that matches a path or one of its parents wins, and `!` takes a path back.  The Dockerfile itself may be ignored: the
builder still reads it, but COPY does not see it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from dockopt.context.glob import clean, to_regex

if TYPE_CHECKING:
    import re

ESCAPED_IN_REGEX = frozenset(".+()|{}$")
CLASSES_OF_REGEX = frozenset("dDwWsSbB")


class Rule(NamedTuple):
    """One line: a cleaned pattern, and whether it takes paths back (`!`)."""

    pattern: str
    exception: bool
    regex: str


class Ignore:
    """The rules of one `.dockerignore`. `problems` names lines with which a build would stop."""

    def __init__(self, rules: Iterable[Rule], problems: Iterable[str] = ()) -> None:
        self.rules = tuple(rules)
        self.problems = tuple(problems)
        self.has_exceptions = any(rule.exception for rule in self.rules)
        self._compiled: tuple[re.Pattern[str], ...] | None = None
        self._folders: dict[str, tuple[bool, ...]] = {}

    @classmethod
    def parse(cls, text: str) -> "Ignore":
        rules: list[Rule] = []
        problems: list[str] = []
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            if line.startswith("#") or not line.strip():
                continue
            pattern, exception = _pattern(line)
            regex = _regex(pattern) if to_regex(pattern) is not None else None
            if not pattern or regex is None:
                problems.append(f".dockerignore:{number}: not a pattern: {line.strip()}")
            else:
                rules.append(Rule(pattern, exception, regex))
        return cls(rules, problems)

    def ignores(self, path: str) -> bool:
        """Whether the file or folder is kept from the builder; `path` is relative, with forward slashes."""
        if not self.rules:
            return False
        if self.has_exceptions:
            return self._with_exceptions(path)[0]
        return self._plainly(path)

    def may_take_back(self, folder: str) -> bool:
        """Whether an exception could apply to something below an ignored folder."""
        return any(_reaches_below(rule.pattern, folder) for rule in self.rules if rule.exception)

    def _regexes(self) -> tuple["re.Pattern[str]", ...]:
        if self._compiled is None:
            import re  # noqa: PLC0415 - only where there are rules

            texts = [rule.regex for rule in self.rules]
            if not self.has_exceptions:
                texts = ["|".join(f"(?:{text})" for text in texts)]
            self._compiled = tuple(re.compile(text, re.ASCII) for text in texts)
        return self._compiled

    def _plainly(self, path: str) -> bool:
        parent = path.rpartition("/")[0]
        if parent:
            known = self._folders.get(parent)
            if known is None:
                known = self._folders[parent] = (self._plainly(parent),)
            if known[0]:
                return True
        return self._regexes()[0].fullmatch(path) is not None

    def _with_exceptions(self, path: str) -> tuple[bool, tuple[bool, ...]]:
        """Whether the path is ignored, and which rules match it or a parent.

        As in moby, a rule that could not change the verdict is not tried, and children do not learn of it: after
        `*`, `!a/b`, `a` the file a/b is sent.
        """
        regexes = self._regexes()
        from_parent = self._of_parent(path)
        matches: list[bool] = []
        ignored = False
        for index, rule in enumerate(self.rules):
            match = from_parent[index]
            if not match and rule.exception == ignored:
                match = regexes[index].fullmatch(path) is not None
            if match:
                ignored = not rule.exception
            matches.append(match)
        return ignored, tuple(matches)

    def _of_parent(self, path: str) -> tuple[bool, ...]:
        parent = path.rpartition("/")[0]
        if not parent:
            return (False,) * len(self.rules)
        known = self._folders.get(parent)
        if known is None:
            known = self._folders[parent] = self._with_exceptions(parent)[1]
        return known


def _pattern(line: str) -> tuple[str, bool]:
    """A line's pattern, "" for a lone exclamation mark, and whether it takes paths back."""
    text = line.strip()
    exception = text.startswith("!")
    if exception:
        text = text[1:].strip()
    if text:
        text = clean(text)
        if len(text) > 1:
            text = text.removeprefix("/")
    return text, exception


def _reaches_below(pattern: str, folder: str) -> bool:
    wanted = pattern.split("/")
    names = folder.split("/")
    for element, name in zip(wanted, names, strict=False):
        if "**" in element or "[" in element or "\\" in element:
            return True
        if "*" not in element and "?" not in element and element != name:
            return False
    return len(wanted) > len(names)


def _regex(pattern: str) -> str | None:
    """Translate a pattern as moby does, with its shortcuts for `**` at either end; None where Go would refuse."""
    from re import escape  # noqa: PLC0415 - only where there are rules

    plain = not any(character in "*?[]\\" for character in pattern.replace("**", ""))
    if plain and "**" not in pattern:
        return escape(pattern)
    if plain and pattern.startswith("**") and "**" not in pattern[2:]:
        suffix = pattern[2:]
        return rf"[\s\S]*{escape(suffix)}" + (f"|{escape(suffix[1:])}" if suffix.startswith("/") else "")
    if plain and pattern.endswith("**") and "**" not in pattern[:-2]:
        return rf"{escape(pattern[:-2])}[\s\S]*"
    return _translate(pattern)


def _translate(pattern: str) -> str | None:
    import re  # noqa: PLC0415

    if "[[:" in pattern:
        return None
    parts: list[str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        if pattern.startswith("**", position - 1):
            position += 1 + pattern.startswith("/", position + 1)
            parts.append("(?:.*/)?" if position < len(pattern) else ".*")
        elif character == "*":
            parts.append("[^/]*")
        elif character == "?":
            parts.append("[^/]")
        elif character in ESCAPED_IN_REGEX:
            parts.append("\\" + character)
        elif character == "\\":
            following = pattern[position : position + 1]
            if following.isalnum() and following not in CLASSES_OF_REGEX:
                return None
            parts.append(re.escape(following) if not following.isalnum() else "\\" + following)
            position += 1
        else:
            parts.append("\\" + character if character in "&~" else character)
    try:
        re.compile("".join(parts), re.ASCII)
    except re.error:
        return None
    return "".join(parts)
