"""`pyproject.toml`: what it depends on, who builds it, and which other files a build reads because of it.

Just enough to tell what an install needs; build back ends may read more, so `reads` is a floor for a project that is
built (`pip install .`) and says nothing of its packages and modules.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.context.glob import clean, has_wildcard
from dockopt.context.manifests.requirement import Local, Repository, Requirement, normalised, parse_requirement
from dockopt.context.sources import match
from dockopt.context.tree import Context

TOOLS = ("poetry", "uv", "pdm", "hatch", "flit", "setuptools", "setuptools_scm", "rye", "pixi")
LOCKFILES = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
LICENCES = ("LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*")
Table = Mapping[str, object]
Dependency = Requirement | Local | Repository


class Pyproject(NamedTuple):
    """What one `pyproject.toml` says. `backend` is "" where pip would fall back to setuptools.

    `dependencies` hold those of the project itself, from `[project]` or from Poetry's own table; `optional` and
    `groups` map a name to its dependencies. `tools` are known `[tool.x]` tables. `reads` are files of the context
    that the metadata names. `needs_git` says that the version comes from version control.
    """

    path: str
    name: str
    version: str
    backend: str
    build_requires: tuple[Dependency, ...]
    dependencies: tuple[Dependency, ...]
    optional: Mapping[str, tuple[Dependency, ...]]
    groups: Mapping[str, tuple[Dependency, ...]]
    dynamic: tuple[str, ...]
    scripts: tuple[str, ...]
    tools: frozenset[str]
    lockfile: str | None
    local: tuple[str, ...]
    reads: tuple[str, ...]
    needs_git: bool
    problems: tuple[str, ...]


def read(context: Context, path: str = "pyproject.toml") -> Pyproject:
    """What the file at a context path says; a file that is not TOML is a problem."""
    return _Reader(context, path).project()


class _Reader:
    """Walks the tables of one file and notes what is not as it should be."""

    def __init__(self, context: Context, path: str) -> None:
        self.context = context
        self.path = path
        self.folder = path.rpartition("/")[0]
        self.problems: list[str] = []
        self.local: list[str] = []
        self.fields = self._parse()
        self.tool = _table(self.fields, "tool")

    def project(self) -> Pyproject:
        project = _table(self.fields, "project")
        system = _table(self.fields, "build-system")
        poetry = _table(self.tool, "poetry")
        dependencies = [*self._dependencies(project.get("dependencies"), "dependencies"), *self._poetry(poetry)]
        self._uv_sources()
        lockfile = next((name for name in map(self._beside, LOCKFILES) if self.context.has(name)), None)
        return Pyproject(
            path=self.path,
            name=normalised(_text(project, "name") or _text(poetry, "name")),
            version=_text(project, "version") or _text(poetry, "version"),
            backend=_text(system, "build-backend"),
            build_requires=tuple(self._dependencies(system.get("requires"), "build-system.requires")),
            dependencies=tuple(dependencies),
            optional=self._named(_table(project, "optional-dependencies")),
            groups=self._groups(poetry),
            dynamic=_texts(project.get("dynamic")),
            scripts=(*_table(project, "scripts"), *_table(project, "gui-scripts"), *_table(poetry, "scripts")),
            tools=frozenset(name for name in TOOLS if name in self.tool),
            lockfile=lockfile,
            local=tuple(dict.fromkeys(self.local)),
            reads=tuple(dict.fromkeys(self._reads(project, poetry))),
            needs_git=self._needs_git(system),
            problems=tuple(self.problems),
        )

    def _parse(self) -> Table:
        import tomllib  # noqa: PLC0415 - only where a manifest is read

        text = self.context.read(self.path)
        if text is None:
            self.problems.append(f"{self.path} is not in the build context or cannot be read")
            return {}
        try:
            return tomllib.loads(text)
        except (ValueError, RecursionError):
            self.problems.append(f"{self.path} is not TOML")
            return {}

    def _beside(self, name: str) -> str:
        return clean(f"{self.folder}/{name}" if self.folder else name)

    def _dependencies(self, value: object, place: str) -> Iterator[Dependency]:
        if value is None:
            return
        if not isinstance(value, list):
            self.problems.append(f"{self.path}: {place} is not a list")
            return
        for one in value:
            if isinstance(one, dict) and "include-group" in one:
                continue
            found = parse_requirement(one) if isinstance(one, str) else None
            if found is None:
                self.problems.append(f"{self.path}: {place}: not a requirement: {one}")
            else:
                if isinstance(found, Local):
                    self.local.append(found.path)
                yield found

    def _named(self, table: Table) -> Mapping[str, tuple[Dependency, ...]]:
        return {name: tuple(self._dependencies(value, name)) for name, value in table.items()}

    def _groups(self, poetry: Table) -> Mapping[str, tuple[Dependency, ...]]:
        groups = dict(self._named(_table(self.fields, "dependency-groups")))
        for name, group in _table(poetry, "group").items():
            if isinstance(group, dict):
                groups[name] = tuple(self._poetry(group))
        older = _table(poetry, "dev-dependencies")
        if older:
            groups.setdefault("dev", tuple(self._poetry({"dependencies": older})))
        return groups

    def _poetry(self, table: Table) -> Iterator[Dependency]:
        """Poetry's own table: a name with a version, or with a table that says where it comes from."""
        for name, value in _table(table, "dependencies").items():
            if name == "python":
                continue
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str):
                yield Requirement(normalised(name), specifier=first)
            elif isinstance(first, dict):
                yield self._poetry_entry(name, first)
            else:
                self.problems.append(f"{self.path}: tool.poetry: not a dependency: {name}")

    def _poetry_entry(self, name: str, entry: Table) -> Dependency:
        path = _text(entry, "path") or _text(entry, "file")
        if path:
            self.local.append(path)
            return Local(path, editable=bool(entry.get("develop")))
        if "git" in entry:
            return Repository(f"git+{entry['git']}", normalised(name))
        extras = tuple(sorted(_texts(entry.get("extras"))))
        return Requirement(
            normalised(name), extras, _text(entry, "version"), _text(entry, "url"), marker=_text(entry, "markers")
        )

    def _uv_sources(self) -> None:
        for source in _table(_table(self.tool, "uv"), "sources").values():
            if isinstance(source, dict) and isinstance(source.get("path"), str):
                self.local.append(source["path"])
            elif isinstance(source, dict) and source.get("workspace"):
                self.problems.append(f"{self.path}: depends on another member of its workspace")

    def _needs_git(self, system: Table) -> bool:
        names = {normalised(one.name) for one in self._quiet(system) if isinstance(one, Requirement)}
        versioning = {"setuptools-scm", "hatch-vcs", "versioneer", "pbr", "setuptools-git-versioning"}
        return bool(names & versioning) or any("dynamic-versioning" in name for name in (*self.tool, *names))

    def _quiet(self, system: Table) -> Iterator[Dependency]:
        for text in _texts(system.get("requires")):
            found = parse_requirement(text)
            if found is not None:
                yield found

    def _reads(self, project: Table, poetry: Table) -> Iterator[str]:
        if self.context.has(self.path):
            yield self.path
        named = list(self._named_files(project, poetry))
        for name in named:
            path = self._beside(name)
            if path.startswith("../") or name.startswith("/"):
                self.problems.append(f"{self.path}: {name} is outside the build context")
            elif has_wildcard(name):
                yield from match(self.context, [path])[0].files
            elif self.context.has(path):
                yield path
            else:
                self.problems.append(f"{self.path}: {name} is not in the build context")
        for pattern in LICENCES:
            yield from match(self.context, [self._beside(pattern)])[0].files
        for name in ("setup.py", "setup.cfg", "MANIFEST.in"):
            if self.context.has(self._beside(name)):
                yield self._beside(name)

    def _named_files(self, project: Table, poetry: Table) -> Iterator[str]:
        for holder, key in ((project, "readme"), (project, "license"), (poetry, "readme")):
            value = holder.get(key)
            if isinstance(value, dict):
                value = value.get("file")
            elif key == "license":
                continue
            yield from _texts([value] if isinstance(value, str) else value)
        yield from _texts(project.get("license-files"))
        dynamic = _table(_table(self.tool, "setuptools"), "dynamic")
        for entry in dynamic.values():
            value = entry.get("file") if isinstance(entry, dict) else None
            yield from _texts([value] if isinstance(value, str) else value)
        version = _text(_table(_table(self.tool, "hatch"), "version"), "path")
        if version:
            yield version


def _table(holder: Table, key: str) -> Table:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _text(holder: Table, key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
