"""Which images a repository builds, as compose, bake and skaffold files say: Dockerfile, context, target, arguments.

Nothing is run. What only a variable without a default would tell is named in `unknown`, and what leads out of the
repository or to no file is left out.
"""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from dockopt.context.names import is_dockerfile_name

NEVER_ENTERED = frozenset({".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", ".venv", ".tox", ".nox"})
MAIN = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
FOLDERS_AT_MOST = 20_000
TEXT_AT_MOST = 512 * 1024


class Service(NamedTuple):
    """One image that is built. Paths are relative to the repository, with forward slashes; "." is the repository.

    `target` is None where the last stage is meant. `arguments` have None for a value that comes from elsewhere.
    `source` is the file that says so, `name` what it calls the image. `unknown` names the fields that are not known
    in full: "target", "arguments".
    """

    dockerfile: str
    context: str
    target: str | None
    arguments: tuple[tuple[str, str | None], ...]
    source: str
    name: str
    unknown: tuple[str, ...] = ()


class Recipe(NamedTuple):
    """How one file says that an image is built, paths as written; None for a path that is not known.

    `dockerfile` is relative to the context, and the context to the folder of the file.
    """

    name: str
    context: str | None = "."
    dockerfile: str | None = "Dockerfile"
    target: str | None = None
    arguments: tuple[tuple[str, str | None], ...] = ()
    unknown: tuple[str, ...] = ()


Reader = Callable[[str, Mapping[str, str]], Iterator[Recipe]]


def services(root: str) -> tuple[Service, ...]:
    """The images of a repository, by Dockerfile and then by the file that builds it."""
    return tuple(sorted(set(_services(root)), key=_order))


def dockerfiles(root: str) -> Mapping[str, str]:
    """The texts of the Dockerfiles in a folder and below, by path; one that cannot be read has none."""
    found = {}
    for folder, names in _folders(root):
        for name in names:
            if is_dockerfile_name(name):
                found[posixpath.join(folder, name)] = _text(root, folder, name) or ""
    return found


def _order(service: Service) -> tuple[str, str, str]:
    return service.dockerfile, service.source, service.name


def _services(root: str) -> Iterator[Service]:
    for folder, names in _folders(root):
        for name in names:
            reader = _reader(name)
            if reader is not None:
                yield from _of_file(root, folder, name, reader, names)


def _folders(root: str) -> Iterator[tuple[str, list[str]]]:
    """Every folder by its path relative to the root, with the names of its files."""
    for number, (place, folders, names) in enumerate(os.walk(root)):
        if number >= FOLDERS_AT_MOST:
            return
        folders[:] = sorted(name for name in folders if name not in NEVER_ENTERED)
        folder = os.path.relpath(place, root).replace(os.sep, "/")
        yield ("" if folder == "." else folder), sorted(names)


def _reader(name: str) -> Reader | None:
    lower = name.lower()
    if lower.endswith((".yml", ".yaml")):
        if "compose" in lower:
            return _compose
        return _skaffold if lower.startswith("skaffold") else None
    if "bake" in lower and lower.endswith((".hcl", ".json")):
        return _bake_hcl if lower.endswith(".hcl") else _bake_json
    return None


def _compose(text: str, beside: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.compose import recipes  # noqa: PLC0415 - a YAML parser, only where there is YAML

    return recipes(text, beside)


def _skaffold(text: str, _: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.skaffold import recipes  # noqa: PLC0415

    return recipes(text)


def _bake_hcl(text: str, _: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.bake import of_hcl  # noqa: PLC0415

    return of_hcl(text)


def _bake_json(text: str, _: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.bake import of_json  # noqa: PLC0415

    return of_json(text)


def _of_file(root: str, folder: str, name: str, reader: Reader, names: list[str]) -> Iterator[Service]:
    text = _text(root, folder, name)
    if text is None:
        return
    beside = {other: _text(root, folder, other) or "" for other in _beside(name, names)} if reader is _compose else {}
    source = posixpath.join(folder, name)
    for recipe in reader(text, beside):
        service = _placed(root, folder, source, recipe)
        if service is not None:
            yield service


def _beside(name: str, names: list[str]) -> Iterator[str]:
    """The files that a compose file is read together with: settings, and below an override the main file."""
    return (one for one in (".env", *(() if name in MAIN else MAIN)) if one in names)


def _placed(root: str, folder: str, source: str, recipe: Recipe) -> Service | None:
    if (
        recipe.context is None
        or recipe.dockerfile is None
        or "://" in recipe.context
        or recipe.context.startswith("git@")
    ):
        return None
    context = _inside(posixpath.join(folder, recipe.context))
    if context is None:
        return None
    dockerfile = _inside(posixpath.join(context, recipe.dockerfile))
    if dockerfile is None or not os.path.isfile(os.path.join(root, *dockerfile.split("/"))):
        return None
    return Service(dockerfile, context, recipe.target, recipe.arguments, source, recipe.name, recipe.unknown)


def _inside(path: str) -> str | None:
    """The path without dots, None where it leaves the repository."""
    plain = posixpath.normpath(path)
    return None if plain.startswith(("../", "/")) or plain == ".." else plain


def _text(root: str, folder: str, name: str) -> str | None:
    place = os.path.join(root, *folder.split("/"), name)
    real, top = os.path.realpath(place), os.path.realpath(root).rstrip(os.sep) + os.sep
    try:
        if not real.startswith(top) or os.path.getsize(real) > TEXT_AT_MOST:
            return None
        with open(real, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None
