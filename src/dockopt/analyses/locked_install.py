"""Which `npm install` finds a lockfile beside its manifest that fits, so that `npm ci` installs the same.

npm checks the lockfile against the whole tree of packages and fails where something is missing: so is it checked here.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dockopt.analyses.cleanup import cleans
from dockopt.analyses.development_packages import OPTIONS
from dockopt.analyses.words import read
from dockopt.context.tree import Context
from dockopt.knowledge.commands import PACKAGE_MANAGERS
from dockopt.knowledge.images import describe
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run
from dockopt.shell.tree import Word

WITHOUT_DEVELOPMENT = frozenset({"--omit=dev", "--production", "--only=production", "--only=prod"})
FIRST_VERSION = 16
"""Of Node: npm 7 came with 15."""
HARMLESS_SETTINGS = frozenset(
    "NPM_CONFIG_LOGLEVEL NPM_CONFIG_CACHE NPM_CONFIG_REGISTRY NPM_CONFIG_UPDATE_NOTIFIER NPM_CONFIG_FUND"
    " NPM_CONFIG_AUDIT".split()
)
LEAVE_FILES = PACKAGE_MANAGERS | frozenset(
    "mkdir chown chmod chgrp echo printf true : test [ ls cat set export cd useradd groupadd usermod adduser addgroup"
    " apk curl wget update-ca-certificates locale-gen npm npx node yarn pnpm corepack install-php-extensions gem pip"
    " pip3".split()
)
"""Programs that leave the files of a project as they are, but for those that their words name."""
MOVE_FILES = ("rm", "mv", "cp", "ln", "sed", "tee", "touch", "find", "tar", "unzip")
HARMLESS_LINES = ("registry", "@", "//", "fund", "audit", "loglevel", "progress", "#", ";", "update-notifier")
KINDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta")


class LockedInstall(NamedTuple):
    """A command that installs what `lockfile` of the build context says; `word` is to become `ci`."""

    run: Run
    call: Call
    word: Word
    lockfile: str


def locked_installs(file: Dockerfile) -> Iterator[LockedInstall]:
    """Every `npm install` that has a lockfile which fits."""
    if file.context is None or "npm" not in file.text:
        return
    for stage in file.stages:
        image = describe(file.root(stage).base or "")
        if image is None or image.family != "node" or not _is_new(image.version):
            continue
        for run in stage.runs:
            for call in run.calls_of("npm"):
                lockfile = _lockfile(file, run, call) if _is_plain(run, call) else ""
                if lockfile:
                    yield LockedInstall(run, call, call.words[1], lockfile)


def _is_new(version: str) -> bool:
    """Whether an image's Node has npm 7; a tag without a number is a recent one."""
    number = version.partition(".")[0]
    return not number.isdigit() or int(number) >= FIRST_VERSION


def _is_plain(run: Run, call: Call) -> bool:
    """Whether a command installs the project in the working folder, with options that `npm ci` knows."""
    reading = read(call)
    if reading is None or call.values[:1] not in (("install",), ("i",)) or reading.operands:
        return False
    if run.opaque or not (call.top and call.sure and call.literal) or call.wrapper or any(run.calls_of("cd", "pushd")):
        return False
    if any("node_modules" in (mount.get("target") or mount.get("dst") or "") for mount in run.mounts):
        return False
    return all(value in OPTIONS | WITHOUT_DEVELOPMENT for value in call.values[1:])


def _lockfile(file: Dockerfile, run: Run, call: Call) -> str:
    """The context's path of the lockfile that fits, "" where there is none or npm may see another one."""
    context, folder = file.context, (run.state.folder or "/").rstrip("/")
    assert context is not None
    said = [name.upper() for name in (*run.state.environment, *run.state.arguments)]
    if any(name.startswith("NPM_CONFIG_") and name not in HARMLESS_SETTINGS for name in said):
        return ""
    files = _landed(file, run, call, folder)
    manifest, lockfile = files.get(f"{folder}/package.json"), files.get(f"{folder}/package-lock.json")
    settings = files.get(f"{folder}/.npmrc")
    if manifest is None or lockfile is None or f"{folder}/npm-shrinkwrap.json" in files:
        return ""
    if any(path.startswith(f"{folder}/node_modules/") for path in files):
        return ""
    if settings and not _are_harmless(context.read(settings) or "?"):
        return ""
    return lockfile if fits(context, manifest, lockfile) else ""


def _landed(file: Dockerfile, run: Run, call: Call, folder: str) -> dict[str, str]:
    """Where files of the context are when the command runs, empty where something else may have put some there."""
    from dockopt.analyses.split.needs import landing  # noqa: PLC0415 - only where npm installs

    landed: dict[str, str] = {}
    for step in file.before(run):
        if isinstance(step, Copy):
            brought = landing(file, step)
            if not brought and _may_reach(step, folder):
                return {}
            landed |= brought
        elif isinstance(step, Run) and (_may_touch(step) or (landed and any(map(_may_change_files, step.calls)))):
            return {}
    earlier = [other for other in run.calls if other.span < call.span]
    return {} if any(_touches(other) or _may_change_files(other) for other in earlier) else landed


def _may_reach(copy: Copy, folder: str) -> bool:
    """Whether a COPY may put something into a folder."""
    target = (copy.target or "").rstrip("/")
    both = (f"{target}/", f"{folder}/")
    return copy.target is None or both[0].startswith(both[1]) or both[1].startswith(both[0])


def _may_touch(run: Run) -> bool:
    return bool(run.opaque) or any(_touches(call) for call in run.calls)


def _touches(call: Call) -> bool:
    """Whether a command may change what npm reads, or npm itself."""
    text = " ".join(value or "$" for value in call.values)
    name = (call.name or "$").rpartition("/")[2]
    if name in ("npm", "npx", "yarn", "pnpm", "corepack", "node", "$"):
        return not (name == "npm" and call.values[:1] in (("--version",), ("-v",)))
    if any("package" in redirect.target.text for redirect in call.redirects if redirect.target):
        return True
    return "package" in text.replace("package-manager", "") and name not in ("apt-get", "apt", "apk", "echo")


def _may_change_files(call: Call) -> bool:
    """Whether a command may change files of the project that none of its words names."""
    if call.is_(*LEAVE_FILES) or cleans(tuple(word.text for word in call.words)):
        return False
    known = call.is_(*MOVE_FILES) and call.literal
    return not known or any(mark in (value or "") for value in call.values for mark in ("*", "lock", "json", "npmrc"))


def _are_harmless(text: str) -> bool:
    return all(line.strip().startswith(HARMLESS_LINES) for line in text.splitlines() if line.strip())


def fits(context: Context, manifest: str, lockfile: str) -> bool:
    """Whether npm wrote the lockfile for this manifest, with every package that one in it asks for."""
    import json  # noqa: PLC0415 - only where a lockfile is read

    try:
        project, locked = json.loads(context.read(manifest) or ""), json.loads(context.read(lockfile) or "")
        packages = locked["packages"]
        root = packages[""]
        if locked["lockfileVersion"] not in (2, 3) or "overrides" in project or project.get("workspaces"):
            return False
        if "only-allow" not in project.get("scripts", {}).get("preinstall", "only-allow"):
            return False
        if any((project.get(kind) or {}) != (root.get(kind) or {}) for kind in KINDS) or "node_modules" in project:
            return False
        return all(_is_whole(packages, path, entry) for path, entry in packages.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _is_whole(packages: Mapping[str, Any], path: str, entry: Mapping[str, Any]) -> bool:
    """Whether all that a package asks for is in the lockfile, where Node looks for it."""
    if entry.get("link") or (path and not path.startswith("node_modules/")):
        return False
    asked = {**entry.get("dependencies", {}), **entry.get("optionalDependencies", {})}
    if not path:
        asked |= entry.get("devDependencies", {})
    optional = entry.get("peerDependenciesMeta", {})
    peers = entry.get("peerDependencies", {})
    names = [*asked, *(name for name in peers if not optional.get(name, {}).get("optional"))]
    if any(str(value).startswith(("file:", "link:")) for value in asked.values()):
        return False
    return all(any(place in packages for place in _places(path, name)) for name in names)


def _places(path: str, name: str) -> Iterator[str]:
    """Where Node looks for a package that another one asks for, innermost first."""
    while path:
        yield f"{path}/node_modules/{name}"
        path = path.rpartition("/node_modules/")[0] if "/node_modules/" in path else ""
    yield f"node_modules/{name}"
