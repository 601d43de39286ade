"""C and C++: programs built with a compiler, make or CMake, copied into the slim image of the same Debian release."""

from collections.abc import Iterator

from dockopt.analyses.split.c_autotools import more_libraries
from dockopt.analyses.split.c_builds import COMPILERS, Builds, is_compiling
from dockopt.analyses.split.compiled import PROJECT_FILES, PROJECT_FOLDERS, Compiled
from dockopt.analyses.split.needs import Program, image_files, of_shell
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.context.foreign_calls import C, scan
from dockopt.fixes import Evidence, Leaves, Strength
from dockopt.knowledge.image_contents import base_packages, roots
from dockopt.knowledge.image_tags import version_key
from dockopt.knowledge.images import Image, describe, runtime_variant, slim_variant
from dockopt.knowledge.runtime_libraries import package_of_library, runtime_of
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage

LEAVES = Leaves(
    names=(
        *("*.c", "*.cc", "*.cpp", "*.cxx", "*.h", "*.hh", "*.hpp", "*.hxx", "*.S", "*.s", "*.o", "*.a", "*.y", "*.l"),
        *(
            "*.ac",
            "install-sh",
            "missing",
            "depcomp",
            "compile",
            "config.guess",
            "config.sub",
            "ltmain.sh",
            "autogen.sh",
        ),
        *("NEWS*", "ChangeLog*", "INSTALL*", "THANKS*", "TODO*", "bootstrap*"),
        *("CMakeLists.txt", "*.cmake", "configure*", "*.m4", "*.am", "*.in", "meson.build", "*.ninja", *PROJECT_FILES),
    ),
    folders=("tests", "CMakeFiles", "cmake", "m4", "man", "doc", "po", *PROJECT_FOLDERS),
    manifests=("Makefile", "CMakeLists.txt"),
)
GCC_OF_RELEASE = {"buster": 8, "bullseye": 10, "bookworm": 12, "trixie": 14}
"""The compiler whose C++ library a release of Debian brings."""
IN_C_LIBRARY = frozenset(
    {
        *(
            "c",
            "m",
            "pthread",
            "dl",
            "rt",
            "util",
            "resolv",
            "anl",
            "nsl",
            "gcc",
            "gcc_s",
            "stdc++",
            "stdc++fs",
            "supc++",
        ),
        *("Threads::Threads", "${CMAKE_THREAD_LIBS_INIT}", "${CMAKE_DL_LIBS}", "-pthread", "-static", "-static-libgcc"),
    }
)
WRITES_RULES = frozenset("configure autogen.sh bootstrap autoreconf automake meson qmake premake5 scons".split())
"""Programs that are not followed, or not in the way that a file calls them."""
CPLUSPLUS = (".cc", ".cpp", ".cxx", ".C", ".hpp")


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage that compiles C or C++, None where none is compiled.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family not in ("gcc", "debian", "buildpack-deps") or image.distribution != "debian":
        return None
    builds = [run for run in stage.runs if not run.opaque and any(is_compiling(call) for call in run.calls)]
    if not builds or not stage.copies:
        return None
    base = _runtime(stage.base or "", image)
    if base is None:
        return None
    return _Splitter(file, stage, image, base, builds).plan()


def _runtime(reference: str, image: Image) -> str | None:
    if image.family == "gcc":
        found = runtime_variant(reference)
        return found.reference if found else None
    if image.family == "debian":
        return slim_variant(reference)
    release = image.release
    return f"debian:{release}-slim" if release and not image.digest and reference.startswith("buildpack-deps") else None


class _Splitter(Compiled):
    builder = "the build"
    leaves = LEAVES
    sources = C.suffixes
    tools = frozenset({*COMPILERS, "make", "cmake", "ninja", "gdb", "valgrind", "ld", "as", "ar"})

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, base: str, builds: list[Run]) -> None:
        super().__init__(file, stage, image, base, builds)
        self.known = Builds(self.files)

    def plan(self) -> Plan:
        self.known.context = self.context
        self.follow()
        self.programs()
        self._libraries()
        self._calls()
        data = self.data()
        self.check_copies()
        if "$" in self.stage.node.argument_text:
            raise NotSplit("the base image depends on a build argument")
        configured = self.known.autotools
        if configured.projects:
            self._found_by_configure()
        self.leave_fetchers()
        brings = self.brought(data, *configured.prefixes)
        lines = [*brings, "RUN ldconfig"] if configured.finds_by_name else brings
        return self.planned(data, lines, (*self.known.places, *configured.places))

    def _known(self, call: Call, run: Run) -> None:
        word = (call.name or "").rpartition("/")[2]
        if word in WRITES_RULES:
            raise NotSplit(f"{word} writes the rules of the build, and what it makes them from is not read", run)
        super()._known(call, run)

    def is_build(self, call: Call) -> bool:
        return is_compiling(call) or self.known.autotools.takes(call) or call.is_("pkg-config", "ar", "ranlib", "ctest")

    def build(self, call: Call, folder: str, run: Run) -> Iterator[str]:
        yield from self.known.of(call, folder, run)

    def _libraries(self) -> None:
        """The packages of what the programs link."""
        plusplus = any(path.endswith(CPLUSPLUS) for path in self.files.landed)
        release = self.image.release or ""
        if self.image.family == "gcc":
            newest = next((name for name in GCC_OF_RELEASE if f":{name}-" in self.base), "")
            if plusplus and version_key(self.image.version)[:1] > (GCC_OF_RELEASE.get(newest, 0),):
                raise NotSplit(f"C++ of {self.stage.base} needs a newer C++ library than {self.base} has")
            if not self.image.version and not release:
                raise NotSplit("the image's Debian release changes with time; name a version of GCC")
        for name in sorted(self.known.links - IN_C_LIBRARY):
            self._library(name)
        if self.known.open_mp:
            self.packages.added["libgomp1"] = "OpenMP"

    def _found_by_configure(self) -> None:
        """Install every library that configure may have found: what the image has, and what its packages brought."""
        if self.image.family != "debian":
            raise NotSplit(f"which libraries of {self.stage.base} configure finds is not known")
        release = self.image.release
        if release is None:
            raise NotSplit("the image's Debian release changes with time, and with it the libraries")
        more = more_libraries(self.packages.dropped, self.packages.runtime, release)
        if more:
            self.packages.kept += more
            names = " and ".join(more)
            self.evidence.append(Evidence(f"{names} came along with development packages", Strength.KNOWN))
        claim = (
            "configure can only find libraries of the image and of packages that the file installs; they all come along"
        )
        self.evidence.append(Evidence(claim, Strength.KNOWN))

    def _library(self, name: str) -> None:
        there = (*self.packages.dropped, *roots(self.image.family, self.image.variant))
        answers = {package_of_library(name, release, there) for release in self.image.candidates}
        package = next(iter(answers)) if len(answers) == 1 else ""
        if not package and self.image.family == "debian" and any(one.endswith("-dev") for one in self.packages.dropped):
            if name.isidentifier() and name in self.known.written:
                raise NotSplit(f"no package that the file installs is known to bring the library {name}")
            claim = f"{name}, which a program links, is of a package that the file installs"
            self.evidence.append(Evidence(claim, Strength.INFERRED))
            return
        if not package:
            raise NotSplit(f"the package of the library {name}, which a program links, is not known")
        found = {runtime_of(package, release) for release in self.image.candidates}
        if len(found) != 1 or None in found:
            raise NotSplit(f"the runtime libraries of {package} are not known for every release of the image")
        in_base = set(base_packages(self.image.candidates[0]))
        needed = tuple(one for one in next(iter(found)) or () if one not in in_base)
        if needed:
            self.packages.libraries[package] = needed

    def _calls(self) -> None:
        """The programs that the sources call."""
        paths = [path for path in image_files(self.file, self.stage).values() if not self.is_foreign(path)]
        self.look_up(path for path in paths if path.endswith(C.suffixes))
        found = scan(self.context, paths, C)
        for name, path in found.commands:
            self.program(Program(name, (), path), {})
        for line, path in found.lines:
            for program in of_shell(line, path):
                self.program(program, {})
        if found.dynamic:
            self.assume(f"{found.dynamic[0]} calls programs whose names are not written there")
        if found.loads:
            self.assume(f"{found.loads[0]} loads shared libraries by name")
        for problem in found.problems[:1]:
            self.assume(problem)

    def is_foreign(self, path: str) -> bool:
        return bool({"test", "tests"} & {*path.split("/")})

    def founded(self, data: list[str]) -> Iterator[Evidence]:
        yield from self.on_packages()
        used = ", ".join(dict.fromkeys(self.used))
        yield Evidence(f"the container starts {used}, which the build writes", Strength.PROVEN)
        claim = f"{self.base} has a C library that is not older"
        yield Evidence(claim, Strength.KNOWN, self.stage.node.span)
        if data:
            yield Evidence(f"besides sources the context holds {', '.join(data)}, which come along", Strength.PROVEN)
        claim = "no source calls a missing program; trusted: ldd finds every library that the programs link"
        yield Evidence(claim, Strength.INFERRED)
