"""Python with pip: a virtual environment built on the image as it is, copied into its slim variant."""

from collections.abc import Iterator
from itertools import takewhile

from dockopt.analyses.apt import is_root
from dockopt.analyses.split.family import called
from dockopt.analyses.split.needs import image_files, landing
from dockopt.analyses.split.packages import is_alpine, is_package_call, stays_whole
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.python_development import closure, unexplained
from dockopt.analyses.split.python_fills import (
    OLD_UV,
    check_uv_pip,
    fills,
    installers,
    is_uv_pip,
    pipenv_development,
    read_pip,
)
from dockopt.analyses.split.python_manifest import read_manifest
from dockopt.analyses.split.python_project import ProjectSplitter, brings_uv, is_project, own_sources, refuse_compilers
from dockopt.analyses.split.python_run_time import SYSTEM_PATHS, PythonSplitter
from dockopt.analyses.split.python_tools import Install, calls_manager, exports, installs_managers
from dockopt.analyses.split.python_wheels import check_settings, compiling
from dockopt.analyses.split.steps import (
    only_apt,
    only_base_commands,
    unknown_command,
)
from dockopt.analyses.words import Reading
from dockopt.context.manifests import pipfile
from dockopt.context.manifests.requirement import Requirement
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.images import describe, slim_variant
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.syntax.words import parse_name_values

OLDEST = (3, 8)
"""Python 3.8 and later bundle a pip that knows today's wheels; older ones would build from source."""
ELSEWHERE = (
    "--user",
    "-t",
    "--target",
    "--prefix",
    "--root",
    "--python",
    "-e",
    "--editable",
    "--no-build-isolation",
    "--no-binary",
)
INSTALLS_AGAIN = ("-U", "--upgrade", "--force-reinstall", "-I", "--ignore-installed", "--upgrade-strategy")
OWN_VARIABLES = frozenset(
    {
        "PATH",
        "VIRTUAL_ENV",
        "PYTHONHOME",
        "PIP_TARGET",
        "PIP_NO_BINARY",
        "PIP_PREFIX",
        "PIP_USER",
        "PIP_ROOT",
        "PIP_CONSTRAINT",
        "UV_CONSTRAINT",
    }
)


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on a python image, None where it is not one or nothing would be gained.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "python" or image.distribution not in ("debian", "alpine"):
        return None
    slim = stage.base if is_alpine(image) else slim_variant(stage.base or "")
    if is_alpine(image) and is_project(stage):
        return None
    if slim is not None and is_project(stage):
        return ProjectSplitter(file, stage, image, slim).plan()
    readable = [run for run in stage.runs if not run.opaque]
    installs = [run for run in readable if fills(run) or calls_manager(run)]
    tools = [run for run in takewhile(installs_managers, installs) if not calls_manager(run)]
    installs = installs[len(tools) :]
    if slim is None or not installs:
        return None
    if not any(fills(run) for run in installs):
        raise NotSplit("what uv or Poetry installs without a project is not followed", installs[0])
    splitter = _Splitter(file, stage, image, slim, installs)
    splitter.tools = tools
    return splitter.plan()


class _Splitter(PythonSplitter):
    follows_family = True

    tools: list[Run]
    """RUNs that bring Poetry or uv to the builder, before the environment is made."""

    def plan(self) -> Plan | None:
        if not self.fat and not self.packages.dropped:
            return None
        self._check()
        self._requirements()
        self.programs()
        self.sources()
        self.check_copies()
        self.leave_bundled()
        plan = Plan(self._title(), self.runtime_base())
        self.arrange(
            plan,
            brings=[*self._written(), f"COPY --from=builder {self.environment} {self.environment}", self.search_path],
            opening=[f"RUN python -m venv {self.environment}", self._active()],
            closing=self.closing(),
        )
        plan.evidence = [*self.founded(), *self.evidence]
        return plan

    def _active(self) -> str:
        """The line that makes the builder's programs use the environment."""
        if not any(is_uv_pip(call) for run in self.builds for call in run.calls):
            return self.search_path
        claim = "uv installs into the Python that UV_PYTHON names, even with --system (since uv 0.2)"
        self.evidence.append(Evidence(claim, Strength.KNOWN))
        return f'ENV UV_PYTHON={self.environment}/bin/python PATH="{self.environment}/bin:$PATH"'

    def closing(self) -> list[str]:
        lines = super().closing()
        names = {*self.needs.names(), *closure(self.needs.names()), *own_sources(self.file, self.stage).modules()}
        unused = [name for name in installers(self.builds) if name not in names]
        return [f"{line.removesuffix(' pip')} {' '.join(unused)} pip" for line in lines] if unused else lines

    def _title(self) -> str:
        if self.fat:
            return f"install dependencies in a builder stage and run on {self.base}"
        return "leave compilers and development packages in a builder stage"

    def _check(self) -> None:
        self.check_builds()
        if tuple(int(part) for part in self.image.version.split(".")[:2] if part.isdigit()) < OLDEST:
            raise NotSplit(f"the pip that comes with {self.stage.base}'s venv module is too old or not known")
        check_settings(self.file, self.stage)
        for step in (step for member in self.family for step in member.steps):
            self._check_step(step)

    def _check_step(self, step: Step) -> None:
        if step.keyword in ("ENV", "ARG") and OWN_VARIABLES & {pair.name for pair in parse_name_values(step.text)}:
            raise NotSplit("the file sets PATH or another variable that a virtual environment needs", step)
        place = step.target or step.destination if isinstance(step, Copy) else step.text
        if step.keyword != "LABEL" and any(path in place for path in SYSTEM_PATHS):
            raise NotSplit("a step names a path of the system's Python", step)
        if self.environment in step.text:
            raise NotSplit(f"{self.environment} is there already", step)
        self.check_step_names(step)
        if isinstance(step, Run) and not only_apt(step) and not only_base_commands(step, self.image):
            self._check_run(step)

    def _check_run(self, run: Run) -> None:
        if run in self.tools:
            return
        if run.stage != self.stage.index and calls_manager(run):
            raise NotSplit(f"{called(self.file.stages[run.stage])} installs with uv or Poetry", run)
        if fills(run) or calls_manager(run):
            self.check_written(run, [place for place, _ in exports(run)])
            for call in run.calls:
                if reading := read_pip(call):
                    self._check_pip(call, reading, run)
                elif call.is_("pipenv"):
                    self._check_pipenv(call, run)
                elif not (is_package_call(call) or call.is_("echo", "true", "set", "poetry")):
                    raise NotSplit(f"{call.words[0].text} stands in one RUN with pip", run)
            if any(not call.top for call in run.calls):
                raise NotSplit("pip is called inside a condition or a subshell", run)
        elif (run.stage == self.stage.index and run.index < self.last) or not self._is_application(run):
            raise NotSplit(f"{unknown_command(run)} may write files that are not understood", run)
        elif made := compiling(run, image_files(self.file, self.file.stages[run.stage]), self.context):
            raise NotSplit(f"{made} in a later RUN may call a compiler", run)

    def _check_pip(self, call: Call, reading: Reading, run: Run) -> None:
        if is_uv_pip(call):
            check_uv_pip(call, run)
            if any(mark in step.text for step in self.stage.steps for mark in OLD_UV):
                raise NotSplit("uv before 0.2 does not install with --system into an environment", run)
        if "/" in (call.words[0].value or "") or any(call.wrapper for call in run.calls):
            raise NotSplit("pip is called by its path or through another program", run)
        found = reading.option(*ELSEWHERE)
        if found:
            raise NotSplit(f"pip {found.name} installs to a place of its own", run)
        if reading.subcommand not in ("install", "cache", "config", "list", "freeze", "check", None):
            raise NotSplit(f"pip {reading.subcommand} is not understood", run)
        if reading.unknown:
            raise NotSplit("what pip installs depends on a variable", run)

    def _check_pipenv(self, call: Call, run: Run) -> None:
        if not call.top or None in call.values or any(other.wrapper for other in run.calls):
            raise NotSplit("what pipenv does depends on a variable or a condition", run)
        pipenv_development(call, run)
        if "pipenv" not in installers(self.builds):
            raise NotSplit("pipenv is not seen to come from pip, beside what it installs", run)
        for name in ("PIPENV_PYTHON", "PIPENV_DEFAULT_PYTHON_VERSION", "PIPENV_PIPFILE", "PIPENV_VENV_IN_PROJECT"):
            if run.state.value(name) is not None:
                raise NotSplit(f"{name} decides where pipenv installs", run)

    def _is_application(self, run: Run) -> bool:
        """Whether a body only runs Python or programs that packages bring, which the slim image can do as well."""
        known = {"python", "python3", *self.names_of_programs()}
        return all(call.name in known or _is_harmless(call.name) for call in run.calls)

    def names_of_programs(self) -> frozenset[str]:
        return frozenset({"django-admin", "gunicorn", "uvicorn", "flask", "alembic", "celery", "uwsgi", "streamlit"})

    def _requirements(self) -> None:
        for run in self.builds:
            files = dict(image_files_before(self.file, self.stage, run))
            for place, install in exports(run):
                self._exported(place, install, files, run)
            for call in run.calls:
                reading = read_pip(call)
                if reading and reading.subcommand == "install":
                    self.needs.ask(reading, files, self.context, run)
                elif call.is_("pipenv"):
                    self._of_pipfile(call, files, run)
        for member in self.family[1:]:
            self._later_requirements(member)
        self.needs.settle()

    def _later_requirements(self, member: Stage) -> None:
        """Take in what a stage built on this one installs, on an image that has no compiler any more."""
        for run in member.runs:
            if any(is_package_call(call) for call in run.calls) and not stays_whole(run, self.image):
                raise NotSplit(f"{called(member)} installs packages that are not sorted", run)
            if not fills(run):
                continue
            if any(is_uv_pip(call) or call.is_("pipenv") for call in run.calls):
                raise NotSplit(f"{called(member)} installs with uv or pipenv", run)
            if not is_root(run):
                raise NotSplit(f"{called(member)} installs as another user than root", run)
            self.calls_pip = True
            known = set(self.needs.wanted)
            files = image_files(self.file, member)
            for reading in (read_pip(call) for call in run.calls):
                if reading and reading.subcommand == "install":
                    if reading.option(*INSTALLS_AGAIN):
                        raise NotSplit(f"{called(member)} installs again what is there already", run)
                    self.needs.ask(reading, files, self.context, run)
            built = self.needs.built_from_source(self.needs.wanted - known)
            if built:
                raise NotSplit(f"{built} may have to be compiled in {called(member)}", run)
            self.evidence.append(
                Evidence(f"what {called(member)} installs has wheels or is Python only", Strength.KNOWN, run.node.span)
            )

    def _of_pipfile(self, call: Call, files: dict[str, str], run: Run) -> None:
        """Take in what pipenv installs by its lockfile."""
        development = pipenv_development(call, run)
        if development is None:
            return
        path = files.get(f"{run.state.folder}/Pipfile")
        if path is None or f"{run.state.folder}/Pipfile.lock" not in files:
            raise NotSplit("Pipfile and Pipfile.lock are not copied to where pipenv runs", run)
        manifest = pipfile.read(self.context, path)
        if manifest.problems:
            raise NotSplit(manifest.problems[0])
        locked = manifest.locked | (manifest.locked_development if development else frozenset())
        for one in (*manifest.packages, *(manifest.development if development else ())):
            if isinstance(one, Requirement):
                self.needs.wanted.add(one)
            else:
                self.needs.strange.append(one.name)
        refuse_compilers(locked - {*self.needs.names()})

    def programs(self) -> None:
        super().programs()
        managers = self.called & {"uv", "uvx", "poetry", "pipenv"}
        if managers:
            raise NotSplit(f"{min(managers)} is called when the container runs")

    def _written(self) -> list[str]:
        """What Poetry exports is a file of the image as well."""
        return [f"COPY --from=builder {path} {path}" for path in self.needs.written if not path.startswith("/tmp/")]  # noqa: S108 - of images

    def _exported(self, place: str, install: Install, files: dict[str, str], run: Run) -> None:
        """Take in a requirements file that Poetry writes from its lockfile."""
        path = files.get(f"{run.state.folder}/pyproject.toml")
        if path is None:
            raise NotSplit("pyproject.toml is not in the build context where poetry export runs", run)
        manifest = read_manifest(self.context, path, install, self.image)
        asked = [*manifest.direct, *manifest.development]
        known = tuple(one for one in asked if isinstance(one, Requirement))
        if len(known) < len(asked):
            raise NotSplit(f"{path} asks for packages that are in no index")
        self.needs.written[place] = known
        names = {*manifest.names, *closure(one.name for one in known)}
        refuse_compilers(names - {one.name for one in known})
        missing = unexplained(own_sources(self.file, self.stage), names) if self.tools else []
        if missing:
            raise NotSplit(f"{missing[0]} is imported and may come with Poetry itself")

    def place(self, step: Step) -> Place:
        if isinstance(step, Run) and (step in self.tools or step in self.builds):
            return Place.BUILDER
        if isinstance(step, Copy) and brings_uv(step) and step.index < self.last:
            return Place.BUILDER
        if isinstance(step, Run) and any(is_package_call(c) for c in step.calls) and not stays_whole(step, self.image):
            return Place.REPLACED
        place = super().place(step)
        if place is Place.BOTH and isinstance(step, Copy) and self._comes_again(step):
            return Place.BUILDER
        return place

    def _comes_again(self, copy: Copy) -> bool:
        """Whether all that a COPY brings is brought again, to the same places, by one that the runtime stage keeps."""
        mine = landing(self.file, copy)
        later: dict[str, str] = {}
        for other in self.stage.copies:
            if other.index > copy.index and other.node.flags == copy.node.flags:
                later |= landing(self.file, other)
        return bool(mine) and all(later.get(image) == path for image, path in mine.items())


def image_files_before(file: Dockerfile, stage: Stage, run: Run) -> Iterator[tuple[str, str]]:
    """Image path and context path of what was copied before a RUN."""
    for copy in stage.copies:
        if copy.index < run.index:
            yield from landing(file, copy).items()


def _is_harmless(name: str | None) -> bool:
    return name in ("echo", "true", "mkdir", "touch", "chmod", "chown", "cd", "set", "export", "rm")
