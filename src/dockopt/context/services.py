"""Which images a repository builds, and how, as compose, bake, skaffold and CI files say.

Nothing is run. What only a variable without a default would tell is named in `unknown`, and what leads out of the
repository or to no file is left out.
"""

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from dockopt.context.names import is_compose_name, is_dockerfile_name

NEVER_ENTERED = frozenset({".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", ".venv", ".tox", ".nox"})
MAIN = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
WORKFLOWS = ".github/workflows"
FOLDERS_AT_MOST = 20_000
TEXT_AT_MOST = 512 * 1024


class Service(NamedTuple):
    """One image that is built. Paths are relative to the repository, with forward slashes; "." is the repository.

    `target` is None where the last stage is meant. `arguments` have None for a value that comes from elsewhere.
    `source` is the file that says so, `name` what it calls the service, or the image where there are no services.
    `unknown` names the fields that are not known in full: "target", "arguments".
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
    """The images of a repository, by Dockerfile and then by the file that builds it, those of CI last."""
    return tuple(sorted(set(_services(root, _folders(root))), key=_order))


def services_above(folder: str) -> tuple[str, tuple[Service, ...]]:
    """The repository around a folder, and the images that files on the way up from there build.

    Without a repository only the folder itself is looked at.
    """
    top = folder = os.path.realpath(folder)
    while not os.path.exists(os.path.join(top, ".git")):
        if os.path.dirname(top) == top:
            top = folder
            break
        top = os.path.dirname(top)
    relative = os.path.relpath(folder, top).replace(os.sep, "/")
    names = [] if relative == "." else relative.split("/")
    places = ["/".join(names[:at]) for at in range(len(names) + 1)] + [WORKFLOWS]
    folders = ((place, _names(os.path.join(top, *place.split("/")))) for place in places if _stays_in(top, place))
    return top, tuple(sorted(set(_services(top, folders)), key=_order))


def dockerfiles(root: str) -> Mapping[str, str]:
    """The texts of the Dockerfiles in a folder and below, by path; one that cannot be read has none."""
    found = {}
    for folder, names in _folders(root):
        for name in names:
            if is_dockerfile_name(name):
                found[posixpath.join(folder, name)] = _text(root, folder, name) or ""
    return found


def kind(service: Service) -> str:
    """What says that a service is built: "compose", a "build" file, or "ci", whose names are no services'."""
    folder, _, name = service.source.rpartition("/")
    reader = _reader(folder, name)
    return "compose" if reader is _compose else "ci" if reader in OF_CI else "build"


def _order(service: Service) -> tuple[str, bool, str, str, str]:
    return service.dockerfile, kind(service) == "ci", service.source, service.name, service.target or ""


def _services(root: str, folders: Iterable[tuple[str, list[str]]]) -> Iterator[Service]:
    for folder, names in folders:
        for name in names:
            reader = _reader(folder, name)
            if reader is not None:
                yield from _of_file(root, folder, name, reader, names)


def _names(place: str) -> list[str]:
    try:
        with os.scandir(place) as entries:
            return sorted(entry.name for entry in entries if entry.is_file())
    except OSError:
        return []


def _folders(root: str) -> Iterator[tuple[str, list[str]]]:
    """Every folder by its path relative to the root, with the names of its files."""
    waiting = [""]
    number = 0
    while waiting and number < FOLDERS_AT_MOST:
        folder = waiting.pop()
        found = _scanned(os.path.join(root, *folder.split("/")))
        if found is not None:
            number += 1
            names, folders = found
            waiting.extend(posixpath.join(folder, name) for name in reversed(folders))
            yield folder, names


def _scanned(place: str) -> tuple[list[str], list[str]] | None:
    """The names of files and of folders to enter, both sorted; None for a folder that cannot be read."""
    names, folders = [], []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if not _is_folder(entry):
                    names.append(entry.name)
                elif entry.name not in NEVER_ENTERED and not entry.is_symlink():
                    folders.append(entry.name)
    except OSError:
        return None
    return sorted(names), sorted(folders)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _reader(folder: str, name: str) -> Reader | None:
    lower = name.lower()
    if lower.endswith((".yml", ".yaml")):
        if f"/{folder}".endswith(f"/{WORKFLOWS}"):
            return _workflow
        if is_compose_name(name):
            return _compose
        if lower.startswith("cloudbuild"):
            return _cloud_build
        if lower in (".gitlab-ci.yml", ".gitlab-ci.yaml"):
            return _gitlab
        return _skaffold if lower.startswith("skaffold") else None
    if "bake" in lower and lower.endswith((".hcl", ".json")):
        return _bake_hcl if lower.endswith(".hcl") else _bake_json
    if lower.startswith("jenkinsfile"):
        return _jenkinsfile
    return _makefile if lower in ("makefile", "gnumakefile") or lower.endswith(".mk") else None


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


def _workflow(text: str, _: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.ci import of_workflow  # noqa: PLC0415

    return of_workflow(text)


def _gitlab(text: str, _: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.ci import of_gitlab  # noqa: PLC0415

    return of_gitlab(text)


def _cloud_build(text: str, _: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.ci import of_cloud_build  # noqa: PLC0415

    return of_cloud_build(text)


def _jenkinsfile(text: str, _: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.ci import of_jenkinsfile  # noqa: PLC0415

    return of_jenkinsfile(text)


def _makefile(text: str, _: Mapping[str, str]) -> Iterator[Recipe]:
    from dockopt.context.ci import of_makefile  # noqa: PLC0415

    return of_makefile(text)


OF_CI: frozenset[Reader | None] = frozenset({_workflow, _gitlab, _cloud_build, _jenkinsfile, _makefile})
"""What they call an image is no service's name where another file has one."""


def _of_file(root: str, folder: str, name: str, reader: Reader, names: list[str]) -> Iterator[Service]:
    text = _text(root, folder, name)
    if text is None:
        return
    beside = {other: _text(root, folder, other) or "" for other in _beside(name, names)} if reader is _compose else {}
    source = posixpath.join(folder, name)
    for recipe in reader(text, beside):
        found = {_placed(root, base, source, recipe) for base in _bases(folder, reader)} - {None}
        if len(found) == 1:  # two places to start from may be two Dockerfiles
            yield from (one for one in found if one is not None)


def _bases(folder: str, reader: Reader) -> tuple[str, ...]:
    """The folders that paths of a file may start in."""
    if reader is _workflow:
        return (folder.removesuffix(WORKFLOWS).rstrip("/"),)
    return (folder, "") if reader in (_cloud_build, _jenkinsfile) else (folder,)


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


def _stays_in(root: str, path: str) -> bool:
    """Whether a path below the repository is in it once links are followed."""
    if not path:
        return True
    real, top = os.path.realpath(os.path.join(root, *path.split("/"))), os.path.realpath(root)
    return real.startswith(top.rstrip(os.sep) + os.sep)


def _text(root: str, folder: str, name: str) -> str | None:
    """The text of a file in a folder that is no link and lies below none; the file may be one that stays in."""
    place = os.path.join(root, *folder.split("/"), name)
    try:
        if os.path.islink(place) and not _stays_in(root, posixpath.join(folder, name)):
            return None
        if os.path.getsize(place) > TEXT_AT_MOST:
            return None
        with open(place, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None
