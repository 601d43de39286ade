"""Which RUNs can keep a tool's downloads in a cache mount: nothing else may decide on them, or need them in the image.

What a mount hides is not in the layer. So what is looked at are all stages that are built on the same base: every
command of the tool, every other command that names the folder, every COPY into or out of it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.caches import has_no_network
from dockopt.analyses.cleanup import cleans
from dockopt.analyses.programs import of_body, programs
from dockopt.analyses.rights import IMAGES_OF_ROOT
from dockopt.analyses.words import read
from dockopt.fixes import Aspect
from dockopt.knowledge.build_caches import BUILD_CACHES, BuildCache
from dockopt.knowledge.images import Image, describe
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined
from dockopt.rewrite.commands import can_remove
from dockopt.shell.tree import Simple, Word, commands

UV_IMAGES = "ghcr.io/astral-sh/uv:"
HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
PLAIN = frozenset("cd mkdir echo printf export ls test [ true :".split())
"""Commands that may name a folder that is in a mount."""
ASKING = (("--version",), ("-v",), ("-V",), ("--help",), ("-h",), ("version",))
OTHER_USERS = ("su", "gosu", "su-exec", "runuser", "sudo", "doas")
REMOVERS = frozenset({"rm", "rmdir", "mv", "find", "unlink", "shred"})
ATTHOME = ("~", "$HOME", "${HOME}", '"$HOME"', "~/")
COMPILING = frozenset({"pip", "uv"})
"""Tools that keep what they compiled by its name, version and platform alone."""
BUILD_SETTINGS = ("CMAKE", "FLAGS", "CUDA", "FORCE_BUILD", "BUILD_OPS", "ARCH_LIST", "NO_BINARY")
BUILD_OPTIONS = frozenset(
    "--no-binary --no-binary-package --global-option --build-option --config-settings --config-setting -C"
    " --no-build-isolation".split()
)
OF_NO_WHEEL = (
    "PIP_",
    "UV_",
    "GIT_",
    "http",
    "HTTP",
    "https",
    "HTTPS",
    "no_proxy",
    "NO_PROXY",
    "DEBIAN_",
    "LANG",
    "LC_",
)
MAY_BE_A_PATH = ("", "/", "~", "$", "*", '"', "'")
"""How a word begins that may be an absolute path once quotes and stars are off and the home is known."""
CALLS_OTHERS = frozenset("make just task mage ninja cmake sh bash dash xargs env . source eval".split())
"""Programs that call others, compilers and package managers among them."""

CACHING_PROGRAMS = frozenset(program for cache in BUILD_CACHES for program in cache.programs)
"""The programs of which something can be kept in a mount."""


class MountedRun(NamedTuple):
    """A RUN that gets the mount; `options` and `cleanups` of its body work against it and go."""

    run: Run
    options: tuple[Word, ...]
    cleanups: tuple[Call, ...]


class MountPlan(NamedTuple):
    """RUNs that get the same mounts together. `mounts` are the values of the flags."""

    cache: BuildCache
    mounts: tuple[str, ...]
    runs: tuple[MountedRun, ...]


def mount_plans(file: Dockerfile) -> Iterator[MountPlan]:
    """What can be mounted, a plan for each RUN, or for all RUNs that read the same downloads."""
    called = file.facts(programs)
    for cache in BUILD_CACHES:
        if called.isdisjoint(cache.programs):
            continue
        for root in file.stages:
            if root.parent is None:
                yield from _of_family(file, (root, *file.built_on(root)), cache)


def _of_family(file: Dockerfile, family: tuple[Stage, ...], cache: BuildCache) -> Iterator[MountPlan]:
    if not (mounts := _mounts(family[0], cache)):
        return
    runs = [run for stage in family for run in stage.runs if _used(run, cache)]
    if not runs or _is_wanted(file, family, cache):
        return
    mounted = [_mounted(run, cache) for run in runs]
    if not cache.read_later:
        yield from (MountPlan(cache, mounts, (one,)) for one in mounted if one)
    elif all(mounted) and not any(run.stage in file.shipped for run in runs):
        others = [run for stage in family for run in stage.runs if run not in runs and _may_call(run)]
        if not any(run.opaque or _mounted(run, cache) is None for run in others) and not _leaves(runs, others, cache):
            together = [one for one in (*mounted, *(MountedRun(run, (), ()) for run in others)) if one]
            yield MountPlan(cache, mounts, tuple(sorted(together, key=lambda one: one.run.span)))


def _used(run: Run, cache: BuildCache) -> tuple[Call, ...]:
    """The commands of a body that are the tool's."""
    if run.facts(of_body).isdisjoint(cache.programs):
        return ()
    return tuple(call for call in run.calls if uses(call, cache))


def uses(call: Call, cache: BuildCache) -> bool:
    """Whether a command is one of the tool that fills its cache or reads it."""
    name = call.name or ""
    if name not in cache.programs and cache.tool != "pip":
        return False
    reading = read(call) if cache.tool == "pip" and name.startswith(("pip", "python")) else None
    if (reading.program if reading else name) not in cache.programs:
        return False
    if call.values[:1] in ASKING and not cache.read_later:
        return False
    values = [value for value in (call.values if reading is None else (reading.subcommand,)) if value is not None]
    first = next((value for value in values if not value.startswith("-")), "")
    return not cache.subcommands or first in cache.subcommands


def _mounts(root: Stage, cache: BuildCache) -> tuple[str, ...]:
    """The values of the flags, none where the folders are not known or a part of the image's name is not."""
    base = root.base or ""
    image = describe(base)
    literal = "$" not in root.node.argument_text
    if image is None:
        known = cache.tool == "uv" and base.startswith(UV_IMAGES) and literal
        name = base.removeprefix("ghcr.io/astral-sh/").replace(":", "-").partition("@")[0]
    else:
        major = image.version.partition(".")[0]
        known = image.repository in (cache.images or IMAGES_OF_ROOT)
        known = known and not (major.isdigit() and int(major) < cache.since)
        name = _name(image)
    if not known or (not literal and any(folder.by_base for folder in cache.folders)):
        return ()
    sharing = ",sharing=locked" if cache.locked else ""
    sharing += f",uid={cache.number},gid={cache.number}" if cache.number else ""
    return tuple(
        "type=cache," + (f"id={folder.by_base}-{name}," if folder.by_base else "") + f"target={folder.path}{sharing}"
        for folder in cache.folders
    )


def _name(image: Image) -> str:
    return "-".join(part for part in (image.repository.replace("/", "-"), image.tag) if part)


def _mounted(run: Run, cache: BuildCache) -> MountedRun | None:
    """How a RUN gets the mount, None where it cannot."""
    if run.opaque or run.node.exec_form is not None or has_no_network(run) or not _has_home(run, cache):
        return None
    if any(_overlaps(_target(mount), cache) for mount in run.mounts):
        return None
    cleanups = tuple(call for call in run.calls if _cleans(call, cache))
    if len(cleanups) > 1 or not all(can_remove(run, call) for call in cleanups):
        return None
    others = [call for call in run.calls if call not in cleanups]
    if any(_is_above(word, cache) for call in others if call.name not in PLAIN for word in call.arguments):
        return None
    if _may_decide(run, cache) and any(_decides(call, cache) for call in others):
        return None
    if _removes_relatively(run, cache) or (cache.tool in COMPILING and _is_built_its_own_way(run, cache)):
        return None
    options = tuple(word for call in others if uses(call, cache) for word in call.words if word.value in cache.without)
    return MountedRun(run, options, cleanups)


def _removes_relatively(run: Run, cache: BuildCache) -> bool:
    """Whether a command may remove one of the folders, named from where the command runs: a mount is busy."""
    place = run.state.folder
    for call in run.calls:
        if call.name == "cd":
            word = next(iter(call.arguments), None)
            place = cache.home if word is None or word.text in ATTHOME else joined(place, word.value)
        for word in call.arguments if call.name in REMOVERS else ():
            path = word.text.strip("\"'")
            if path[:1] in ("/", "~", "$", "-", ""):
                continue
            if place is None or _meets(f"{place.rstrip('/')}/{path.removeprefix('./')}", cache):
                return True
    return False


def _is_built_its_own_way(run: Run, cache: BuildCache) -> bool:
    """Whether what the tool compiles depends on options or variables, by which its cache does not tell wheels apart."""
    set_here = (one.name for call in _used(run, cache) for one in call.assignments)
    if any(not name.startswith(OF_NO_WHEEL) for name in set_here):
        return True
    if any(mark in name for name in (*run.state.environment, *run.state.arguments) for mark in BUILD_SETTINGS):
        return True
    words = (value.partition("=")[0] for call in _used(run, cache) for value in call.values if value)
    return not BUILD_OPTIONS.isdisjoint(words)


def _has_home(run: Run, cache: BuildCache) -> bool:
    """Whether the cache is below the home that is known: its user runs every command, and nobody says otherwise."""
    if (run.state.user or "root").partition(":")[0] not in (cache.user, str(cache.number)):
        return False
    if any(name in run.state.environment or name in run.state.arguments for name in HOMES):
        return False
    if any(call.wrapper not in ("", "command", "time") or call.is_(*OTHER_USERS) for call in run.calls):
        return False
    assigned = (assignment.name for call in run.calls for assignment in call.assignments)
    exported = (word.text.partition("=")[0] for call in run.calls for word in call.arguments if "=" in word.text)
    return not ({*assigned, *exported} & set(HOMES)) and not _assigns_home(run)


def _assigns_home(run: Run) -> bool:
    """Whether an assignment stands alone."""
    simple = (one for one in commands(run.script) if isinstance(one, Simple) and not one.words)
    return any(assignment.name in HOMES for one in simple for assignment in one.assignments)


def _cleans(call: Call, cache: BuildCache) -> bool:
    """Whether a command only throws away what is in the folders."""
    if not call.is_("rm", *cache.programs) or cleans(tuple(word.text for word in call.words)) is not Aspect.CACHES:
        return False
    paths = [word for word in call.arguments if not word.text.startswith("-")]
    return call.is_(*cache.programs) or (call.is_("rm") and all(_names(path, cache) for path in paths))


def _leaves(runs: list[Run], others: list[Run], cache: BuildCache) -> bool:
    """Whether a RUN but the last puts into the folder what the ones behind it cannot download, or may do so."""
    if cache.leaves and any(other.span < runs[-1].span for other in others):
        return True
    return any(call.has(*cache.leaves) for run in runs[:-1] for call in run.calls if uses(call, cache))


def _may_call(run: Run) -> bool:
    """Whether a RUN may call the tool through another program."""
    if run.opaque:
        return True
    return any(call.name is None or call.name in CALLS_OTHERS or call.name.endswith(".sh") for call in run.calls)


def _is_wanted(file: Dockerfile, family: tuple[Stage, ...], cache: BuildCache) -> bool:
    """Whether something says where the cache is, fills it in another way, takes it along or works without network."""
    indexes = {stage.index for stage in family}
    if _is_linked(file, cache):
        return True
    if any(_sets(step, cache) or _fills(step, cache) for stage in family for step in stage.steps):
        return True
    for stage in file.stages:
        for copy in stage.copies:
            source = file.stage_named(copy.from_) if copy.from_ else None
            if source and source.index in indexes and any(_takes(path, cache) for path in copy.sources):
                return True
        for mount in (mount for run in stage.runs for mount in run.mounts if mount.get("from")):
            source = file.stage_named(mount["from"])
            if source and source.index in indexes and _takes(mount.get("source") or mount.get("src") or "/", cache):
                return True
    return False


def _is_linked(file: Dockerfile, cache: BuildCache) -> bool:
    """Whether the project's settings make what is installed links into the cache."""
    if file.context is None or not cache.linked:
        return False
    paths = (path for path in file.context.files if path.rpartition("/")[2] in cache.manifests)
    return any(mark in (file.context.read(path) or "") for path in paths for mark in cache.linked)


def _sets(step: Step, cache: BuildCache) -> bool:
    """Whether an instruction sets the cache, or works from it alone."""
    if step.keyword in ("ENV", "ARG", "ONBUILD", "COPY", "ADD"):
        return _holds(step.text, cache.marks)
    if not isinstance(step, Run):
        return False
    if step.opaque:
        return _holds(step.shell_text, cache.programs)
    used = _used(step, cache)
    if (used or cache.read_later) and has_no_network(step):
        return True
    if any(call.has(*cache.offline_options) for call in used):
        return True
    return _may_decide(step, cache) and any(_decides(call, cache) for call in step.calls if not _cleans(call, cache))


def _holds(text: str, marks: tuple[str, ...]) -> bool:
    return any(mark in text for mark in marks)


def _may_decide(run: Run, cache: BuildCache) -> bool:
    """Whether a command of a body may decide: what none of the lines holds no command does."""
    return _holds(run.facts(_lines), cache.marks) or any(call.name in cache.programs for call in run.calls)


def _decides(call: Call, cache: BuildCache) -> bool:
    """Whether the words of a command say where the cache is, or that it is needed."""
    if call.name in cache.programs and any((value or "").partition("=")[0] in cache.options for value in call.values):
        return True
    return _holds(_line(call), cache.marks)


def _lines(calls: tuple[Call, ...]) -> str:
    """All commands of a body, one after the other."""
    return "\n".join(map(_line, calls))


def _line(call: Call) -> str:
    """A command's assignments and words with one blank around each."""
    words = (call.name or "", *(word.text for word in call.arguments))
    assigned = (f"{one.name}={one.value.text if one.value else ''}" for one in call.assignments)
    return f" {' '.join((*assigned, *words))} "


def _fills(step: Step, cache: BuildCache) -> bool:
    """Whether an instruction puts something into the folders, or a command names them."""
    if isinstance(step, Copy):
        if step.target is None and "$" in step.destination:
            return True
        path = (step.target or "").rstrip("/")
        return any(path == f.path or path.startswith(f.path + "/") for f in cache.folders) or (
            path not in ("", cache.home) and any(f.path.startswith(path + "/") for f in cache.folders)
        )
    if not isinstance(step, Run) or not _holds(step.facts(_lines), cache.tails):
        return False
    calls = (call for call in step.calls if call.name not in PLAIN and not _cleans(call, cache))
    return any(_names(word, cache) for call in calls for word in call.arguments)


def _path(word: Word, cache: BuildCache) -> str:
    text = word.text.strip("\"'")
    for home in ("${HOME}", "$HOME", "~"):
        if text.startswith(home):
            text = cache.home + text.removeprefix(home)
    return text.rstrip("/*") or "/"


def _names(word: Word, cache: BuildCache) -> bool:
    """Whether a word is one of the folders, or a path in it."""
    path = _path(word, cache)
    return any(path == folder.path or path.startswith(folder.path + "/") for folder in cache.folders)


def _is_above(word: Word, cache: BuildCache) -> bool:
    """Whether a word is a path that one of the folders is in."""
    if " " in word.text and any(tail in word.text for tail in cache.tails):
        return True
    if word.text[:1] not in MAY_BE_A_PATH:
        return False
    path = _path(word, cache)
    return path.startswith("/") and _meets(path, cache)


def _meets(path: str, cache: BuildCache) -> bool:
    """Whether a path, perhaps a pattern, may be one of the folders, hold it or be in it."""
    start = min((path.index(sign) for sign in "*?[{" if sign in path), default=len(path))
    pattern = start < len(path) and any(folder.path.startswith(path[:start]) for folder in cache.folders)
    return pattern or any(_overlap(path, folder.path) for folder in cache.folders)


def _overlaps(path: str, cache: BuildCache) -> bool:
    return not path or "$" in path or any(_overlap(path.rstrip("/"), folder.path) for folder in cache.folders)


def _takes(path: str, cache: BuildCache) -> bool:
    """Whether a source of COPY may be the folder, hold it or be in it."""
    if "$" in path:
        return True
    plain = "/" + path.partition("*")[0].partition("?")[0].partition("[")[0].strip("/")
    if plain.strip("/") != path.strip("/"):
        return any(folder.path.startswith(plain) or plain.startswith(folder.path + "/") for folder in cache.folders)
    return any(_overlap(plain, folder.path) for folder in cache.folders)


def _overlap(path: str, folder: str) -> bool:
    path = path.rstrip("/")
    return path == folder or path.startswith(folder + "/") or folder.startswith(path + "/") or not path


def _target(mount: dict[str, str]) -> str:
    if mount.get("type") in ("secret", "ssh"):
        return "/run/secrets"
    return mount.get("target") or mount.get("dst") or mount.get("destination") or ""
