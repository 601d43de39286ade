"""A Maven project: its modules, the archives they are packaged into, and whether those hold their dependencies."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dockopt.context.glob import clean
from dockopt.context.tree import Context

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PLAIN_PARENTS = frozenset({"spring-boot-starter-parent", "oss-parent"})
"""Parents of others that set neither the names of archives nor their folder."""
NOT_AT_RUN_TIME = frozenset({"test", "provided", "import", "system"})


class MavenModule(NamedTuple):
    """One pom. `folder` is a context path, `archive` the name in its target folder without ending, "" if not known.

    `holds` are the endings behind that name of archives that hold their dependencies; `dependencies` says whether there
    are any at run time. `copies` are folders, relative to the module, that dependencies are copied to.
    """

    folder: str
    archive: str
    packaging: str = "jar"
    holds: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def read(context: Context, path: str) -> tuple[MavenModule, ...]:
    """The module of a pom and those below it."""
    return context.once(_read, path)


def _read(context: Context, path: str) -> tuple[MavenModule, ...]:
    return tuple(_modules(context, path, set()))


def _modules(context: Context, path: str, seen: set[str]) -> Iterator[MavenModule]:
    if path in seen:
        return
    seen.add(path)
    folder = path.rpartition("/")[0]
    root = _root(context, path)
    if root is None:
        yield MavenModule(folder, "", problems=(f"{path} cannot be read",))
        return
    yield _module(context, path, folder, root)
    for name in _all(root, "modules/module"):
        below = clean(f"/{folder}/{name}").lstrip("/")
        yield from _modules(context, below if below.endswith(".xml") else f"{below}/pom.xml", seen)


def _root(context: Context, path: str) -> "Element | None":
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - only where a pom is read

    text = context.read(path)
    if text is None or "<!ENTITY" in text:
        return None
    try:
        root = ET.fromstring(text.lstrip("\ufeff").strip())  # noqa: S314 - entities are refused above
    except (ET.ParseError, ValueError):
        return None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def _module(context: Context, path: str, folder: str, root: "Element") -> MavenModule:
    chain = [root]
    problems: list[str] = []
    above = path
    while True:
        parent = chain[-1].find("parent")
        if parent is None:
            break
        above = _parent_path(above, parent)
        found = _root(context, above) if above else None
        if found is None or _text(found, "artifactId") != _text(parent, "artifactId"):
            if _text(parent, "artifactId") not in PLAIN_PARENTS:
                problems.append(
                    f"{path} has the parent {_text(parent, 'artifactId')}, which is not in the build context"
                )
            break
        chain.append(found)
        if len(chain) > 20:
            break
    values = _properties(chain)
    name = next(
        (text for pom in chain if (text := _text(pom, "build/finalName"))), "${project.artifactId}-${project.version}"
    )
    if any(_all(pom, "build/directory") or _all(pom, "profiles/profile/build/finalName") for pom in chain):
        problems.append(f"{path} sets the folder or the name of what is built in a way that is not read")
    packaging = _expanded(_text(root, "packaging") or "jar", values)
    archive = _expanded(name, values)
    return MavenModule(
        folder,
        "" if "${" in archive else archive,
        packaging,
        tuple(_holds(chain, values)),
        tuple(dict.fromkeys(name for pom in chain for name in _dependencies(pom))),
        tuple(_copies(chain, values)),
        tuple(problems),
    )


def _parent_path(path: str, parent: "Element") -> str:
    given = parent.find("relativePath")
    relative = "../pom.xml" if given is None else (given.text or "").strip()
    if not relative:
        return ""
    folder = path.rpartition("/")[0]
    if not folder and relative.startswith(".."):
        return ""
    found = clean(f"/{folder}/{relative}").lstrip("/")
    return found if found.endswith(".xml") else f"{found}/pom.xml".lstrip("/")


def _properties(chain: "list[Element]") -> Mapping[str, str]:
    values: dict[str, str] = {}
    for pom in reversed(chain):
        for element in pom.find("properties") or ():
            values[element.tag] = (element.text or "").strip()
    root = chain[0]
    version = _text(root, "version") or _text(root, "parent/version")
    artifact = _text(root, "artifactId")
    for start in ("project.", "pom.", ""):
        values[f"{start}version"] = version
        values[f"{start}artifactId"] = artifact
    values["project.name"] = _text(root, "name") or artifact
    return values


def _expanded(text: str, values: Mapping[str, str]) -> str:
    for _ in range(5):
        for name, value in values.items():
            text = text.replace(f"${{{name}}}", value)
        if "${" not in text:
            break
    return text


def _plugins(chain: "list[Element]") -> Iterator[tuple[str, "Element", bool]]:
    """Plugins that run: name, element, and whether the project itself names it."""
    managed = {
        _text(plugin, "artifactId"): plugin
        for pom in chain
        for plugin in pom.iterfind("build/pluginManagement/plugins/plugin")
    }
    for number, pom in enumerate(chain):
        for plugin in pom.iterfind("build/plugins/plugin"):
            name = _text(plugin, "artifactId")
            yield name, plugin, number == 0
            if name in managed:
                yield name, managed[name], number == 0


def _holds(chain: "list[Element]", values: Mapping[str, str]) -> Iterator[str]:
    on_boot = any(_text(pom, "parent/artifactId") == "spring-boot-starter-parent" for pom in chain)
    for name, plugin, _ in _plugins(chain):
        goals = set(_all(plugin, "executions/execution/goals/goal"))
        classifier = _expanded(next(iter(_configured(plugin, "classifier")), ""), values)
        if name == "spring-boot-maven-plugin" and (on_boot or "repackage" in goals):
            if "true" not in _configured(plugin, "skip") and "ZIP" not in _configured(plugin, "layout"):
                yield f"-{classifier}" if classifier else ""
        elif name == "maven-shade-plugin" and "shade" in goals:
            if not _configured(plugin, "outputFile") and not _configured(plugin, "finalName"):
                attached = "true" in _configured(plugin, "shadedArtifactAttached")
                yield f"-{next(iter(_configured(plugin, 'shadedClassifierName')), 'shaded')}" if attached else ""
        elif name == "maven-assembly-plugin" and _assembles_all(plugin, goals):
            yield "" if "false" in _configured(plugin, "appendAssemblyId") else "-jar-with-dependencies"


def _assembles_all(plugin: "Element", goals: set[str]) -> bool:
    whole = "jar-with-dependencies" in _configured(plugin, "descriptorRef")
    return bool(goals & {"single", "assembly"}) and whole and not _configured(plugin, "finalName")


def _copies(chain: "list[Element]", values: Mapping[str, str]) -> Iterator[str]:
    values = {**values, "project.build.directory": "target", "basedir": ".", "project.basedir": "."}
    for name, plugin, _ in _plugins(chain):
        if name == "maven-dependency-plugin" and "copy-dependencies" in _all(plugin, "executions/execution/goals/goal"):
            places = _configured(plugin, "outputDirectory") or ["target/dependency"]
            yield from (_expanded(place, values) for place in places)


def _configured(plugin: "Element", name: str) -> list[str]:
    """All values of a setting, of the plugin and of its executions."""
    blocks = [*plugin.iterfind("configuration"), *plugin.iterfind("executions/execution/configuration")]
    return [(element.text or "").strip() for block in blocks for element in block.iter(name)]


def _dependencies(root: "Element") -> Iterator[str]:
    for one in root.iterfind("dependencies/dependency"):
        if _text(one, "scope") not in NOT_AT_RUN_TIME:
            yield _text(one, "artifactId")


def _text(element: "Element", path: str) -> str:
    return (element.findtext(path) or "").strip()


def _all(element: "Element", path: str) -> list[str]:
    return [(one.text or "").strip() for one in element.iterfind(path)]
