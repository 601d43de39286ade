"""Which files a run is about: named ones as they are, and in a named folder every file whose name says Dockerfile.

Also in a folder: what compose, bake, skaffold and CI files build. Such files in the folder, and on the way up to the
repository, say in which context an image is built, and which stages are asked for. Folders are walked in sorted order,
never into version control, installed packages or what is ignored, never through a link that leads out of the folder.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dockopt.batch.ignoring import rules_above, rules_in
from dockopt.context.names import is_dockerfile_name
from dockopt.errors import InputError

if TYPE_CHECKING:
    from dockopt.context.services import Service

NEVER_ENTERED = frozenset({".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", ".venv", ".tox", ".nox"})


class Use(NamedTuple):
    """A service that is built from a file: its name, the whole path of what says so, and the stage asked for.

    `kind` is "compose", "build" or "ci".
    """

    name: str
    source: str
    target: str | None = None
    kind: str = "compose"


class Target(NamedTuple):
    """A file to work on. `path` is how the user knows it, `place` where it is once links are followed.

    `context` is the folder that the file is built in where other files say so, None where they do not agree, "" where
    they say nothing.
    """

    path: str
    place: str
    context: str | None = ""
    uses: tuple[Use, ...] = ()


def find(paths: Iterable[str]) -> Iterator[Target | InputError]:
    """The files for the paths given, each once, and the paths that are no use, in the order given."""
    seen: set[str] = set()
    above: Above = {}
    for path in paths:
        for found in _find(path, above):
            if isinstance(found, Target):
                if found.place in seen:
                    continue
                seen.add(found.place)
            yield found


def _find(path: str, above: "Above") -> Iterator[Target | InputError]:
    if os.path.isdir(path):
        yield from _walk(path, above)
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
    folder = os.path.realpath(os.path.dirname(path) or os.curdir)
    built = _said_above(folder, above).get(os.path.join(folder, os.path.basename(path)), Built())
    yield Target(path, place, _shown(built.context), built.uses)


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


def _walk(root: str, known: "Above") -> Iterator[Target | InputError]:
    """Files first, then folders, both sorted; what services build under other names comes with its folder."""
    built = _built(root, known)
    whole = os.path.realpath(root)
    waiting = [(root, whole, rules_above(whole))]
    while waiting:
        folder, place, above = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = {entry.name: entry for entry in sorted(entries, key=lambda entry: entry.name)}
            rules = rules_in(place, found, above)
        except OSError as error:
            yield InputError(folder, f"the folder cannot be read: {(error.strerror or str(error)).lower()}")
            continue
        except InputError as error:
            yield error
            continue
        shown = os.path.normpath(folder)
        inner = []
        for name, entry in found.items():
            inside = os.path.join(place, name)
            if entry.is_dir(follow_symlinks=False):
                if name not in NEVER_ENTERED and not rules.ignores(inside, folder=True):
                    inner.append((entry.path, inside, rules))
            elif (is_dockerfile_name(name) or inside in built) and _is_file(entry):
                real = os.path.realpath(entry.path) if entry.is_symlink() else inside
                if (real is inside or _inside(real, (whole,))) and not rules.ignores(inside, folder=False):
                    one = built.get(inside, Built())
                    yield Target(os.path.join(shown, name) if shown != os.curdir else name, real, one.context, one.uses)
        waiting.extend(reversed(inner))


class Built(NamedTuple):
    """What other files say of one Dockerfile; the context as in `Target`."""

    context: str | None = ""
    uses: tuple[Use, ...] = ()

    def also(self, context: str, use: Use) -> "Built":
        agreed = context if self.context in ("", context) else None
        return Built(agreed, self.uses if use in self.uses else (*self.uses, use))


Above = dict[str, Mapping[str, Built]]
"""What files on the way up to the repository say, by the folder to start from."""


def _built(root: str, known: Above) -> dict[str, Built]:
    """The whole path of every Dockerfile that is built by name, with its context as the user would name it."""
    from dockopt.context.services import services  # noqa: PLC0415 - only where a folder is searched

    whole = os.path.realpath(root)
    above = _said_above(whole, known)
    found = _said(services(root), whole, {place: one for place, one in above.items() if _inside(place, (whole,))})
    return {place: one._replace(context=_named(one.context, whole, root)) for place, one in found.items()}


def _named(context: str | None, whole: str, root: str) -> str | None:
    """A folder below the one that is searched as the user would name it."""
    if context and (context == whole or _inside(context, (whole,))):
        return os.path.normpath(os.path.join(root, os.path.relpath(context, whole)))
    return _shown(context)


def _said_above(folder: str, known: Above) -> Mapping[str, Built]:
    """The same by whole paths, from what stands beside and above a folder."""
    if folder not in known:
        from dockopt.context.services import services_above  # noqa: PLC0415 - reads nothing where nothing builds

        top, found = services_above(folder)
        known[folder] = _said(found, top, {})
    return known[folder]


def _said(found: "Iterable[Service]", top: str, known: dict[str, Built]) -> dict[str, Built]:
    from dockopt.context.services import kind  # noqa: PLC0415

    for service in found:
        context = os.path.normpath(os.path.join(top, service.context))
        place = os.path.normpath(os.path.join(top, service.dockerfile))
        use = Use(service.name, os.path.normpath(os.path.join(top, service.source)), service.target, kind(service))
        known[place] = known.get(place, Built()).also(context, use)
    return known


def _shown(context: str | None) -> str | None:
    """A whole path as seen from here."""
    if not context:
        return context
    relative = os.path.relpath(context, os.path.realpath(os.curdir))
    return context if relative.startswith(os.pardir) else relative


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
