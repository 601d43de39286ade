"""The command that takes development dependencies out again, by the manager that installed them.

npm and pnpm leave the packages that stay as they are. Yarn 1 puts files back that a build changed in them, so that it
is asked only where nothing is seen to change any (tried with Yarn 1.22, pnpm 8 to 10).
"""

from collections.abc import Iterable

from dockopt.analyses.split.node_projects import NodeProjects
from dockopt.analyses.split.node_tools import MANAGERS, installs, managers, scripts
from dockopt.context.tree import Context
from dockopt.model.commands import Call
from dockopt.model.instructions import Run

CHANGES = frozenset(
    "patch-package postinstall-postinstall prisma @prisma/client @angular/compiler-cli ngcc electron-rebuild rescript"
    " @sentry/cli husky lerna simple-git-hooks custom-patches @stencil/core snarkjs zenstack".split()
)
"""Packages that write into the folders of others after they are installed."""
CHANGING_WORDS = ("node_modules", "rebuild", "patch", "prisma", "ngcc", "postinstall")
OLDEST_PNPM = 9
YARN_PRUNE = "yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline"


def prune_command(project: NodeProjects, runs: list[Run], context: Context) -> str:
    """The command, "" where there is none that is known to leave the rest alone."""
    found = set(managers(runs))
    if found == {"npm"}:
        return "npm prune --omit=dev"
    root = project.root
    if project.members or root.workspaces or root.patches:
        return ""
    if found == {"pnpm"} and _is_new_pnpm(project, context):
        return "pnpm prune --prod --ignore-scripts"
    if found == {"yarn"} and _is_plain_yarn(project, runs, context):
        return YARN_PRUNE
    return ""


def _is_new_pnpm(project: NodeProjects, context: Context) -> bool:
    """Whether pnpm knows `prune --ignore-scripts`: one that writes the lockfile format of pnpm 9 and later does."""
    path = project.root.lockfile or ""
    if not path.endswith("pnpm-lock.yaml") or any(one.endswith(".yaml") for one in project.root.settings):
        return False
    first = (context.read(path) or "").partition("\n")[0]
    number = first.partition(":")[2].strip(" '\"").partition(".")[0]
    pinned = project.root.manager.partition("@")[2].partition(".")[0] or str(OLDEST_PNPM)
    return number.isdigit() and int(number) >= OLDEST_PNPM and pinned.isdigit() and int(pinned) >= OLDEST_PNPM


def _is_plain_yarn(project: NodeProjects, runs: list[Run], context: Context) -> bool:
    """Whether Yarn 1 installs by a lockfile, and nothing is seen to change a package afterwards."""
    root = project.root
    if not (root.lockfile or "").endswith("yarn.lock") or root.install_scripts or root.settings:
        return False
    if "# yarn lockfile v1" not in (context.read(root.lockfile or "") or ""):
        return False
    if CHANGES & {*project.names("dependencies"), *project.names("devDependencies")}:
        return False
    texts = [*_scripts_of(project, runs), *(run.shell_text for run in runs)]
    if any(call.is_("npm", "npx", "node") for run in runs for call in run.calls):
        return False
    plain = all(call.values in ((), ("install",)) or call.has("--frozen-lockfile") for call in _installs(runs))
    return plain and not any(word in text for text in texts for word in CHANGING_WORDS)


def _installs(runs: list[Run]) -> Iterable[Call]:
    return (call for run in runs for call in run.calls if installs(call))


def _scripts_of(project: NodeProjects, runs: list[Run]) -> Iterable[str]:
    """Texts of the scripts that a build runs, with those that stand before and behind each, by name."""
    for run in runs:
        for call in run.calls:
            if call.name in MANAGERS:
                for name in scripts(call.name, call.values).names:
                    for key in (f"pre{name}", name, f"post{name}"):
                        yield project.root.scripts.get(key, "")
