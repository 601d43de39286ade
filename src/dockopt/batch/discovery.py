"""Which files a run is about: named ones as they are, and in a named folder every file whose name says Dockerfile.

Folders are walked in sorted order, never into version control or installed packages, never through a link that
leads out of the folder.
"""

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dockopt.errors import InputError

NAMES = ("dockerfile", "containerfile")
NEVER_ENTERED = frozenset({".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", ".venv", ".tox", ".nox"})
NOT_DOCKERFILES = (
    ".dockerignore .md .markdown .rst .txt .adoc .html .pdf .json .yml .yaml .toml .xml .lock .py .sh .js .ts .go .rb "
    ".rs .java .php .log .gz .zip .tar .png .svg .jpg .sha256 .asc .sig .patch .diff "
    "~ .orig .rej .bak .backup .old .save .tmp .swp .swo .swx"
)
MARKS_OF_EDITORS = (".#", "#", "~", "._")


class Target(NamedTuple):
    """A file to work on. `path` is how the user knows it, `place` where it is once links are followed."""

    path: str
    place: str


def find(paths: Iterable[str]) -> Iterator[Target | InputError]:
    """The files for the paths given, each once, and the paths that are no use, in the order given."""
    seen: set[str] = set()
    for path in paths:
        for found in _find(path):
            if isinstance(found, Target):
                if found.place in seen:
                    continue
                seen.add(found.place)
            yield found


def is_dockerfile_name(name: str) -> bool:
    """Whether a file found in a folder is taken for a Dockerfile by its name, whatever its case."""
    lower = name.lower()
    if lower.startswith(MARKS_OF_EDITORS) or lower.endswith(tuple(NOT_DOCKERFILES.split())):
        return False
    return any(lower == one or lower.startswith(one + ".") or lower.endswith("." + one) for one in NAMES)


def _find(path: str) -> Iterator[Target | InputError]:
    if os.path.isdir(path):
        yield from _walk(path)
        return
    if not os.path.lexists(path):
        yield InputError(path, "no such file or folder")
        return
    try:
        place = os.path.realpath(path, strict=True)
    except OSError as error:
        yield InputError(path, _of_link(error))
        return
    if os.path.islink(path) and not _inside(place, (".", os.path.dirname(path) or ".")):
        yield InputError(path, "a link out of the current folder; name the file it leads to")
        return
    yield Target(path, place)


def _of_link(error: OSError) -> str:
    import errno  # noqa: PLC0415

    if error.errno == errno.ELOOP:
        return "a link that leads back to itself"
    if error.errno == errno.ENOENT:
        return "a link that leads nowhere"
    return (error.strerror or str(error)).lower()


def _inside(place: str, folders: Iterable[str]) -> bool:
    return any(place.startswith(os.path.realpath(folder).rstrip(os.sep) + os.sep) for folder in folders)


def _walk(root: str) -> Iterator[Target | InputError]:
    """Files first, then folders, both sorted."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield InputError(folder, f"the folder cannot be read: {(error.strerror or str(error)).lower()}")
            continue
        for entry in found:
            if is_dockerfile_name(entry.name) and _is_file(entry):
                place = os.path.realpath(entry.path)
                if _inside(place, (root,)):
                    yield Target(os.path.normpath(entry.path), place)
        inner = (e.path for e in found if e.name not in NEVER_ENTERED and e.is_dir(follow_symlinks=False))
        waiting.extend(reversed(list(inner)))


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
