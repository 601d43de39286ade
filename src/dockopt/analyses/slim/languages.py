"""The slim image of a language for its full one, where nothing is built: programs and libraries that are used stay.

Files that install packages of the language are for a split into stages, which keeps the builder on the full image.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dockopt.analyses.development import development_sign
from dockopt.analyses.slim.verdict import NotSlim, SlimBase
from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.needs import Program, found_script, image_files, is_base_command, start_programs
from dockopt.analyses.split.node import CERTIFICATE_MARKS, TEXTS
from dockopt.analyses.split.python_run_time import GRAPHICAL
from dockopt.analyses.split.python_wheels import compiling
from dockopt.analyses.split.splitter import STATIC, Splitter
from dockopt.context.python_source import is_python
from dockopt.context.python_source import scan as scan_python
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.base_commands import WRITES_FILES_ONLY
from dockopt.knowledge.images import Image
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run
from dockopt.model.stages import Stage

OWN_PROGRAMS = {
    "python": ("python", "pydoc", "idle"),
    "node": ("node",),
    "ruby": ("ruby", "irb", "erb", "rackup"),
}
INLINE = ("-c", "-e", "-p", "--eval", "--print", "-i", "-")
LIBRARIES = (".so", ".node", ".dylib", ".bundle", ".jar", ".whl", ".deb", ".gem")
INSTALLED = ("node_modules/", "site-packages/", "vendor/bundle/", "vendor/cache/")
FILES_AT_MOST = 3000


def slim_language(file: Dockerfile, stage: Stage, image: Image, reference: str) -> SlimBase:
    """The change of a stage on the full image of a language.

    Raises:
        NotSlim, NotSplit: something needs what the slim image has not, or may.
    """
    return _Slimmer(file, stage, image, reference).base_image()


class _Slimmer(Splitter):
    def __init__(self, file: Dockerfile, stage: Stage, image: Image, reference: str) -> None:
        super().__init__(file, stage, image, reference, [])
        self.own_programs = OWN_PROGRAMS[image.family]
        runs = [run for run in stage.runs if not run.opaque and any(call.is_("apt-get", "apt") for call in run.calls)]
        self.shrunk = [run for run in runs if self.packages.dropped and not stays_whole(run, image)]

    def base_image(self) -> SlimBase:
        sign = development_sign(self.file, self.stage)
        if sign:
            raise NotSlim(sign)
        self._check_steps()
        self.check_runs()
        files = image_files(self.file, self.stage)
        self._check_files(files)
        for program in start_programs(self.file, self.stage):
            self._program(program, files)
        for word in self.compose_programs():
            if not self.is_own(word):
                self.packages.need_command(word)
        self._sources(list(files.values()))
        evidence = (*self._founded(), *self.evidence)
        if not self.shrunk:
            self.packages = replace(self.packages, kept=[], libraries={})
        lines = self.install_lines()
        rewritten = [(run, "") for run in self.shrunk]
        if lines and rewritten:
            rewritten = [(self.shrunk[0], lines.pop()), *rewritten[1:]]
        return SlimBase(f"start from {self.base}", self.base, evidence, tuple(lines), tuple(rewritten))

    def _check_steps(self) -> None:
        if self.file.built_on(self.stage):
            raise NotSlim("other stages are built on this one")
        for step in self.stage.steps:
            if step.keyword in ("ONBUILD", "SHELL"):
                raise NotSlim(f"{step.keyword} needs the image as it is")
            if isinstance(step, Run):
                self._check_run(step)
            elif isinstance(step, Copy):
                self._check_copy(step)

    def _check_run(self, run: Run) -> None:
        if run.opaque:
            raise NotSlim(f"a RUN cannot be read ({run.opaque})")
        if run in self.shrunk and not all(is_apt_call(call) or call.is_("echo", "true", "set") for call in run.calls):
            raise NotSlim("a RUN installs build packages and does more")
        if run in self.shrunk and run.node.flags:
            raise NotSlim("a RUN that installs build packages has flags")
        for call in run.calls:
            if not is_apt_call(call) and call.name not in WRITES_FILES_ONLY and not self._runs_source(call):
                raise NotSlim(f"{call.words[0].text} may need or bring what is not known of the slim image")
        if made := compiling(run, image_files(self.file, self.stage), self.context):
            raise NotSlim(f"{made} may call a compiler")

    def _runs_source(self, call: Call) -> bool:
        """Whether a call runs a file of the context with the image's own interpreter."""
        if not self.is_own(call.name or "") or None in call.values or not call.values:
            return False
        return not call.has(*INLINE) and call.values[:2] not in (("-m", "pip"), ("-m", "venv"), ("-m", "ensurepip"))

    def _check_copy(self, copy: Copy) -> None:
        if copy.from_ and not any(name in copy.from_ for name in STATIC):
            raise NotSlim(f"what is copied from {copy.from_} may need libraries or programs of the full image")
        if any(source is None or "://" in source for source in copy.expanded_sources):
            raise NotSlim(f"what `{copy.keyword} {copy.text}` brings is not known")

    def _check_files(self, files: Mapping[str, str]) -> None:
        if not self.context.complete or len(self.context.files) > FILES_AT_MOST:
            raise NotSlim("the build context is too large to be read whole")
        for path in files.values():
            name = path.rpartition("/")[2]
            if name.endswith(LIBRARIES) or ".so." in name or any(part in path for part in INSTALLED):
                raise NotSlim(f"{path} may need libraries of the full image")
            if self.context.files[path].executable and self.context.read(path) is None:
                raise NotSlim(f"{path} is a program that may need libraries of the full image")

    def _program(self, program: Program, files: Mapping[str, str]) -> None:
        self.check_program(program)
        name = program.name
        if self.is_own(name) or self.packages.need_command(name) or is_base_command(name):
            return
        if found_script(self.stage, program, files) in files:
            return
        if "/" in name:
            raise NotSlim(f"{program.where} calls {name}, which is not known")
        if not self.packages.needs_dropped(name) and not self.packages.kept:
            raise NotSlim(f"{program.where} calls {name}, which neither slim nor the file is known to bring")

    def _sources(self, paths: list[str]) -> None:
        family = self.image.family
        if any(path.endswith((".rb", ".ru")) for path in paths) and family != "ruby":
            raise NotSlim("sources of another language may call programs")
        if family == "python":
            self._python(paths)
        elif family == "node":
            self._node(paths)
        else:
            self._ruby()

    def _python(self, paths: list[str]) -> None:
        self.look_up(path for path in paths if is_python(self.context, path))
        for path in paths:
            if not is_python(self.context, path):
                continue
            source = scan_python(self.context, path)
            for name in sorted(source.commands):
                self._program(Program(name, (), path), {})
            if source.imports & GRAPHICAL:
                raise NotSlim(f"{path} uses tkinter, which the slim image leaves out")
            if source.libraries or source.dynamic_libraries:
                self.assume(f"{path} loads shared libraries by name")
            if source.dynamic_commands or source.problems:
                self.assume(f"{path} calls programs whose names are not written there")

    def _node(self, paths: list[str]) -> None:
        from dockopt.context.node_source import scan  # noqa: PLC0415 - only for Node

        source = scan(self.context)
        for name in sorted(source.commands):
            self._program(Program(name, (), "a source"), {})
        if source.dynamic:
            self.assume(
                f"{', '.join(source.runs[:3]) or 'a source'} may call programs whose names are not written there"
            )
        texts = [step.text for step in self.stage.steps]
        texts += [self.context.read(path) or "" for path in paths if path.endswith(TEXTS)]
        if any(mark in text for text in texts for mark in CERTIFICATE_MARKS):
            self.packages.added["ca-certificates"] = "the system's certificates"

    def _ruby(self) -> None:
        from dockopt.context.ruby_source import scan  # noqa: PLC0415 - only for Ruby

        source = scan(self.context)
        for name in sorted(source.commands):
            self._program(Program(name, (), "a source"), {})
        if source.requires & {"dbm", "gdbm", "fiddle", "ffi"}:
            raise NotSlim("a source loads shared libraries that the slim image may not have")
        self.look_up(source.files)
        if source.dynamic or source.problems:
            self.assume(f"{', '.join(source.dynamic[:3] or source.problems[:1])} may call programs not written there")

    def _founded(self) -> Iterator[Evidence]:
        dropped = ", ".join(dict.fromkeys(self.packages.dropped))
        if dropped:
            yield Evidence(f"nothing is built, and only a build needs {dropped}", Strength.KNOWN)
        for package, command in self.packages.added.items():
            yield Evidence(f"{command} is used and comes with {package}", Strength.KNOWN)
        claim = f"{self.base} has the same {self.image.family} on the same Debian release"
        yield Evidence(claim, Strength.KNOWN, self.stage.node.span)
        yield Evidence(
            "no step, start command or source calls a program that is missing; trusted: nothing does so unseen",
            Strength.INFERRED,
        )
