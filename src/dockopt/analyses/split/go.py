"""Go: the binary built on the golang image, copied into the slim image of the same Debian release."""

import re
from collections.abc import Iterator

from dockopt.analyses.split.compiled import PROJECT_FILES, PROJECT_FOLDERS, Compiled
from dockopt.analyses.split.go_builds import built_path, is_go, module_folder, without_c
from dockopt.analyses.split.needs import Program
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.context.go_source import scan
from dockopt.fixes import Evidence, Leaves, Strength
from dockopt.knowledge.images import Image, RuntimeImage, describe, runtime_variant
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
LEAVES = Leaves(
    names=(
        *("*.go", "*.mod", "*.sum", "go.work", "*.proto", "*.c", "*.cc", "*.cpp", "*.h", "*.s", "*.S", "*.golden"),
        *(".golangci*", *PROJECT_FILES),
    ),
    folders=("vendor", "testdata", *PROJECT_FOLDERS),
    manifests=("go.mod",),
)
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
    builds = [run for run in stage.runs if not run.opaque and any(is_go(call, "build") for call in run.calls)]
    if runtime is None or not builds:
        return None
    return _Splitter(file, stage, image, runtime, builds).plan()


class _Splitter(Compiled):
    builder = "go build"
    leaves = LEAVES
    sources = (".go",)
    tools = frozenset({"go", "gcc", "make", "dlv", "air", "realize", "reflex"})
    image_folder = None

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, runtime: RuntimeImage, builds: list[Run]) -> None:
        super().__init__(file, stage, image, runtime.reference, builds)
        self.exact = runtime.exact
        self.compiling = builds[0]

    def plan(self) -> Plan:
        self.follow()
        self.programs()
        self._module()
        data = self.data()
        self.check_copies()
        if "$" in self.stage.node.argument_text:
            self.assume("every value of the build argument in FROM stands for the same Debian release")
        certificates = [] if "ca-certificates" in self.packages.runtime else [CERTIFICATES]
        return self.planned(data, self.brought(data, *certificates))

    def is_build(self, call: Call) -> bool:
        return is_go(call, *GO_SUBCOMMANDS)

    def build(self, call: Call, folder: str, run: Run) -> Iterator[str]:
        if is_go(call, "build"):
            yield built_path(self.file, self.stage, call, folder, run)

    def _program(self, program: Program) -> None:
        self.program(program, {})

    def _module(self) -> None:
        source = scan(self.context, module_folder(self.file, self.stage, self.compiling.state.folder, self.compiling))
        self.look_up(source.files)
        for name in sorted(source.commands):
            self._program(Program(name, (), "a source"))
        if source.dynamic:
            self.assume("a source calls programs whose names are not written there")
        for problem in source.problems[:1]:
            self.assume(problem)
        if source.uses_plugins:
            raise NotSplit("the program loads plugins")
        for name in TOOLCHAIN & source.imports:
            raise NotSplit(f"the program imports {name}, which needs the toolchain")
        floating = self.image.version.count(".") == 0 and self.image.release is not None
        if floating and "$" not in self.stage.node.argument_text and not all(without_c(run) for run in self.builds):
            raise NotSplit("the image's Debian release changes with time; name a Go version or set CGO_ENABLED=0")
        if (source.uses_c or self.packages.dropped) and not self.exact:
            raise NotSplit("the program may use C libraries, and the Debian release of the image is not certain")

    def is_foreign(self, path: str) -> bool:
        return path.endswith("_test.go") or "vendor/" in path

    def literals(self, text: str) -> Iterator[str]:
        text = re.sub(r"(?ms)^import \(.*?^\)|^import .*?$", "", text)
        return ("".join(literal) for literal in re.findall(r'"([^"\n]*)"|`([^`]*)`', text))

    def founded(self, data: list[str]) -> Iterator[Evidence]:
        yield from self.on_packages()
        yield Evidence(
            f"the container starts {', '.join(dict.fromkeys(self.used))}, which go build writes", Strength.PROVEN
        )
        same = "the same Debian release" if self.exact else "a Debian release that is not older"
        yield Evidence(f"{self.base} is {same}, without the toolchain", Strength.KNOWN, self.stage.node.span)
        if data:
            yield Evidence(f"besides Go sources the context holds {', '.join(data)}, which come along", Strength.PROVEN)
        claim = "no source calls a program that is missing; trusted: modules it imports do neither, nor read Go sources"
        yield Evidence(claim, Strength.INFERRED)
