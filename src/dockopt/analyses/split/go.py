"""Go: the binary built on the golang image, copied into the slim image of the same Debian release."""

import re
from collections.abc import Iterator, Mapping

from dockopt.analyses.split.debian import is_apt_call, stays_whole
from dockopt.analyses.split.needs import Program, image_files, is_base_command, landing, script_path, start_programs
from dockopt.analyses.split.placement import Place
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.analyses.split.splitter import Splitter
from dockopt.analyses.split.steps import only_base_commands, unknown_command
from dockopt.context.go_source import scan
from dockopt.context.manifests import go_mod
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.images import Image, RuntimeImage, describe, runtime_variant
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.syntax.words import parse_name_values

SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
BUILD_FILES = ("go.mod", "go.sum", "go.work", "go.work.sum", "Makefile", "makefile", "LICENSE", "COPYING", "NOTICE")
BUILD_SUFFIXES = (".go", ".mod", ".sum", ".proto", ".c", ".h", ".s", ".mk", ".golden")
BUILD_BEGINNINGS = (
    "Dockerfile",
    "docker-compose",
    "compose.",
    ".git",
    ".golangci",
    ".docker",
    ".editorconfig",
    ".travis",
)
BUILD_FOLDERS = ("vendor/", ".git/", ".github/", ".vscode/", ".idea/", "testdata/", "docs/", ".circleci/", "test/")
DATA_AT_MOST = 12
TOOLCHAIN = frozenset({"go/build", "go/importer", "golang.org/x/tools/go/packages", "golang.org/x/tools/go/loader"})
GO_SUBCOMMANDS = frozenset({"build", "mod", "get", "test", "vet", "version", "env", "fmt", "list", "install"})


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on a golang image, None where it is not one.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "golang" or image.distribution != "debian":
        return None
    runtime = runtime_variant(stage.base or "")
    builds = [run for run in stage.runs if not run.opaque and any(_is_go(call, "build") for call in run.calls)]
    if runtime is None or not builds:
        return None
    return _Splitter(file, stage, image, runtime, builds).plan()


def _is_go(call: Call, *subcommands: str) -> bool:
    return call.is_("go") and bool(call.values) and (not subcommands or call.values[0] in subcommands)


class _Splitter(Splitter):
    def __init__(self, file: Dockerfile, stage: Stage, image: Image, runtime: RuntimeImage, builds: list[Run]) -> None:
        super().__init__(file, stage, image, runtime.reference, builds)
        self.exact = runtime.exact
        self.binaries: dict[str, Run] = {}

    def plan(self) -> Plan:
        self._check()
        self._binaries()
        used = self._programs()
        self._module()
        data = self._data()
        self.check_copies()
        if "$" in self.stage.node.argument_text:
            self.assume("every value of the build argument in FROM stands for the same Debian release")
        plan = Plan(f"build in a builder stage and run on {self.base}", self.base)
        self.arrange(plan, self._brought(data))
        plan.evidence = [*self._founded(used, data), *self.evidence]
        return plan

    def _check(self) -> None:
        self.check_builds()
        for run in self.stage.runs:
            self._check_run(run, self.builds[-1])
        for step in self.stage.of("ENV"):
            if any(pair.name == "PATH" for pair in parse_name_values(step.text)):
                raise NotSplit("the file sets PATH", step)

    def _check_run(self, run: Run, last: Run) -> None:
        if only_base_commands(run, self.image):
            return
        for call in run.calls:
            if is_apt_call(call) or call.is_("echo", "true", "set"):
                continue
            if not (call.is_("go") and call.values and call.values[0] in GO_SUBCOMMANDS and run.index <= last.index):
                raise NotSplit(f"{unknown_command(run)} may write files that are not understood", run)

    def _binaries(self) -> None:
        for run in self.builds:
            for call in run.calls:
                if _is_go(call, "build"):
                    if not call.top or any(other.is_("cd") for other in run.calls):
                        raise NotSplit("go build runs in a condition, a subshell or another folder", run)
                    self.binaries[self._output(call, run)] = run

    def _output(self, call: Call, run: Run) -> str:
        """Where one go build writes its program."""
        values = call.values
        if None in values:
            named = [word.text for word in call.arguments if word.value is None]
            if "-o" not in values or any(word.startswith(("/", ".")) for word in named):
                raise NotSplit("what go build writes depends on a variable", run)
        for option, value in zip(values, (*values[1:], None), strict=True):
            if option == "-o":
                return self._path(value, run)
            if option and option.startswith("-o="):
                return self._path(option[3:], run)
        last = values[-1] if len(values) > 1 else "."
        if last and not last.startswith("-") and last not in (".", "./...", "./") and last.endswith(".go") is False:
            return self._path(last.rstrip("/").rpartition("/")[2], run)
        if last in (".", "./", "build") or (last or "-").startswith("-"):
            folder = self._module_folder(run)
            name = go_mod.read(self.context, folder).module.rpartition("/")[2]
            if name and not name.startswith("v"):
                return self._path(name, run)
        raise NotSplit("where go build writes the program is not known", run)

    def _path(self, value: str | None, run: Run) -> str:
        path = joined(run.state.folder, value)
        if value is None or path is None or value.endswith("/"):
            raise NotSplit("where go build writes the program is not known", run)
        return path

    def _module_folder(self, run: Run) -> str:
        path = image_files(self.file, self.stage).get(f"{(run.state.folder or '').rstrip('/')}/go.mod")
        if path is None:
            raise NotSplit("go.mod is not in the build context where go build runs", run)
        return path.rpartition("/")[0]

    def _programs(self) -> list[str]:
        files = image_files(self.file, self.stage)
        used: list[str] = []
        for program in start_programs(self.file, self.stage):
            path = self._as_binary(program)
            if path and path not in used:
                used.append(path)
            elif not path:
                self._program(program, files)
        for word in self.compose_programs():
            self._need(word)
        if not used:
            raise NotSplit("the container does not start a program that go build wrote")
        return used

    def _as_binary(self, program: Program) -> str:
        if "/" in program.name:
            path = script_path(self.stage, program)
            return path if path in self.binaries else ""
        found = [path for path in self.binaries if path.rpartition("/")[2] == program.name]
        return found[0] if found and found[0].rpartition("/")[0] in SEARCHED else ""

    def _program(self, program: Program, files: Mapping[str, str]) -> None:
        bare = program.name.rpartition("/")[2]
        if bare in ("go", "gcc", "make", "dlv", "air", "realize", "reflex"):
            raise NotSplit(f"{program.where} calls {bare}")
        if self._need(program.name) or is_base_command(program.name):
            return
        if "/" in program.name and script_path(self.stage, program) in files:
            return
        if program.name not in self.packages.kept:
            raise NotSplit(f"{program.where} calls {program.name}, which is not known")

    def _need(self, name: str) -> bool:
        """Make sure that a program of the golang image that Debian's slim image lacks is installed by name."""
        bare = name.rpartition("/")[2]
        if bare in ("curl", "wget", "git") and bare not in self.packages.kept:
            self.packages.added[bare] = bare
            return True
        return bare in self.packages.kept

    def _module(self) -> None:
        source = scan(self.context, self._module_folder(self.builds[0]))
        for name in sorted(source.commands):
            self._program(Program(name, (), "a source"), {})
        if source.dynamic:
            self.assume("a source calls programs whose names are not written there")
        for problem in source.problems[:1]:
            self.assume(problem)
        if source.uses_plugins:
            raise NotSplit("the program loads plugins")
        for name in TOOLCHAIN & source.imports:
            raise NotSplit(f"the program imports {name}, which needs the toolchain")
        floating = self.image.version.count(".") == 0 and self.image.release is not None
        if floating and "$" not in self.stage.node.argument_text and not self._without_c():
            raise NotSplit("the image's Debian release changes with time; name a Go version or set CGO_ENABLED=0")
        if (source.uses_c or self.packages.dropped) and not self.exact:
            raise NotSplit("the program may use C libraries, and the Debian release of the image is not certain")

    def _without_c(self) -> bool:
        """Whether every build is told not to link the C library."""
        return all(
            run.state.value("CGO_ENABLED") == "0"
            or all(_sets_no_c(call) for call in run.calls if _is_go(call, "build"))
            for run in self.builds
        )

    def _data(self) -> list[str]:
        """Image paths of what the context brings besides Go sources, folder by folder."""
        places: dict[str, None] = {}
        named = self._named()
        for copy in self.stage.copies:
            if copy.index > self.last:
                continue
            root = (copy.target or "/").rstrip("/")
            for image, path in landing(self.file, copy).items():
                inside = image.removeprefix(f"{root}/") if image.startswith(f"{root}/") else ""
                parts = {*path.split("/"), path.rpartition("/")[2].partition(".")[0]}
                if not is_build_file(path) or (named & parts and not path.endswith(".go")):
                    places[f"{root}/{inside.partition('/')[0]}" if inside else image] = None
        if len(places) > DATA_AT_MOST:
            raise NotSplit("the build context holds many files besides Go sources that the program may read")
        return list(places)

    def _named(self) -> frozenset[str]:
        """Parts of every path that a source writes out, in whatever string."""
        found: set[str] = set()
        for path in image_files(self.file, self.stage).values():
            if path.endswith(".go") and not path.endswith("_test.go") and "vendor/" not in path:
                text = re.sub(r"(?ms)^import \(.*?^\)|^import .*?$", "", self.context.read(path) or "")
                for literal in re.findall(r'"([^"\n]*)"|`([^`]*)`', text):
                    found.update("".join(literal).split("/"))
        return frozenset(found - {"", ".", "..", "go"})

    def _founded(self, used: list[str], data: list[str]) -> Iterator[Evidence]:
        yield from self.on_packages()
        yield Evidence(f"the container starts {', '.join(used)}, which go build writes", Strength.PROVEN)
        same = "the same Debian release" if self.exact else "a Debian release that is not older"
        yield Evidence(f"{self.base} is {same}, without the toolchain", Strength.KNOWN, self.stage.node.span)
        if data:
            yield Evidence(f"besides Go sources the context holds {', '.join(data)}, which come along", Strength.PROVEN)
        claim = "no source calls a program that is missing; trusted: modules it imports do neither, nor read Go sources"
        yield Evidence(claim, Strength.INFERRED)

    def place(self, step: Step) -> Place:
        place = super().place(step)
        return Place.BUILDER if place is Place.BOTH and self._is_for_the_build(step) else place

    def _is_for_the_build(self, step: Step) -> bool:
        if isinstance(step, Run):
            return not only_base_commands(step, self.image) and not stays_whole(step, self.image)
        return isinstance(step, Copy) and not step.from_

    def _brought(self, data: list[str]) -> list[str]:
        certificates = [] if "ca-certificates" in self.packages.runtime else [CERTIFICATES]
        places = dict.fromkeys([*certificates, *self.binaries, *data])
        return [f"COPY --from=builder {path} {path}" for path in places]


def _sets_no_c(call: Call) -> bool:
    return any(one.name == "CGO_ENABLED" and one.value and one.value.value == "0" for one in call.assignments)


def is_build_file(path: str) -> bool:
    """Whether a file of the context serves only the build, by its name and folder."""
    name = path.rpartition("/")[2]
    if name in BUILD_FILES or name.endswith(BUILD_SUFFIXES) or name.startswith(BUILD_BEGINNINGS):
        return True
    if name.endswith((".md", ".rst")) and "/" not in path:
        return True
    return any(f"/{path}".find(f"/{folder}") >= 0 for folder in BUILD_FOLDERS)
