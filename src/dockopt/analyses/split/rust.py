"""Rust: programs built on the rust image, copied into the slim image of the same Debian release."""

import re
from collections.abc import Iterator
from itertools import pairwise

from dockopt.analyses.split.compiled import PROJECT_FILES, PROJECT_FOLDERS, Compiled
from dockopt.analyses.split.needs import Program, image_files
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.context.foreign_calls import RUST
from dockopt.context.foreign_calls import scan as scan_calls
from dockopt.context.manifests import cargo
from dockopt.context.manifests.cargo import CargoPackage, CargoProject, Crate
from dockopt.fixes import Evidence, Leaves, Strength
from dockopt.knowledge import rust_crates
from dockopt.knowledge.image_contents import base_packages, roots
from dockopt.knowledge.images import Image, RuntimeImage, describe, runtime_variant
from dockopt.knowledge.runtime_libraries import runtime_of
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage
from dockopt.model.state import joined

LEAVES = Leaves(
    names=(
        *("*.rs", "Cargo.toml", "Cargo.lock", "rust-toolchain*", "*rustfmt.toml", "clippy.toml", "deny.toml"),
        *("Cross.toml", "*.proto", "*.c", "*.cc", "*.cpp", "*.h", "*.snap", *PROJECT_FILES),
    ),
    folders=("target", "tests", "benches", "examples", ".cargo", *PROJECT_FOLDERS),
    manifests=("Cargo.toml",),
)
CARGO_HOME = "/usr/local/cargo"
BUILDS = frozenset({"build", "b", "install"})
HARMLESS = frozenset(
    "fetch check c test t clippy fmt vendor update generate-lockfile tree metadata chef new init doc bench add".split()
)
UNREAD = frozenset({"--example", "--examples", "--artifact-dir", "--out-dir", "--lib", "--all-targets", "--config"})
OWN_LINKING = ("PKG_CONFIG", "LIB_DIR", "_SYS", "SYSTEM_", "_DYNAMIC")
"""Parts of names of variables that tell build scripts which libraries to link."""

MAKES_FILES = re.compile(r"\bfs::(?:write|copy|create_dir|create_dir_all|rename)\(|\bFile::create\(")
OUT_FOLDER = re.compile(r"(?:(\w+)!\((?:&)?)?(?:concat!\()?env!\(\"OUT_DIR\"")
"""The folder of build scripts, and the macro that it is given to; spaces are left out."""


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on a rust image, None where it is not one or nothing is built.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family != "rust" or image.distribution != "debian":
        return None
    runtime = runtime_variant(stage.base or "")
    builds = [run for run in stage.runs if not run.opaque and any(_action(call) in BUILDS for call in run.calls)]
    if runtime is None or not builds:
        return None
    return _Splitter(file, stage, image, runtime, builds).plan()


def _action(call: Call) -> str:
    if not call.is_("cargo"):
        return ""
    return next((word for word in call.values if word and not word.startswith(("-", "+"))), "")


class _Splitter(Compiled):
    builder = "cargo"
    leaves = LEAVES
    sources = (".rs",)
    tools = frozenset({"cargo", "rustc", "rustup", "gcc", "cc", "g++", "make", "cargo-watch", "gdb", "lldb"})
    image_path = (f"{CARGO_HOME}/bin",)

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, runtime: RuntimeImage, builds: list[Run]) -> None:
        super().__init__(file, stage, image, runtime.reference, builds)
        self.exact = runtime.exact
        self.projects: dict[str, CargoProject] = {}
        self.targets: dict[str, None] = {}

    def plan(self) -> Plan:
        self.follow()
        self.programs()
        self._crates()
        self._calls()
        data = self.data()
        self.check_copies()
        self._check_release()
        self.leave_fetchers()
        return self.planned(data, self.brought(data), (*self.targets, CARGO_HOME))

    def is_build(self, call: Call) -> bool:
        return (
            _action(call) in BUILDS | HARMLESS
            or call.is_("rustup", "rustc")
            or (call.is_("cargo") and call.has("--version", "-V"))
        )

    def build(self, call: Call, folder: str, run: Run) -> Iterator[str]:
        if _action(call) not in BUILDS:
            return
        if any(value is None for value in call.values):
            raise NotSplit("what cargo builds depends on a variable", run)
        if any("prefer-dynamic" in (one.value.text if one.value else "") for one in call.assignments):
            raise NotSplit("the program links Rust's own library", run)
        words = [value or "" for value in call.values]
        if UNREAD & {word.partition("=")[0] for word in words}:
            raise NotSplit("what cargo builds is not understood", run)
        yield from (
            self._installed(words, folder, run) if _action(call) == "install" else self._built(call, words, folder, run)
        )

    def _built(self, call: Call, words: list[str], folder: str, run: Run) -> Iterator[str]:
        manifest = (_values(words, "--manifest-path") or ["Cargo.toml"])[-1]
        where = joined(folder, manifest.rpartition("/")[0] or ".") or ""
        project = self._project(where, run)
        target = self._setting("CARGO_TARGET_DIR", call, run) or project.target or "target"
        target = (_values(words, "--target-dir") or [target])[-1]
        place = joined(folder if "--target-dir" in " ".join(words) else where, target)
        if place is None:
            raise NotSplit("where cargo builds is not known", run)
        self.targets[place] = None
        triple = (_values(words, "--target") or [self._setting("CARGO_BUILD_TARGET", call, run) or project.triple])[-1]
        profile = "release" if {"--release", "-r"} & {*words} else (_values(words, "--profile") or ["debug"])[-1]
        inner = "/".join(part for part in (place, triple, {"dev": "debug"}.get(profile, profile)) if part)
        names = _values(words, "--bin")
        for package in self._chosen(project, words, run):
            for binary in package.binaries:
                if binary.name in names or (not names and not binary.asks):
                    yield f"{inner}/{binary.name}"

    def _installed(self, words: list[str], folder: str, run: Run) -> Iterator[str]:
        paths = _values(words, "--path")
        if not paths:
            return
        where = joined(folder, paths[-1]) or ""
        project = self._project(where, run)
        root = (_values(words, "--root") or [run.state.value("CARGO_INSTALL_ROOT") or CARGO_HOME])[-1]
        if run.state.value("CARGO_HOME"):
            raise NotSplit("the file sets CARGO_HOME", run)
        self.targets[f"{where}/target"] = None
        names = _values(words, "--bin")
        for binary in project.root.binaries if project.root else ():
            if binary.name in names or (not names and not binary.asks):
                yield joined(folder, f"{root}/bin/{binary.name}") or ""

    def _setting(self, name: str, call: Call, run: Run) -> str:
        own = [one.value for one in call.assignments if one.name == name]
        if own:
            return (own[-1].value if own[-1] else "") or ""
        return run.state.value(name) or ""

    def _project(self, where: str, run: Run) -> CargoProject:
        path = self.files.landed.get(f"{where.rstrip('/')}/Cargo.toml")
        if path is None:
            raise NotSplit("Cargo.toml is not in the build context where cargo builds", run)
        project = cargo.read(self.context, path.rpartition("/")[0])
        if project.problems:
            raise NotSplit(project.problems[0], run)
        if any(package.shared for package in project.members):
            raise NotSplit("a package is built as a shared library, which a program may link or load", run)
        self.projects[where] = project
        return project

    def _chosen(self, project: CargoProject, words: list[str], run: Run) -> tuple[CargoPackage, ...]:
        names = [name.partition("@")[0] for name in (*_values(words, "-p"), *_values(words, "--package"))]
        if names:
            found = tuple(one for one in project.members if one.name in names)
            if len(found) < len(set(names)):
                raise NotSplit(f"package {names[0]} is not in the workspace", run)
            return found
        if {"--workspace", "--all"} & {*words}:
            left_out = _values(words, "--exclude")
            return tuple(one for one in project.members if one.name not in left_out)
        return project.default

    def _crates(self) -> None:
        """What the locked crates link when the program runs."""
        for step in self.stage.of("ENV", "ARG"):
            name = step.text.partition("=")[0].split(" ")[0]
            if any(part in name.upper() for part in OWN_LINKING) or "prefer-dynamic" in step.text:
                raise NotSplit(f"{name} may change which libraries the program links", step)
        crates = {crate.name: crate for project in self.projects.values() for crate in project.crates}
        for crate in sorted(crates.values()):
            if not crate.local:
                self._crate(crate)
        if rust_crates.CERTIFICATES & crates.keys():
            self.packages.added["ca-certificates"] = "the system's certificates"

    def _crate(self, crate: Crate) -> None:
        row = rust_crates.lookup(crate.name)
        if row is None:
            raise NotSplit(f"the libraries that the crate {crate.name} needs at run time are not known")
        if row.kind == "refuse":
            raise NotSplit(f"the crate {crate.name} needs more than its program when it runs")
        if row.kind == "loads":
            self.assume(f"the crate {crate.name} loads no library by name")
        if row.unless and row.unless in crate.needs:
            return
        if row.kind == "system":
            self._library(crate.name, row.library)

    def _library(self, crate: str, library: str) -> None:
        if library in self.packages.dropped:
            return
        if library not in roots(self.image.family, self.image.variant):
            raise NotSplit(f"the crate {crate} links what {library} brings, which the file does not install")
        answers = {runtime_of(library, release) for release in self.image.candidates}
        found = next(iter(answers)) if len(answers) == 1 else None
        if found is None:
            raise NotSplit(f"the runtime libraries of {library} are not known for every release of the image")
        in_base = set(base_packages(self.image.candidates[0]))
        needed = tuple(name for name in found if name not in in_base)
        if needed:
            self.packages.libraries[f"the crate {crate}"] = needed

    def _calls(self) -> None:
        """The programs that the project's own sources call; build scripts run in the builder only."""
        paths = image_files(self.file, self.stage).values()
        plugins = [one.folder for project in self.projects.values() for one in project.members if one.plugin]
        kept = [path for path in paths if not _is_for_the_build(path, plugins)]
        for path in paths:
            if path.endswith(".rs"):
                self._check_made(path)
        found = scan_calls(self.context, kept, RUST)
        for name, path in found.commands:
            self.program(Program(name, (), path), {})
        if found.dynamic:
            self.assume(f"{found.dynamic[0]} calls programs whose names are not written there")
        if found.loads:
            self.assume(f"{found.loads[0]} loads shared libraries by name")
        for problem in found.problems[:1]:
            self.assume(problem)

    def _check_made(self, path: str) -> None:
        """Raise NotSplit for a source that reads what a build script left, or a script that leaves it elsewhere."""
        text = "".join((self.context.read(path) or "").split())
        if path.rpartition("/")[2] == "build.rs":
            if MAKES_FILES.search(text) and "OUT_DIR" not in text and '.rs"' not in text:
                raise NotSplit(f"{path} writes files beside the sources")
            return
        for found in OUT_FOLDER.finditer(text):
            if "include" not in (found[1] or ""):
                raise NotSplit(f"{path} reads what a build script wrote when it runs")

    def _check_release(self) -> None:
        floating = self.image.version.count(".") == 0 and not _names_release(self.image)
        if not self.exact and self.packages.libraries:
            raise NotSplit("the program links libraries, and the Debian release of the image is not certain")
        if floating:
            self.assume(f"{self.stage.base} stays on the release of {self.base}, though it moves with time")
        if "$" in self.stage.node.argument_text:
            self.assume("every value of the build argument in FROM stands for the same Debian release")

    def is_foreign(self, path: str) -> bool:
        return _is_for_the_build(path, [])

    def founded(self, data: list[str]) -> Iterator[Evidence]:
        yield from self.on_packages()
        used = ", ".join(dict.fromkeys(self.used))
        yield Evidence(f"the container starts {used}, which cargo builds", Strength.PROVEN)
        same = "the same Debian release" if self.exact else "a Debian release that is not older"
        yield Evidence(f"{self.base} is {same}, without the toolchain", Strength.KNOWN, self.stage.node.span)
        if data:
            yield Evidence(
                f"besides Rust sources the context holds {', '.join(data)}, which come along", Strength.PROVEN
            )
        count = len({crate.name for project in self.projects.values() for crate in project.crates if not crate.local})
        claim = f"{count} locked crates link nothing else" if count else "the project has no crates of others"
        yield Evidence(f"{claim}; trusted: nothing calls a missing program or reads Rust sources", Strength.INFERRED)


def _names_release(image: Image) -> bool:
    return bool(image.release) and str(image.release) in image.tag


def _is_for_the_build(path: str, plugins: list[str]) -> bool:
    name = path.rpartition("/")[2]
    return (
        name == "build.rs"
        or bool({"tests", "benches", "examples"} & {*path.split("/")})
        or any(path.startswith(f"{folder}/") for folder in plugins)
    )


def _values(words: list[str], option: str) -> list[str]:
    """The values of an option, behind it or after an equals sign."""
    found = [after for before, after in pairwise(words) if before == option]
    return found + [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]
