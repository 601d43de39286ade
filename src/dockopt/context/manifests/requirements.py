r"""Requirements files of pip: every file a `pip install -r` reads, and what it is told to install.

Follows pip's own reading: a backslash continues a line, `#` starts a comment at the line's start or after a space,
options stand alone on a line, `-r` and `-c` are relative to the file they stand in, while paths to projects and
archives are relative to the folder pip runs in and are given as written.  What would be a guess is a problem.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.context.glob import clean
from dockopt.context.manifests.requirement import (
    Local,
    Repository,
    Requirement,
    parse_editable,
    parse_requirement,
)
from dockopt.context.tree import Context

SHORT = {"-r": "--requirement", "-c": "--constraint", "-e": "--editable", "-i": "--index-url", "-f": "--find-links"}
FLAGS = frozenset(("--no-index", "--pre", "--prefer-binary", "--require-hashes"))
VALUES = frozenset(
    (
        *("--requirement", "--constraint", "--editable", "--index-url", "--pypi-url", "--extra-index-url"),
        *("--find-links", "--no-binary", "--only-binary", "--trusted-host", "--use-feature"),
        *("--hash", "--global-option", "--install-option", "--config-settings", "--config-setting"),
    )
)
FOR_ONE_REQUIREMENT = frozenset(("--hash", "--global-option", "--install-option", "--config-settings"))


class Option(NamedTuple):
    """An option line, by its long name; `value` is "" for a flag."""

    name: str
    value: str
    file: str
    line: int


class Requirements(NamedTuple):
    """All that one requirements file asks for, with the files it includes.

    `files` are context paths, each once, in the order they are first read. `links` are `--find-links` folders and
    pages, a folder beside the file as a context path. `constraints` bind versions and install nothing.
    """

    files: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    local: tuple[Local, ...]
    vcs: tuple[Repository, ...]
    options: tuple[Option, ...]
    links: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """The normalised names of what is installed by name."""
        return frozenset(requirement.name for requirement in self.requirements)


def read(context: Context, path: str) -> Requirements:
    """What `pip install -r path` reads and asks for; `path` is in the context."""
    reader = _Reader(context)
    reader.file(clean(path), constraint=False, origin="")
    return reader.result()


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a requirements file with their first number: continued lines joined, comments and blanks gone."""
    waiting: list[str] = []
    start = 0
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not waiting:
            start = number
        comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not comment:
            waiting.append(line.strip("\\"))
            continue
        joined = _without_comment("".join((*waiting, " " + line if comment else line)))
        waiting.clear()
        if joined:
            yield start, joined
    joined = _without_comment("".join(waiting))
    if joined:
        yield start, joined


def _without_comment(line: str) -> str:
    if line.startswith("#"):
        return ""
    for index, character in enumerate(line):
        if character == "#" and line[index - 1].isspace():
            return line[:index].strip()
    return line.strip()


class _Reader:
    """Collects what the files say while they include each other."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.files: dict[str, None] = {}
        self.requirements: list[Requirement] = []
        self.constraints: list[Requirement] = []
        self.local: list[Local] = []
        self.vcs: list[Repository] = []
        self.options: list[Option] = []
        self.links: list[str] = []
        self.problems: list[str] = []
        self._open: list[str] = []

    def result(self) -> Requirements:
        return Requirements(
            tuple(self.files),
            tuple(self.requirements),
            tuple(self.constraints),
            tuple(self.local),
            tuple(self.vcs),
            tuple(self.options),
            tuple(self.links),
            tuple(self.problems),
        )

    def file(self, path: str, *, constraint: bool, origin: str) -> None:
        if path in self._open:
            self.problems.append(f"{origin}{path} includes itself")
            return
        text = self.context.read(path)
        if text is None:
            self.problems.append(f"{origin}{path} is not in the build context or cannot be read")
            return
        self.files[path] = None
        self._open.append(path)
        for number, line in logical_lines(text):
            if _names_a_variable(line):
                self.problems.append(f"{path}:{number}: depends on an environment variable")
            else:
                self._line(path, number, line, constraint=constraint)
        self._open.pop()

    def _line(self, path: str, number: int, line: str, *, constraint: bool) -> None:
        words = line.split(" ")
        end = next((index for index, word in enumerate(words) if word.startswith("-")), len(words))
        asked = " ".join(words[:end])
        options = _options(" ".join(words[end:]))
        if options is None:
            self.problems.append(f"{path}:{number}: options that cannot be read: {line}")
        elif asked:
            if any(name not in FOR_ONE_REQUIREMENT for name, _ in options):
                self.problems.append(f"{path}:{number}: pip takes no such option beside a requirement: {line}")
            hashed = any(name == "--hash" for name, _ in options)
            self._asked(parse_requirement(asked), path, number, asked, hashed=hashed, constraint=constraint)
        else:
            self._option_line(options, path, number, constraint=constraint)

    def _option_line(self, options: list[tuple[str, str]], path: str, number: int, *, constraint: bool) -> None:
        including = [
            (name, value) for name, value in options if name in ("--editable", "--requirement", "--constraint")
        ]
        if including and len(options) > 1:
            self.problems.append(f"{path}:{number}: pip reads only one of several options here")
        for name, value in options:
            if name == "--editable":
                found = parse_editable(value)
                self._asked(found, path, number, value, hashed=False, constraint=constraint)
            elif name in ("--requirement", "--constraint"):
                self._include(value, path, number, constraint=name == "--constraint")
            else:
                self.options.append(Option(name, value, path, number))
                if name == "--find-links":
                    self._links(value, path)

    def _include(self, value: str, path: str, number: int, *, constraint: bool) -> None:
        target = clean(path.rpartition("/")[0] + "/" + value if "/" in path else value)
        if "://" in value or value.startswith(("/", "file:")) or target.split("/")[0] == "..":
            self.problems.append(f"{path}:{number}: {value} is outside the build context")
        else:
            self.file(target, constraint=constraint, origin=f"{path}:{number}: ")

    def _links(self, value: str, path: str) -> None:
        beside = clean(f"{path.rpartition('/')[0] or '.'}/{value}")
        here = self.context.is_folder(beside) or self.context.has(beside)
        self.links.append(beside if here and "://" not in value else value)

    def _asked(
        self,
        found: Requirement | Local | Repository | None,
        path: str,
        number: int,
        text: str,
        *,
        hashed: bool,
        constraint: bool,
    ) -> None:
        match found:
            case None:
                self.problems.append(f"{path}:{number}: not a requirement: {text}")
            case Requirement():
                placed = found._replace(hashed=hashed, file=path, line=number)
                (self.constraints if constraint else self.requirements).append(placed)
            case Local():
                self.local.append(found._replace(file=path, line=number))
            case Repository():
                self.vcs.append(found._replace(file=path, line=number))


def _names_a_variable(line: str) -> bool:
    start = line.find("${")
    while start >= 0:
        name, closed, _ = line[start + 2 :].partition("}")
        if closed and name and all(character in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_" for character in name):
            return True
        start = line.find("${", start + 2)
    return False


def _options(text: str) -> list[tuple[str, str]] | None:
    """Options with their values, by long name; None where one is unknown or lacks its value."""
    words = iter(_split(text) or ())
    found: list[tuple[str, str]] = []
    if text and _split(text) is None:
        return None
    for word in words:
        name, value, given = _name_and_value(word)
        if name in FLAGS and not given:
            found.append((name, ""))
        elif name in VALUES:
            if not given:
                value = next(words, "")
            if not value:
                return None
            found.append(("--config-settings" if name == "--config-setting" else name, value))
        else:
            return None
    return found


def _name_and_value(word: str) -> tuple[str, str, bool]:
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, value, bool(equals)
    return SHORT.get(word[:2], word), word[2:], len(word) > 2


def _split(text: str) -> list[str] | None:
    if not any(character in "'\"\\#" for character in text):
        return text.split()
    import shlex  # noqa: PLC0415 - slow to import, seldom needed

    try:
        return shlex.split(text)
    except ValueError:
        return None
