"""A RUN that installs dependencies and then works on the sources, cut in two: the install goes into a RUN of its own.

Only plain lists joined by `&&` are cut, where the commands behind need nothing of the shell that the first ran in, and
throw away nothing that the first would then leave in the image.
"""

from dockopt.analyses.bystanders import SYSTEM_MANAGERS
from dockopt.analyses.copied_files import CopiedFiles
from dockopt.analyses.install_needs import NOTHING, Needs, Place
from dockopt.analyses.installs import call_needs, run_needs
from dockopt.analyses.late_copy import DependencyStep
from dockopt.analyses.project_installs import lists_packages
from dockopt.context.tree import MemoryContext
from dockopt.knowledge.commands import SHELL_STATE
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.text.source import Span

REPEATED = frozenset({"cd", "set"})
"""What the second RUN may have to begin with once more."""
REMOVERS = frozenset({"rm", "find", "apk", "apt-get", "apt", "yum", "dnf", "microdnf", "mv", "unlink", "shred"})
REMOVING = frozenset(
    "clean prune purge remove uninstall rm del autoremove autoclean clear-cache clearcache cache cleanup".split()
)
LEAVING_OUT = frozenset("ci --production --prod --omit=dev --only=production --only=prod --no-dev --sync".split())
"""Words of an install that takes away what an earlier one brought."""
INSTALLING = frozenset({"install", "i", "ci", "add", "prune", "update", "lock", "require", "sync"})


def install_cut(file: Dockerfile, run: Run, files: CopiedFiles) -> tuple[DependencyStep | None, Needs] | None:
    """The commands of a RUN up to its last install that reads only manifests, with their needs, and what is left.

    None where the RUN has no such commands; no step where cutting it there would change what it does, as the obstacle
    in the needs says.
    """
    if run.opaque or len(run.script.statements) != 1 or run.node.heredocs or run.script.comments:
        return None
    statement = run.script.statements[0]
    if any(link.operator != "&&" for link in statement.links) or statement.terminator == "&":
        return None
    for count in range(len(statement.pipelines) - 1, 0, -1):
        first = tuple(call for call in run.calls if call.span.start < statement.pipelines[count - 1].span.end)
        if not any(map(lists_packages, first)):
            return None
        needs = run_needs(run, files, count)
        if needs.obstacle or not needs.reads:
            continue
        behind = run.calls[len(first) :]
        obstacle = _obstacle(file, run, first, behind, needs)
        if obstacle:
            return None, Needs(obstacle=obstacle)
        ends = Span(statement.pipelines[count - 1].span.end, statement.pipelines[count].span.start)
        return _cut(run, first, _cleanups(run, behind), ends), needs
    return None


def _obstacle(file: Dockerfile, run: Run, first: tuple[Call, ...], behind: tuple[Call, ...], needs: Needs) -> str:
    state = [call for call in first if call.name in SHELL_STATE or call.wrapper == "exec"]
    if state != list(first[: len(state)]) or any(call.name not in REPEATED or not call.literal for call in state):
        return "what its RUN does to the shell would be lost behind the install"
    if any(mount.get("type") == "tmpfs" for mount in run.mounts) or run.state.volumes:
        return "what its RUN writes may not outlast it"
    programs = {call.name for call in first if lists_packages(call)}
    again = [call for call in behind if call.name in programs and call.has(*INSTALLING)]
    if again and needs.rewrites:
        return f"{again[0].name} runs again in its RUN, and may read the lockfile that the install writes"
    left = len([call for call in behind if _removes(call)]) - len(_cleanups(run, behind))
    if run.stage in file.shipped and left:
        return "its RUN removes again what it brings"
    return ""


def _cleanups(run: Run, behind: tuple[Call, ...]) -> tuple[Call, ...]:
    """The commands behind the cut that only empty caches, which the RUN ahead fills, too."""
    place = Place(run.state.folder, CopiedFiles(MemoryContext({}), {}), {})
    removers = tuple(call for call in behind if _removes(call))
    plain = not any(call.name in SYSTEM_MANAGERS for call in behind)
    known = all(call.top and call.literal and call_needs(call, place) == NOTHING for call in removers)
    return removers if plain and known else ()


def _removes(call: Call) -> bool:
    leaves_out = lists_packages(call) and call.has(*LEAVING_OUT)
    return call.name in REMOVERS or call.name is None or call.has(*REMOVING) or leaves_out


def _cut(run: Run, first: tuple[Call, ...], cleanups: tuple[Call, ...], ends: Span) -> DependencyStep:
    text = run.source.text
    ahead = text[run.span.start : run.raw_after(ends.start)]
    ahead += "".join(f" && {text[span.start : span.end]}" for span in (run.raw_span(one.span) for one in cleanups))
    head = text[run.span.start : run.raw(0)]
    state = [call for call in first if call.name in REPEATED]
    repeated = "".join(f"{text[span.start : span.end]} && " for span in (run.raw_span(one.span) for one in state))
    between = Span(run.raw_after(ends.start), run.raw(ends.end))
    comments = (text[span.start : span.end].lstrip() for span in run.node.comments if between.contains(span))
    rest = "".join(comments) + head + repeated + text[run.raw(ends.end) : run.span.end].rstrip("\r\n")
    command = next(" ".join(word.text for word in call.words) for call in reversed(first) if lists_packages(call))
    return DependencyStep(run, command, ahead, rest, cut=True)
