"""Installs that read the sources, too, taken apart: what they do without them goes into a RUN of its own ahead.

The install itself stays as it is, below the sources, and finds what was fetched; so it ends where it always did.
"""

from itertools import takewhile
from typing import NamedTuple

from dockopt.analyses.bystanders import removes_caches
from dockopt.analyses.caches import has_no_network
from dockopt.analyses.composer_install import composer_ahead
from dockopt.analyses.copied_files import CopiedFiles
from dockopt.analyses.dotnet_install import dotnet_ahead
from dockopt.analyses.go_install import downloads_nothing, go_ahead
from dockopt.analyses.install_cut import install_cut
from dockopt.analyses.install_needs import Ahead, Needs, Place
from dockopt.analyses.installs import call_needs, with_assigned
from dockopt.analyses.late_copy import DependencyStep
from dockopt.analyses.node_install import pnpm_ahead
from dockopt.analyses.poetry_install import poetry_ahead
from dockopt.analyses.project_installs import lists_packages
from dockopt.analyses.uv_install import TOO_OLD, uv_ahead
from dockopt.context.tree import MemoryContext
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run

FINDERS = {
    "uv": uv_ahead,
    "poetry": poetry_ahead,
    "composer": composer_ahead,
    "go": go_ahead,
    "dotnet": dotnet_ahead,
    "pnpm": pnpm_ahead,
}
CACHED = frozenset({"go", "pnpm"})
"""What keeps its downloads in folders that a cache mount can hold."""
REMOVERS = frozenset({"rm", "apk", "apt-get", "apt", "yum", "dnf", "microdnf", "find"})
ALONE = ("download", "fetch", "chef", "restore", "--no-install-project", "--no-root", "--no-autoloader")
"""Words by which a command fetches dependencies alone, also in a stage that others copy from."""
OF_THE_COMPILER = frozenset("CGO_ENABLED CGO_CFLAGS CGO_LDFLAGS GOOS GOARCH GOARM GOAMD64 GOARM64 GO386 CC CXX".split())
"""Variables that are nothing to a download."""
SHELL_STATE = frozenset({"cd", "export", "set", "umask", "source", ".", "eval", "exec", "trap", "ulimit"})


class Part(NamedTuple):
    """The part of an install that needs no sources: where it goes, and its needs; with an obstacle it is no use."""

    step: DependencyStep | None
    needs: Needs


def dependency_part(file: Dockerfile, run: Run, files: CopiedFiles) -> Part | None:
    """What can be done ahead of a RUN that installs the project; None where no such part is known."""
    cut = install_cut(file, run, files)
    if cut is not None:
        return Part(*cut)
    place = Place(run.state.folder, files, {**run.state.arguments, **run.state.environment})
    for call in run.calls:
        if lists_packages(call):
            finder = FINDERS.get(call.name or "")
            ahead = finder(call, with_assigned(call, place)) if finder else None
            if ahead is None or _is_done(file, run, call, place):
                return None
            obstacle = ahead.needs.obstacle or _of_body(file, run, call)
            if obstacle:
                return Part(None, Needs(obstacle=obstacle))
            return Part(_step(run, call, ahead), ahead.needs)
        needs = call_needs(call, place)
        if needs.obstacle or needs.reads or call.name in SHELL_STATE:
            return None
    return None


def needs_no_step(file: Dockerfile, run: Run, files: CopiedFiles) -> bool:
    """Whether the first install of a body has been taken apart already, or fetches nothing that could be kept."""
    place = Place(run.state.folder, files, {})
    call = next((call for call in run.calls if lists_packages(call)), None)
    return call is not None and _is_done(file, run, call, place)


def _is_done(file: Dockerfile, run: Run, call: Call, place: Place) -> bool:
    if call.name in CACHED and any(mount.get("type") == "cache" for mount in run.mounts):
        return True
    if call.name == "go" and downloads_nothing(place):
        return True
    own = {stage.index for stage in file.chain(file.stages[run.stage])}
    for one in file.runs:
        if (one.stage, one.index) >= (run.stage, run.index):
            break
        for other in one.calls_of(call.name or ""):
            if other.has(*ALONE) or (one.stage in own and lists_packages(other)):
                return True
    return False


def _of_body(file: Dockerfile, run: Run, call: Call) -> str:
    if run.heredoc or run.node.heredocs:
        return "its RUN is not a plain list of commands"
    links = run.script.statements[0].links[: max(call.pipeline, 0)]
    if (
        not call.sure
        or not call.top
        or call.statement != 0
        or call.wrapper
        or any(link.operator != "&&" for link in links)
    ):
        return "its RUN does not simply run one command after the other"
    later = [one for one in run.calls if one.span.start > call.span.start]
    if any(one.name in REMOVERS for one in later[len(_cleanups(run, call)) :]):
        return "its RUN removes again what it needs"
    if has_no_network(run):
        return "its RUN has no network"
    if call.name == "uv" and any(mark in file.text for mark in TOO_OLD):
        return "this uv does not know --no-install-project"
    return ""


def _cleanups(run: Run, call: Call) -> list[Call]:
    """The commands right behind the install that remove what it left; the step ahead needs them, too."""
    place = Place(run.state.folder, CopiedFiles(MemoryContext({}), {}), {})
    later = [one for one in run.calls if one.span.start > call.span.start]
    return list(takewhile(lambda one: one.name == "rm" and one.top and removes_caches(one, place), later))


def _step(run: Run, call: Call, ahead: Ahead) -> DependencyStep:
    start = run.raw(0)
    first = run.raw_span(call.span)
    text = run.source.text
    if ahead.instead:
        assigned = {one.name for one in call.assignments} - OF_THE_COMPILER
        command = (text[first.start : run.raw(call.words[0].span.start)] if assigned else "") + ahead.instead
    else:
        behind = run.raw_span(call.words[-1].span).end
        command = text[first.start : behind] + ahead.insert + text[behind : first.end]
        command += text[first.end : run.raw_after(_cleanups(run, call)[-1].span.end)] if _cleanups(run, call) else ""
    written = text[run.span.start : first.start] + command
    rest = text[run.span.start : start] + text[first.start : run.span.end].rstrip("\r\n") if first.start > start else ""
    plain = " ".join(word.text for word in call.words[:2]) + ahead.insert
    return DependencyStep(run, ahead.instead or plain, written, rest)
