"""What pyproject.toml and its lockfile say of a project that uv or Poetry installs: requirements, groups, Python."""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.split.python_development import closure
from dockopt.analyses.split.python_tools import DECIDES_GROUPS, Install
from dockopt.context.manifests import pyproject
from dockopt.context.manifests.pyproject import Dependency, Pyproject
from dockopt.context.manifests.python_locks import read_lock
from dockopt.context.manifests.requirement import Requirement
from dockopt.context.tree import Context
from dockopt.knowledge.images import Image

DEVELOPMENT_GROUPS = frozenset({"dev", "development", "test", "tests", "lint", "docs", "typing"})
UNFOLLOWED = ("python-preference", "tool.uv.workspace", "python-install-mirror", "[tool.uv.pip]", "[tool.uv.sources")


class Manifest(NamedTuple):
    """One project. `direct` is what it asks for to run, `development` what only its developers need.

    `names` are the distributions that `direct` leads to, `locked` whether a lockfile says so.
    """

    project: Pyproject
    text: str
    direct: tuple[Dependency, ...]
    development: tuple[Dependency, ...]
    names: frozenset[str]
    locked: bool


def read_manifest(context: Context, path: str, install: Install, image: Image) -> Manifest:
    """The project at a context path, as one command installs it.

    Raises:
        NotSplit: it cannot be followed.
    """
    project = pyproject.read(context, path)
    problems = [*project.problems, *(f"it depends on {one} of the build context" for one in project.local)]
    if problems:
        raise NotSplit(f"{path} cannot be followed: {problems[0]}")
    text = context.read(path) or ""
    if any(mark in text for mark in UNFOLLOWED):
        raise NotSplit(f"{path} has settings of uv that are not followed")
    choice = install.choice(".".join(image.version.split(".")[:2]))
    runs = {name for name in project.groups if choice.takes(name, by_default=_is_default(install, text, name))}
    development = runs & DEVELOPMENT_GROUPS if choice.development else set()
    extras = [found for extra, found in project.optional.items() if choice.all_extras or extra in choice.extras]
    groups = [found for group, found in project.groups.items() if group in runs - development]
    direct = (*project.dependencies, *(one for found in (*extras, *groups) for one in found))
    only_runs = choice._replace(development=False, groups=choice.groups | (runs - development))
    lock = context.read(project.lockfile) if project.lockfile else None
    name = (project.lockfile or "").rpartition("/")[2]
    locked = read_lock(name, lock, text, only_runs) if lock is not None else None
    names = {one.name for one in locked or ()} | {_name(one) for one in direct}
    others = tuple(one for group in sorted(development) for one in project.groups[group])
    return Manifest(project, text, direct, others, closure(names), locked is not None)


def _is_default(install: Install, text: str, group: str) -> bool:
    """Whether a group is installed where no option names it."""
    if not install.choice("3").development:
        return False
    return install.tool == "poetry" or group == "dev" or f'"{group}"' in text.partition("default-groups")[2]


def _name(one: Dependency) -> str:
    return f"{one.name}[{one.extras[0]}]" if isinstance(one, Requirement) and one.extras else getattr(one, "name", "")


def may_leave_development(manifest: Manifest, installs: list[Install]) -> bool:
    """Whether one option would leave out what only developers need, and nothing else."""
    if not manifest.development or any(one.has(*DECIDES_GROUPS) for one in installs):
        return False
    names = set(manifest.project.groups) - {name for name, found in manifest.project.groups.items() if not found}
    plain = all(isinstance(one, Requirement) for one in manifest.development)
    return plain and names == {"dev"} and "default-groups" not in manifest.text


def check_python(context: Context, manifest: Manifest, image: Image, pin: str | None) -> None:
    """Raise NotSplit for a project that wants another Python than the image's, which uv would fetch."""
    python = ".".join(image.version.split(".")[:2])
    pinned = (context.read(pin) or "").strip() if pin else python
    if pinned != python:
        raise NotSplit(f"{pin} asks for Python {pinned}, the image's is {image.version}")
    asked = manifest.text.partition("requires-python")[2].partition("\n")[0].strip(" =\"'")
    if not _allows(asked, tuple(int(part) for part in python.split(".") if part.isdigit())):
        raise NotSplit(f"whether the image's Python meets requires-python {asked} is not known")


def _allows(specifier: str, minor: tuple[int, ...]) -> bool:
    """Whether every release of a Python version meets a specifier."""
    return len(minor) == 2 and all(_meets(part, minor) for part in specifier.replace(" ", "").split(",") if part)


def _meets(part: str, minor: tuple[int, ...]) -> bool:
    mark = part[: len(part) - len(part.lstrip("<>=~!"))]
    numbers = tuple(int(one) for one in part[len(mark) :].removesuffix(".*").split(".") if one.isdigit())
    match mark:
        case ">=":
            return numbers[:2] < minor or numbers in (minor, (*minor, 0))
        case "<":
            return minor < numbers[:2]
        case "==":
            return numbers == minor and part.endswith(".*")
        case "~=":
            return numbers[:1] == minor[:1] and numbers <= minor and len(numbers) == 2
    return False


def mounts_over(context: Context, folder: str) -> Iterator[tuple[str, str]]:
    """Compose files of the context that mount something over a folder, and where."""
    for path, text in context.compose_files.items():
        for line in text.splitlines():
            target = line.strip(" -\"'").split(":")[1:2] if line.strip().startswith("-") else []
            if target and target[0].startswith("/") and f"{folder}/".startswith(f"{target[0].rstrip('/')}/"):
                yield path, target[0]
