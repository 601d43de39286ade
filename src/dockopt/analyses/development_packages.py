"""Which install of npm leaves development dependencies in the image that nothing needs there.

Nothing may build behind it, no script of the project may run with it, and what starts and its sources may name none of
the packages.
"""

from typing import NamedTuple

from dockopt.analyses.development import is_development
from dockopt.analyses.words import read
from dockopt.knowledge.images import describe
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run

INSTALLS = frozenset({"install", "i", "ci", "clean-install"})
OPTIONS = frozenset(
    "--no-audit --no-fund --silent --quiet --prefer-offline --ignore-scripts --legacy-peer-deps --no-progress --force"
    " -f --verbose --progress=false --audit=false --fund=false --unsafe-perm --loglevel=error"
    " --loglevel=warn -s".split()
)
HARMLESS = frozenset(
    "apt-get apt apk rm mkdir chown chmod echo true set ln mv cp useradd groupadd adduser addgroup sed test"
    " [ touch".split()
)
DECIDE = ("NODE_ENV", "NPM_CONFIG_")
FIRST_WITH_OMIT = 16
ELSEWHERE = r"docker[ -](?:compose )?(?:run|exec|build)[^\n]*\b(?:npm|yarn|npx|pnpm|mocha|jest|target)\b"


class Leftover(NamedTuple):
    """An install with the development dependencies that it need not bring."""

    run: Run
    call: Call
    names: tuple[str, ...]


def leftover(file: Dockerfile) -> Leftover | str:
    """The install to change, or why its development dependencies stay; "" where there is nothing to say."""
    found = _install(file)
    if found is None or is_development(file):
        return ""
    from dockopt.analyses.split.plan import NotSplit  # noqa: PLC0415 - only where Node's packages are installed

    try:
        return _checked(file, *found)
    except NotSplit as verdict:
        return verdict.reason


def _install(file: Dockerfile) -> tuple[Run, Call] | None:
    """The one install of the final stage's own project that npm makes with everything."""
    if file.context is None or not file.stages or "npm" not in file.text:
        return None
    base = file.root(file.final).base or ""
    image = describe(base)
    if image is None or image.family != "node":
        return None
    version = next((int(part) for part in image.version.split(".")[:1] if part.isdigit()), FIRST_WITH_OMIT)
    runs = [run for stage in file.chain(file.final) for run in stage.runs]
    found = [(run, call) for run in runs for call in run.calls_of("npm") if _installs_all(call)]
    if len(found) != 1 or version < FIRST_WITH_OMIT or any(run.opaque for run in runs):
        return None
    run, call = found[0]
    plain = call.top and call.sure and call.literal and not call.wrapper and not run.has_mount
    settings = (
        run.state.value("NODE_ENV"),
        run.state.value("NPM_CONFIG_PRODUCTION"),
        run.state.value("npm_config_omit"),
    )
    return (run, call) if plain and not any(settings) else None


def _installs_all(call: Call) -> bool:
    reading = read(call)
    if reading is None or reading.subcommand not in INSTALLS or reading.operands:
        return False
    return all(value in OPTIONS for value in call.values if value != reading.subcommand)


def _checked(file: Dockerfile, run: Run, call: Call) -> Leftover | str:
    """The install, if nothing that follows or runs needs what it leaves out.

    Raises:
        NotSplit: what runs is not known.
    """
    import re  # noqa: PLC0415 - as above

    from dockopt.analyses.split.needs import image_files, start_programs  # noqa: PLC0415
    from dockopt.analyses.split.node_development import drivers, used_development  # noqa: PLC0415
    from dockopt.analyses.split.node_projects import BINARY_OF, read_projects  # noqa: PLC0415

    context, folder = file.context, run.state.folder or "/"
    assert context is not None
    files = image_files(file, file.final)
    manifest = files.get(f"{folder.rstrip('/')}/package.json")
    if manifest is None:
        return ""
    project = read_projects(context, manifest.rpartition("/")[0], files, folder.rstrip("/"))
    names = project.development
    if not names:
        return ""
    if reason := _later(file, run, call):
        return reason
    if project.members or project.root.npmrc:
        return "the project has workspaces or an .npmrc"
    if project.root.install_scripts and not call.has("--ignore-scripts"):
        return f"the script {project.root.install_scripts[0]} runs with the install, and may need them"
    words = {word for path in _settings(context.files) for word in (context.read(path) or "").split()}
    started = {*project.started(start_programs(file, file.final)), *words, *(BINARY_OF.get(one, one) for one in words)}
    wanted = names & {*started, *used_development(names, context, context.files)}
    wanted |= drivers(project.names("dependencies"), names)
    preloaded = file.final.end.value("NODE_OPTIONS") if "NODE_OPTIONS" in file.final.end.environment else ""
    if wanted or preloaded or preloaded is None:
        return f"{min(wanted) if wanted else 'NODE_OPTIONS'} may be used at run time"
    if any(re.search(ELSEWHERE, context.read(path) or "") for path in _settings(context.files)):
        return "a script of the repository runs something in the image"
    return Leftover(run, call, tuple(sorted(names)))


def _later(file: Dockerfile, run: Run, call: Call) -> str:
    """What comes behind an install and may build with what it brings."""
    later = [other for other in run.calls if other.span > call.span]
    later += [other for step in file.runs_after(run) for other in step.calls]
    names = [other.name or "$" for other in later if not (other.is_("npm") and other.values[:1] == ("cache",))]
    unknown = next((name for name in names if name.rpartition("/")[2] not in HARMLESS), "")
    if unknown:
        return f"{unknown} runs behind the install"
    chain = {stage.index for stage in file.chain(file.final)}
    others = [stage for stage in file.stages if stage.index not in chain]
    for stage in others:
        parents = {one.index for one in file.chain(stage)}
        if run.stage in parents or run.stage in file.sources_of(stage):
            return f"the stage {stage.name or stage.index} takes what is installed"
    return ""


def _settings(paths: object) -> list[str]:
    """Compose files, CI configuration, makefiles and scripts."""
    return [
        path
        for path in sorted(paths)  # type: ignore[call-overload]
        if path.endswith((".yml", ".yaml", ".sh", "Makefile", "justfile")) and "node_modules/" not in path
    ]
