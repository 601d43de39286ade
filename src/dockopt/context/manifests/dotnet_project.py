"""What publishing a .NET project writes: its assembly, its framework, the packages of all projects it refers to.

A project that decides more by itself than can be read here has a problem. MSBuild is not evaluated.
"""

import posixpath
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from dockopt.context.manifests.msbuild import project as references_of
from dockopt.context.manifests.msbuild import read_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

WEB = "Microsoft.NET.Sdk.Web"
PROGRAM_SDKS = ("Microsoft.NET.Sdk", WEB, "Microsoft.NET.Sdk.Worker")
LIBRARY_SDKS = (*PROGRAM_SDKS, "Microsoft.NET.Sdk.Razor")
ASPNET = "Microsoft.AspNetCore.App"
STEERS = frozenset(
    "SelfContained PublishSelfContained PublishAot PublishSingleFile PublishTrimmed PublishReadyToRun RuntimeIdentifier"
    " RuntimeIdentifiers RuntimeFrameworkVersion TargetLatestRuntimePatch RollForward OutputPath OutDir BaseOutputPath"
    " BaseIntermediateOutputPath IntermediateOutputPath PublishDir PublishUrl PublishProfile ArtifactsPath"
    " UseArtifactsOutput TargetName TargetExt GenerateRuntimeConfigurationFiles MicrosoftNETPlatformLibrary"
    " AppendTargetFrameworkToOutputPath CopyLocalLockFileAssemblies DisableImplicitFrameworkReferences"
    " DirectoryBuildPropsPath DirectoryBuildTargetsPath ImportDirectoryBuildProps EnableDefaultContentItems".split()
)
"""Properties that change what is published, or what is needed to run it, unless they are false."""
NAMES = ("AssemblyName", "TargetFramework", "TargetFrameworks", "OutputType", "UseAppHost")
PROJECTS_AT_MOST = 100


class DotnetProject(NamedTuple):
    """`assembly` is the name of its DLL without ending, `framework` as in "net8.0"; `aspnet` says that it surely needs
    ASP.NET, `app_host` whether a program beside the DLL starts it; `files` are all that were read.
    """

    assembly: str = ""
    framework: str = ""
    aspnet: bool = False
    app_host: bool = True
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    problem: str = ""


def read(at: Callable[[str], str | None], path: str) -> DotnetProject:
    """The project at a path; `at` gives the text of a path, None where there is no such file."""
    if any(_around(at, path, "Directory.Build.rsp")):
        return DotnetProject(problem="Directory.Build.rsp gives MSBuild options that are not read")
    before = [one for name in ("Directory.Packages.props", "Directory.Build.props") for one in _around(at, path, name)]
    own = [one for one in (path, f"{path}.user") if one == path or at(one) is not None]
    chain = [*before, *own, *_around(at, path, "Directory.Build.targets")]
    files, packages, aspnet = [*chain], dict[str, None](), False
    position = 0
    while position < len(files):
        current = files[position]
        position += 1
        text = at(current)
        root = read_xml(text)
        if root is None:
            return DotnetProject(problem=f"{_short(current)} is not XML that can be read")
        if problem := _problem(text, root, is_program=current == path) or _too_many(files):
            return DotnetProject(problem=f"{_short(current)} {problem}")
        aspnet = aspnet or (current == path and root.get("Sdk") == WEB) or ASPNET in _items(root, "FrameworkReference")
        packages |= dict.fromkeys((*_items(root, "PackageReference"), *_items(root, "GlobalPackageReference")))
        found = references_of(text)
        for one in (*found.references, *found.imports):
            place = posixpath.normpath(posixpath.join(current.rpartition("/")[0] or "/", one))
            above = [*_around(at, place, "Directory.Build.props"), *_around(at, place, "Directory.Build.targets")]
            files += [new for new in (place, *above) if new not in files]
    named = _named(at, path, chain)
    if named.problem:
        return named
    return named._replace(aspnet=aspnet, packages=tuple(packages), files=tuple(files))


def _named(at: Callable[[str], str | None], path: str, chain: list[str]) -> DotnetProject:
    """What the properties of a project say of its assembly."""
    values: dict[str, str] = {}
    sdk = ""
    for one in chain:
        root = read_xml(at(one))
        assert root is not None
        sdk = root.get("Sdk", "") if one == path else sdk
        for name, value, conditional in _properties(root):
            if name in NAMES and (conditional or "$" in value):
                return DotnetProject(problem=f"{_short(one)} sets {name} by a condition or another property")
            if name in NAMES:
                values[name] = value
    if "TargetFrameworks" in values or not values.get("TargetFramework"):
        return DotnetProject(problem=f"{_short(path)} does not name one TargetFramework")
    if values.get("OutputType", "Exe" if sdk != PROGRAM_SDKS[0] else "Library").lower() != "exe":
        return DotnetProject(problem=f"{_short(path)} is a library")
    return DotnetProject(
        assembly=values.get("AssemblyName", path.rpartition("/")[2].rpartition(".")[0]),
        framework=values["TargetFramework"],
        app_host=values.get("UseAppHost", "true").lower() == "true",
    )


def _problem(text: str | None, root: "Element", *, is_program: bool) -> str:
    """Why nothing can be said of what a file leads to, "" where it can."""
    found = references_of(text)
    if found.problem:
        return found.problem
    sdk = root.get("Sdk", "")
    if is_program and sdk not in PROGRAM_SDKS:
        return f"is built with {sdk or 'no SDK'}"
    if sdk and sdk not in LIBRARY_SDKS:
        return f"is built with {sdk}"
    for element in root.iter():
        name = _name(element)
        if name in ("Target", "UsingTask", "Sdk") or (name == "Import" and element.get("Sdk")):
            return f"has a {name} of its own"
    steering = next((name for name, value, _ in _properties(root) if name in STEERS and value.lower() != "false"), "")
    return f"sets {steering}" if steering else ""


def _too_many(files: list[str]) -> str:
    return "refers to too many projects" if len(files) > PROJECTS_AT_MOST else ""


def _around(at: Callable[[str], str | None], path: str, name: str) -> Iterator[str]:
    """The nearest file of a name in the folder of a project or above it: MSBuild reads no other."""
    folder = path.rpartition("/")[0]
    if not path.endswith("proj"):
        return
    while True:
        if at(f"{folder}/{name}") is not None:
            yield f"{folder}/{name}"
            return
        if not folder:
            return
        folder = folder.rpartition("/")[0]


def _properties(root: "Element") -> Iterator[tuple[str, str, bool]]:
    """Every property with its value, and whether a condition decides on it."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for element, parent in parents.items():
        if _name(parent) == "PropertyGroup":
            above: Element | None = element
            conditional = False
            while above is not None:
                conditional = conditional or "Condition" in above.attrib or _name(above) in ("When", "Otherwise")
                above = parents.get(above)
            yield _name(element), (element.text or "").strip(), conditional


def _items(root: "Element", kind: str) -> tuple[str, ...]:
    return tuple(one.get("Include", "") for one in root.iter() if _name(one) == kind and one.get("Include"))


def _name(element: "Element") -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _short(path: str) -> str:
    return path.rpartition("/")[2]
