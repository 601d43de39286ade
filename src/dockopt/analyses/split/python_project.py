"""Python projects of uv and Poetry: the environment built on the image as it is, copied with the project's folder."""

from collections.abc import Iterable, Iterator

from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.needs import Program, image_files, start_programs
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.python_development import Sources, unexplained, why_needed
from dockopt.analyses.split.python_launch import launched, rewritten, unwrapped
from dockopt.analyses.split.python_manifest import (
    Manifest,
    check_python,
    may_leave_development,
    mounts_over,
    read_manifest,
)
from dockopt.analyses.split.python_run_time import SYSTEM_PATHS, PythonSplitter, is_test
from dockopt.analyses.split.python_tools import (
    Install,
    brings_managers,
    calls_manager,
    environment_of_uv,
    installs,
    installs_managers,
    poetry_settings,
)
from dockopt.analyses.split.python_wheels import check_settings
from dockopt.analyses.split.steps import only_base_commands, unknown_command
from dockopt.context.manifests.requirement import Requirement
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge import python_packages
from dockopt.knowledge.images import Image
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.rewrite.stages import Piece
from dockopt.syntax.words import parse_name_values

FOLDERS_OF_THE_IMAGE = frozenset({"", "/", "/usr", "/usr/local", "/home", "/opt", "/root", "/var", "/srv", "/etc"})
REFUSED_VARIABLES = frozenset({"PYTHONHOME", "UV_ENV_FILE", "UV_SYSTEM_PYTHON", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"})
ACTIVE = "/opt/venv"
MANAGERS = ("uv", "uvx", "poetry")


def is_project(stage: Stage) -> bool:
    """Whether uv or Poetry installs a project's dependencies in a stage."""
    asked = (("uv", "sync"), ("poetry", "install"), ("poetry", "sync"))
    calls = [call for run in stage.runs if not run.opaque for call in run.calls]
    return any((call.name, value) in asked for call in calls for value in call.values[:1])


class ProjectSplitter(PythonSplitter):
    """A stage in which uv or Poetry makes the environment of the project in one folder."""

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, slim: str) -> None:
        super().__init__(file, stage, image, slim, [run for run in stage.runs if calls_manager(run)])
        self.folder = self.builds[0].state.folder or ""
        self.installs: list[Install] = []
        self.tools = [run for run in stage.runs if not calls_manager(run) and installs_managers(run)]
        self.settings = poetry_settings(stage.runs)
        self.launches: dict[int, str] = {}
        self.option = ""
        self.kept_because = ""

    def plan(self) -> Plan | None:
        brought = [*self.tools, *(run for run in self.builds if installs_managers_too(run))]
        if not self.fat and not self.packages.dropped and not brought:
            return None
        self._check()
        manifest = self._manifest()
        self._launches(manifest)
        self._requirements(manifest)
        self.programs()
        self.sources()
        self.check_copies()
        plan = Plan(self._title(), self.runtime_base())
        if self.environment == ACTIVE:
            opening, closing = [f"RUN python -m venv {ACTIVE}", self._line()], self.closing()
            self.arrange(plan, brings=self._brings(), opening=opening, closing=closing)
        else:
            self.arrange(plan, brings=self._brings())
        plan.builder = [self._built(piece) for piece in plan.builder]
        plan.runtime = [self._launched(piece) for piece in plan.runtime]
        plan.evidence = [*self.founded(), *self._on_project(), *self.evidence]
        return plan

    def _title(self) -> str:
        if self.fat:
            return f"install dependencies in a builder stage and run on {self.base}"
        return "leave what only installs in a builder stage"

    def _check(self) -> None:
        self.check_builds()
        if self.folder in FOLDERS_OF_THE_IMAGE:
            raise NotSplit("the project has no folder of its own (WORKDIR)", self.builds[0])
        for run in self.builds:
            if run.state.folder != self.folder:
                raise NotSplit("the project's packages are installed from several folders", run)
            self.installs += installs(run)
            _check_beside(run)
        self.environment = self._environment()
        check_settings(self.file, self.stage)
        for step in self.stage.steps:
            self._check_step(step)

    def _environment(self) -> str:
        if not self.installs or len({install.tool for install in self.installs}) > 1:
            raise NotSplit("uv and Poetry are used together", self.builds[0])
        install = self.installs[-1]
        if install.tool == "uv":
            found = {environment_of_uv(one, self.folder) for one in self.installs}
            if len(found) > 1:
                raise NotSplit("uv makes several environments", install.run)
            return found.pop()
        return f"{self.folder}/.venv" if self._in_project(install.run) else self._activated(install.run)

    def _in_project(self, run: Run) -> bool:
        """Whether Poetry puts the environment into the project's folder."""
        if "virtualenvs.path" in self.settings or run.state.value("POETRY_VIRTUALENVS_PATH"):
            raise NotSplit("Poetry keeps environments in a folder of their own", run)
        create = self.settings.get("virtualenvs.create") or run.state.value("POETRY_VIRTUALENVS_CREATE") or "true"
        inside = self.settings.get("virtualenvs.in-project") or run.state.value("POETRY_VIRTUALENVS_IN_PROJECT") or ""
        path = image_files(self.file, self.stage).get(f"{self.folder}/poetry.toml")
        if path:
            raise NotSplit(f"{path} sets where Poetry puts environments", run)
        return inside.lower() in ("true", "1") and create.lower() not in ("false", "0")

    def _activated(self, run: Run) -> str:
        """The environment that Poetry finds active, instead of the image's own Python or one below its cache."""
        if any(installs_managers_too(build) for build in self.builds):
            raise NotSplit("Poetry is installed in one RUN with the project's packages", run)
        return ACTIVE

    def _check_step(self, step: Step) -> None:
        if step.keyword in ("ENV", "ARG"):
            for pair in parse_name_values(step.text):
                self._check_variable(pair.name, pair.value or "", step)
        place = step.target or step.destination if isinstance(step, Copy) else step.text
        if step.keyword != "LABEL" and any(path in place for path in SYSTEM_PATHS):
            raise NotSplit("a step names a path of the system's Python", step)
        self.check_step_names(step)
        if isinstance(step, Run) and step in self.builds:
            self.check_written(step)
        if not isinstance(step, Run) or step in self.builds or step in self.tools:
            return
        plain = all(is_apt_call(call) or call.is_("rm", "echo", "true", "set") for call in step.calls)
        if not plain and not only_base_commands(step, self.image):
            raise NotSplit(f"{unknown_command(step)} may write files that are not understood", step)

    def _check_variable(self, name: str, value: str, step: Step) -> None:
        if name == "PATH" and "$PATH" not in value and "${PATH}" not in value:
            raise NotSplit("the file sets PATH as a whole", step)
        if name == "VIRTUAL_ENV" and value != self.environment:
            raise NotSplit("VIRTUAL_ENV names another environment", step)
        if name in REFUSED_VARIABLES:
            raise NotSplit(f"the file sets {name}", step)

    def _manifest(self) -> Manifest:
        files = image_files(self.file, self.stage)
        path = files.get(f"{self.folder}/pyproject.toml") or self._mounted("pyproject.toml")
        if path is None:
            raise NotSplit("pyproject.toml is not in the build context where packages are installed", self.builds[0])
        manifest = read_manifest(self.context, path, self.installs[-1], self.image)
        if self.installs[-1].tool == "uv":
            check_python(self.context, manifest, self.image, files.get(f"{self.folder}/.python-version"))
        elif "tool.poetry.build" in manifest.text or "build.py" in manifest.text:
            raise NotSplit("the project is built by a script of its own")
        if self.environment == ACTIVE:
            missing = unexplained(own_sources(self.file, self.stage), manifest.names)
            if missing:
                raise NotSplit(f"{missing[0]} is imported and may come with Poetry itself")
        return manifest

    def _mounted(self, name: str) -> str | None:
        """The context path of a file that build steps see in a bind mount."""
        for run in self.builds:
            for mount in run.mounts:
                if mount.get("type") == "bind" and "from" not in mount and mount.get("target", "").endswith(name):
                    return mount.get("source")
        return None

    def _requirements(self, manifest: Manifest) -> None:
        """Decide on development packages, then sort what is left."""
        if may_leave_development(manifest, self.installs):
            development = {one.name for one in manifest.development if isinstance(one, Requirement)}
            self.kept_because = why_needed(
                own_sources(self.file, self.stage), development, manifest.names, self._started()
            )
            if not self.kept_because:
                self.option = "--no-dev" if self.installs[-1].tool == "uv" else self._poetry_option()
        for one in (*manifest.direct, *(() if self.option else manifest.development)):
            if isinstance(one, Requirement):
                self.needs.wanted.add(one)
            else:
                self.needs.strange.append(getattr(one, "name", "") or getattr(one, "url", "a local project"))
        self.needs.settle()
        refuse_compilers(manifest.names - {*self.needs.names()})
        if not manifest.locked:
            self.evidence.append(Evidence("no lockfile: only direct dependencies were looked at", Strength.INFERRED))

    def _started(self) -> list[str]:
        words = [word for program in start_programs(self.file, self.stage) for word in launched(program)]
        return [*words, *self.compose_words()]

    def _poetry_option(self) -> str:
        """`--only main` came with Poetry 1.2."""
        texts = [run.shell_text for run in (*self.tools, *self.builds)]
        old = any(f"poetry{mark}{version}" in text for text in texts for mark in "=<" for version in ("=0", "=1", "1"))
        return (
            "" if old or any("POETRY_VERSION" in step.text for step in self.stage.of("ENV", "ARG")) else "--only main"
        )

    def _launches(self, manifest: Manifest) -> None:
        """Rewrite what starts the container where uv or Poetry only starts a program of the environment."""
        for keyword in ("ENTRYPOINT", "CMD", "HEALTHCHECK"):
            step = self.stage.last(keyword)
            if step is not None and any(manager in step.text for manager in MANAGERS):
                text = rewritten(step)
                if text:
                    self.launches[step.index] = text
        if any(word in MANAGERS for word in self.compose_programs()):
            raise NotSplit("a compose file starts uv or Poetry in the container")
        if not self.launches:
            return
        for path, target in mounts_over(self.context, self.environment):
            raise NotSplit(f"{path} mounts a folder over {target}, where the environment is made when it starts")
        install = self.installs[-1]
        if install.tool == "uv" and install.has("--no-install-project") and manifest.project.backend:
            raise NotSplit("uv installs the project itself when the container starts", install.run)
        if install.tool == "uv" and manifest.project.groups and not install.choice("3").development:
            self._check_started_groups(manifest)

    def _check_started_groups(self, manifest: Manifest) -> None:
        """Where the build leaves groups out, `uv run` installs them when the container starts."""
        left = {one.name for one in manifest.project.groups.get("dev", ()) if isinstance(one, Requirement)}
        reason = why_needed(own_sources(self.file, self.stage), left, manifest.names, self._started())
        if reason:
            raise NotSplit(f"uv installs development packages when the container starts: {reason}")

    def check_program(self, program: Program) -> None:
        super().check_program(program)
        bare = program.name.rpartition("/")[2]
        if bare in MANAGERS:
            inner = unwrapped(program) if self.launches and program.where in ("CMD", "ENTRYPOINT") else None
            if inner is None:
                raise NotSplit(f"{program.where} calls {bare} when the container runs")
            super().check_program(inner)

    def _line(self) -> str:
        return f'ENV VIRTUAL_ENV={self.environment} PATH="{self.environment}/bin:$PATH"'

    def _brings(self) -> list[str]:
        outside = not f"{self.environment}/".startswith(f"{self.folder}/")
        lines = [f"COPY --from=builder {self.environment} {self.environment}"] if outside else []
        lines.append(f"COPY --from=builder {self.folder} {self.folder}")
        given = any(f"{self.environment}/bin" in step.text for step in self.stage.of("ENV"))
        added = self.environment == ACTIVE or (bool(self.launches) and not given)
        return [*lines, self._line()] if added else lines

    def place(self, step: Step) -> Place:
        if isinstance(step, Run) and any(is_apt_call(c) for c in step.calls) and not stays_whole(step, self.image):
            return Place.REPLACED
        if step in self.builds or step in self.tools:
            return Place.BUILDER
        place = super().place(step)
        if place is Place.BOTH and isinstance(step, Copy) and (self._is_inside(step) or brings_uv(step)):
            return Place.BUILDER
        return place

    def _is_inside(self, copy: Copy) -> bool:
        return copy.target is not None and f"{copy.target.rstrip('/')}/".startswith(f"{self.folder}/")

    def _built(self, piece: Piece) -> Piece:
        """A step of the builder, with the option behind every install."""
        mine = [one for one in self.installs if one.run is piece.step]
        if not self.option or not mine:
            return piece
        run = mine[0].run
        text = run.source.at(run.span).rstrip("\r\n")
        for install in reversed(mine):
            at = run.raw_after(install.call.words[1].span.end) - run.span.start
            text = f"{text[:at]} {self.option}{text[at:]}"
        return piece._replace(text=text)

    def _launched(self, piece: Piece) -> Piece:
        text = self.launches.get(piece.step.index) if piece.step is not None else None
        return piece._replace(text=text) if text else piece

    def _on_project(self) -> Iterator[Evidence]:
        tool = self.installs[-1].tool
        yield Evidence(f"{tool} is used only to install", Strength.INFERRED, self.builds[-1].node.span)
        if self.launches:
            yield Evidence(
                f"`{tool} run` finds the environment as it was built, and starts the same program", Strength.INFERRED
            )
        if self.option:
            yield Evidence("what runs names no development package", Strength.INFERRED)
        elif self.kept_because:
            yield Evidence(f"development packages stay: {self.kept_because}", Strength.INFERRED)


def own_sources(file: Dockerfile, stage: Stage) -> Sources:
    """The files of the context that are in the image and not tests."""
    assert file.context
    paths = sorted(set(image_files(file, stage).values()))
    return Sources(file.context, tuple(path for path in paths if not is_test(path)))


def refuse_compilers(names: Iterable[str]) -> None:
    """Raise NotSplit for a package that needs more than its files when it runs."""
    for name in sorted(names):
        row = python_packages.lookup(name)
        if row and row.kind in ("refuse", "compiles"):
            raise NotSplit(f"{name} needs more than its files when it runs")


def _check_beside(run: Run) -> None:
    """Raise NotSplit for what stands beside uv or Poetry in a RUN and may write what would be left behind."""
    for call in run.calls:
        pip = call.is_("pip", "pip3") or (call.is_("python", "python3") and call.values[:2] == ("-m", "pip"))
        if pip and not brings_managers(call):
            raise NotSplit("pip installs packages in one RUN with uv or Poetry", run)
        if not (pip or is_apt_call(call) or call.is_("uv", "poetry", "echo", "true", "set", "rm")):
            raise NotSplit(f"{call.words[0].text} stands in one RUN with uv or Poetry", run)


def installs_managers_too(run: Run) -> bool:
    return any(call.name in ("pip", "pip3") or call.is_("python", "python3") for call in run.calls)


def brings_uv(copy: Copy) -> bool:
    return "astral-sh/uv" in (copy.from_ or "")
