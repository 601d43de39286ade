"""Node: dependencies and build output made on the image as it is, copied into its slim variant."""

from collections.abc import Iterator

from dockopt.analyses.split.lookups import drawn_with
from dockopt.analyses.split.needs import Program, called_by, image_files, is_base_command, script_path, start_programs
from dockopt.analyses.split.node_development import drivers, used_development
from dockopt.analyses.split.node_projects import BINARY_OF, NodeProjects, read_projects
from dockopt.analyses.split.node_prune import prune_command
from dockopt.analyses.split.node_site import site_base
from dockopt.analyses.split.node_tools import (
    FETCHED,
    MANAGERS,
    PROGRAMS,
    check_manager,
    legacy_peers,
    managers,
    omits_development,
    only_fetches,
    prepares_manager,
)
from dockopt.analyses.split.packages import is_alpine, is_package_call, stays_whole
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.split.steps import only_base_commands, unknown_command
from dockopt.context.node_source import scan
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge import node_packages
from dockopt.knowledge.images import Image, describe, slim_variant
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.syntax.words import parse_name_values

TEXTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json", ".yaml", ".yml", ".env", ".sh", ".tsx", ".jsx")
CERTIFICATE_MARKS = ("/etc/ssl", "use-openssl-ca", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Words of files that rely on certificates of the system instead of those that Node brings."""
LOADERS = frozenset(
    {"@babel/register", "babel-register", "@babel/node", "babel-cli", "ts-node", "tsx", "esm", "swc-node"}
)
"""Packages that compile sources as they are loaded, with settings that name others."""
GYP = frozenset(
    {"python3", "python", "python2", "python-is-python3", "python3-setuptools", "python3-distutils", "py3-setuptools"}
)
COMPILERS = frozenset({"make", "g++", "gcc", "build-essential", "build-base"})
LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml")
FAR_STORES = (
    "virtual-store-dir",
    "virtualStoreDir",
    "enableGlobalVirtualStore",
    "modules-dir",
    "modulesDir",
    "shared-workspace-lockfile",
)
"""Settings by which packages lie outside the project's folder."""
FOLDERS_OF_THE_IMAGE = frozenset({"/", "/usr", "/usr/local", "/home", "/opt", "/root", "/var", "/srv", "/etc"})


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on a node image, None where it is not one or nothing would be gained.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "node" or image.distribution not in ("debian", "alpine"):
        return None
    slim = stage.base if is_alpine(image) else slim_variant(stage.base or "")
    uses = [run for run in stage.runs if not run.opaque and any(call.name in PROGRAMS for call in run.calls)]
    builds = [run for run in uses if not all(prepares_manager(call) for call in run.calls)]
    if slim is None or not builds:
        return None
    return _Splitter(file, stage, image, slim, builds).plan()


class _Splitter(Splitter):
    kept_because = ""
    """The development dependency for whose sake all of them stay."""

    own_programs = ("node", "npm", "npx", "corepack", "yarn", "pnpm")

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, slim: str, builds: list[Run]) -> None:
        super().__init__(file, stage, image, slim, builds)
        self.folder = ""
        self.context_folder = ""
        self.called: set[str] = set()
        self.keeps_managers = True
        self.on_site = False

    def plan(self) -> Plan | None:
        site = site_base(self.file, self.stage, self.image, self.builds)
        self.base = site or self.base
        self.on_site = bool(site)
        fat = self.base != self.stage.base
        if not fat and not self.packages.dropped:
            return None
        self._check()
        project = self._project()
        self._check_managers(project)
        started = frozenset(project.started(start_programs(self.file, self.stage)))
        self._check_prepared(started)
        if not site:
            self._dependencies(project)
        self._programs()
        if not site:
            self._sources(project)
        self._leave_gyp()
        self.keeps_managers = bool(FETCHED & {*started, *self.called, *self.compose_programs()})
        self.check_copies()
        if self.context_folder and self.file.sources_of(self.stage):
            raise NotSplit("sources of another stage may lie outside the application's folder")
        title = f"{'build' if site else 'install and build'} in a builder stage and run on {self.base}"
        plan = Plan(title if fat else "leave build packages in a builder stage", self.runtime_base())
        prune = self._prune(project)
        brings = [f"COPY --from=builder {self.folder} {self.folder}"]
        self.arrange(plan, brings, closing=[f"RUN {prune}"] if prune else [])
        founded = self._founded_on_site() if site else self._founded(project, fat, prune)
        plan.evidence = [*founded, *self.evidence]
        return plan

    def _check(self) -> None:
        self.check_builds()
        self.folder = self.builds[0].state.folder or ""
        if not self.folder or self.folder in FOLDERS_OF_THE_IMAGE:
            raise NotSplit("the application has no folder of its own (WORKDIR)", self.builds[0])
        for run in self.builds:
            if run.state.folder != self.folder:
                raise NotSplit("npm works in several folders", run)
            self.check_written(run, folders=(self.folder,))
            self._check_arguments(run)
        for run in self.stage.runs:
            self._check_run(run)

    def _check_arguments(self, run: Run) -> None:
        for value in (value or "" for call in run.calls if call.name in {*MANAGERS, "npx"} for value in call.values):
            path = value.rpartition("=")[2]
            if path.startswith("/") and not path.startswith((f"{self.folder}/", "/tmp/")):  # noqa: S108 - in the image
                raise NotSplit(f"a build step is told to work on {path}", run)

    def _check_run(self, run: Run) -> None:
        for call in run.calls:
            if call.name in {*MANAGERS, "npx", "corepack"}:
                if run.index > self.last and not prepares_manager(call):
                    raise NotSplit(f"{call.name} runs after the last build step", run)
            elif not (is_package_call(call) or call.is_("echo", "true", "set")) and not only_base_commands(
                run, self.image
            ):
                raise NotSplit(f"{unknown_command(run)} may write files that are not understood", run)

    def _project(self) -> NodeProjects:
        files = image_files(self.file, self.stage)
        path = files.get(f"{self.folder}/package.json")
        if path is None:
            raise NotSplit("package.json is not in the build context where npm runs", self.builds[0])
        self.context_folder = path.rpartition("/")[0]
        return read_projects(self.context, self.context_folder, files, self.folder)

    def _check_managers(self, project: NodeProjects) -> None:
        for run in self.stage.runs:
            for call in run.calls:
                if call.name in MANAGERS:
                    check_manager(call, run, workspaces=bool(project.members))
        for path in project.root.settings:
            text = self.context.read(path) or ""
            if any(mark in text for mark in FAR_STORES):
                raise NotSplit(f"{path} puts packages outside the application's folder")
        berry = any(path.endswith(".yarnrc.yml") for path in project.root.settings) or "yarn@" in project.root.manager
        if "yarn" in managers(self.builds) and berry and not self._links_modules(project):
            raise NotSplit("Yarn 2 and later keep packages outside the application's folder")

    def _check_prepared(self, started: frozenset[str]) -> None:
        """Refuse what would leave a package manager or another program of the whole image behind in the builder."""
        for run in self.builds:
            for call in run.calls:
                if (
                    prepares_manager(call)
                    and call.is_("npm")
                    and [word.text for word in call.arguments][-1:] != ["npm"]
                ):
                    raise NotSplit("a RUN installs packages for the whole image and for the application", run)
        corepack = [call for run in self.stage.runs for call in run.calls if call.is_("corepack")]
        fetches = any(call.values[:1] in (("prepare",), ("install",)) for call in corepack)
        inside = any(call.is_("corepack") for run in self.builds for call in run.calls)
        if corepack and started & {"yarn", "pnpm"} and (inside or not fetches):
            raise NotSplit("corepack fetches the package manager that starts the container, and keeps it elsewhere")

    def _links_modules(self, project: NodeProjects) -> bool:
        """Whether Yarn writes a node_modules folder."""
        texts = [self.context.read(path) or "" for path in project.root.settings if path.endswith(".yarnrc.yml")]
        return any("nodeLinker: node-modules" in text for text in texts) or project.root.manager.startswith("yarn@1")

    def _dependencies(self, project: NodeProjects) -> None:
        for name, has_script in sorted(project.runtime.items()):
            row = node_packages.lookup(name)
            if is_alpine(self.image):
                if (row is None and has_script) or (row and row.kind not in ("pure", "bundled")):
                    raise NotSplit(f"what {name} needs of Alpine when it runs is not known")
                continue
            if row is None:
                if has_script:
                    self.assume(f"{name} runs an install script that is not in the table")
                continue
            if row.kind == "refuse":
                raise NotSplit(f"{name} needs more than its files when it runs")
            answers = {row.needs(release) for release in self.image.candidates}
            if len(answers) != 1 or None in answers:
                raise NotSplit(f"the Debian packages that {name} needs are not known for every release of the image")
            needed = next(iter(answers))
            if needed:
                self.packages.libraries[name] = needed
            for command in row.tools:
                self.packages.need_command(command)
        if not project.root.packages:
            self.evidence.append(Evidence("no lockfile: only direct dependencies were looked at", Strength.INFERRED))

    def _programs(self) -> None:
        files = image_files(self.file, self.stage)
        for program in start_programs(self.file, self.stage):
            self._program(program, files)
        for word in self.compose_programs():
            if not self.is_own(word):
                self.packages.need_command(word)

    def _program(self, program: Program, files: object) -> None:
        self.check_program(program)
        self.called.add(program.name.rpartition("/")[2])
        if self.is_own(program.name) or self.packages.need_command(program.name) or is_base_command(program.name):
            return
        if "/" in program.name and isinstance(files, dict):
            path = script_path(self.stage, program)
            inside = path.startswith((f"{self.folder}/", "/usr/local/bin/"))
            if not inside and path not in files:
                raise NotSplit(f"{program.where} calls {program.name}, which is not known")
            return
        self.packages.needs_dropped(program.name)

    def _sources(self, project: NodeProjects) -> None:
        context = self.context
        source = scan(context, self.context_folder)
        for name in sorted(source.commands):
            for program in called_by(self.file, self.stage, name, "a source"):
                self._program(program, None)
        if source.dynamic:
            files = ", ".join(source.runs[:3])
            self.assume(f"{files or 'a source'} may call programs whose names are not written there")
        for problem in source.problems[:1]:
            self.assume(problem)
        texts = [step.text for step in self.stage.steps]
        paths = [path for path in sorted(self.copied_paths()) if "node_modules/" not in path]
        texts += [context.read(path) or "" for path in paths if path.endswith(TEXTS)]
        if any(mark in text for text in texts for mark in CERTIFICATE_MARKS):
            self.packages.added["ca-certificates"] = "the system's certificates"
        self.look_up(path for path in paths if path.endswith(TEXTS))
        drawn = (context.read(path) or "" for path in paths if path.endswith((*TEXTS, ".svg")))
        self.packages.added |= drawn_with(project.runtime, drawn, self.image, self.base)

    def _leave_gyp(self) -> None:
        """Leave Python in the builder where it stands beside compilers and nothing that runs names it."""
        gyp = [name for name in self.packages.kept if name in GYP]
        if not gyp or not set(self.packages.dropped) & COMPILERS:
            return
        paths = [path for path in sorted(self.copied_paths()) if "node_modules/" not in path]
        texts = [self.context.read(path) or "" for path in paths if path.endswith(TEXTS) and not path.endswith(LOCKS)]
        started = [step.text for step in self.stage.of("CMD", "ENTRYPOINT", "HEALTHCHECK", "ENV")]
        if any("python" in text for text in (*texts, *started, *self.compose_programs())):
            return
        self.packages.kept = [name for name in self.packages.kept if name not in gyp]
        self.packages.dropped += gyp
        self.evidence.append(
            Evidence(f"{' and '.join(gyp)} is there for node-gyp: nothing that runs names Python", Strength.INFERRED)
        )

    def _prune(self, project: NodeProjects) -> str:
        """The command that removes development dependencies, "" where they stay or were never installed."""
        development = project.development
        self._check_scripts(project)
        if not development or any(omits_development(run) for run in self.builds):
            return ""
        started = self._started(project)
        preloaded = {word for pair in self._environment("NODE_OPTIONS") for word in pair.replace("=", " ").split()}
        preloaded |= {word.partition("/")[0] for word in preloaded}
        paths = self.copied_paths()
        wanted = development & {*started, *preloaded, *used_development(development, self.context, paths)}
        wanted |= drivers(project.names("dependencies"), development)
        loaders = LOADERS & (project.names("dependencies") | started)
        every = {one.name for each in project.all for one in each.dependencies}
        others = {name for name in started if name in BINARY_OF.values() or name in every}
        if wanted or loaders or others:
            self.kept_because = min(wanted or loaders or others)
            return ""
        version = next((int(part) for part in self.image.version.split(".")[:1] if part.isdigit()), 0)
        if any(legacy_peers(run) for run in self.builds) or project.root.npmrc or 0 < version < 16:
            return ""
        return prune_command(project, self.builds, self.context)

    def _started(self, project: NodeProjects) -> set[str]:
        """Packages whose programs the container starts, by the commands in compose files, too."""
        words = self.compose_words()
        programs = [
            Program(word, tuple(words[at + 1 :]), "a compose file")
            for at, word in enumerate(words)
            if word in (*MANAGERS, "npx")
        ]
        return {
            *project.started((*start_programs(self.file, self.stage), *programs)),
            *words,
            *(BINARY_OF.get(word, word) for word in words),
        }

    def _environment(self, name: str) -> Iterator[str]:
        """Every value that the file gives an environment variable."""
        for step in self.stage.of("ENV"):
            yield from (pair.value or "" for pair in parse_name_values(step.text) if pair.name == name)

    def _check_scripts(self, project: NodeProjects) -> None:
        """Refuse build scripts that write outside the application's folder."""
        for run in self.builds:
            programs = [Program(call.name, call.values, "a RUN") for call in run.calls if call.name in MANAGERS]
            for script, text in project.scripts_of(programs):
                if " /" in text or ("../" in text and not project.members):
                    raise NotSplit(f"the script {script} works outside the application's folder", run)

    def _founded_on_site(self) -> Iterator[Evidence]:
        yield from self.on_packages()
        claim = f"{self.base} is what {self.stage.base} is made of, and what starts is nginx of a Debian package"
        yield Evidence(claim, Strength.KNOWN, self.stage.node.span)
        claim = "the entrypoint of the Node image starts a program that is there as it is (docker-node)"
        yield Evidence(claim, Strength.KNOWN)
        yield Evidence("trusted: nobody starts Node in a container that serves pages", Strength.INFERRED)

    def _founded(self, project: NodeProjects, fat: bool, prune: str) -> Iterator[Evidence]:
        yield from self.on_packages()
        if fat:
            claim = f"{self.base} has the same Node on the same Debian release"
            yield Evidence(claim, Strength.KNOWN, self.stage.node.span)
        if prune:
            yield Evidence(
                "what starts the container and its sources name no development dependency", Strength.INFERRED
            )
        elif self.kept_because:
            yield Evidence(f"development dependencies stay: {self.kept_because} is used at run time", Strength.INFERRED)
        number = len(project.root.packages) or len(project.names("dependencies"))
        yield Evidence(
            f"{number} dependencies need nothing else of the image; trusted: they call no other program",
            Strength.INFERRED,
        )

    def _is_for_builds(self, run: Run) -> bool:
        """Whether a RUN makes a package manager available that nothing calls in the container."""
        if self.on_site:
            return any(call.is_(*MANAGERS, "npx", "corepack", "node") for call in run.calls)
        return not self.keeps_managers and only_fetches(run)

    def place(self, step: Step) -> Place:
        if step in self.builds:
            return Place.BUILDER
        if isinstance(step, Run) and step.index < self.last and self._is_for_builds(step):
            return Place.BUILDER
        if isinstance(step, Run) and any(is_package_call(c) for c in step.calls) and not stays_whole(step, self.image):
            return Place.REPLACED
        place = super().place(step)
        if place is Place.BOTH and isinstance(step, Copy) and _is_below(step, self.folder):
            return Place.BUILDER
        return place


def _is_below(copy: Copy, folder: str) -> bool:
    return copy.target is not None and f"{copy.target.rstrip('/')}/".startswith(f"{folder}/")
