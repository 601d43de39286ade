"""What a RUN needs of the files copied before it. A body with a command that is not understood is blocked."""

from collections.abc import Iterator

from dockopt.analyses.bundle_install import bundle_needs
from dockopt.analyses.bystanders import bystander_needs
from dockopt.analyses.copied_files import CopiedFiles, is_below
from dockopt.analyses.go_install import go_needs
from dockopt.analyses.install_needs import NOTHING, Needs, Place, blocked, united
from dockopt.analyses.node_install import node_needs
from dockopt.analyses.pip_install import pip_needs
from dockopt.analyses.words import read
from dockopt.knowledge.node_managers import MANAGERS
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.model.state import joined
from dockopt.shell.tree import Redirect, Simple, Statement

CACHE_MOUNTS = frozenset({"cache", "secret", "ssh", "tmpfs"})
QUIET_TARGETS = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr"})
PROJECT_INSTALLS = frozenset({"install", "i", "ci", "clean-install"})
OF_NO_PROJECT = frozenset({"-g", "--global", "global"})
HOME_SETTINGS = (
    *("/.netrc", "/.gitconfig", "/.curlrc", "/.wgetrc", "/.pydistutils.cfg", "/.gemrc", "/.condarc", "/.profile"),
    *("/.config/pip/pip.conf", "/.pip/pip.conf", "/.config/git/config", "/.config/go/env", "/.bashrc", "/.ssh/config"),
    *("/.config/pnpm/rc", "/.bundle/config"),
)


def run_needs(run: Run, files: CopiedFiles) -> Needs:
    """The needs of all commands of a body together."""
    if run.opaque:
        return blocked(run.opaque)
    for mount in run.mounts:
        if mount.get("type", "bind") not in CACHE_MOUNTS:
            return blocked("a bind mount brings other files")
        target = joined(
            run.state.folder, mount.get("target") or mount.get("dst") or mount.get("destination") or "/none"
        )
        if target is None or files.any_below(target):
            return blocked("a mount hides copied files")
    for path in files.places:
        if path.endswith(HOME_SETTINGS):
            return blocked(f"{path} may be a setting of a program that is run")
    needs = united(tuple(_parts(run, files)))
    for folder in () if needs.obstacle else _entered(run):
        if files.any_below(folder) and not any(
            is_below(path, folder) for path in (*needs.reads, run.state.folder or "/")
        ):
            return blocked(f"{folder} is there only once the files are copied")
    return needs


def _entered(run: Run) -> Iterator[str]:
    """The folders that `cd` leads to."""
    folder = run.state.folder
    for call in run.calls_of("cd"):
        folder = joined(folder, call.values[0]) if call.values else None
        if folder:
            yield folder


def manifest_installs(run: Run) -> bool:
    """Whether a command of the body installs what files of the project list, going by its words alone."""
    return any(_lists_packages(call) for call in run.calls)


def _lists_packages(call: Call) -> bool:
    words = [value for value in call.values if value]
    match call.name:
        case "npm" | "yarn" | "pnpm":
            alone = call.name == "yarn" and all(word.startswith("--") for word in words) and "--version" not in words
            return not OF_NO_PROJECT.intersection(words) and (alone or not PROJECT_INSTALLS.isdisjoint(words))
        case "go":
            return words[:2] == ["mod", "download"]
        case "bundle":
            return words[:1] in ([], ["install"])
        case _:
            reading = read(call)
            return bool(
                reading
                and reading.program == "pip"
                and reading.subcommand == "install"
                and reading.option("-r", "--requirement")
            )


def _parts(run: Run, files: CopiedFiles) -> Iterator[Needs]:
    """The needs of one command after the other; `cd` moves those after it."""
    place = Place(run.state.folder, files, {**run.state.arguments, **run.state.environment})
    inner = {call.span: call for call in run.calls}
    top = 0
    for command in (one for statement in run.script.statements for one in _simple(statement)):
        call = inner.get(command.span) if command is not None else None
        if command is None or (call is None and command.words) or not all(map(_is_quiet, command.redirects)):
            yield blocked("a command is not understood")
        elif call is None:
            yield blocked("a variable is set")
        elif call.name == "cd":
            top += 1
            folder = place.path(call.values[0]) if call.top and len(call.values) == 1 else None
            yield NOTHING if folder else blocked("the folder is not known")
            place = place.inside(folder or "/")
        else:
            top += 1
            yield _needs(call, place)
    if top != len(run.calls):
        yield blocked("a command runs inside another")


def _simple(statement: Statement) -> Iterator[Simple | None]:
    """The commands of a list, None for each that holds others."""
    for pipeline in statement.pipelines:
        for command in pipeline.commands:
            yield command if isinstance(command, Simple) else None


def _is_quiet(redirect: Redirect) -> bool:
    target = redirect.target
    if redirect.operator in (">&", "<&", "&>") and target and (target.value or "").isdigit():
        return True
    return redirect.operator in (">", "&>", ">>") and target is not None and target.value in QUIET_TARGETS


def _needs(call: Call, place: Place) -> Needs:
    assigned = {one.name: one.value.value if one.value else "" for one in call.assignments}
    place = place._replace(environment={**place.environment, **assigned})
    if call.name in MANAGERS:
        return node_needs(call, place)
    match call.name:
        case "go":
            return go_needs(call, place)
        case "bundle":
            return bundle_needs(call, place)
    reading = read(call)
    if reading and reading.program == "pip":
        return pip_needs(reading, place, module=(call.name or "").startswith("python"))
    return bystander_needs(call, reading, place)
