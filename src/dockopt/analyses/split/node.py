"""Node with npm: dependencies and build output made on the image as it is, copied into its slim variant."""

from collections.abc import Iterator

from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.needs import Program, image_files, is_base_command, of_shell, script_path, start_programs
from dockopt.analyses.split.node_development import used_development
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.split.steps import only_base_commands, unknown_command
from dockopt.analyses.words import Reading, read
from dockopt.context.manifests import package_json
from dockopt.context.manifests.package_json import NodeProject
from dockopt.context.node_source import scan
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge import node_packages
from dockopt.knowledge.images import Image, describe, slim_variant
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.syntax.words import parse_name_values

NPM_PROGRAMS = frozenset({"npm", "npx", "node"})
BUILDS = frozenset(
    {"run", "run-script", "build", "test", "prune", "rebuild", "dedupe", "cache", "config", "set", "audit"}
)
PLAIN_GLOBALS = frozenset({"pm2", "serve", "npm", "yarn", "pnpm", "typescript", "ts-node", "nodemon", "http-server"})
BINARY_OF = {
    "tsc": "typescript",
    "nest": "@nestjs/cli",
    "ng": "@angular/cli",
    "vue-cli-service": "@vue/cli-service",
    "react-scripts": "react-scripts",
    "sls": "serverless",
    "babel": "@babel/cli",
    "babel-node": "@babel/node",
    "prisma": "prisma",
    "medusa": "@medusajs/cli",
    "strapi": "@strapi/strapi",
    "webpack": "webpack-cli",
}
TEXTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json", ".yaml", ".yml", ".env", ".sh", ".tsx", ".jsx")
CERTIFICATE_MARKS = ("/etc/ssl", "use-openssl-ca", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Words of files that rely on certificates of the system instead of those that Node brings."""
LOADERS = frozenset(
    {"@babel/register", "babel-register", "@babel/node", "babel-cli", "ts-node", "tsx", "esm", "swc-node"}
)
"""Packages that compile sources as they are loaded, with settings that name others."""
FOLDERS_OF_THE_IMAGE = frozenset({"/", "/usr", "/usr/local", "/home", "/opt", "/root", "/var", "/srv", "/etc"})


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on a node image, None where it is not one or nothing would be gained.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "node" or image.distribution != "debian":
        return None
    slim = slim_variant(stage.base or "")
    uses = [step for step in stage.steps if isinstance(step, Run) and not step.opaque and _uses_npm(step)]
    builds = [run for run in uses if not all(_is_global(call) for call in run.calls)]
    if slim is None or not builds:
        return None
    return _Splitter(file, stage, image, slim, builds).plan()


def _uses_npm(run: Run) -> bool:
    return any(call.name in NPM_PROGRAMS for call in run.calls)


class _Splitter(Splitter):
    kept_because = ""
    """The development dependency for whose sake all of them stay."""

    own_programs = ("node", "npm", "npx", "corepack", "yarn")

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, slim: str, builds: list[Run]) -> None:
        super().__init__(file, stage, image, slim, builds)
        self.folder = ""
        self.context_folder = ""

    def plan(self) -> Plan | None:
        fat = self.base != self.stage.base
        if not fat and not self.packages.dropped:
            return None
        self._check()
        project = self._project()
        self._dependencies(project)
        self._programs()
        self._sources()
        self.check_copies()
        title = f"install and build in a builder stage and run on {self.base}"
        plan = Plan(title if fat else "leave build packages in a builder stage", self.runtime_base())
        prune = self._prune(project)
        brings = [f"COPY --from=builder {self.folder} {self.folder}"]
        self.arrange(plan, brings, closing=[f"RUN {prune}"] if prune else [])
        plan.evidence = [*self._founded(project, fat, prune), *self.evidence]
        return plan

    def _check(self) -> None:
        self.check_builds()
        self.folder = self.builds[0].state.folder or ""
        if not self.folder or self.folder in FOLDERS_OF_THE_IMAGE:
            raise NotSplit("the application has no folder of its own (WORKDIR)", self.builds[0])
        for run in self.builds:
            if run.state.folder != self.folder:
                raise NotSplit("npm works in several folders", run)
        last = self.builds[-1]
        for run in self.stage.runs:
            self._check_run(run, last)

    def _check_run(self, run: Run, last: Run) -> None:
        for call in run.calls:
            if call.name in ("npm", "npx"):
                self._check_npm(call, run, last)
            elif not (is_apt_call(call) or call.is_("echo", "true", "set")) and not only_base_commands(run, self.image):
                raise NotSplit(f"{unknown_command(run)} may write files that are not understood", run)

    def _check_npm(self, call: Call, run: Run, last: Run) -> None:
        reading = read(call)
        if call.name == "npx" or reading is None:
            return
        if not call.top:
            raise NotSplit("npm is called inside a condition or a subshell", run)
        if reading.option("--prefix", "-C", "--workspace", "-w", "--workspaces"):
            raise NotSplit("npm works in another folder or in workspaces", run)
        if _is_global(call):
            names = {(word.value or "").rpartition("@")[0] or word.value for word in reading.operands}
            if not names <= PLAIN_GLOBALS:
                raise NotSplit(f"npm installs {', '.join(sorted(str(n) for n in names))} for the whole image", run)
        elif reading.subcommand not in {*BUILDS, "install", "i", "ci", "clean-install", "add"}:
            raise NotSplit(f"npm {reading.subcommand} is not understood", run)
        if run.index > last.index:
            raise NotSplit("npm runs after the last build step", run)

    def _project(self) -> NodeProject:
        files = image_files(self.file, self.stage)
        path = files.get(f"{self.folder}/package.json")
        if path is None:
            raise NotSplit("package.json is not in the build context where npm runs", self.builds[0])
        self.context_folder = path.rpartition("/")[0]
        project = package_json.read(self.context, self.context_folder)
        if project.problems:
            raise NotSplit(f"{path} cannot be read: {project.problems[0]}")
        if project.workspaces:
            raise NotSplit("package.json has workspaces")
        return project

    def _dependencies(self, project: NodeProject) -> None:
        if project.packages:
            names = {one.name: one.has_install_script for one in project.packages if not one.dev}
        else:
            names = {one.name: None for one in project.of_kind("dependencies")}
        for name, has_script in sorted(names.items()):
            row = node_packages.lookup(name)
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
        if not project.packages:
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
        if self.is_own(program.name) or self.packages.need_command(program.name) or is_base_command(program.name):
            return
        if "/" in program.name and isinstance(files, dict):
            path = script_path(self.stage, program)
            inside = path.startswith((f"{self.folder}/", "/usr/local/bin/"))
            if not inside and path not in files:
                raise NotSplit(f"{program.where} calls {program.name}, which is not known")
            return
        self.packages.needs_dropped(program.name)

    def _sources(self) -> None:
        context = self.context
        source = scan(context, self.context_folder)
        for name in sorted(source.commands):
            self._program(Program(name, (), "a source"), None)
        if source.dynamic:
            files = ", ".join(source.runs[:3])
            self.assume(f"{files or 'a source'} may call programs whose names are not written there")
        for problem in source.problems[:1]:
            self.assume(problem)
        texts = [step.text for step in self.stage.steps]
        paths = [path for path in image_files(self.file, self.stage).values() if "node_modules/" not in path]
        texts += [context.read(path) or "" for path in paths if path.endswith(TEXTS)]
        if any(mark in text for text in texts for mark in CERTIFICATE_MARKS):
            self.packages.added["ca-certificates"] = "the system's certificates"

    def _prune(self, project: NodeProject) -> str:
        """The command that removes development dependencies, "" where they stay or were never installed."""
        development = {one.name for one in project.of_kind("devDependencies")}
        self._check_scripts(project)
        if not development or any(self._is_production(run) for run in self.builds):
            return ""
        started = set(self._start_packages(project))
        preloaded = {word for pair in self._environment("NODE_OPTIONS") for word in pair.replace("=", " ").split()}
        preloaded |= {word.partition("/")[0] for word in preloaded}
        paths = set(image_files(self.file, self.stage).values())
        wanted = development & {*started, *preloaded, *used_development(development, self.context, paths)}
        loaders = LOADERS & {one.name for one in project.of_kind("dependencies")}
        others = {name for name in started if name in BINARY_OF.values() or name in self._binaries(project)}
        if wanted or loaders or others:
            self.kept_because = min(wanted or loaders or others)
            return ""
        version = next((int(part) for part in self.image.version.split(".")[:1] if part.isdigit()), 0)
        if any(_legacy_peers(run) for run in self.builds) or project.npmrc or 0 < version < 16:
            return ""
        return "npm prune --omit=dev"

    def _environment(self, name: str) -> Iterator[str]:
        """Every value that the file gives an environment variable."""
        for step in self.stage.of("ENV"):
            yield from (pair.value or "" for pair in parse_name_values(step.text) if pair.name == name)

    def _binaries(self, project: NodeProject) -> set[str]:
        """Names of dependencies: a program of that name reads settings that may name any other package."""
        return {one.name for one in project.dependencies}

    def _check_scripts(self, project: NodeProject) -> None:
        """Refuse build scripts that write outside the application's folder."""
        for run in self.builds:
            for call in run.calls:
                for script in _scripts(call.values) if call.is_("npm") else ():
                    text = project.scripts.get(script, "")
                    if "../" in text or " /" in text:
                        raise NotSplit(f"the script {script} works outside the application's folder", run)

    def _is_production(self, run: Run) -> bool:
        readings = [reading for call in run.calls if (reading := read(call)) and reading.program == "npm"]
        installs = [one for one in readings if one.subcommand in ("install", "i", "ci", "clean-install")]
        if any(one.subcommand == "prune" for one in readings):
            return True
        return bool(installs) and (
            run.state.value("NODE_ENV") == "production" or all(_omits_development(one) for one in installs)
        )

    def _start_packages(self, project: NodeProject) -> Iterator[str]:
        """Packages whose programs run when the container starts, through npm scripts too."""
        waiting = list(start_programs(self.file, self.stage))
        seen: set[str] = set()
        while waiting:
            program = waiting.pop()
            name = program.name.rpartition("/")[2]
            if name == "npm":
                for script in _scripts(program.arguments):
                    for key in (f"pre{script}", script, f"post{script}"):
                        if key in project.scripts and key not in seen:
                            seen.add(key)
                            waiting += of_shell(project.scripts[key], f"the script {key}")
            elif name == "npx":
                yield next((word for word in program.arguments if word and not word.startswith("-")), "")
            elif not is_base_command(name):
                yield BINARY_OF.get(name, name)
                words = [word.removeprefix("-r").removeprefix("--require=") for word in program.arguments if word]
                yield from words
                yield from ("/".join(word.split("/")[: 2 if word.startswith("@") else 1]) for word in words)

    def _founded(self, project: NodeProject, fat: bool, prune: str) -> Iterator[Evidence]:
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
        number = len(project.packages) or len(project.of_kind("dependencies"))
        yield Evidence(
            f"{number} dependencies need nothing else of the image; trusted: they call no other program",
            Strength.INFERRED,
        )

    def place(self, step: Step) -> Place:
        if step in self.builds:
            return Place.BUILDER
        if isinstance(step, Run) and any(is_apt_call(c) for c in step.calls) and not stays_whole(step, self.image):
            return Place.REPLACED
        place = super().place(step)
        if place is Place.BOTH and isinstance(step, Copy) and _is_below(step, self.folder):
            return Place.BUILDER
        return place


def _is_below(copy: Copy, folder: str) -> bool:
    return copy.target is not None and f"{copy.target.rstrip('/')}/".startswith(f"{folder}/")


def _is_global(call: Call) -> bool:
    reading = read(call)
    return bool(reading and reading.program == "npm" and reading.option("-g", "--global"))


def _omits_development(reading: Reading) -> bool:
    return bool(reading.option("--production", "--prod") or "dev" in reading.values("--omit")) or (
        "production" in reading.values("--only", "--include", "--only=prod")
    )


def _legacy_peers(run: Run) -> bool:
    return any(call.has("--legacy-peer-deps", "--force", "-f") for call in run.calls)


def _scripts(arguments: tuple[str | None, ...]) -> Iterator[str]:
    words = [word for word in arguments if word and not word.startswith("-")]
    if words[:1] in (["run"], ["run-script"]):
        yield from words[1:2]
    elif words[:1] in (["start"], ["test"], ["stop"], ["restart"]):
        yield words[0]
