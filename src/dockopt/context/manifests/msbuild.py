"""What .NET project and solution files lead to: other projects, imported files; and the sources of packages.

Only what `dotnet restore` looks at. A file that decides more by itself than can be read here has a problem.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SDKS = ("Microsoft.NET.Sdk", "Aspire.AppHost.Sdk")
DECIDES = (
    "RestoreSources",
    "RestoreAdditionalProjectSources",
    "RestoreConfigFile",
    "Exists(",
    "RestorePackagesPath",
    "[System.IO.File]",
)
HERE = "$(MSBuildThisFileDirectory)"


class Project(NamedTuple):
    """Paths as written but with forward slashes, relative to the file: projects it refers to, files it imports."""

    references: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    problem: str = ""


def project(text: str | None) -> Project:
    """A project, `.props` or `.targets` file."""
    root = read_xml(text)
    if root is None or text is None:
        return Project(problem="is not XML")
    decides = next((mark for mark in DECIDES if mark in text), "")
    if decides:
        return Project(problem=f"uses {decides.rstrip('(')}")
    sdk = root.get("Sdk", "")
    if sdk and not sdk.startswith(SDKS):
        return Project(problem=f"is built with {sdk}")
    references = tuple(_attributes(root, "ProjectReference", "Include"))
    imports = tuple(path for element, path in _imports(root) if not element.get("Sdk"))
    unknown = next((path for path in (*references, *imports) if "$(" in path or "*" in path), "")
    return Project(references, imports, f"refers to {unknown}" if unknown else "")


def solution(text: str | None, *, is_xml: bool) -> Project:
    """A `.sln` file, or with `is_xml` a `.slnx` file."""
    if text is None:
        return Project(problem="cannot be read")
    if is_xml:
        root = read_xml(text)
        found = () if root is None else tuple(_attributes(root, "Project", "Path"))
        return Project(found, problem="" if root is not None else "is not XML")
    lines = (line.split('"') for line in text.splitlines() if line.startswith('Project("'))
    paths = (words[5].replace("\\", "/") for words in lines if len(words) > 5)
    return Project(tuple(path for path in paths if path.endswith("proj")))


def folders_of_packages(text: str | None) -> tuple[str, ...]:
    """The package sources of a `nuget.config` that are folders."""
    root = read_xml(text)
    if root is None:
        return ("a file that is not XML",)
    found = (one.get("value", "") for part in root.iter("packageSources") for one in part.iter("add"))
    return tuple(value for value in found if "://" not in value)


def _imports(root: "Element") -> "Iterator[tuple[Element, str]]":
    for element in root.iter():
        if _name(element) == "Import":
            yield element, element.get("Project", "").replace(HERE, "").replace("\\", "/")


def _attributes(root: "Element", name: str, attribute: str) -> Iterator[str]:
    for element in root.iter():
        if _name(element) == name and element.get(attribute):
            yield element.get(attribute, "").replace("\\", "/")


def _name(element: "Element") -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_xml(text: str | None) -> "Element | None":
    """The root of a project file, None where it is not XML or declares a document type, which may hold entities."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - only where there is such a file

    if text is None or "<!ENTITY" in text or "<!DOCTYPE" in text:
        return None
    try:
        return ET.fromstring(text.lstrip("\ufeff").strip())  # noqa: S314 - no entities
    except (ET.ParseError, ValueError):
        return None
