"""Python with pip: a virtual environment built on the image as it is, copied into its slim variant."""

import re
from collections.abc import Iterator

from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.needs import (
    OWN_PATH,
    RESETS_PATH,
    Program,
    image_files,
    is_base_command,
    landing,
    script_path,
    start_programs,
)
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.split.steps import (
    only_apt,
    only_base_commands,
    unknown_command,
)
from dockopt.analyses.words import Reading, read
from dockopt.context.manifests import requirements
from dockopt.context.manifests.requirement import Requirement, parse_requirement
from dockopt.context.python_source import scan
from dockopt.context.tree import Context
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge import python_packages
from dockopt.knowledge.images import Image, describe, slim_variant
from dockopt.knowledge.wheel_floors import built_from_source
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.syntax.words import parse_name_values

ENVIRONMENT = "/opt/venv"
SEARCH_PATH = f'ENV PATH="{ENVIRONMENT}/bin:$PATH"'
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
OWN_VARIABLES = frozenset({"PATH", "VIRTUAL_ENV", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT"})
SYSTEM_PATHS = (
    "/usr/local/lib/python",
    "site-packages",
    "dist-packages",
    "/usr/local/bin/python",
    "/usr/local/bin/pip",
)
READ_FOR_PATHS = tuple(
    ".py .sh .bash .conf .ini .cfg .toml .json .yml .yaml .service .cron .txt .env .xml .j2 .tmpl .template".split()
)
"""Endings of files that may name a path of the system's Python; files without one are read as well."""
GIVES_PATH = re.compile(r"""['"]PATH['"]\s*[:\]]""")
GRAPHICAL = frozenset({"tkinter", "turtle", "idlelib", "Tkinter"})
"""Modules of the standard library whose libraries the slim image leaves out."""
SOURCES_AT_MOST = 3000


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on a python image, None where it is not one or nothing would be gained.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "python" or image.distribution != "debian":
        return None
    slim = slim_variant(stage.base or "")
    installs = [step for step in stage.steps if isinstance(step, Run) and not step.opaque and _calls_pip(step)]
    if slim is None or not installs:
        return None
    return _Splitter(file, stage, image, slim, installs).plan()


def _calls_pip(run: Run) -> bool:
    return any(reading.program == "pip" for call in run.calls if (reading := read(call)))


class _Splitter(Splitter):
    own_programs = ("python", "pip", "idle", "pydoc")

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, slim: str, installs: list[Run]) -> None:
        super().__init__(file, stage, image, slim, installs)
        self.wanted: set[Requirement] = set()
        self.strange: list[str] = []

    def plan(self) -> Plan | None:
        fat = self.base != self.stage.base
        if not fat and not self.packages.dropped:
            return None
        self._check()
        self._requirements()
        self._programs()
        self._sources()
        self.check_copies()
        plan = Plan(self._title(fat), self.runtime_base())
        self.arrange(
            plan,
            brings=[f"COPY --from=builder {ENVIRONMENT} {ENVIRONMENT}", SEARCH_PATH],
            opening=[f"RUN python -m venv {ENVIRONMENT}", SEARCH_PATH],
        )
        plan.evidence = [*self._founded(fat), *self.evidence]
        return plan

    def _title(self, fat: bool) -> str:
        if fat:
            return f"install dependencies in a builder stage and run on {self.base}"
        return "leave compilers and development packages in a builder stage"

    def _check(self) -> None:
        self.check_builds()
        if tuple(int(part) for part in self.image.version.split(".")[:2] if part.isdigit()) < OLDEST:
            raise NotSplit(f"the pip that comes with {self.stage.base}'s venv module is too old or not known")
        for step in self.stage.steps:
            self._check_step(step)

    def _check_step(self, step: Step) -> None:
        if step.keyword in ("ENV", "ARG") and OWN_VARIABLES & {pair.name for pair in parse_name_values(step.text)}:
            raise NotSplit("the file sets PATH or another variable that a virtual environment needs", step)
        place = step.target or step.destination if isinstance(step, Copy) else step.text
        if step.keyword != "LABEL" and any(path in place for path in SYSTEM_PATHS):
            raise NotSplit("a step names a path of the system's Python", step)
        if isinstance(step, Run) and not only_apt(step) and not only_base_commands(step, self.image):
            self._check_run(step)

    def _check_run(self, run: Run) -> None:
        if _calls_pip(run):
            for call in run.calls:
                reading = read(call)
                if reading and reading.program == "pip":
                    self._check_pip(call.words[0].value or "", reading, run)
                elif not (is_apt_call(call) or call.is_("echo", "true")):
                    raise NotSplit(f"{call.words[0].text} stands in one RUN with pip", run)
            if any(not call.top for call in run.calls):
                raise NotSplit("pip is called inside a condition or a subshell", run)
        elif run.index < self.builds[-1].index or not self._is_application(run):
            raise NotSplit(f"{unknown_command(run)} may write files that are not understood", run)

    def _check_pip(self, program: str, reading: Reading, run: Run) -> None:
        if "/" in program or any(call.wrapper for call in run.calls):
            raise NotSplit("pip is called by its path or through another program", run)
        found = reading.option(*ELSEWHERE)
        if found:
            raise NotSplit(f"pip {found.name} installs to a place of its own", run)
        if reading.subcommand not in ("install", "cache", "config", "list", "freeze", "check", None):
            raise NotSplit(f"pip {reading.subcommand} is not understood", run)
        if reading.unknown:
            raise NotSplit("what pip installs depends on a variable", run)

    def _is_application(self, run: Run) -> bool:
        """Whether a body only runs Python or programs that packages bring, which the slim image can do as well."""
        known = {"python", "python3", *self.names_of_programs()}
        return all(call.name in known or _is_harmless(call.name) for call in run.calls)

    def names_of_programs(self) -> frozenset[str]:
        return frozenset({"django-admin", "gunicorn", "uvicorn", "flask", "alembic", "celery", "uwsgi", "streamlit"})

    def _requirements(self) -> None:
        for run in self.builds:
            files = dict(image_files_before(self.file, self.stage, run))
            for call in run.calls:
                reading = read(call)
                if reading and reading.program == "pip" and reading.subcommand == "install":
                    self._asked(reading, files, run)
        for wanted in sorted(self.wanted):
            self._requirement(wanted)

    def _asked(self, reading: Reading, files: dict[str, str], run: Run) -> None:
        for word in reading.operands:
            wanted = parse_requirement(word.value or "")
            if not isinstance(wanted, Requirement):
                raise NotSplit(f"pip installs {word.text} from the image or a repository", run)
            self.wanted.add(wanted)
        for value in reading.values("-r", "--requirement"):
            path = files.get(joined(run.state.folder, value) or "")
            if path is None:
                raise NotSplit(f"{value} is not in the build context", run)
            found = requirements.read(self.context, path)
            if found.problems:
                raise NotSplit(f"{value} cannot be read: {found.problems[0]}", run)
            if any(option.name == "--no-binary" for option in found.options):
                raise NotSplit(f"{value} asks for builds from source", run)
            if found.local:
                raise NotSplit(f"{value} installs {found.local[0].path} of the build context", run)
            self.strange += [one.name or one.url for one in found.vcs]
            self.wanted.update(found.requirements)

    def _requirement(self, wanted: Requirement) -> None:
        """What one requirement needs of the image when it runs."""
        row = python_packages.lookup(wanted.name, wanted.extras)
        if row is None:
            self.strange.append(wanted.name)
            return
        if row.kind in ("refuse", "compiles"):
            raise NotSplit(f"{wanted.name} needs more than its files when it runs")
        python = ".".join(self.image.version.split(".")[:2])
        from_source = built_from_source(wanted.name, wanted.specifier, python)
        answers = {row.needs(release, from_source=from_source) for release in self.image.candidates}
        if len(answers) != 1 or None in answers:
            raise NotSplit(f"the Debian packages that {wanted.name} needs are not known for every release of the image")
        needed = next(iter(answers))
        if needed:
            self.packages.libraries[wanted.name] = needed

    def _programs(self) -> None:
        files = image_files(self.file, self.stage)
        for program in start_programs(self.file, self.stage):
            self._program(program, files)
        for word in self.compose_programs():
            if not self.is_own(word):
                self.packages.need_command(word)
        for name in self.packages.kept:
            if name in ("cron", "sudo", "openssh-server"):
                raise NotSplit(f"{name} starts programs with a PATH of its own")

    def _program(self, program: Program, files: object) -> None:
        self.check_program(program)
        bare = program.name.rpartition("/")[2]
        if bare in RESETS_PATH:
            raise NotSplit(f"{bare} starts programs with a PATH of its own")
        if any(path in program.name for path in (*SYSTEM_PATHS, "/usr/bin/python")):
            raise NotSplit(f"{program.where} calls {program.name}")
        if self.is_own(program.name) or self.packages.need_command(program.name) or is_base_command(program.name):
            return
        if "/" in program.name:
            path = script_path(self.stage, program)
            if isinstance(files, dict) and path not in files:
                raise NotSplit(f"{program.where} calls {program.name}, which is not known")
            return
        self.packages.needs_dropped(program.name)

    def _sources(self) -> None:
        context = self.context
        paths = sorted(set(image_files(self.file, self.stage).values()))
        if len(paths) > SOURCES_AT_MOST:
            raise NotSplit("the build context is too large to be read whole")
        for path in paths:
            if path.endswith(READ_FOR_PATHS) or "." not in path.rpartition("/")[2]:
                self._other_file(context, path)
            if path.endswith(".py") and not _is_test(path):
                self._source(context, path)

    def _other_file(self, context: Context, path: str) -> None:
        text = context.read(path) or ""
        if any(name in text for name in (*SYSTEM_PATHS, "#!/usr/bin/python")):
            raise NotSplit(f"{path} names a path of the system's Python")
        if not path.endswith(".py") and OWN_PATH.search(text):
            raise NotSplit(f"{path} sets PATH")

    def _source(self, context: Context, path: str) -> None:
        source = scan(context, path)
        for name in source.commands:
            self._program(Program(name, (), path), None)
        if source.imports & GRAPHICAL or "TkAgg" in (context.read(path) or ""):
            raise NotSplit(f"{path} uses tkinter, which the slim image leaves out")
        if source.commands and GIVES_PATH.search(context.read(path) or ""):
            self.assume(f"{path} gives the programs it starts a PATH that holds {ENVIRONMENT}/bin")
        if source.libraries or source.dynamic_libraries:
            self.assume(f"{path} loads shared libraries by name")
        if source.dynamic_commands:
            self.assume(f"{path} calls programs whose names are not written there")
        if source.problems:
            self.assume(f"{path} could not be read: {source.problems[0]}")

    def _founded(self, fat: bool) -> Iterator[Evidence]:
        yield from self.on_packages()
        if fat:
            yield Evidence(
                f"{self.base} has the same Python on the same Debian release", Strength.KNOWN, self.stage.node.span
            )
        if self.strange:
            names = ", ".join(dict.fromkeys(self.strange))
            yield Evidence(f"not known to need nothing else at run time: {names}", Strength.ASSUMED)
        known = len({wanted.name for wanted in self.wanted} - set(self.strange))
        yield Evidence(
            f"{known} requirements are known to run on slim; trusted: what they depend on does too", Strength.INFERRED
        )

    def place(self, step: Step) -> Place:
        if isinstance(step, Run) and _calls_pip(step):
            return Place.BUILDER
        if isinstance(step, Run) and any(is_apt_call(c) for c in step.calls) and not stays_whole(step, self.image):
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


def _is_test(path: str) -> bool:
    name = path.rpartition("/")[2]
    return "/tests/" in f"/{path}" or "/test/" in f"/{path}" or name.startswith("test_") or name == "conftest.py"
