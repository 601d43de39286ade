"""Which distributions a Python command asks for: names on the command line, requirements files, pyproject.toml."""

from collections.abc import Iterable

from dockopt.context.manifests.markers import holds
from dockopt.context.manifests.python_locks import Wanted
from dockopt.estimate.languages.manifests import context_path, text_at
from dockopt.estimate.work import Work

PYTHON = "3.12"


def python_version(work: Work) -> str:
    """The version of Python that the base image brings, as `3.12`."""
    image = work.contents.image
    parts = image.version.split(".") if image is not None and image.family == "python" else []
    return ".".join(parts[:2]) if len(parts) >= 2 and all(part.isdigit() for part in parts[:2]) else PYTHON


def requirements(work: Work, file: str) -> list[Wanted] | None:
    """What a requirements file of the context asks for by name, None where it cannot be read."""
    path = context_path(work, file)
    if path is None or work.context is None:
        return None
    from dockopt.context.manifests.requirements import read as read_requirements  # noqa: PLC0415 - where one is read

    version = python_version(work)
    found = work.context.once(read_requirements, path)
    return [
        wanted
        for one in found.requirements
        if one.name and holds(one.marker, version)
        for wanted in with_extras(one.name, one.extras, pinned(one.specifier))
    ]


def project_names(work: Work, extras: Iterable[str] = ()) -> list[Wanted] | None:
    """Dependencies of the project in the context, as its pyproject.toml states them; None where that is not known."""
    path = context_path(work, "pyproject.toml")
    if path is None or work.context is None:
        return None
    from dockopt.context.manifests.pyproject import read as read_project  # noqa: PLC0415 - where one is read
    from dockopt.context.manifests.requirement import Requirement  # noqa: PLC0415

    project = work.context.once(read_project, path)
    if project.problems and not project.dependencies:
        return None
    version = python_version(work)
    asked = [*project.dependencies, *(one for extra in extras for one in project.optional.get(extra, ()))]
    return [
        wanted
        for one in asked
        if isinstance(one, Requirement) and holds(one.marker, version)
        for wanted in with_extras(one.name, one.extras, pinned(one.specifier))
    ]


def project_text(work: Work) -> str:
    return text_at(work, "pyproject.toml") or ""


def requirement_names(text: str) -> list[Wanted]:
    """What a requirement on the command line asks for, and one entry for each extra; none where it is not plain."""
    if text.startswith((".", "/", "-", "$")) or "/" in text.partition("@")[0] or text.endswith((".whl", ".gz", ".zip")):
        return []
    end = next((at for at, character in enumerate(text) if not (character.isalnum() or character in "._-")), len(text))
    name = text[:end].lower().replace("_", "-").replace(".", "-")
    rest = text[end:].lstrip()
    extras: list[str] = []
    if rest.startswith("["):
        listed, _, rest = rest[1:].partition("]")
        extras = [extra.strip() for extra in listed.split(",")]
    return with_extras(name, extras, pinned(rest.replace(" ", ""))) if name else []


def with_extras(name: str, extras: Iterable[str], version: str = "") -> list[Wanted]:
    return [Wanted(name, version), *(Wanted(f"{name}[{extra}]") for extra in extras if extra)]


def pinned(specifier: str) -> str:
    """The version in `==1.2`, "" for any other specifier."""
    version = specifier.removeprefix("===").removeprefix("==")
    return version if version != specifier and not any(mark in version for mark in "*,;$ ") else ""
