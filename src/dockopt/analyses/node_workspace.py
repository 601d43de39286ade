"""Workspaces of npm, Yarn, pnpm and bun: what installing one reads of its members, and what it writes beside them."""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.install_needs import Place, beside, words
from dockopt.context.manifests.package_json import NodeProject
from dockopt.context.manifests.package_json import read as read_project

MEMBERS_AT_MOST = 20
MARKS = ('"file:', '"link:', '"portal:', '"patch:', '"installConfig"')
PNPM_SETTINGS = words(
    "packages catalog catalogs overrides onlyBuiltDependencies ignoredBuiltDependencies neverBuiltDependencies"
    " minimumReleaseAge minimumReleaseAgeExclude autoInstallPeers strictPeerDependencies shamefullyHoist hoist"
    " publicHoistPattern hoistPattern nodeLinker linkWorkspacePackages saveExact savePrefix peerDependencyRules"
    " packageExtensions allowedDeprecatedVersions engineStrict sharedWorkspaceLockfile preferWorkspacePackages"
    " resolutionMode updateNotifier supportedArchitectures ignoredOptionalDependencies dedupePeerDependents allowBuilds"
)


class Workspace(NamedTuple):
    """Image paths of the members' manifests, and of the folders that an install fills."""

    reads: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    links: frozenset[str] = frozenset()
    """The members' folders relative to the root, as lockfiles link them."""
    obstacle: str = ""


def workspace(project: NodeProject, folder: str, place: Place, *, scripts: bool) -> Workspace:
    """The members of a project that stands in a folder of the image; `scripts` says whether theirs run."""
    if not project.members:
        return Workspace(obstacle="package.json has workspaces, but none of their members is in the build context")
    if len(project.members) > MEMBERS_AT_MOST:
        return Workspace(obstacle=f"the workspace has {len(project.members)} members, each with a manifest to copy")
    found = tuple(_members(project, folder))
    for path, source in found:
        member = place.files.context.once(read_project, source.rpartition("/")[0])
        obstacle = _obstacle(member, path, source, place, scripts=scripts)
        if obstacle:
            return Workspace(obstacle=obstacle)
    settings = [path.replace("package.json", ".npmrc") for path, _ in found]
    return Workspace(
        reads=tuple(path for path, _ in found) + tuple(path for path in settings if path in place.files.places),
        fills=tuple(path.replace("package.json", "node_modules") for path, _ in found),
        links=frozenset(path.removeprefix(folder.rstrip("/") + "/").rpartition("/")[0] for path, _ in found),
    )


def _members(project: NodeProject, folder: str) -> Iterator[tuple[str, str]]:
    start = len(project.folder) + 1 if project.folder else 0
    for member in project.members:
        yield beside(folder, f"{member[start:]}/package.json"), f"{member}/package.json"


def _obstacle(member: NodeProject, path: str, source: str, place: Place, *, scripts: bool) -> str:
    if place.files.at(path) != source:
        return f"the member {source} is not copied to where the workspace has it"
    text = place.files.text(path) or ""
    if member.problems:
        return member.problems[0]
    if scripts and member.install_scripts:
        return f"{source} runs {member.install_scripts[0]} on install"
    if member.binaries:
        return f"{source} has programs, which an install links only where they are"
    if any(one.path is not None for one in member.dependencies) or any(mark in text for mark in MARKS):
        return f"{source} takes packages from the build context"
    return "packages are patched with files of the build context" if member.patches else ""


def pnpm_settings_obstacle(text: str | None) -> str:
    """What in a pnpm-workspace.yaml may lead to other files."""
    from dockopt.context.yaml_text import documents, mapping  # noqa: PLC0415 - a YAML parser, only where there is one

    known = [mapping(document) for document in documents(text or "")]
    other = next((key for document in known for key in document if key not in PNPM_SETTINGS), "")
    if other or not known:
        return f"pnpm-workspace.yaml may name a copied file: {other}" if other else "pnpm-workspace.yaml is not read"
    return ""
