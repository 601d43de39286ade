"""A Gradle project, as far as its scripts can be read without running them: names of archives, and what they hold."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dockopt.context.tree import Context

COMPUTED = re.compile(
    r"archiveVersion|archiveClassifier|archiveBaseName|archiveAppendix|archivesName|archivesBaseName|buildDir|"
    r"destinationDir|layout\.buildDirectory\.set|buildDirectory\s*="
)
FILE_NAME = re.compile(r"""archive(?:FileName|Name)(?:\.set\()?\s*=?\s*\(?["']([\w.-]+)["']""")
VERSION = re.compile(r"""(?m)^\s*version\s*=?\s*\(?["']([^"'$]+)["']""")
VERSION_OTHERWISE = re.compile(r"(?m)^\s*(?:project\.)?version\b")
ROOT_NAME = re.compile(r"""rootProject\.name\s*=\s*["']([^"'$]+)["']""")
BOOT = re.compile(r"""org\.springframework\.boot["']""")
SHADOW = re.compile(r"""(?:com\.github\.johnrengelman|com\.gradleup)\.shadow["']|shadowJar\s*[{(]""")
APPLICATION = re.compile(r"""(?:id\s*\(?\s*)?["']application["']|(?m:^\s*application\s*$)|`application`""")
WHOLE_JAR = re.compile(r"configurations\.(?:runtimeClasspath|compileClasspath|getByName|runtime\b|compile\b)")
DEPENDENCY = re.compile(r"""(?m)^\s*(?:implementation|api|runtimeOnly|compile|runtime)\b""")


class GradleModule(NamedTuple):
    """One project. `folder` is a context path; the files are in `build/libs`, and `holds` those of them that hold their
    dependencies. `installs` is the folder that `installDist` fills below `build/install`, "" where it does not.
    """

    folder: str
    holds: tuple[str, ...] = ()
    installs: str = ""
    problems: tuple[str, ...] = ()


def read(context: Context, folder: str, place: str) -> GradleModule:
    """The project in a folder of the context, which lies at a place of the image that may give it its name."""
    script = next((f for f in _scripts(folder, "build") if context.has(f)), "")
    settings = next((f for f in _scripts(folder, "settings") if context.has(f)), "")
    text = _plain(context.read(script) or "") if script else ""
    problems = tuple(_problems(context, folder, script, text))
    named = ROOT_NAME.search(_plain(context.read(settings) or "")) if settings else None
    name = named[1] if named else place.rstrip("/").rpartition("/")[2]
    version = _version(context, folder, text)
    if version is None:
        problems = (*problems, f"{script}: the version is not written out")
    base = f"{name}-{version}" if version else name
    file_name = FILE_NAME.search(text)
    archive = file_name[1] if file_name else f"{base}.jar"
    return GradleModule(
        folder,
        tuple(_holds(text, base, archive)),
        name if APPLICATION.search(text) and "applicationName" not in text else "",
        problems,
    )


def _scripts(folder: str, name: str) -> Iterator[str]:
    start = f"{folder}/" if folder else ""
    return (f"{start}{name}.gradle{ending}" for ending in ("", ".kts"))


def _problems(context: Context, folder: str, script: str, text: str) -> Iterator[str]:
    if not script:
        yield f"{folder or '.'} has no build.gradle in the build context"
    found = COMPUTED.search(text)
    if found:
        yield f"{script} sets {found[0].strip(' =')}, which is not read"
    if len(FILE_NAME.findall(text)) > 1:
        yield f"{script} names several archives"
    start = f"{folder}/" if folder else ""
    for file in context.under(f"{start}buildSrc"):
        yield f"{file.path} may change what is built"
        return


def _version(context: Context, folder: str, text: str) -> str | None:
    found = VERSION.search(text)
    if found:
        return found[1]
    start = f"{folder}/" if folder else ""
    for line in (context.read(f"{start}gradle.properties") or "").splitlines():
        key, equals, value = line.partition("=")
        if equals and key.strip() == "version":
            return value.strip()
    return None if VERSION_OTHERWISE.search(text) else ""


def _holds(text: str, base: str, archive: str) -> Iterator[str]:
    if BOOT.search(text):
        yield archive
    elif SHADOW.search(text):
        yield archive if archive != f"{base}.jar" else f"{base}-all.jar"
    elif WHOLE_JAR.search(text) or not DEPENDENCY.search(text):
        yield archive


def _plain(text: str) -> str:
    """A script without its comments."""
    return re.sub(
        r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', lambda m: m[0] if m[0][0] == '"' else " ", text, flags=re.DOTALL
    )
