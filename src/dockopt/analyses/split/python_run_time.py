"""What Python stages have in common, whatever installs their packages: what runs, its sources, evidence."""

import re
from collections.abc import Iterator

from dockopt.analyses.split.needs import (
    OWN_PATH,
    RESETS_PATH,
    Program,
    called_by,
    image_files,
    is_base_command,
    script_path,
    start_programs,
)
from dockopt.analyses.split.packages import is_alpine
from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.split.python_messages import GETTEXT, compiles_messages
from dockopt.analyses.split.python_needs import PythonNeeds
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.started import start_steps
from dockopt.context.python_source import is_python, scan
from dockopt.context.tree import Context
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.images import Image
from dockopt.knowledge.python_packages import CALLS_PIP
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step
from dockopt.model.stages import Stage

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
OWN_PROGRAM = re.compile(r"/usr/local/bin/([\w.+-]+)")
"""A program beside the system's Python: packages put theirs there, an environment has them elsewhere."""
TEST_RUNNERS = frozenset({"pytest", "py.test", "unittest", "nose2", "behave", "robot", "test"})
USES_TESTS = re.compile(r"(?m)^\s*(?:from|import)\s+\.*tests?\b")
"""An import of tests in a source that is none."""
SHELL_CELLS = re.compile(r"\"\s*!|%%(?:bash|sh|script)\b|%s(?:ystem|x)\b|\bsubprocess\b|\bos\.system\b")
"""Marks of notebooks that call programs."""
GIVES_PATH = re.compile(r"""['"]PATH['"]\s*[:\]]""")
GRAPHICAL = frozenset({"tkinter", "turtle", "idlelib", "Tkinter"})
"""Modules of the standard library whose libraries the slim image leaves out."""
SOURCES_AT_MOST = 3000
PIP_PROGRAMS = ("pip", "ensurepip")
NAMES_PIP = re.compile(r"\b(?:pip3?|ensurepip)\b")
DATA = (".conf", ".ini", ".cfg", ".toml", ".json", ".yml", ".yaml", ".txt", ".xml")
"""Endings of files that start no programs by themselves."""


class PythonSplitter(Splitter):
    """A stage on a python image. `environment` is the folder of the virtual environment that the program runs in."""

    own_programs = ("python", "pip", "idle", "pydoc")
    environment = "/opt/venv"

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, slim: str, installs: list[Run]) -> None:
        super().__init__(file, stage, image, slim, installs)
        self.needs = PythonNeeds(image, self.packages)
        self.calls_pip = any(not start_steps(file, one) for one in self.family if not file.built_on(one))
        self.loads_libraries = False
        self.called: set[str] = set()
        self.runs_tests = False

    @property
    def fat(self) -> bool:
        """Whether the runtime image is another one than the builder's."""
        return self.base != self.stage.base

    @property
    def search_path(self) -> str:
        """The line that puts the environment's programs first."""
        return f'ENV PATH="{self.environment}/bin:$PATH"'

    def programs(self) -> None:
        for member in self.family:
            files = image_files(self.file, member)
            for program in start_programs(self.file, member):
                self._program(program, files, member)
        for path, text in self.context.compose_files.items():
            self._names_program(text, path)
        for word in self.compose_programs():
            self.called.add(word)
            self.calls_pip = self.calls_pip or word.startswith(PIP_PROGRAMS)
            self.runs_tests = self.runs_tests or word in TEST_RUNNERS
            if not self.is_own(word):
                self.packages.need_command(word)
        for name in self.packages.kept:
            if name in ("cron", "sudo", "openssh-server"):
                raise NotSplit(f"{name} starts programs with a PATH of its own")

    def _program(self, program: Program, files: object, stage: Stage | None = None) -> None:
        self.check_program(program)
        words = [program.name, *(word or "" for word in program.arguments)]
        self.runs_tests = self.runs_tests or any(
            is_test(word) or is_test(f"{word}/x") or word in TEST_RUNNERS for word in words
        )
        bare = program.name.rpartition("/")[2]
        self.called.add(bare)
        self.calls_pip = self.calls_pip or bare.startswith(PIP_PROGRAMS) or bool({*PIP_PROGRAMS} & {*program.arguments})
        if bare in RESETS_PATH:
            raise NotSplit(f"{bare} starts programs with a PATH of its own")
        if any(path in program.name for path in (*SYSTEM_PATHS, "/usr/bin/python")):
            raise NotSplit(f"{program.where} calls {program.name}")
        if self.is_own(program.name) or self.packages.need_command(program.name) or is_base_command(program.name):
            return
        if "/" in program.name:
            path = script_path(stage or self.stage, program)
            if path.startswith(f"{self.environment}/bin/"):
                return
            if isinstance(files, dict) and path not in files:
                raise NotSplit(f"{program.where} calls {program.name}, which is not known")
            return
        self.packages.needs_dropped(program.name)

    def sources(self) -> None:
        context = self.context
        paths = sorted(self.copied_paths())
        if len(paths) > SOURCES_AT_MOST:
            raise NotSplit("the build context is too large to be read whole")
        for member in self.family:
            if any(image.startswith(f"{self.environment}/") for image in image_files(self.file, member)):
                raise NotSplit(f"files are copied into {self.environment}")
        own: list[str] = []
        self.runs_tests = self.runs_tests or any(
            USES_TESTS.search(context.read(path) or "") for path in paths if path.endswith(".py") and not is_test(path)
        )
        for path in paths:
            if path.endswith(READ_FOR_PATHS) or "." not in path.rpartition("/")[2]:
                self._other_file(context, path)
            if is_python(context, path) and (self.runs_tests or not is_test(path)):
                own.append(path)
                self._source(context, path)
            if path.endswith(".ipynb") and SHELL_CELLS.search(context.read(path) or ""):
                self.assume(f"{path} calls programs in its cells")
        self.look_up(own)
        if GETTEXT in self.packages.kept and not self.needs.strange and not is_alpine(self.image):
            self._leave_gettext(paths)

    def _leave_gettext(self, paths: list[str]) -> None:
        texts = [step.text for member in self.family for step in member.steps]
        if compiles_messages(self.context, paths, texts, self.called, self.needs.names()):
            return
        self.packages.kept.remove(GETTEXT)
        self.packages.dropped.append(GETTEXT)
        claim = f"{GETTEXT} compiles messages, which nothing here does; trusted: nobody does it in a container"
        self.evidence.append(Evidence(claim, Strength.INFERRED))

    def _other_file(self, context: Context, path: str) -> None:
        text = context.read(path) or ""
        if any(name in text for name in (*SYSTEM_PATHS, "#!/usr/bin/python")):
            raise NotSplit(f"{path} names a path of the system's Python")
        self._names_program(text, path)
        if not path.endswith(".py") and OWN_PATH.search(text):
            raise NotSplit(f"{path} sets PATH")
        if not path.endswith(DATA) and not is_test(path):
            self.calls_pip = self.calls_pip or NAMES_PIP.search(text) is not None

    def _names_program(self, text: str, where: str) -> None:
        for name in OWN_PROGRAM.findall(text):
            if not self.brings_program(name):
                raise NotSplit(f"{where} names /usr/local/bin/{name}, which may come with a package")

    def brings_program(self, name: str) -> bool:
        """Whether a step other than an install is seen to put a program into /usr/local/bin."""
        place = f"/usr/local/bin/{name}"
        if any(place in image_files(self.file, member) for member in self.family):
            return True
        copies = (copy for member in self.family for copy in member.copies if copy.from_)
        from_elsewhere = (copy.target or "" for copy in copies)
        return any(target.startswith("/usr/local/bin") for target in from_elsewhere)

    def check_step_names(self, step: Step) -> None:
        """Raise NotSplit for a step that works on a program which a package may have brought."""
        if isinstance(step, Run) and step not in self.builds:
            self._names_program(step.text, f"`{step.text[:40]}`")

    def _source(self, context: Context, path: str) -> None:
        source = scan(context, path)
        for name in source.commands:
            for program in called_by(self.file, self.stage, name, path):
                self._program(program, None)
        if source.imports & GRAPHICAL or "TkAgg" in (context.read(path) or ""):
            raise NotSplit(f"{path} uses tkinter, which the slim image leaves out")
        if source.commands and GIVES_PATH.search(context.read(path) or ""):
            self.assume(f"{path} gives the programs it starts a PATH that holds {self.environment}/bin")
        if source.libraries or source.dynamic_libraries:
            self.loads_libraries = True
            self.assume(f"{path} loads shared libraries by name")
        if source.dynamic_commands:
            self.assume(f"{path} calls programs whose names are not written there")
        if source.problems:
            self.assume(f"{path} could not be read: {source.problems[0]}")

    def closing(self) -> list[str]:
        """The line that takes pip out of the environment where nothing that runs may call it."""
        if self.calls_pip or self.needs.strange or CALLS_PIP & {*self.needs.names()}:
            return []
        self.evidence.append(Evidence("nothing that runs calls pip; the image has one of its own", Strength.INFERRED))
        return ["RUN pip uninstall -y pip"]

    def leave_bundled(self) -> None:
        """Leave out libraries of development packages where every requirement is known to bring its own."""
        if is_alpine(self.image):
            if self.loads_libraries:
                raise NotSplit("a source loads shared libraries, which Python finds on Alpine with the compiler")
            return
        if self.loads_libraries or self.needs.strange or self.needs.linked:
            return
        mine = {*self.needs.names()}
        for name in [name for name, found in self.packages.libraries.items() if found and name not in mine]:
            del self.packages.libraries[name]
            what = f"the wheels of {' and '.join(self.needs.wheels)} bring" if self.needs.wheels else "nothing links"
            self.evidence.append(Evidence(f"{what} the libraries of {name}", Strength.INFERRED))

    def founded(self) -> Iterator[Evidence]:
        yield from self.on_packages()
        if self.fat:
            yield Evidence(
                f"{self.base} has the same Python on the same Debian release", Strength.KNOWN, self.stage.node.span
            )
        if self.needs.strange:
            names = ", ".join(dict.fromkeys(self.needs.strange))
            yield Evidence(f"not known to need nothing else at run time: {names}", Strength.ASSUMED)
        known = len({wanted.name for wanted in self.needs.wanted} - set(self.needs.strange))
        where = "with the libraries that are installed" if is_alpine(self.image) else "on slim"
        yield Evidence(
            f"{known} requirements are known to run {where}; trusted: what they depend on does too", Strength.INFERRED
        )


def is_test(path: str) -> bool:
    name = path.rpartition("/")[2]
    return "/tests/" in f"/{path}" or "/test/" in f"/{path}" or name.startswith("test_") or name == "conftest.py"
