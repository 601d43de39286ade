"""What `dotnet restore` reads of the copied files: projects with all they refer to, and the settings above them.

`dotnet publish` and `dotnet build` restore the same first; doing that in a step of its own needs no sources.
"""

import posixpath

from dockopt.analyses.install_needs import NOTHING, Ahead, Line, Needs, Place, above, beside, blocked, read_line, words
from dockopt.context.manifests.msbuild import folders_of_packages, project, solution
from dockopt.model.commands import Call

VALUED = words(
    "-c --configuration -o --output -r --runtime -f --framework -v --verbosity -a --arch --os --packages"
    " --version-suffix"
)
PLAIN = words(
    "--no-cache --locked-mode --force --disable-parallel --self-contained --no-self-contained --nologo --no-restore"
    " --use-current-runtime --ucr --sc --no-dependencies --interactive -p /p --property --no-http-cache --tl"
)
PROJECTS = (".csproj", ".fsproj", ".vbproj")
SOLUTIONS = (".sln", ".slnx")
SETTINGS = words(
    "Directory.Build.props Directory.Build.targets Directory.Packages.props Directory.Build.rsp global.json"
    " nuget.config NuGet.config NuGet.Config Directory.Solution.props Directory.Solution.targets"
)
NUGET = ("nuget.config", "NuGet.config", "NuGet.Config")
VARIABLES = ("NUGET_PACKAGES", "RestoreSources", "DOTNET_CLI_HOME", "NUGET_RESTORE_MSBUILD_ARGS")
PROJECTS_AT_MOST = 200


def dotnet_needs(call: Call, place: Place) -> Needs:
    """The needs of a dotnet command."""
    line = read_line(call, VALUED, PLAIN)
    match line.operands:
        case () if line.options.keys() <= {"--version", "--info"}:
            return NOTHING
        case ("restore", *projects) if len(projects) < 2:
            return _restore(line, projects, place)
        case ("tool", "install", *_) if line.has("--global", "-g", "--tool-path"):
            return Needs(installs=True)
        case ("nuget", "locals", *_) | ("workload", "install", *_) | ("new", *_):
            return NOTHING if line.operands[0] == "nuget" else blocked(f"dotnet {line.operands[0]} writes files")
    return blocked(f"dotnet {' '.join(line.operands[:1])} reads the sources".replace("  ", " "))


def dotnet_ahead(call: Call, place: Place) -> Ahead | None:
    """`dotnet restore` for the project that is built, and for the runtime it is built for."""
    line = read_line(call, VALUED, PLAIN)
    if line.operands[:1] not in (("build",), ("publish",)) or len(line.operands) > 2 or line.has("--no-restore"):
        return None
    runtime = line.options.get("-r") or line.options.get("--runtime")
    if (runtime and not runtime.replace("-", "").replace(".", "").isalnum()) or line.has("-a", "--arch", "--os"):
        return Ahead(blocked("a variable says which runtime packages are fetched"))
    operands = line.operands[1:]
    command = " ".join(("dotnet restore", *operands, *(("-r", runtime) if runtime else ())))
    plain = Line(("restore", *operands), {})
    if any(not word.replace("/", "").replace(".", "").replace("-", "").replace("_", "").isalnum() for word in operands):
        return Ahead(blocked("the project is not named plainly"))
    return Ahead(_restore(plain, list(operands), place), instead=command)


def _restore(line: Line, projects: list[str], place: Place) -> Needs:
    if line.obstacle or place.folder is None or line.has("--packages"):
        return blocked(line.obstacle or "where dotnet runs, or puts packages, is not known")
    if any(name in place.environment for name in VARIABLES):
        return blocked("a variable says where packages are")
    first = _first(place, projects)
    return first if isinstance(first, Needs) else _closure(place, first)


def _first(place: Place, projects: list[str]) -> "str | Needs":
    """The project or solution that is meant."""
    path = place.path(projects[0]) if projects else place.folder
    if path is None:
        return blocked("the project is not known")
    if path.endswith((*PROJECTS, *SOLUTIONS)):
        return path
    inside = [one for one in place.files.places if one.rpartition("/")[0] == path.rstrip("/")]
    found = [one for one in inside if one.endswith((*PROJECTS, *SOLUTIONS))]
    return found[0] if len(found) == 1 else blocked(f"{path} holds {len(found) or 'no'} projects")


def _closure(place: Place, first: str) -> Needs:
    """Everything that the restore of one file leads to."""
    reads: dict[str, None] = {}
    fills: list[str] = []
    waiting = [first]
    while waiting:
        path = waiting.pop(0)
        if path in reads:
            continue
        if place.files.at(path) is None or len(reads) > PROJECTS_AT_MOST:
            return blocked(f"{path} is not among the copied files")
        reads[path] = None
        text = place.files.text(path)
        found = solution(text, is_xml=path.endswith("x")) if path.endswith(SOLUTIONS) else project(text)
        if found.problem:
            return blocked(f"{path} {found.problem}")
        folder = path.rpartition("/")[0] or "/"
        waiting += [posixpath.normpath(beside(folder, one)) for one in (*found.references, *found.imports)]
        waiting += [one for one in _around(place, folder) if one.endswith((".props", ".targets"))]
        others = [one for one in _around(place, folder) if not one.endswith((".props", ".targets"))]
        local = [name for one in others if one.endswith(NUGET) for name in folders_of_packages(place.files.text(one))]
        if local:
            return blocked(f"packages come from {local[0]}")
        reads.update(dict.fromkeys(others))
        if path.endswith(PROJECTS):
            fills.append(beside(folder, "obj"))
    return Needs(tuple(reads), tuple(fills), installs=True)


def _around(place: Place, folder: str) -> list[str]:
    """The settings that hold for a folder, of itself and of those above it."""
    paths = [beside(one, name) for one in (folder, *above(folder)) for name in sorted(SETTINGS)]
    return [path for path in (*paths, beside(folder, "packages.lock.json")) if path in place.files.places]
