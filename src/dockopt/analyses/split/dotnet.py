"""Programs published with the SDK of .NET, run on the ASP.NET or runtime image that the SDK's image is built on."""

from collections.abc import Iterator, Mapping

from dockopt.analyses.split.compiled import DATA_AT_MOST, PROJECT_FILES, Compiled
from dockopt.analyses.split.dotnet_publish import HARMLESS, PROJECTS, Published, action, published
from dockopt.analyses.split.needs import (
    Program,
    found_script,
    image_files,
    landing,
    of_shell,
    start_programs,
)
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.context.foreign_calls import CSHARP, scan
from dockopt.fixes import Evidence, Leaves, Strength
from dockopt.knowledge.dotnet_images import BEYOND_RUNTIME, SDK_COMMANDS, UNSETS_ADDRESSES, DotnetTag, runtime_tag
from dockopt.knowledge.dotnet_packages import WITHOUT_ASPNET, needed_by
from dockopt.knowledge.images import Image, describe
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage
from dockopt.model.state import joined

SOURCES = (".cs", ".fs", ".vb", ".cshtml", ".razor")
LEAVES = Leaves(
    names=(
        *("*.cs", "*.fs", "*.vb", "*.cshtml", "*.razor", "*.razor.css", "*.resx", "*.csproj", "*.fsproj", "*.vbproj"),
        *("*.sln", "*.slnx", "*.props", "*.targets", "*.ruleset", "*.user", "*.DotSettings", "launchSettings.json"),
        *("nuget.config", "NuGet.config", "NuGet.Config", "global.json", "packages.lock.json", *PROJECT_FILES),
    ),
    folders=(".git", ".github", ".vscode", ".vs", ".idea", ".circleci", ".config"),
    manifests=PROJECTS,
)
CACHES = ("/root/.nuget", "/root/.dotnet", "/root/.local/share/NuGet", "/tmp/NuGetScratch")  # noqa: S108 - in the image
KERBEROS = ("Integrated Security", "Trusted_Connection", "LdapConnection", "DirectoryEntry", "NegotiateStream")
NEEDS_SDK = ("MSBuildLocator", "AddRazorRuntimeCompilation")
SETTINGS = (".json", ".config", ".xml", ".yml", ".yaml")


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on the SDK's image, None where it is not one or has nothing to do with .NET.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "dotnet" or not image.repository.endswith("/sdk"):
        return None
    runs = [run for run in stage.runs if not run.opaque]
    builds = [run for run in runs if any(action(call) == "publish" for call in run.calls)]
    if not builds:
        for program in start_programs(file, stage):
            _check_sdk(program)
        if any(action(call) for run in runs for call in run.calls):
            raise NotSplit("no `dotnet publish` writes a program that the container starts")
        return None
    tag = runtime_tag(stage.base or "")
    if tag.reason:
        raise NotSplit(tag.reason)
    return _Splitter(file, stage, image, tag, builds).plan()


def _check_sdk(program: Program) -> None:
    """Refuse what only the SDK's `dotnet` does."""
    if program.name.rpartition("/")[2] != "dotnet":
        return
    first = program.arguments[0] if program.arguments else ""
    if first is None or "$" in first:
        raise NotSplit(f"{program.where} runs dotnet with a path that depends on a variable")
    if not first.endswith(".dll"):
        raise NotSplit(f"{program.where} runs `{f'dotnet {first}'.strip()}`, which may need the SDK")


class _Splitter(Compiled):
    builder = "dotnet publish"
    leaves = LEAVES
    sources = SOURCES
    tools = frozenset({"pwsh", "csc", "msbuild", "nuget", "dnx", "dotnet-ef"})
    for_others = False

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, tag: DotnetTag, builds: list[Run]) -> None:
        super().__init__(file, stage, image, tag.image("aspnet"), builds)
        self.tag = tag
        self.written: dict[str, Published] = {}
        self.scripts: set[str] = set()

    def plan(self) -> Plan:
        self.follow()
        self.programs()
        self._check_projects()
        self._calls()
        data = self.data()
        self.check_copies()
        if "$" in self.stage.node.argument_text:
            raise NotSplit("the base image depends on a build argument")
        self.leave_fetchers()
        return self.planned(data, self.brought(data), (*CACHES, *self._left()))

    def _left(self) -> Iterator[str]:
        """Where the compiler writes for itself, and published folders that are not run."""
        for path in self.files.landed:
            if path.endswith(PROJECTS):
                yield from (f"{path.rpartition('/')[0]}/{name}" for name in ("bin", "obj"))
        yield from (folder for folder in self.written if folder not in self.used)

    def is_build(self, call: Call) -> bool:
        return action(call) in HARMLESS | {"publish"}

    def build(self, call: Call, folder: str, run: Run) -> Iterator[str]:
        if action(call) == "publish":
            found = published(self.context, self.files.landed, call, folder, run)
            if found.folder in self.written:
                raise NotSplit("two projects are published to one folder", run)
            self.written[found.folder] = found
            yield found.folder

    def program(self, program: Program, landed: Mapping[str, str]) -> None:
        _check_sdk(program)
        name = program.arguments[0] if program.name.rpartition("/")[2] == "dotnet" else program.name
        path = joined(self.stage.end.folder or "/", name) or ""
        if path.endswith(".dll") or self._published(path.rpartition("/")[0]):
            self._use(path, program)
            return
        script = found_script(self.stage, program, landed)
        if script in landed:
            self.scripts.add(script)
        super().program(program, landed)

    def _published(self, folder: str) -> Published | None:
        """What was published to a folder, or copied there from where it was."""
        seen = set()
        while folder in self.files.sources and folder not in seen:
            seen.add(folder)
            folder = self.files.sources[folder]
        return self.written.get(folder)

    def _use(self, path: str, program: Program) -> None:
        folder, _, name = path.rpartition("/")
        found = self._published(folder)
        if found is None or self.files.is_gone(folder):
            raise NotSplit(f"{program.where} runs {path}, which dotnet publish does not write")
        names = [f"{found.project.assembly}.dll", *([found.project.assembly] if found.app_host else [])]
        if name not in names:
            raise NotSplit(f"{program.where} runs {path}, and {found.path} is published as {names[0]}")
        self.used.append(folder)

    def need(self, name: str) -> bool:
        bare = name.rpartition("/")[2]
        if bare in SDK_COMMANDS and name in (bare, f"/usr/bin/{bare}"):
            self.called.add(bare)
            if bare not in self.packages.kept:
                self.packages.added[bare] = bare
            return True
        return super().need(name)

    def _check_projects(self) -> None:
        """Refuse projects that need more than the runtime image has, and choose the smaller one where it is enough."""
        used = [found for folder in self.used if (found := self._published(folder))]
        for found in used:
            if found.project.framework != f"net{self.tag.version}":
                raise NotSplit(f"{found.path} is for {found.project.framework}, {self.base} for net{self.tag.version}")
            for package in found.project.packages:
                if needs := needed_by(package):
                    raise NotSplit(f"{package} may need {needs} when the program runs")
        if used and not any(_may_need_aspnet(found) for found in used):
            self.base = self.tag.image("runtime")
        elif self.tag.version in UNSETS_ADDRESSES and not self.stage.end.environment.get("ASPNETCORE_URLS"):
            raise NotSplit(
                f"{self.base} sets ASPNETCORE_URLS to port 80, which {self.stage.base} unsets; the file does not set it"
            )

    def _calls(self) -> None:
        """What the project's own sources call when they run."""
        landed = image_files(self.file, self.stage)
        found = scan(self.context, list(landed.values()), CSHARP)
        for name, path in found.commands:
            self.program(Program(name, (), path), landed)
        for line, path in found.lines:
            for program in of_shell(line, path):
                self.program(program, landed)
        if found.problems:
            raise NotSplit(found.problems[0])
        if found.dynamic:
            self.assume(f"{found.dynamic[0]} calls programs whose names are not written there")
        if found.loads:
            self.assume(f"{found.loads[0]} loads shared libraries by name")
        for path in landed.values():
            text = (self.context.read(path) or "") if path.endswith((*SOURCES, *SETTINGS)) else ""
            for name in (*KERBEROS, *NEEDS_SDK):
                if name in text:
                    what = "Kerberos or LDAP, which came with the SDK's curl" if name in KERBEROS else "the SDK"
                    raise NotSplit(f"{path} names {name}, which may need {what}")

    def keeps(self, path: str) -> bool:
        return super().keeps(path) or self._is_compiled(path)

    def _is_compiled(self, path: str) -> bool:
        """Whether a file of the context is what somebody's own build left there."""
        for name in ("bin", "obj"):
            start, mark, _ = f"/{path}".partition(f"/{name}/")
            folder = start.lstrip("/")
            if mark and any(one.endswith(PROJECTS) and one.rpartition("/")[0] == folder for one in self.context.files):
                return True
        return False

    def data(self) -> list[str]:
        """Image paths of what the context brings besides sources, and may be read where the program starts."""
        literals = self._literals()
        named = frozenset(part for one in literals for part in one.split("/")) - {"", ".", ".."}
        folder = (self.stage.end.folder or "/").rstrip("/")
        landed = self._early()
        codes = {path.rpartition("/")[0] for path in landed if path.endswith((*SOURCES, *PROJECTS))}
        codes = {above for one in codes for above in _upwards(one)} | {*_upwards(folder)}
        places: dict[str, None] = {}
        for path, (origin, root) in landed.items():
            wanted = path in self.scripts or not self.keeps(origin)
            wanted = wanted or bool(named & {*origin.split("/")} and not origin.endswith((*SOURCES, *PROJECTS)))
            near = path in self.scripts or path.startswith(f"{folder}/") or _is_reached(root, landed, literals)
            if wanted and near and not self.files.is_gone(path) and not self._is_compiled(origin):
                below = [one for one in _upwards(path) if one.startswith(f"{root}/") and one not in codes]
                places[below[-1] if below and root else path] = None
        for one in sorted(codes - {*_upwards(folder)}):
            inner = one.removeprefix(f"{folder}/")
            if any(literal == inner or literal.startswith(f"{inner}/") for literal in literals):
                places[one] = None
        if len(places) > DATA_AT_MOST:
            raise NotSplit("the build context holds many files besides sources that the program may read")
        return list(places)

    def _early(self) -> dict[str, tuple[str, str]]:
        """What COPY brings before the last build step: image path to context path and the folder that was filled."""
        found: dict[str, tuple[str, str]] = {}
        for copy in self.stage.copies:
            if copy.index < self.last and not self.is_elsewhere(copy):
                root = (copy.target or "/").rstrip("/")
                found |= {image: (path, root) for image, path in landing(self.file, copy).items()}
        return found

    def _literals(self) -> frozenset[str]:
        """What sources, settings, ENV and the start command write out, with forward slashes, and parts behind `=`."""
        texts = [self.context.read(path) or "" for path in self.context.files if path.endswith((*SOURCES, *SETTINGS))]
        found = {one for text in texts for one in self.literals(text)}
        found |= {value for value in self.stage.end.environment.values() if value}
        found |= {word for one in start_programs(self.file, self.stage) for word in one.arguments if word}
        parts = {part.strip() for one in found for part in one.replace("=", ";").split(";")}
        return frozenset(one.replace("\\\\", "/").replace("\\", "/").removeprefix("./") for one in (*found, *parts))

    def founded(self, data: list[str]) -> Iterator[Evidence]:
        yield from self.on_packages()
        used = ", ".join(dict.fromkeys(self.used))
        yield Evidence(f"the container runs what dotnet publish writes to {used}", Strength.PROVEN)
        yield Evidence(f"{self.stage.base} is built on {self.base}", Strength.KNOWN, self.stage.node.span)
        if data:
            yield Evidence(f"besides sources the context holds {', '.join(data)}, which come along", Strength.PROVEN)
        claim = f"no project or source names what needs the SDK; trusted: its packages need nothing of {BEYOND_RUNTIME}"
        yield Evidence(claim, Strength.INFERRED)


def _may_need_aspnet(found: Published) -> bool:
    return found.project.aspnet or any(name.lower() not in WITHOUT_ASPNET for name in found.project.packages)


def _is_reached(root: str, landed: Mapping[str, tuple[str, str]], literals: frozenset[str]) -> bool:
    """Whether the program may look below a folder that it does not start in: by its whole path, or by going upwards.

    What no COPY brought together with a project is there for its own sake.
    """
    if not any(one == root and path.endswith(PROJECTS) for path, (_, one) in landed.items()):
        return True
    return any(one.startswith(("..", f"{root}/")) or one == root or "/../" in one for one in literals)


def _upwards(path: str) -> Iterator[str]:
    """A path, and the folders above it, longest first."""
    while path:
        yield path
        path = path.rpartition("/")[0]
