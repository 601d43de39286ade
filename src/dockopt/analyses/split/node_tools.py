"""What npm, Yarn and pnpm are asked to do in a RUN: install, run scripts, prepare themselves."""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.words import Reading, read
from dockopt.model.commands import Call
from dockopt.model.instructions import Run

MANAGERS = frozenset({"npm", "yarn", "pnpm"})
FETCHED = frozenset({"yarn", "pnpm", "corepack"})
"""Managers that a RUN fetches before it installs with them."""
PROGRAMS = frozenset({*MANAGERS, "npx", "node"})
INSTALLS = {
    "npm": frozenset({"install", "i", "ci", "clean-install", "add"}),
    "yarn": frozenset({"", "install", "add"}),
    "pnpm": frozenset({"install", "i", "add", "fetch"}),
}
BUILDS = frozenset(
    {"run", "run-script", "build", "test", "prune", "rebuild", "dedupe", "cache", "config", "set", "audit"}
)
NOT_SCRIPTS = frozenset(
    "global dlx exec deploy link unlink publish pack create init import node store server env setup self-update upgrade"
    " remove version workspace workspaces patch plugin".split()
)
"""Subcommands of Yarn and pnpm that are no scripts of the project, or reach beyond its folder."""
VALUED = frozenset({"--registry", "--network-timeout", "--cache-folder", "--loglevel", "--reporter", "--mutex"})
ELSEWHERE = (
    "--modules-folder",
    "--prefix",
    "--global-folder",
    "--store-dir",
    "--virtual-store-dir",
    "--dir",
    "-C",
    "--cwd",
)
ANOTHER = ("--workspace", "-w", "--workspaces", "-ws", "--filter", "-F", "-r", "--recursive")
PLAIN_GLOBALS = frozenset({"pm2", "serve", "npm", "yarn", "pnpm", "typescript", "ts-node", "nodemon", "http-server"})


class Scripts(NamedTuple):
    """Scripts of package.json that a command runs: of the project itself, of one workspace, or of all of them."""

    names: tuple[str, ...]
    workspace: str = ""
    everywhere: bool = False


def prepares_manager(call: Call) -> bool:
    """Whether a command makes a package manager available and touches no project."""
    if call.is_("corepack"):
        return True
    reading = read(call)
    return bool(reading and reading.program == "npm" and reading.option("-g", "--global"))


def only_fetches(run: Run) -> bool:
    """Whether a RUN does nothing but make Yarn or pnpm available."""
    return bool(run.calls) and all(call.is_("corepack") or _fetches(call) for call in run.calls)


def _fetches(call: Call) -> bool:
    reading = read(call) if call.is_("npm") else None
    if reading is None or reading.subcommand not in INSTALLS["npm"] or not reading.option("-g", "--global"):
        return False
    names = {(word.value or "").rpartition("@")[0] or word.value for word in reading.operands}
    return bool(names) and names <= FETCHED


def check_manager(call: Call, run: Run, *, workspaces: bool) -> None:
    """Raise NotSplit for a command that may work outside the project's folder."""
    if not call.top:
        raise NotSplit(f"{call.name} is called inside a condition or a subshell", run)
    if call.has(*ELSEWHERE):
        raise NotSplit(f"{call.name} works in another folder", run)
    if not workspaces and call.has(*ANOTHER):
        raise NotSplit(f"{call.name} works in workspaces, which package.json does not have", run)
    if call.is_("npm"):
        _check_npm(call, run)
    else:
        word = subcommand(call)
        if word is None or word in NOT_SCRIPTS:
            raise NotSplit(f"{call.name} {word or 'with a variable'} is not understood", run)


def _check_npm(call: Call, run: Run) -> None:
    reading = read(call)
    assert reading
    if prepares_manager(call):
        names = {(word.value or "").rpartition("@")[0] or word.value for word in reading.operands}
        if not names <= PLAIN_GLOBALS:
            raise NotSplit(f"npm installs {', '.join(sorted(str(n) for n in names))} for the whole image", run)
    elif reading.subcommand not in {*BUILDS, *INSTALLS["npm"]}:
        raise NotSplit(f"npm {reading.subcommand} is not understood", run)


def subcommand(call: Call) -> str | None:
    """The first word that is no option, "" where there is none, None where it is not known."""
    rest = iter(call.values)
    for value in rest:
        if value is None:
            return None
        if value in VALUED:
            next(rest, None)
        elif not value.startswith("-"):
            return value
    return ""


def installs(call: Call) -> bool:
    """Whether a command installs a project's dependencies."""
    if call.is_("npm"):
        reading = read(call)
        return bool(reading and reading.subcommand in INSTALLS["npm"]) and not prepares_manager(call)
    return call.name in INSTALLS and subcommand(call) in INSTALLS[call.name]


def omits_development(run: Run) -> bool:
    """Whether what a RUN installs has no development dependencies."""
    if any(call.name in MANAGERS and subcommand(call) == "prune" for call in run.calls):
        return True
    found = [call for call in run.calls if installs(call)]
    if run.state.value("NODE_ENV") == "production" and found:
        return True
    return bool(found) and all(_omits(call) for call in found)


def _omits(call: Call) -> bool:
    if call.has("--production", "--prod", "-P", "--omit=dev", "--only=production", "--only=prod", "--production=true"):
        return True
    reading = read(call) if call.is_("npm") else None
    return bool(reading) and _values_omit(reading)


def _values_omit(reading: Reading | None) -> bool:
    values = reading.values("--omit", "--only") if reading else ()
    return "dev" in values or "production" in values


def scripts(name: str, arguments: tuple[str | None, ...]) -> Scripts:
    """The scripts that a manager's command runs."""
    words = [word for word in arguments if word]
    workspace = ""
    for before, after in zip(("", *words), words, strict=False):
        if before in ("--workspace", "-w", "--filter", "-F"):
            workspace = after
        elif after.startswith(("--workspace=", "--filter=")):
            workspace = after.partition("=")[2]
    everywhere = any(word in ("--workspaces", "-ws", "-r", "--recursive") for word in words)
    plain = [word for word in words if not word.startswith("-") and word != workspace]
    if name == "yarn" and plain[:1] == ["workspace"]:
        workspace, plain = (plain[1] if len(plain) > 1 else ""), plain[2:]
    if plain[:1] in (["run"], ["run-script"]):
        return Scripts(tuple(plain[1:2]), workspace, everywhere)
    known = {"start", "test", "stop", "restart"}
    own = name in ("yarn", "pnpm") and plain and plain[0] not in {*INSTALLS[name], *NOT_SCRIPTS, "cache", "config"}
    return Scripts(tuple(plain[:1]) if plain and (plain[0] in known or own) else (), workspace, everywhere)


def legacy_peers(run: Run) -> bool:
    return any(call.has("--legacy-peer-deps", "--force", "-f") for call in run.calls)


def managers(runs: list[Run]) -> Iterator[str]:
    """Which managers install the dependencies."""
    for run in runs:
        yield from (call.name or "" for call in run.calls if installs(call))
