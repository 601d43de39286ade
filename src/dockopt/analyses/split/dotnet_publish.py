"""What `dotnet publish` writes when a RUN calls it: the project it means, and the folder it fills."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.analyses.split.plan import NotSplit
from dockopt.context.manifests.dotnet_project import NAMES, STEERS, DotnetProject, read
from dockopt.context.tree import Context
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.model.state import joined

HARMLESS = frozenset({"restore", "build", "clean", "test", "--info", "--version", "--list-sdks", "--list-runtimes"})
"""What `dotnet` does without writing anything that a published program needs."""
LONG = {"-c": "--configuration", "-o": "--output", "-f": "--framework", "-v": "--verbosity", "-s": "--source"}
VALUED = frozenset({*LONG.values(), "--version-suffix"})
PLAIN = frozenset({"--no-restore", "--nologo", "-nologo", "/nologo", "--no-build", "--no-self-contained", "--force"})
NO_APP_HOST = frozenset(f"{start}UseAppHost=false" for start in ("-p:", "/p:", "--property:"))
PROJECTS = (".csproj", ".fsproj", ".vbproj")
SETS = frozenset(name.lower() for name in (*STEERS, *NAMES))


class Published(NamedTuple):
    """A folder that `dotnet publish` filled."""

    folder: str
    project: DotnetProject
    path: str
    app_host: bool


def action(call: Call) -> str:
    """The subcommand of `dotnet`, "" for any other command."""
    if not call.is_("dotnet") or not call.values:
        return ""
    return call.values[0] or "?"


def published(context: Context, landed: Mapping[str, str], call: Call, folder: str, run: Run) -> Published:
    """What a `dotnet publish` writes.

    Raises:
        NotSplit: that cannot be told.
    """
    options, operands, app_host = _options(call, run)
    path = _project_path(landed, operands, folder, run)

    def at(place: str) -> str | None:
        return context.read(landed[place]) if place in landed else None

    project = read(at, path)
    if project.problem:
        raise NotSplit(project.problem, run)
    if options.get("--framework", project.framework) != project.framework:
        raise NotSplit("dotnet publish names another framework than the project", run)
    steering = [name for name in _names_set(call, run) if name.lower() in SETS]
    if steering:
        raise NotSplit(f"{steering[0]} is set, which MSBuild takes for a property of the project", run)
    place = _place(options, path, project, folder, run)
    if any(one == place or one.startswith(f"{place}/") for one in landed):
        raise NotSplit("dotnet publish writes among the copied files", run)
    return Published(place, project, path, app_host and project.app_host)


def _options(call: Call, run: Run) -> tuple[dict[str, str | None], list[str], bool]:
    """The options with their values (None for those that a variable gives), the operands, and whether there will be a
    program beside the DLL.
    """
    options: dict[str, str | None] = {}
    operands: list[str] = []
    app_host = True
    values = iter(call.values[1:])
    for value in values:
        if value is None:
            raise NotSplit("what dotnet publish builds depends on a variable", run)
        name, equals, given = value.partition("=")
        name = LONG.get(name, name)
        if name in VALUED:
            options[name] = given if equals else next(values, None)
        elif value in NO_APP_HOST:
            app_host = False
        elif name in ("--self-contained", "--sc") and (given if equals else next(values, "")) == "false":
            continue
        elif value.startswith(("-", "/p", "/property")) and value not in PLAIN:
            raise NotSplit(f"dotnet publish gets {value}, which may change what it writes", run)
        elif value not in PLAIN:
            operands.append(value)
    return options, operands, app_host


def _project_path(landed: Mapping[str, str], operands: list[str], folder: str, run: Run) -> str:
    place = joined(folder or None, operands[0] if operands else ".")
    if place is None or len(operands) > 1:
        raise NotSplit("which project dotnet publish builds is not known", run)
    if not place.endswith((*PROJECTS, ".sln", ".slnx")):
        inside = [one for one in landed if one.rpartition("/")[0] == place.rstrip("/")]
        found = [one for one in inside if one.endswith((*PROJECTS, ".sln", ".slnx"))]
        if len(found) != 1:
            raise NotSplit(f"{place} holds {len(found) or 'no'} projects", run)
        place = found[0]
    if place not in landed:
        raise NotSplit(f"{place} is not in the build context where dotnet publish runs", run)
    if not place.endswith(PROJECTS):
        raise NotSplit("dotnet publish builds a solution, whose projects all write to one folder", run)
    return place


def _names_set(call: Call, run: Run) -> Iterator[str]:
    yield from run.state.environment
    yield from run.state.arguments
    yield from (one.name for one in call.assignments)


def _place(options: Mapping[str, str | None], path: str, project: DotnetProject, folder: str, run: Run) -> str:
    """The folder that is filled; without a name for it, it depends on the configuration."""
    if "--output" in options:
        place = joined(folder or None, options["--output"])
    else:
        configuration = options.get("--configuration")
        inner = f"bin/{configuration}/{project.framework}/publish"
        place = joined(path.rpartition("/")[0] or "/", inner) if configuration else None
    if place is None or place == "/" or any(mark in place for mark in "*?["):
        raise NotSplit("where dotnet publish writes is not known", run)
    return place
