"""Which files a run is about: named ones as they are, and in a named folder every file whose name says Dockerfile.

Also in a folder: what compose, bake and skaffold files build, with the context that they build it in. Folders are
walked in sorted order, never into version control, installed packages or what is ignored, never through a link that
leads out of the folder.
"""

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dockopt.batch.ignoring import Rules, rules_above, rules_in
from dockopt.context.names import is_dockerfile_name
from dockopt.errors import InputError

NEVER_ENTERED = frozenset({".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", ".venv", ".tox", ".nox"})


class Target(NamedTuple):
    """A file to work on. `path` is how the user knows it, `place` where it is once links are followed.

    `context` is the folder that the file is built in where other files say so, None where they do not agree, "" where
    they say nothing.
    """

    path: str
    place: str
    context: str | None = ""


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
    if os.path.islink(path) and not _inside(place, map(os.path.realpath, (".", os.path.dirname(path) or "."))):
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
    """Whether a place is below one of some folders; no links are left in any of them."""
    return any(place.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)


def _walk(root: str) -> Iterator[Target | InputError]:
    """Files first, then folders, both sorted; what services build under other names comes with its folder."""
    built = _built(root)
    whole = os.path.realpath(root)
    waiting = [(root, whole, rules_above(whole))]
    while waiting:
        folder, place, above = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
            rules = rules_in(place, (entry.name for entry in found), above)
        except OSError as error:
            yield InputError(folder, f"the folder cannot be read: {(error.strerror or str(error)).lower()}")
            continue
        except InputError as error:
            yield error
            continue
        for entry in found:
            inside = os.path.join(place, entry.name)
            if (is_dockerfile_name(entry.name) or inside in built) and _is_file(entry):
                real = os.path.realpath(entry.path) if entry.is_symlink() else inside
                if _inside(real, (whole,)) and not rules.ignores(inside, folder=False):
                    yield Target(os.path.normpath(entry.path), real, built.get(inside, ""))
        waiting.extend(reversed(list(_folders(found, place, rules))))


def _folders(found: "list[os.DirEntry[str]]", place: str, rules: Rules) -> Iterator[tuple[str, str, Rules]]:
    for entry in found:
        inside = os.path.join(place, entry.name)
        if entry.name in NEVER_ENTERED or not entry.is_dir(follow_symlinks=False):
            continue
        if not rules.ignores(inside, folder=True):
            yield entry.path, inside, rules


def _built(root: str) -> dict[str, str | None]:
    """The whole path of every Dockerfile that a service is built from, with its context; None for several."""
    from dockopt.context.services import services  # noqa: PLC0415 - only where a folder is searched

    found: dict[str, str | None] = {}
    whole = os.path.realpath(root)
    for service in services(root):
        context = os.path.normpath(os.path.join(root, service.context))
        place = os.path.normpath(os.path.join(whole, service.dockerfile))
        found[place] = context if found.get(place, context) == context else None
    return found


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
