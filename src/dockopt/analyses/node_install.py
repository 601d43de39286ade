"""What installs of npm, Yarn, pnpm and bun read of the copied files: manifests, lockfile, settings.

Scripts, local packages and patches are obstacles: what they read is not known.
"""

from typing import NamedTuple

from dockopt.analyses.install_needs import NOTHING, Ahead, Needs, Place, above, beside, blocked
from dockopt.analyses.node_workspace import Workspace, pnpm_settings_obstacle, workspace
from dockopt.analyses.yarn_berry import berry_fills, berry_obstacle, berry_reads
from dockopt.context.manifests.lockfile import LockedPackage, read_lockfile
from dockopt.context.manifests.package_json import NodeProject
from dockopt.context.manifests.package_json import read as read_project
from dockopt.knowledge.install_scripts import PROJECT_READERS
from dockopt.knowledge.node_managers import HARMLESS_VARIABLES, MANAGERS, PNPM, PREFIXES, YARN, Manager
from dockopt.model.commands import Call
from dockopt.shell.tree import Word

CLEAN_INSTALLS = frozenset({"ci", "clean-install", "install-clean", "fetch"})
"""They install what the lockfile says and keep it; `pnpm fetch` only brings the packages to its store."""
PLAIN_NODE_OPTIONS = (
    "--max-old-space-size=",
    "--max_old_space_size=",
    "--openssl-legacy-provider",
    "--dns-result-order=",
)
PRODUCTION = frozenset({"--prod", "-P", "--production"})
KEPT_BY_FETCH = frozenset({"--frozen-lockfile", "-r", "--recursive", "--prefer-offline"})
FETCHED_VERSIONS = tuple(
    f"lockfileVersion: {quote}{one}{quote}\n" for one in ("6.0", "9.0") for quote in ("'", '"', "")
)
FETCH_MARKS = ("patchedDependencies", "pnpmfileChecksum:", "shared-workspace-lockfile")
PROJECT_SCRIPTS = frozenset({"dependencies", "pnpm:devPreinstall"})
LOCAL_MARKS = ('"file:', '"link:', '"portal:', '"workspace:', '"patch:', '"installConfig"')


class Asked(NamedTuple):
    """The words of a command, taken apart."""

    subcommand: str | None
    options: frozenset[str]
    folder: str | None
    operands: tuple[Word, ...]
    obstacle: str = ""
    location: str = ""
    """Which of npm's settings are meant, where the command says so."""


def node_needs(call: Call, place: Place) -> Needs:
    """The needs of an npm, yarn or pnpm command."""
    name = call.name or ""
    manager = MANAGERS[name]
    asked = _asked(call, manager)
    if asked.subcommand not in manager.installs:
        return _other(name, asked, manager, place)
    if asked.obstacle:
        return blocked(f"{name}: {asked.obstacle}")
    if asked.options & {"-g", "--global"}:
        return _global(name, asked)
    if asked.operands:
        return blocked(f"{name} {asked.subcommand} {asked.operands[0].text} changes package.json")
    folder = place.path(asked.folder) if asked.folder else place.folder
    if folder is None:
        return blocked(f"the folder that {name} runs in is not known")
    return _Project(manager, asked, place, folder).needs()


def pnpm_ahead(call: Call, place: Place) -> Ahead | None:
    """`pnpm fetch`, which brings what the lockfile lists without a look at the members of a workspace."""
    asked = _asked(call, PNPM)
    other = asked.options - KEPT_BY_FETCH - PRODUCTION
    if asked.subcommand not in ("install", "i") or asked.operands or asked.folder or asked.obstacle or other:
        return None
    command = "pnpm fetch --prod" if asked.options & PRODUCTION else "pnpm fetch"
    return Ahead(_Project(PNPM, asked, place, place.folder).fetched(), instead=command) if place.folder else None


def _asked(call: Call, manager: Manager) -> Asked:
    operands: list[Word] = []
    options: set[str] = set()
    folder, obstacle, location = None, "", ""
    words = iter(call.arguments)
    for word in words:
        name, equals, value = (word.value or word.text).partition("=")
        if not name.startswith("-"):
            operands.append(word)
            continue
        options.add(name)
        if name in manager.folder_options | manager.valued and not equals:
            following = next(words, None)
            value = (following.value if following else None) or "$"
        location = value if name in ("--location", "-L") else location
        if name in manager.folder_options:
            folder = value
            obstacle = obstacle or ("the folder is not known" if "$" in value else "")
        elif name not in manager.valued | manager.plain:
            obstacle = obstacle or f"the option {name} may read the copied files"
    first = operands.pop(0) if operands else None
    return Asked(first.value if first else None, frozenset(options), folder, tuple(operands), obstacle, location)


def _other(name: str, asked: Asked, manager: Manager, place: Place) -> Needs:
    if name == "yarn" and asked.subcommand == "global" and asked.operands:
        return _global(name, asked._replace(operands=asked.operands[1:]))
    if name in ("pnpm", "bun") and asked.subcommand == "add" and asked.options <= {"-g", "--global"} and asked.options:
        return _global(name, asked)
    words = [word.value or word.text for word in asked.operands]
    changed = _changes(name, asked, words)
    if changed:
        path = place.path(changed)
        return Needs(fills=(path,)) if path else blocked(f"the folder that {name} runs in is not known")
    if any(place.files.any_below(place.path(word.rpartition("=")[2]) or "/") for word in words):
        return blocked(f"{name} {asked.subcommand} names a copied file")
    if asked.subcommand in manager.harmless and (asked.subcommand is not None or asked.options <= {"-v", "--version"}):
        return NOTHING
    return blocked(f"{name} {asked.subcommand or ''} may read the copied files".replace("  ", " "))


def _changes(name: str, asked: Asked, words: list[str]) -> str:
    """The file of the project that a command changes though it installs nothing."""
    if asked.subcommand == "version" and words:
        return "package.json"
    if asked.subcommand == "pm" and words[:1] not in (["cache"], ["ls"], ["bin"], ["hash"]):
        return "package.json"
    if asked.subcommand in ("config", "set") and name == "yarn" and words[:1] == ["set"]:
        return "" if asked.options & {"-H", "--home"} else ".yarnrc.yml"
    if asked.subcommand in ("config", "set") and "project" in (asked.location, *words):
        return ".npmrc"
    return ""


def _global(name: str, asked: Asked) -> Needs:
    for word in asked.operands:
        value = word.value
        if value is None or value.startswith((".", "/", "~", "file:")) or value.endswith((".tgz", ".tar.gz")):
            return blocked(f"{name} installs {word.text}, which may be a copied file")
    return Needs(installs=True) if asked.operands else blocked(f"{name} installs the copied files")


class _Project:
    """An install of the project in one folder of the image."""

    def __init__(self, manager: Manager, asked: Asked, place: Place, folder: str) -> None:
        self.manager = manager
        self.asked = asked
        self.place = place
        self.files = place.files
        self.folder = folder
        self.workspace = Workspace()
        self.berry = manager is YARN and beside(folder, ".yarnrc.yml") in self.files.places

    def needs(self) -> Needs:
        manifest = self.files.at(beside(self.folder, "package.json"))
        if manifest is None:
            return blocked(f"no package.json is copied to {self.folder}")
        source = manifest.rpartition("/")[0]
        project = self.files.context.once(read_project, source)
        other = project.manager.startswith("yarn@") and not project.manager.startswith("yarn@1")
        self.berry = self.berry or (self.manager is YARN and other)
        if project.workspaces:
            runs = "--ignore-scripts" not in self.asked.options
            self.workspace = workspace(project, self.folder, self.place, scripts=runs)
        lockfiles = self._lockfiles()
        obstacle = self._obstacle(project, source, lockfiles)
        if obstacle:
            return blocked(obstacle)
        reads = (beside(self.folder, "package.json"), *lockfiles, *self._settings(), *self.workspace.reads)
        fills = (beside(self.folder, "node_modules"), *self.workspace.fills)
        if self.berry:
            reads, fills = (*reads, *berry_reads(self.place, self.folder)), (*fills, *berry_fills(self.folder))
        rewrites = tuple(path for path in lockfiles if self._may_rewrite(project, path))
        return Needs(reads, fills, rewrites, installs=True)

    def fetched(self) -> Needs:
        """What `pnpm fetch` reads: the lockfile and settings, and which pnpm the manifest asks for."""
        manifest, lockfile = beside(self.folder, "package.json"), beside(self.folder, "pnpm-lock.yaml")
        source = self.files.at(manifest)
        text = self.files.text(lockfile) or ""
        if source is None or not text.startswith(FETCHED_VERSIONS):
            return blocked("no lockfile of pnpm 8 or later is copied beside package.json")
        marks = [mark for mark in FETCH_MARKS if mark in text or mark in (self.files.text(manifest) or "")]
        if marks or "NODE_ENV" in self.place.environment:
            return blocked(f"pnpm fetch may read more than the lockfile ({(*marks, 'NODE_ENV')[0].strip(':')})")
        project = self.files.context.once(read_project, source.rpartition("/")[0])
        packages, problems = read_lockfile(self.files.context, self.files.places[lockfile])
        local = "the lockfile takes packages from the build context"
        obstacle = (
            next(iter((*project.problems, *problems)), "")
            or self._of_layout(source.rpartition("/")[0], (lockfile,))
            or self._of_settings()
            or (local if "file:" in text or any(one.is_local for one in packages) else "")
            or self._of_packages(project, packages)
        )
        if obstacle:
            return blocked(obstacle)
        return Needs((manifest, lockfile, *self._settings()), (beside(self.folder, "node_modules"),), installs=True)

    def _lockfiles(self) -> tuple[str, ...]:
        """The first one that counts; npm also follows, and keeps, a yarn.lock beside its own."""
        paths = (beside(self.folder, name) for name in self.manager.lockfiles)
        present = [path for path in paths if path in self.files.places]
        also = [path for path in present[1:] if path.endswith("/yarn.lock")]
        return (*present[:1], *also)

    def _settings(self) -> list[str]:
        folders = (self.folder, *above(self.folder)) if self.manager is YARN else (self.folder,)
        paths = [beside(folder, name) for folder in folders for name in self.manager.settings]
        return [path for path in paths if path in self.files.places]

    def _obstacle(self, project: NodeProject, source: str, lockfiles: tuple[str, ...]) -> str:
        return (
            self.workspace.obstacle
            or (berry_obstacle(self.place, self.folder) if self.berry else "")
            or self._of_project(project)
            or self._of_layout(source, lockfiles)
            or self._of_settings()
            or self._of_scripts(project, lockfiles)
        )

    def _of_project(self, project: NodeProject) -> str:
        text = self.files.text(beside(self.folder, "package.json")) or ""
        if project.problems:
            return project.problems[0]
        marks = [mark for mark in LOCAL_MARKS if mark != '"workspace:' or not project.members]
        local = [one for one in project.local if not (one.is_workspace and project.members)]
        if local or any(mark in text for mark in marks):
            return "package.json takes packages from the build context"
        if project.patches or "patchedDependencies" in text:
            return "packages are patched with files of the build context"
        return ""

    def _of_layout(self, source: str, lockfiles: tuple[str, ...]) -> str:
        found = [beside(self.folder, name) for name in self.manager.foreign]
        for path in found:
            if path in self.files.places and not (self.berry and path.endswith(".yarnrc.yml")):
                return f"{path} belongs to another version or to a workspace"
        steering = beside(self.folder, "pnpm-workspace.yaml")
        if self.manager is PNPM and steering in self.files.places:
            obstacle = pnpm_settings_obstacle(self.files.text(steering))
            if obstacle:
                return obstacle
        for folder in above(self.folder):
            if '"workspaces"' in (self.files.text(beside(folder, "package.json")) or ""):
                return f"{folder} has workspaces"
        if not lockfiles and self.asked.subcommand in CLEAN_INSTALLS:
            return f"no lockfile is copied to {self.folder}"
        for path in (*lockfiles, *self._settings()):
            place = self.files.at(path)
            if place is None:
                return f"{path} is a link"
            if path.rpartition("/")[0] == self.folder.rstrip("/") and place.rpartition("/")[0] != source:
                return f"{path} does not stand beside package.json in the build context"
        return ""

    def _of_settings(self) -> str:
        for path in self._settings():
            if path.endswith("pnpm-workspace.yaml"):
                continue
            for line in (self.files.text(path) or "").splitlines():
                name, _, value = line.replace(" ", "=", 1).partition("=")
                if line.lstrip().startswith(("#", ";", "//")) or path.endswith(".yarnclean"):
                    continue
                value = value.strip().strip("\"'=[ ").strip()
                if value.startswith((".", "/", "~")) or "node-options" in name or "offline-mirror" in name:
                    return f"{path} may name a copied file: {name.strip()}"
                if value and self.files.any_below(beside(self.folder, value)):
                    return f"{path} names a copied file: {value}"
        for name in self.place.environment:
            upper = name.upper()
            if upper.startswith(PREFIXES) and upper not in HARMLESS_VARIABLES:
                return f"{name} may name a copied file"
        options = self.place.environment.get("NODE_OPTIONS", "")
        plain = options is not None and all(one.startswith(PLAIN_NODE_OPTIONS) for one in options.split())
        return "" if plain else "NODE_OPTIONS may name a copied file"

    def _of_scripts(self, project: NodeProject, lockfiles: tuple[str, ...]) -> str:
        packages: tuple[LockedPackage, ...] = ()
        for path in lockfiles:
            found, problems = read_lockfile(self.files.context, self.files.places[path])
            if problems:
                return problems[0]
            packages += found
        links = {link for name in self.workspace.links for link in (name, f"file:{name}")}
        if any(one.is_local and one.resolved not in links for one in packages):
            return "the lockfile takes packages from the build context"
        if "--ignore-scripts" in self.asked.options:
            return ""
        scripts = [*project.install_scripts, *sorted(PROJECT_SCRIPTS & set(project.scripts))]
        if scripts:
            return f"package.json runs {scripts[0]} on install"
        return self._of_packages(project, packages)

    def _of_packages(self, project: NodeProject, packages: tuple[LockedPackage, ...]) -> str:
        quiet = {one.name for one in packages if one.has_install_script is False}
        names = {one.name for one in packages} | {one.name for one in project.dependencies}
        for name in sorted((names - quiet) & PROJECT_READERS.keys()):
            marks = PROJECT_READERS[name].reads
            if any(mark in path for path in self.files.places for mark in marks):
                return f"{name} looks at the sources when it is installed"
        return ""

    def _may_rewrite(self, project: NodeProject, lockfile: str) -> bool:
        """Whether the install may bring the lockfile up to date."""
        if self.asked.subcommand in CLEAN_INSTALLS or self.asked.options & self.manager.frozen:
            return False
        text = self.files.text(lockfile) or ""
        if lockfile.endswith("/yarn.lock"):
            return not all(
                f"{one.name}@{one.spec}" in text for one in project.dependencies if one.kind != "peerDependencies"
            )
        return self.manager is PNPM or not _agrees(project, text)


def _agrees(project: NodeProject, text: str) -> bool:
    """Whether npm's lockfile was written for these dependencies, in a format that npm keeps."""
    import json  # noqa: PLC0415 - only where a lockfile is read

    try:
        root = json.loads(text)["packages"][""]
    except (ValueError, KeyError, TypeError):
        return False
    kinds = ("dependencies", "devDependencies", "optionalDependencies")
    wanted = {kind: {one.name: one.spec for one in project.of_kind(kind)} for kind in kinds}
    return all(dict(root.get(kind) or {}) == specs for kind, specs in wanted.items())
