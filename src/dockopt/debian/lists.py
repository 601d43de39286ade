"""Finding package indexes in a folder as apt keeps its lists: which release, which suites, how new."""

import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from dockopt.debian.compile import Source
from dockopt.debian.layout import Header
from dockopt.debian.stanzas import read_text
from dockopt.errors import InputError

LISTS = "/var/lib/apt/lists"
LETTERS = {"": "r", "updates": "u", "security": "s"}
"""Suites by what follows the code name; others, such as backports, are not installed from unless asked for."""
RELEASES = {"bullseye": ("debian", "11"), "bookworm": ("debian", "12"), "trixie": ("debian", "13")}
FAMILIES = frozenset({"debian", "ubuntu"})
_RELEASE = re.compile(r"(?P<prefix>.*)_(?:InRelease|Release)$")
_PACKAGES = r"_(?:main|universe)_binary-amd64_Packages(?:\.[a-z0-9]+)?$"


class Part(NamedTuple):
    """One suite in the folder: the letter that stands for it, its names, and the paths of its lists."""

    letter: str
    names: tuple[str, ...]
    date: str
    paths: tuple[str, ...]


class Found(NamedTuple):
    """The lists of one release."""

    header: Header
    parts: tuple[Part, ...]

    def sources(self) -> list[Source]:
        return [Source(read_text(path), part.letter) for part in self.parts for path in part.paths]


def find_lists(folder: str) -> tuple[Found, ...]:
    """The releases of which a folder has the main suite."""
    parts: dict[tuple[str, str], list[tuple[Part, str]]] = {}
    for distribution, codename, version, part in _parts(folder):
        parts.setdefault((distribution, codename), []).append((part, version))
    return tuple(
        _found(distribution, codename, them)
        for (distribution, codename), them in sorted(parts.items())
        if any(part.letter == "r" for part, _ in them)
    )


def found_files(codename: str, paths: Sequence[str]) -> Found:
    """`Packages` files that stand alone as the lists of a release; their own dates say how new they are.

    Raises InputError.
    """
    try:
        newest = max((os.path.getmtime(path) for path in paths), default=0.0)
    except OSError as error:
        raise InputError(str(error.filename), (error.strerror or "cannot be read").lower()) from error
    if not paths:
        raise InputError("--release", "needs the `Packages` files of the release")
    date = datetime.fromtimestamp(newest, UTC).date().isoformat()
    distribution, release = RELEASES.get(codename, ("debian", codename))
    part = Part("r", (codename,), date, tuple(paths))
    return Found(Header(distribution, release, codename, date, {"r": part.names}, 0), (part,))


def _found(distribution: str, codename: str, parts: list[tuple[Part, str]]) -> Found:
    ordered = sorted((part for part, _ in parts), key=lambda part: "rus".index(part.letter))
    version = next(version for part, version in parts if part.letter == "r").partition(".")
    number = version[0] if distribution == "debian" else f"{version[0]}.{version[2]}"
    suites = {part.letter: part.names for part in ordered}
    date = max(part.date for part in ordered)
    return Found(Header(distribution, number, codename, date, suites, 0), tuple(ordered))


def _parts(folder: str) -> Iterator[tuple[str, str, str, Part]]:
    names = sorted(os.listdir(folder))
    for name in names:
        match = _RELEASE.match(name)
        if match is None:
            continue
        fields = _release_fields(os.path.join(folder, name))
        distribution = fields.get("Origin", "").lower()
        codename, _, kind = fields.get("Codename", "").partition("-")
        suite = fields.get("Suite", "")
        if distribution == "ubuntu":
            kind = suite.partition("-")[2]
        pattern = re.compile(re.escape(match["prefix"]) + _PACKAGES)
        paths = tuple(os.path.join(folder, one) for one in names if pattern.match(one))
        if distribution in FAMILIES and kind in LETTERS and paths:
            called = tuple(dict.fromkeys(word for word in (f"{codename}-{kind}".rstrip("-"), suite) if word))
            part = Part(LETTERS[kind], called, _day(fields.get("Date", "")), paths)
            yield distribution, codename, fields.get("Version", ""), part


def _release_fields(path: str) -> dict[str, str]:
    text = read_text(path).replace("\r", "")
    pairs = (line.partition(":") for line in text.splitlines() if line and not line.startswith(" "))
    return {name: value.strip() for name, colon, value in pairs if colon}


def _day(date: str) -> str:
    try:
        return parsedate_to_datetime(date).date().isoformat()
    except ValueError:
        return ""
