"""Java: archives built with Maven, Gradle or javac on a JDK, copied into the same Java without development tools."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.analyses.split.compiled import PROJECT_FILES, PROJECT_FOLDERS, Compiled
from dockopt.analyses.split.java_builds import ACTIONS, archives, is_build_call, tool_of
from dockopt.analyses.split.needs import Program, image_files, of_shell
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.context.foreign_calls import JAVA, scan
from dockopt.fixes import Evidence, Leaves, Strength
from dockopt.knowledge.image_contents import FAMILIES
from dockopt.knowledge.images import Image, describe
from dockopt.knowledge.java_images import KIT_MODULES, java_runtime
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage
from dockopt.model.state import joined

LEAVES = Leaves(
    names=(
        *("*.java", "*.kt", "*.kts", "*.groovy", "*.scala", "*.gradle", "pom.xml", "mvnw*", "gradlew*"),
        *("gradle.properties", "gradle-wrapper.*", "maven-wrapper.*", "*.iml", "checkstyle*.xml", *PROJECT_FILES),
    ),
    folders=("target", "build", ".gradle", ".mvn", "gradle", *PROJECT_FOLDERS),
    manifests=("pom.xml", "build.gradle", "build.gradle.kts"),
)
TOOLS = frozenset(
    "javac jar jlink jdeps jstack jmap jcmd jps jstat jinfo jshell jconsole javadoc jdb mvn mvnw gradle gradlew"
    " jarsigner jmod jpackage native-image".split()
)
WITH_VALUE = frozenset({"-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "-m", "--module"})
DEVELOPMENT = ("com.sun.tools", "javax.tools", "com.sun.jdi", "jdk.jshell", "com.sun.source", "sun.jvmstat")
"""Packages of modules that only a JDK has, and the compiler's interface, which finds none in a JRE."""
COMPILES_WHEN_RUN = ("jasperreports", "drools", "kie-", "byte-buddy-agent", "kotlin-compiler", "scala-compiler")
PACKAGED = ("/src/main/", "/src/test/")
CACHES = ("/root/.m2", "/root/.gradle", "/home/gradle", "/usr/share/maven")


def plan(file: Dockerfile, stage: Stage) -> Plan | None:
    """How to split a stage on an image with a JDK, None where it is not one or builds nothing.

    Raises:
        NotSplit: something stands in the way.
    """
    image = describe(stage.base) if stage.base else None
    if image is None or image.family not in ("maven", "gradle", "eclipse-temurin", "openjdk"):
        return None
    builds = [run for run in stage.runs if not run.opaque and any(_builds(call) for call in run.calls)]
    if not builds or "jre" in image.variant:
        return None
    runtime = java_runtime(stage.base or "")
    if runtime is None:
        raise NotSplit(f"no image is known that has the Java of {stage.base} without its tools")
    return _Splitter(file, stage, image, runtime, builds).plan()


def _builds(call: Call) -> bool:
    return tool_of(call) in ACTIONS and is_build_call(call)


class Product(NamedTuple):
    """Something that a build writes; `holds` says that it runs by itself."""

    run: Run
    holds: bool
    missing: str = ""


class _Splitter(Compiled):
    builder = "the build"
    leaves = LEAVES
    sources = (".java", ".kt", ".scala", ".groovy")
    tools = TOOLS
    own_programs = ("java", "keytool")
    for_others = False

    def __init__(self, file: Dockerfile, stage: Stage, image: Image, base: str, builds: list[Run]) -> None:
        super().__init__(file, stage, image, base, builds)
        self.image_folder = "/" if image.family != "gradle" else None
        self.products: dict[str, Product] = {}
        runtime = describe(base)
        family = FAMILIES.get(runtime.repository) if runtime else None
        brought = family.in_variant.get("jre", family.full) if family and runtime else ""
        self.at_hand = frozenset() if runtime and "slim" in runtime.variant else frozenset(brought.split())

    def plan(self) -> Plan:
        self.follow()
        self.programs()
        self._calls()
        data = self.data()
        self.check_copies()
        runtime = describe(self.base)
        if self.install_lines() and (runtime is None or not runtime.debian_like):
            raise NotSplit(f"the program needs packages, and {self.base} has no apt-get")
        if "$" in self.stage.node.argument_text:
            raise NotSplit("the base image depends on a build argument")
        self.leave_fetchers()
        return self.planned(data, self.brought(data), (*CACHES, *self._left()))

    def _left(self) -> Iterator[str]:
        """Where the build writes what is not wanted, and sources that are in the archives."""
        for path, product in self.products.items():
            yield (
                path
                if any(tool_of(call) in ("javac", "jar") for call in product.run.calls)
                else path.rpartition("/")[0]
            )
        for path in self.files.landed:
            for part in PACKAGED:
                if part in path:
                    yield path[: path.index(part) + len(part) - 1]

    def is_build(self, call: Call) -> bool:
        return bool(tool_of(call))

    def build(self, call: Call, folder: str, run: Run) -> Iterator[str]:
        for archive in archives(self.context, self.files.landed, call, folder, run):
            self.products[archive.path] = Product(run, archive.holds, archive.missing)
            if tool_of(call) in ("javac", "jar"):
                yield archive.path

    def program(self, program: Program, landed: Mapping[str, str]) -> None:
        if program.name.rpartition("/")[2] == "java":
            self._java(program)
        elif not self._is_launcher(program):
            super().program(program, landed)

    def need(self, name: str) -> bool:
        return name in self.at_hand or super().need(name)

    def _is_launcher(self, program: Program) -> bool:
        """Whether a program is a script that Gradle installed with its archives."""
        path = joined(self.stage.end.folder or self.image_folder, program.name) if "/" in program.name else None
        folder = next((one for one in self.products if path and path.startswith(f"{one}/bin/")), None)
        if folder is None or path is None or not path.startswith(f"{folder}/bin/"):
            return False
        self._use(folder)
        return True

    def _java(self, program: Program) -> None:
        """Find what `java` is told to run, and see to it that it comes along whole."""
        words = iter(program.arguments)
        for word in words:
            if word is None:
                continue
            if word.endswith(".java") or word == "--source":
                raise NotSplit(f"{program.where} starts a source file, which java compiles")
            if word == "-jar":
                self._use(self._place(next(words, None), program))
                return
            if word in ("-cp", "-classpath", "--class-path", "-p", "--module-path"):
                self._class_path(next(words, None), program)
            elif word.startswith("-javaagent:"):
                self._use(self._place(word.removeprefix("-javaagent:").partition("=")[0], program), whole=False)
            elif word in WITH_VALUE:
                next(words, None)
            elif not word.startswith(("-", "@")):
                if not self.used:
                    self._class_path(".", program)
                return
            elif word.startswith("@"):
                raise NotSplit(f"{program.where} takes options of java from a file")

    def _class_path(self, value: str | None, program: Program) -> None:
        for part in (value or "").split(":"):
            place = self._place(part.removesuffix("/*").removesuffix("*") or ".", program)
            if any(place == one or place.startswith(f"{one}/") for one in (*self.files.landed, *self._late_places())):
                continue
            self._use(place, whole=False)

    def _late_places(self) -> list[str]:
        return [copy.target.rstrip("/") for copy in self.late_copies if copy.target]

    def _place(self, value: str | None, program: Program) -> str:
        place = joined(self.stage.end.folder or self.image_folder, value)
        if not value or place is None or "$" in value:
            raise NotSplit(f"{program.where} runs java with a path that depends on a variable")
        return place

    def _use(self, place: str, *, whole: bool = True) -> None:
        """Take along what the container runs."""
        origin = self._origin(place)
        product = self.products.get(origin)
        if product is None and place in self.files.outputs:
            product = self._of_pattern(origin)
        if product is None:
            below = [one for one in self.files.landed if one == place or one.startswith(f"{place}/")]
            if below and not place.startswith(tuple(self.products)):
                self.used += [place] if place in self.files.landed else []
                return
            raise NotSplit(_unknown(place))
        if whole and not product.holds:
            raise NotSplit(product.missing or f"{place} does not hold what it needs")
        self.used.append(place)
        self.files.outputs.setdefault(place, product.run)

    def _origin(self, place: str) -> str:
        seen = set()
        while place in self.files.sources and place not in seen:
            seen.add(place)
            place = self.files.sources[place]
        return place

    def _of_pattern(self, folder: str) -> Product | None:
        """The one product that a pattern in a folder found: all that are there run by themselves, or none does."""
        there = [
            product
            for path, product in self.products.items()
            if path.startswith(f"{folder}/") and path.endswith(".jar")
        ]
        return min(there, key=lambda product: product.holds) if there else None

    def _calls(self) -> None:
        """What the project's own sources call when they run."""
        paths = [path for path in image_files(self.file, self.stage).values() if not self.is_foreign(path)]
        found = scan(self.context, paths, JAVA)
        for name, path in found.commands:
            self.program(Program(name, (), path), {})
        for line, path in found.lines:
            for program in of_shell(line, path):
                self.program(program, {})
        if found.dynamic:
            self.assume(f"{found.dynamic[0]} calls programs whose names are not written there")
        if found.loads:
            self.assume(f"{found.loads[0]} loads shared libraries by name")
        for step in self.stage.of("ENV", "CMD", "ENTRYPOINT"):
            if asked := next((name for name in (*KIT_MODULES, *DEVELOPMENT) if name in step.text), ""):
                raise NotSplit(f"{step.keyword} names {asked}, which only a JDK has", step)
        for path in paths:
            text = self.context.read(path) or "" if path.endswith((*self.sources, "pom.xml", ".gradle", ".kts")) else ""
            for name in (*DEVELOPMENT, *COMPILES_WHEN_RUN):
                if name in text:
                    raise NotSplit(f"{path} names {name}, which may need a JDK at run time")

    def is_foreign(self, path: str) -> bool:
        return "src/test/" in path or "buildSrc/" in path

    def keeps(self, path: str) -> bool:
        return super().keeps(path) or any(part in f"/{path}" for part in PACKAGED)

    def founded(self, data: list[str]) -> Iterator[Evidence]:
        yield from self.on_packages()
        used = ", ".join(dict.fromkeys(self.used))
        yield Evidence(f"the container runs {used}, which the build writes", Strength.PROVEN)
        claim = f"{self.base} has the same Java of the same vendor"
        yield Evidence(claim, Strength.KNOWN, self.stage.node.span)
        if data:
            yield Evidence(f"besides sources the context holds {', '.join(data)}, which come along", Strength.PROVEN)
        claim = "no source calls a program of the JDK; trusted: libraries it depends on do neither, nor read sources"
        yield Evidence(claim, Strength.INFERRED)


def _unknown(place: str) -> str:
    """Why nobody knows that the build writes what a container runs."""
    if place.endswith(".war"):
        return f"{place} is an archive for a server, and what else it needs is not followed"
    if "/quarkus-app" in place or place.endswith("-runner.jar"):
        return f"{place} needs folders that Quarkus writes beside it, which are not followed"
    return f"{place} is not known to be written by the build"
