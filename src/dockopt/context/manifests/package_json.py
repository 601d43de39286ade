"""A Node project: `package.json`, the lockfile beside it, and the other files that an install reads.

The commands of scripts are kept as text; nothing is resolved, and no package is looked at beyond the lockfile.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.context.glob import clean, to_regex
from dockopt.context.manifests.lockfile import LockedPackage, read_lockfile
from dockopt.context.tree import Context

KINDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
INSTALL_SCRIPTS = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")
LOCKFILES = ("npm-shrinkwrap.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")
SETTINGS = (
    *(".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", ".pnpmfile.mjs", "pnpm-workspace.yaml", "bunfig.toml"),
    *("lerna.json", "rush.json", ".pnp.cjs", ".pnp.js", ".pnp.loader.mjs", ".node-version", ".nvmrc", ".meteor"),
)
LOCAL = ("file:", "link:", "portal:", "./", "../", "/", "~/")
ARCHIVES = (".tgz", ".tar.gz", ".tar")
HOSTED = ("github:", "gitlab:", "bitbucket:", "gist:", "git@", "git:", "git+", "ssh:")


class Dependency(NamedTuple):
    """One entry of a dependency table: `kind` is the table's name, `spec` as written."""

    name: str
    spec: str
    kind: str

    @property
    def path(self) -> str | None:
        """The folder or archive that a local dependency names, relative to the project; None for any other."""
        for mark in ("file:", "link:", "portal:", "git+file:"):
            if self.spec.startswith(mark):
                return clean(self.spec.removeprefix(mark))
        local = self.spec.startswith(LOCAL) or (self.spec.endswith(ARCHIVES) and ":" not in self.spec)
        return clean(self.spec) if local else None

    @property
    def is_workspace(self) -> bool:
        return self.spec.startswith("workspace:")

    @property
    def is_git(self) -> bool:
        """Whether git or a hosting service is asked for it, as in `git+https://…` and `user/repository`."""
        if self.spec.startswith(HOSTED):
            return True
        if self.spec.startswith(("http://", "https://")):
            return self.spec.partition("#")[0].endswith(".git")
        owner, slash, rest = self.spec.partition("/")
        return bool(slash and rest) and ":" not in owner and not owner.startswith(("@", ".", "~")) and owner != ""


class NodeProject(NamedTuple):
    """What one `package.json` and its neighbours say. Paths are context paths; `folder` is "" at the root.

    `install_scripts` are those npm runs for the project itself on `npm install` and `npm ci`, in order, with the
    implicit `install` where there is a `binding.gyp`. `members` are the folders that the `workspaces` patterns find.
    `patches` are files that change packages after they are fetched. `reads` are all files of the context that an
    install needs without running a script. `packages` come from the lockfile, empty where `lockfile` is of a kind
    that is not read; `manager` is the `packageManager` field.
    """

    folder: str
    name: str
    version: str
    type: str
    dependencies: tuple[Dependency, ...]
    scripts: Mapping[str, str]
    install_scripts: tuple[str, ...]
    engines: Mapping[str, str]
    manager: str
    main: str
    binaries: tuple[str, ...]
    workspaces: tuple[str, ...]
    members: tuple[str, ...]
    lockfile: str | None
    npmrc: str | None
    settings: tuple[str, ...]
    patches: tuple[str, ...]
    packages: tuple[LockedPackage, ...]
    reads: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def local(self) -> tuple[Dependency, ...]:
        """Dependencies that come from a folder or archive beside the project, or from a workspace."""
        return tuple(one for one in self.dependencies if one.path is not None or one.is_workspace)

    @property
    def git(self) -> tuple[Dependency, ...]:
        return tuple(one for one in self.dependencies if one.is_git)

    def of_kind(self, kind: str) -> tuple[Dependency, ...]:
        return tuple(one for one in self.dependencies if one.kind == kind)


def read(context: Context, folder: str = "") -> NodeProject:
    """The project in a folder of the context. Whatever is absent or not as it should be is in `problems`."""
    return _Reader(context, folder).project()


class _Reader:
    """Reads the fields of one manifest and notes those that are not what they should be."""

    def __init__(self, context: Context, folder: str) -> None:
        self.context = context
        self.folder = "" if clean(folder) == "." else clean(folder)
        self.path = self._beside("package.json")
        self.problems: list[str] = []
        self.fields = self._fields()

    def project(self) -> NodeProject:
        scripts = self._texts("scripts")
        dependencies = tuple(self._dependencies())
        workspaces = self._workspaces()
        members = tuple(self._members(workspaces))
        lockfile = next((self._beside(name) for name in LOCKFILES if self.context.has(self._beside(name))), None)
        settings = tuple(self._settings())
        patches = tuple(self._patches(dependencies))
        packages, problems = read_lockfile(self.context, lockfile) if lockfile else ((), ())
        self.problems.extend(problems)
        engines = self._texts("engines")
        npmrc = self._beside(".npmrc")
        present = [path for path in (self.path, lockfile) if path is not None and self.context.has(path)]
        return NodeProject(
            folder=self.folder,
            name=self._text("name"),
            version=self._text("version"),
            type=self._text("type"),
            dependencies=dependencies,
            scripts=scripts,
            install_scripts=self._install_scripts(scripts),
            engines=engines,
            manager=self._text("packageManager"),
            main=self._text("main"),
            binaries=self._binaries(),
            workspaces=workspaces,
            members=members,
            lockfile=lockfile,
            npmrc=npmrc if self.context.has(npmrc) else None,
            settings=settings,
            patches=patches,
            packages=packages,
            reads=tuple(dict.fromkeys((*present, *settings, *patches, *self._local_reads(dependencies, members)))),
            problems=tuple(self.problems),
        )

    def _beside(self, name: str) -> str:
        return f"{self.folder}/{name}" if self.folder else name

    def _fields(self) -> Mapping[str, object]:
        import json  # noqa: PLC0415 - only where a manifest is read

        text = self.context.read(self.path)
        if text is None:
            self.problems.append(f"{self.path} is not in the build context or cannot be read")
            return {}
        try:
            fields = json.loads(text.removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            fields = None
        if isinstance(fields, dict):
            return fields
        self.problems.append(f"{self.path} is not a JSON object")
        return {}

    def _text(self, name: str) -> str:
        value = self.fields.get(name, "")
        if isinstance(value, str):
            return value
        self.problems.append(f"{self.path}: {name} is not a text")
        return ""

    def _texts(self, name: str) -> Mapping[str, str]:
        value = self.fields.get(name, {})
        if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            return value
        if value not in (None, []):
            self.problems.append(f"{self.path}: {name} is not a table of texts")
        return {}

    def _dependencies(self) -> Iterator[Dependency]:
        for kind in KINDS:
            for name, spec in self._texts(kind).items():
                yield Dependency(name, spec.strip(), kind)

    def _binaries(self) -> tuple[str, ...]:
        value = self.fields.get("bin", {})
        if isinstance(value, str):
            return (value,)
        return tuple(self._texts("bin").values())

    def _install_scripts(self, scripts: Mapping[str, str]) -> tuple[str, ...]:
        """`node-gyp rebuild` runs by itself where there is a binding.gyp and neither preinstall nor install."""
        named = {name for name in INSTALL_SCRIPTS if scripts.get(name, "").strip()}
        if self.context.has(self._beside("binding.gyp")) and not named & {"preinstall", "install"}:
            named.add("install")
        return tuple(name for name in INSTALL_SCRIPTS if name in named)

    def _workspaces(self) -> tuple[str, ...]:
        value = self.fields.get("workspaces") or []
        if isinstance(value, dict):
            value = value.get("packages") or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.problems.append(f"{self.path}: workspaces is not a list of patterns")
            return ()
        text = self.context.read(self._beside("pnpm-workspace.yaml"))
        return (*value, *(_yaml_list(text, "packages") if text is not None else ()))

    def _members(self, patterns: tuple[str, ...]) -> Iterator[str]:
        import re  # noqa: PLC0415

        wanted = [_folder_regex(pattern) for pattern in patterns if not pattern.startswith("!")]
        if None in wanted:
            self.problems.append(f"{self.path}: a workspace pattern cannot be read")
        fits = [re.compile(regex).fullmatch for regex in wanted if regex is not None]
        if not fits:
            return
        for file in self.context.under(self.folder):
            folder, _, name = file.path.rpartition("/")
            inner = folder[len(self.folder) + 1 :] if self.folder else folder
            if name == "package.json" and "node_modules" not in folder and any(fit(inner) for fit in fits):
                yield folder

    def _settings(self) -> Iterator[str]:
        yield from (self._beside(name) for name in SETTINGS if self.context.has(self._beside(name)))
        if self.context.has(self._beside(".yarnrc.yml")) or self.context.has(self._beside(".yarnrc")):
            for name in (".yarn/releases", ".yarn/plugins"):
                yield from (file.path for file in self.context.under(self._beside(name)))

    def _patches(self, dependencies: tuple[Dependency, ...]) -> Iterator[str]:
        named = [*self._patched("pnpm"), *self._patched(None)]
        yield from (self._beside(clean(path)) for path in named)
        uses_patch_package = any(one.name in ("patch-package", "custom-patch-package") for one in dependencies)
        folders = ["patches"] if uses_patch_package else []
        resolutions = self.fields.get("resolutions")
        specs = [one.spec for one in dependencies]
        specs += [str(spec) for spec in resolutions.values()] if isinstance(resolutions, dict) else []
        if any(spec.startswith("patch:") for spec in specs):
            folders.append(".yarn/patches")
        for folder in folders:
            yield from (file.path for file in self.context.under(self._beside(folder)))

    def _patched(self, section: str | None) -> Iterator[str]:
        """Paths under `patchedDependencies`, of the manifest or of a section of it."""
        holder = self.fields.get(section, {}) if section else self.fields
        table = holder.get("patchedDependencies", {}) if isinstance(holder, dict | Mapping) else {}
        if isinstance(table, dict) and all(isinstance(path, str) for path in table.values()):
            yield from table.values()
        else:
            self.problems.append(f"{self.path}: patchedDependencies is not a table of paths")

    def _local_reads(self, dependencies: tuple[Dependency, ...], members: tuple[str, ...]) -> Iterator[str]:
        """Manifests of members, archives, and every file of a local dependency's folder: it is packed or linked."""
        yield from (f"{folder}/package.json" for folder in members)
        for one in dependencies:
            if one.path is None:
                continue
            path = clean(self._beside(one.path))
            if one.path.startswith(("/", "~")) or path.split("/")[0] == "..":
                self.problems.append(f"{self.path}: {one.name} is outside the build context")
            elif self.context.has(path):
                yield path
            elif self.context.is_folder(path):
                yield from (file.path for file in self.context.under(path) if "/node_modules/" not in file.path)
            else:
                self.problems.append(f"{self.path}: {one.path} ({one.name}) is not in the build context")


def _folder_regex(pattern: str) -> str | None:
    """A workspace pattern as a regular expression over folders: Go's rules, and `**` for any depth."""
    parts = [r"(?:[^/]+/)*[^/]+" if one == "**" else to_regex(one) for one in clean(pattern.lstrip("/")).split("/")]
    texts = [part for part in parts if part is not None]
    return "/".join(texts) if len(texts) == len(parts) and "{" not in pattern else None


def _yaml_list(text: str, key: str) -> Iterator[str]:
    """The plain list under a top-level key of a YAML file."""
    inside = False
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace() and not line.startswith("-"):
            inside = line.partition(":")[0].strip() == key
        elif inside and line.strip().startswith("-"):
            yield line.strip()[1:].partition(" #")[0].strip().strip("'\"")
