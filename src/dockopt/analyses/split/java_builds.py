"""What Maven, Gradle, javac and jar write when a RUN calls them."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from dockopt.analyses.split.plan import NotSplit
from dockopt.context.manifests import gradle, maven
from dockopt.context.tree import Context
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.model.state import joined

TOOLS = {"mvn": "maven", "mvnw": "maven", "gradle": "gradle", "gradlew": "gradle", "javac": "javac", "jar": "jar"}
ACTIONS = frozenset({"maven", "gradle", "javac", "jar"})
PACKAGES = frozenset({"package", "verify", "install", "integration-test"})
PUBLISHES = (
    "deploy",
    "publish",
    "upload",
    "release:",
    "jib",
    "bootBuildImage",
    "dockerBuild",
    "docker:",
    "spring-boot:run",
)
ASSEMBLES = frozenset({"build", "assemble", "bootJar", "bootRepackage", "shadowJar", "jar", "installDist", "install"})
NAMES_OUTPUT = (
    "finalName",
    "build.directory",
    "buildDirectory",
    "revision",
    "sha1",
    "changelist",
    "project.version",
    "version",
)
TAKES_VALUE = frozenset(
    {"-f", "--file", "-pl", "--projects", "-s", "--settings", "-T", "-P", "-p", "-x", "-I", "-c", "-b"}
)


class Archive(NamedTuple):
    """A file or folder that a build writes; `holds` says that it has its dependencies, `missing` why it has not."""

    path: str
    holds: bool
    missing: str = ""


def tool_of(call: Call) -> str:
    """The build tool that a command calls, "" for any other."""
    name = call.name or ""
    if name in ("sh", "bash") and call.values and (call.values[0] or "").endswith(("mvnw", "gradlew")):
        return TOOLS[(call.values[0] or "").rpartition("/")[2]]
    return TOOLS.get(name, "")


def is_build_call(call: Call) -> bool:
    """Whether a command writes what a container may run."""
    words = [value or "" for value in call.values]
    match tool_of(call):
        case "maven":
            return bool(PACKAGES & {*words})
        case "gradle":
            return any(word.rpartition(":")[2] in ASSEMBLES for word in words)
        case _:
            return bool(words) and not call.has("--version", "-version", "tf", "xf")


def archives(context: Context, landed: Mapping[str, str], call: Call, folder: str, run: Run) -> Iterator[Archive]:
    """What a command writes, with image paths.

    Raises:
        NotSplit: that cannot be told.
    """
    words = [value for value in call.values if value is not None]
    tool = tool_of(call)
    if any(word.startswith(PUBLISHES) for word in words):
        raise NotSplit(f"{call.words[0].text} publishes what it builds, or runs it", run)
    if tool == "javac":
        yield from _of_javac(call, folder, run)
    elif tool == "jar":
        yield from _of_jar(call, folder, run)
    elif not is_build_call(call):
        return
    elif len(words) < len(call.values):
        raise NotSplit(f"what {call.words[0].text} builds depends on a variable", run)
    elif tool == "maven":
        yield from _of_maven(context, landed, words, folder, run)
    else:
        yield from _of_gradle(context, landed, words, folder, run)


def _of_maven(
    context: Context, landed: Mapping[str, str], words: list[str], folder: str, run: Run
) -> Iterator[Archive]:
    for word in words:
        name = word.removeprefix("-D").partition("=")[0]
        if word.startswith("-D") and name.endswith(NAMES_OUTPUT):
            raise NotSplit(f"{word} may name what Maven builds", run)
    given = next((after for before, after in pairwise(words) if before in ("-f", "--file")), "pom.xml")
    place = joined(folder or None, given if given.endswith(".xml") else f"{given}/pom.xml") or ""
    path = landed.get(place)
    if path is None:
        raise NotSplit("pom.xml is not in the build context where Maven builds", run)
    start = place.removesuffix(path)
    for module in maven.read(context, path):
        if module.problems:
            raise NotSplit(module.problems[0], run)
        target = f"{start}{module.folder}/target" if module.folder else f"{start.rstrip('/')}/target"
        if not module.archive:
            raise NotSplit(f"the name of what {path} builds depends on a property that is not set in it", run)
        yield from _of_module(module, target)


def _of_module(module: maven.MavenModule, target: str) -> Iterator[Archive]:
    yield Archive(f"{target}/classes", holds=False, missing=f"{target}/classes holds no dependencies")
    base = target.removesuffix("/target")
    for copies in module.copies:
        yield Archive(joined(base, copies) or "", holds=False)
    if module.packaging in ("pom", "war", "ear", "maven-plugin"):
        return
    for ending in {"", *module.holds}:
        holds = ending in module.holds or not module.dependencies
        missing = f"the archive of {module.folder or 'pom.xml'} does not hold its dependencies, such as "
        yield Archive(
            f"{target}/{module.archive}{ending}.jar",
            holds,
            "" if holds else missing + ", ".join(module.dependencies[:2]),
        )


def _of_gradle(
    context: Context, landed: Mapping[str, str], words: list[str], folder: str, run: Run
) -> Iterator[Archive]:
    if any(word.startswith(("-P", "-I", "--init-script", "-b", "-c", "--project-cache")) for word in words):
        raise NotSplit("Gradle gets properties or scripts that may name what it builds", run)
    given = next((after for before, after in pairwise(words) if before in ("-p", "--project-dir")), "")
    where = joined(folder or None, given or ".") or ""
    at = next(
        (landed[path] for ending in ("", ".kts") if (path := f"{where.rstrip('/')}/build.gradle{ending}") in landed),
        None,
    )
    if at is None:
        raise NotSplit("build.gradle is not in the build context where Gradle builds", run)
    tasks = [word for before, word in pairwise(["", *words]) if not word.startswith("-") and before not in TAKES_VALUE]
    for part in dict.fromkeys(task.rpartition(":")[0].replace(":", "/").strip("/") for task in tasks):
        inside = f"{where.rstrip('/')}/{part}".rstrip("/")
        module = gradle.read(context, "/".join(one for one in (at.rpartition("/")[0], part) if one), inside)
        if module.problems:
            raise NotSplit(module.problems[0], run)
        for name in module.holds:
            yield Archive(f"{inside}/build/libs/{name}", holds=True)
        if module.installs and any(task.rpartition(":")[2] in ("installDist", "install") for task in tasks):
            yield Archive(f"{inside}/build/install/{module.installs}", holds=True)


def _of_javac(call: Call, folder: str, run: Run) -> Iterator[Archive]:
    values = call.values
    if any(word.value is None and not word.substitutions for word in call.arguments):
        raise NotSplit("what javac compiles depends on a variable", run)
    given = next((after for before, after in pairwise(values) if before == "-d"), "." if "-d" not in values else None)
    place = joined(folder or None, given)
    if place is None or place == "/":
        raise NotSplit("where javac writes is not known", run)
    yield Archive(place, holds=False, missing=f"{place} is a folder")


def _of_jar(call: Call, folder: str, run: Run) -> Iterator[Archive]:
    """The archive that `jar` makes: of the classes that it is given, which are taken to be all there are."""
    values = [value or "" for value in call.values]
    first = values[0] if values else ""
    if "--create" in values or "-c" in values:
        files = [after for before, after in pairwise(values) if before in ("--file", "-f")]
        files += [word.partition("=")[2] for word in values if word.startswith("--file=")]
    elif "c" in first and "f" in first and first.lstrip("-").isalpha():
        letters = [letter for letter in first.lstrip("-") if letter in "fme"]
        files = values[1 + letters.index("f") :][:1]
    else:
        files = []
    place = joined(folder or None, files[0]) if files and files[0] else None
    if place is None:
        raise NotSplit("which archive jar writes is not known", run)
    yield Archive(place, holds=True)
