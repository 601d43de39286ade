"""Whether what a Python program imports comes with its own requirements, and whether it uses development tools."""

import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dockopt.context.manifests.requirement import normalised
from dockopt.context.python_source import imported_modules
from dockopt.context.tree import Context
from dockopt.knowledge.language_sizes import distributions
from dockopt.knowledge.python_modules import DEVELOPMENT, modules_of

SETTINGS = (".py", ".toml", ".cfg", ".ini", ".json", ".yml", ".yaml", ".env", ".sh", ".html", ".txt")
MANIFESTS = (
    *("pyproject.toml", "poetry.lock", "uv.lock", "setup.cfg", "tox.ini", "pytest.ini", "mypy.ini", "requirements"),
    *(".pre-commit", "Pipfile", ".coveragerc", "docker-compose", "compose", "mkdocs.", "setup.py", "noxfile"),
)
COMMON = frozenset({"build", "wheel", "black", "mock", "safety", "coverage", "responses", "docker", "invoke", "ty"})
"""Names that texts hold as words of the language."""


class Sources(NamedTuple):
    """The files of the context that are in the image and not tests, and all paths of the context."""

    context: Context
    paths: tuple[str, ...]

    def modules(self) -> frozenset[str]:
        """What Python sources import, without the standard library and modules of the context itself."""
        own = {part.removesuffix(".py") for path in self.context.files for part in path.split("/")}
        found: set[str] = set()
        for path in self.paths:
            if path.endswith(".py"):
                found |= imported_modules(self.context.read(path) or "")
        return frozenset(found - own - sys.stdlib_module_names - {"", "__future__"})

    def naming(self, name: str) -> Iterator[str]:
        """Files that import a module or name it where settings do, other than manifests."""
        for path in self.paths:
            text = self.context.read(path) or "" if _may_name(path) else ""
            if name not in text:
                continue
            if path.endswith(".py"):
                quoted = any(f"{quote}{name}{end}" in text for quote in "'\"" for end in "'\".")
                if quoted or name in imported_modules(text):
                    yield path
            elif name not in COMMON and name in _words(text):
                yield path


def closure(names: Iterable[str]) -> frozenset[str]:
    """Some distributions with all that they are known to require."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            rows = [distributions().get(name), distributions().get(name.partition("[")[0])]
            waiting += [one for row in rows if row is not None for one in row.requires]
    return frozenset(name.partition("[")[0] for name in found)


def unexplained(sources: Sources, known: Iterable[str]) -> list[str]:
    """Imported modules that none of the known distributions is seen to bring."""
    modules = {module for name in known for module in modules_of(name)}
    loose = {module.lower().replace("python", "").strip("_") for module in modules}
    return sorted(
        name for name in sources.modules() if name not in modules and name.lower().replace("python", "") not in loose
    )


def why_needed(sources: Sources, development: Iterable[str], known: Iterable[str], programs: Iterable[str]) -> str:
    """Why development packages have to stay; "" where nothing that runs uses one of them."""
    started = {normalised(name) for name in programs}
    for name in sorted(development):
        if name not in DEVELOPMENT:
            return f"it is not known what {name} is for"
        if name in started or any(normalised(module) in started for module in modules_of(name)):
            return f"{name} is started"
        if name in set(known):
            continue
        for module in modules_of(name):
            used = next(sources.naming(module), None)
            if used:
                return f"{used} names {module}"
    missing = unexplained(sources, known)
    return f"{missing[0]} is imported and may come with them" if missing else ""


def _may_name(path: str) -> bool:
    return path.endswith(SETTINGS) and not path.rpartition("/")[2].startswith(MANIFESTS)


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter == "_" else " " for letter in text).split()
