"""What a RUN needs of the files copied before it. A body with a command that is not understood is blocked."""

from collections.abc import Iterator

from dockopt.analyses.bystanders import bystander_needs
from dockopt.analyses.copied_files import CopiedFiles, is_below
from dockopt.analyses.install_needs import NOTHING, Needs, Place, blocked, may_name_files, united
from dockopt.analyses.words import Reading, read
from dockopt.model.commands import Call
from dockopt.model.instructions import Run
from dockopt.model.state import joined
from dockopt.shell.tree import Command, Compound, Redirect, Simple, Statement, commands

CACHE_MOUNTS = frozenset({"cache", "secret", "ssh", "tmpfs"})
QUIET_TARGETS = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr"})
HOME_SETTINGS = (
    *("/.netrc", "/.gitconfig", "/.curlrc", "/.wgetrc", "/.pydistutils.cfg", "/.gemrc", "/.condarc", "/.profile"),
    *("/.config/pip/pip.conf", "/.pip/pip.conf", "/.config/git/config", "/.config/go/env", "/.bashrc", "/.ssh/config"),
    *("/.config/pnpm/rc", "/.bundle/config", "/.git-credentials", "/.mambarc", "/.config/uv/uv.toml"),
    *("/.config/pypoetry/config.toml", "/.config/pypoetry/auth.toml", "/.composer/auth.json", "/NuGet/NuGet.Config"),
    "/.config/composer/auth.json",
)
SETTINGS_AT_HOME = frozenset({".npmrc", ".yarnrc", ".yarnrc.yml", ".bunfig.toml"})
"""In a project's folder they are settings of the project, which its install reads anyway."""
KEYS = "/.ssh/"


def run_needs(run: Run, files: CopiedFiles, pipelines: int | None = None) -> Needs:
    """The needs of all commands of a body together, or of the first so many pipelines of its only statement."""
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
        if path.endswith(HOME_SETTINGS) or KEYS in path:
            return blocked(f"{path} may be a setting of a program that is run")
    end = len(run.shell_text) if pipelines is None else run.script.statements[0].pipelines[pipelines - 1].span.end
    needs = united(tuple(_parts(run, files, end, pipelines)))
    own = next((path for path in files.places if _is_at_home(path, run) and path not in needs.reads), "")
    if own:
        return blocked(f"{own} may be a setting of a program that is run")
    for folder in () if needs.obstacle else _entered(run, end):
        if files.any_below(folder) and not any(
            is_below(path, folder) for path in (*needs.reads, run.state.folder or "/")
        ):
            return blocked(f"{folder} is there only once the files are copied")
    return needs


def _is_at_home(path: str, run: Run) -> bool:
    """Whether a file is a user's own settings, by where it stands."""
    folder, _, name = path.rpartition("/")
    if name not in SETTINGS_AT_HOME:
        return False
    return folder in ("/root", run.state.environment.get("HOME")) or folder.rpartition("/")[0] == "/home"


def _entered(run: Run, end: int) -> Iterator[str]:
    """The folders that `cd` leads to."""
    folder = run.state.folder
    for call in (one for one in run.calls_of("cd") if one.span.start < end):
        folder = joined(folder, call.values[0]) if call.values else None
        if folder:
            yield folder


def _parts(run: Run, files: CopiedFiles, end: int, pipelines: int | None) -> Iterator[Needs]:
    """The needs of one command after the other; `cd` moves those after it."""
    place = Place(run.state.folder, files, {**run.state.arguments, **run.state.environment})
    inner = {call.span: call for call in run.calls}
    top = 0
    for command in (one for statement in run.script.statements for one in _outer(statement, pipelines)):
        call = inner.get(command.span)
        if isinstance(command, Compound):
            within = [call for call in run.calls if command.span.contains(call.span)]
            top += len(within)
            yield _of_condition(run, command, within, place)
        elif (call is None and command.words) or not all(map(_is_quiet, command.redirects)):
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
            yield call_needs(call, place)
    if top != sum(call.span.start < end for call in run.calls):
        yield blocked("a command runs inside another")


def _outer(statement: Statement, pipelines: int | None) -> Iterator[Command]:
    for pipeline in statement.pipelines[:pipelines]:
        yield from pipeline.commands


def _of_condition(run: Run, condition: Compound, calls: list[Call], place: Place) -> Needs:
    """An `if`, where all in it neither reads the copied files nor installs anything."""
    within = [one for one in commands(run.script) if condition.span.contains(one.span) and one is not condition]
    redirects = (redirect for one in (condition, *within) for redirect in one.redirects)
    plain = all(isinstance(one, Simple) and one.words for one in within)
    if condition.kind != "if" or not plain or not all(map(_is_quiet, redirects)):
        return blocked("a command is not understood")
    needs = united(tuple(call_needs(call, place) for call in calls))
    decides = needs.reads or needs.installs
    return blocked("a condition decides what is installed") if decides and not needs.obstacle else needs


def _is_quiet(redirect: Redirect) -> bool:
    target = redirect.target
    if redirect.operator in (">&", "<&", "&>") and target and (target.value or "").isdigit():
        return True
    return redirect.operator in (">", "&>", ">>") and target is not None and target.value in QUIET_TARGETS


def with_assigned(call: Call, place: Place) -> Place:
    """The place with what a command sets for itself."""
    assigned = {one.name: one.value.value if one.value else "" for one in call.assignments}
    return place._replace(environment={**place.environment, **assigned})


def call_needs(call: Call, place: Place) -> Needs:
    place = with_assigned(call, place)
    program = call.words[0].value or ""
    if "/" in program and place.files.any_below(place.path(program) or "/"):
        return blocked(f"{program} is one of the copied files")
    setting = next((name for name, value in place.environment.items() if _leads_to_files(name, value, place)), "")
    if setting:
        return blocked(f"{setting} may name a copied file")
    reader = READERS.get(call.name or "")
    if reader:
        return reader(call, place)
    reading = read(call)
    if reading and reading.program == "pip":
        return _of_pip(call, reading, place)
    return bystander_needs(call, reading, place)


def _leads_to_files(name: str, value: str | None, place: Place) -> bool:
    """Whether a variable names certificates, keys or settings among the copied files."""
    if not may_name_files(name):
        return False
    return value is None or any(place.files.any_below(place.path(part) or "/") for part in value.split())


def _of_node(call: Call, place: Place) -> Needs:
    from dockopt.analyses.node_install import node_needs  # noqa: PLC0415 - few files hold more than one kind

    return node_needs(call, place)


def _of_go(call: Call, place: Place) -> Needs:
    from dockopt.analyses.go_install import go_needs  # noqa: PLC0415

    return go_needs(call, place)


def _of_bundler(call: Call, place: Place) -> Needs:
    from dockopt.analyses.bundle_install import bundle_needs  # noqa: PLC0415

    return bundle_needs(call, place)


def _of_pip(call: Call, reading: Reading, place: Place) -> Needs:
    from dockopt.analyses.pip_install import pip_needs  # noqa: PLC0415

    return pip_needs(reading, place, module=(call.name or "").startswith("python"))


def _of_uv(call: Call, place: Place) -> Needs:
    from dockopt.analyses.uv_install import uv_needs  # noqa: PLC0415

    return uv_needs(call, place)


def _of_poetry(call: Call, place: Place) -> Needs:
    from dockopt.analyses.poetry_install import poetry_needs  # noqa: PLC0415

    return poetry_needs(call, place)


def _of_pipenv(call: Call, place: Place) -> Needs:
    from dockopt.analyses.pipenv_install import pipenv_needs  # noqa: PLC0415

    return pipenv_needs(call, place)


def _of_composer(call: Call, place: Place) -> Needs:
    from dockopt.analyses.composer_install import composer_needs  # noqa: PLC0415

    return composer_needs(call, place)


def _of_dotnet(call: Call, place: Place) -> Needs:
    from dockopt.analyses.dotnet_install import dotnet_needs  # noqa: PLC0415

    return dotnet_needs(call, place)


def _of_conda(call: Call, place: Place) -> Needs:
    from dockopt.analyses.conda_install import conda_needs  # noqa: PLC0415

    return conda_needs(call, place)


def _of_mix(call: Call, place: Place) -> Needs:
    from dockopt.analyses.mix_install import mix_needs  # noqa: PLC0415

    return mix_needs(call, place)


READERS = {
    **dict.fromkeys(("npm", "yarn", "pnpm", "bun"), _of_node),
    **dict.fromkeys(("conda", "mamba", "micromamba"), _of_conda),
    "go": _of_go,
    "bundle": _of_bundler,
    "uv": _of_uv,
    "poetry": _of_poetry,
    "pipenv": _of_pipenv,
    "composer": _of_composer,
    "dotnet": _of_dotnet,
    "mix": _of_mix,
}
