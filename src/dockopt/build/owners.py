"""To whom the files of an image belong: a package of the distribution or of a language, a cache, else a folder."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dockopt.build.differences import FileChange
from dockopt.build.image import Image
from dockopt.build.noise import litter

LIST = re.compile(r"var/lib/dpkg/info/([^/:]+)(?::[^/]+)?\.list")
MERGED = re.compile(r"(?:usr/)?(bin|sbin|lib|lib32|lib64)/")
PYTHON = re.compile(r".*/(?:site|dist)-packages/([^/]+)")
NODE = re.compile(r".*?node_modules/((?:@[^/]+/)?[^/]+)")
DEPTH = 2


class Group(NamedTuple):
    """Files that belong together: how many there are and how large they are, in bytes."""

    name: str
    files: int
    size: int


def installed(image: Image) -> frozenset[str]:
    """Names of the distribution's packages that an image holds."""
    found = (LIST.fullmatch(path) for path in image.texts)
    return frozenset(match[1] for match in found if match)


def owners(image: Image) -> Mapping[str, str]:
    """The package of each path that one of the distribution's packages put there."""
    found: dict[str, str] = {}
    for path, text in image.texts.items():
        match = LIST.fullmatch(path)
        if match:
            found[path] = match[1]
            for line in text.splitlines():
                found[merged(line.lstrip("/"))] = match[1]
    return found


def account(image: Image, file: str, number: int) -> str:
    """The name that /etc/passwd or /etc/group gives a number, "" for none."""
    rows = (line.split(":") for line in image.texts.get(file, "").splitlines())
    return next((row[0] for row in rows if len(row) > 2 and row[2] == str(number)), "")


def merged(path: str) -> str:
    """The path as it is where /bin and /lib lie below /usr."""
    match = MERGED.match(path)
    return f"usr/{match[1]}/{path[match.end() :]}" if match else path


def grouped(changes: Iterable[FileChange], packages: Mapping[str, str]) -> tuple[Group, ...]:
    """Removed files by whom they belong to, the largest group first."""
    found: dict[str, tuple[int, int]] = {}
    for change in changes:
        if change.before is None:
            continue
        name = group_of(change.path, packages)
        files, size = found.get(name, (0, 0))
        found[name] = files + 1, size + change.before.size
    groups = (Group(name, files, size) for name, (files, size) in found.items())
    return tuple(sorted(groups, key=lambda group: (-group.size, group.name)))


def group_of(path: str, packages: Mapping[str, str]) -> str:
    kind = litter(path)
    if kind:
        return kind
    owner = packages.get(merged(path))
    if owner:
        return f"package {owner}"
    node = NODE.match(path)
    if node:
        return f"Node package {node[1]}"
    python = PYTHON.match(path)
    if python:
        name = re.sub(r"(?:-[^-]+)?\.(?:dist|egg)-info$|\.libs$|\.pth$|\.py$", "", python[1])
        return f"Python package {name}"
    return "/" + "/".join(path.split("/")[:DEPTH])
