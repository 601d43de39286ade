"""What the everyday commands of a RUN body do to files: which paths they make, move, change or remove."""

from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from dockopt.context.sources import STANDARD_FOLDERS
from dockopt.model.commands import Call
from dockopt.model.state import joined
from dockopt.shell.tree import Word

QUIET = frozenset(
    "echo printf true : test [ set export id date pwd ls cat grep tr cut which exit cd umask ldd sleep nproc".split()
)
ACCOUNTS = frozenset("useradd groupadd usermod groupmod adduser addgroup passwd chpasswd".split())
IMAGE_ONLY = frozenset("ldconfig update-alternatives locale-gen".split())
MAKES = frozenset({"touch", "tee"})
ACTS = ("-exec", "-delete", "-ok", "-fprint", "-fls")
"""Words that make `find` do more than to look."""
OWNS = frozenset({"chown", "chgrp"})
COPIES = frozenset({"cp", "mv", "install", "ln"})
UNREAD_OPTIONS = frozenset({"-t", "-T", "-s", "--target-directory", "--parents", "--reference", "--strip-program"})
WITH_VALUE = {"install": frozenset({"-m", "-o", "-g", "--mode", "--owner", "--group"}), "mkdir": frozenset({"-m"})}


class Kind(Enum):
    """What happens to a path; `READ` is a path that is looked at, `IMAGE` what concerns accounts and the system."""

    MAKE = auto()
    FOLDER = auto()
    COPY = auto()
    MOVE = auto()
    LINK = auto()
    CHANGE = auto()
    OWN = auto()
    REMOVE = auto()
    READ = auto()
    IMAGE = auto()


class Effect(NamedTuple):
    """One thing that a command does. `path` is "" for `IMAGE`, and None where it is not known; `glob` says that it is
    the folder in which a pattern is looked for; `source` is what is copied, moved or linked to, or the whole pattern of
    what is removed.
    """

    kind: Kind
    path: str | None
    source: str | None = None
    glob: bool = False
    deep: bool = False
    """Whether folders above a new one are made as well."""


def effects(call: Call, folder: str | None) -> Iterator[Effect]:
    """What a command does, run in a folder; nothing is left out: a command that is not known reads all its words."""
    name = call.name or ""
    for redirect in call.redirects:
        if ">" in redirect.operator and "&" not in redirect.operator and redirect.target:
            place = _path(redirect.target, folder)
            if place[0] not in ("/dev/null", "/dev/stdout", "/dev/stderr"):
                yield Effect(Kind.MAKE, *place[:1])
    if name in QUIET or (name == "find" and not any((value or "-exec").startswith(ACTS) for value in call.values)):
        return
    if name in ACCOUNTS | IMAGE_ONLY:
        yield Effect(Kind.IMAGE, "")
    elif name in COPIES:
        yield from _copies(call, name, folder)
    else:
        yield from _on_each(name, call, folder)


def _on_each(name: str, call: Call, folder: str | None) -> Iterator[Effect]:
    operands = _operands(call, name)
    kind = Kind.READ
    if name in MAKES:
        kind = Kind.MAKE
    elif name == "mkdir":
        kind = Kind.FOLDER
    elif name in ("rm", "rmdir"):
        kind = Kind.REMOVE
    elif name in OWNS:
        kind, operands = Kind.OWN, operands[1:]
    elif name == "chmod":
        kind, operands = Kind.CHANGE, operands[1:]
    elif name == "sed":
        kind, operands = Kind.CHANGE, operands if call.has("-e", "-f") else operands[1:]
    elif name == "strip":
        kind = Kind.CHANGE
    for word in operands:
        path, glob = _path(word, folder)
        pattern = joined(folder, word.value) if glob and kind is Kind.REMOVE and "{" not in word.text else None
        yield Effect(kind, path, pattern, glob=glob, deep=name == "mkdir" and call.has("-p", "--parents", "-pv", "-vp"))


def _copies(call: Call, name: str, folder: str | None) -> Iterator[Effect]:
    operands = _operands(call, name)
    if name == "install" and call.has("-d", "--directory"):
        yield from (Effect(Kind.FOLDER, _path(word, folder)[0], deep=True) for word in operands)
        return
    unread = name != "ln" and any((value or "").partition("=")[0] in UNREAD_OPTIONS for value in call.values)
    if len(operands) < 2 or unread or (name == "install" and call.has("-o", "-g", "--owner", "--group")):
        yield Effect(Kind.READ, None)
        return
    *sources, last = operands
    target, glob = _path(last, folder)
    kind = {"mv": Kind.MOVE, "ln": Kind.LINK}.get(name, Kind.COPY)
    into = target is None or len(sources) > 1 or (last.value or "").endswith(("/", "/.", "..")) or last.value == "."
    into = into or target in STANDARD_FOLDERS
    for word in sources:
        source, in_glob = _path(word, folder)
        if in_glob and kind in (Kind.COPY, Kind.MOVE) and source and target and not (glob or into):
            yield Effect(kind, target, source, glob=True)
            continue
        if glob or in_glob or target is None or source is None:
            yield Effect(Kind.READ, target if in_glob or source is None else None)
            yield Effect(Kind.READ, source, glob=in_glob)
            continue
        yield Effect(kind, joined(target, source.rpartition("/")[2]) if into else target, source)


def _operands(call: Call, name: str) -> list[Word]:
    found: list[Word] = []
    skip = False
    for word in call.arguments:
        if skip:
            skip = False
        elif word.text.startswith("-") and len(word.text) > 1:
            skip = word.text in WITH_VALUE.get(name, ())
        else:
            found.append(word)
    return found


def _path(word: Word, folder: str | None) -> tuple[str | None, bool]:
    """The absolute path of a word, or for a pattern the folder that it is looked for in."""
    value = word.value
    if value is None:
        return None, False
    if word.glob:
        start = min((value.find(mark) for mark in "*?[{" if mark in value), default=0)
        return joined(folder, value[:start].rpartition("/")[0] or ("/" if value.startswith("/") else ".")), True
    return joined(folder, value), False
