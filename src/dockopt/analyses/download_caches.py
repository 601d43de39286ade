"""Where a package manager's cache may be cleaned: behind its last command of a RUN, if nothing else decides on it.

Nothing here knows a single package manager: what is needed to know of one is a `DownloadCache`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.caches import forces_removal, has_no_network, takers
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.rewrite.commands import branch_of

PLAIN_WRAPPERS = ("", "command", "time")
HOME_VARIABLES = ("HOME", "PATH")
KEPT_ELSEWHERE = ("secret", "ssh")
REMOVALS = ("rm", "find")
QUESTIONS = ("cache dir", "cache-dir", "cache-files-dir", "gemdir", "gem environment", "info --base")
ASKING = (("--version",), ("-v",), ("-V",), ("--help",), ("-h",))


class DownloadCache(NamedTuple):
    """A package manager and what it keeps.

    `fills` are the subcommands that fetch ("" for none at all), `cleans` those that throw away, `reads` those behind
    which the cleaning has to stand as well. `folders` are parts of the paths where the cache is. `settings` are parts
    of words, in the environment or in a command, that say that somebody decides on the cache or needs it; where they
    begin with a dash, options of the manager.
    """

    programs: tuple[str, ...]
    fills: frozenset[str]
    cleans: frozenset[str]
    folders: tuple[str, ...]
    settings: tuple[str, ...] = ()
    reads: frozenset[str] = frozenset()
    through_sudo: bool = False
    """Whether the manager is made to run as root."""
    in_conditions: bool = False
    """Whether the cleaning may stand in the branch of a condition."""


def last_fetch(file: Dockerfile, run: Run, cache: DownloadCache) -> Call | None:
    """The command of a RUN behind which its cache can go, None where there is none or something speaks against it."""
    if run.stage not in file.shipped or run.opaque:
        return None
    last = last_user(run, cache)
    return None if last is None or cannot_clean(file, run, last, cache) else last


def last_user(run: Run, cache: DownloadCache) -> Call | None:
    """The last command of a RUN that fills the cache or reads what is in it, None where none fills it."""
    calls = [call for call in run.calls if call.name in cache.programs and call.values[:1] not in ASKING]
    if not any(_subcommand(call) in cache.fills for call in calls):
        return None
    users = [call for call in calls if _subcommand(call) in cache.fills | cache.reads]
    return next(call for call in reversed(users) if _subcommand(call) in cache.fills or not call.has(call.name or ""))


def cannot_clean(file: Dockerfile, run: Run, last: Call, cache: DownloadCache) -> str:
    """Why the cache that the commands up to this one fill must stay, "" where it can go."""
    wrappers = (*PLAIN_WRAPPERS, "sudo") if cache.through_sudo else PLAIN_WRAPPERS
    placed = last.top or (cache.in_conditions and branch_of(run, last) is not None)
    if not placed or last.wrapper not in wrappers or last.words[0].value is None:
        return "the command runs in a condition, in a loop or as somebody else"
    if any(redirect.body for redirect in last.redirects):
        return "the command reads a here-document"
    if any(assignment.name in HOME_VARIABLES for assignment in last.assignments):
        return "the command has a home of its own"
    if any(cleans(call, cache) and (call.span > last.span or not call.top) for call in run.calls):
        return "the RUN cleans the cache already"
    if any(_may_hold(mount, cache) for mount in run.mounts):
        return "the cache may be in a mount"
    if any(_needs(step, cache) for step in (run, *_others(file, run))):
        return "something else decides on the cache, or needs it"
    return ""


def cleans(call: Call, cache: DownloadCache) -> bool:
    """Whether a command throws away the cache, or may."""
    if call.name in cache.programs:
        return _subcommand(call) in cache.cleans
    return call.is_(*REMOVALS) and any(_is_above(word.text, cache) for word in call.arguments)


def _subcommand(call: Call) -> str | None:
    return next((value for value in call.values if value is None or not value.startswith("-")), "")


def _is_above(text: str, cache: DownloadCache) -> bool:
    """Whether a path is the cache, in it or above it."""
    bare = text.strip("\"'").rstrip("/*")
    last = bare.rpartition("/")[2]
    return _names(text, cache) or any(
        folder.startswith(bare + "/") or folder.partition("/")[0] == last for folder in cache.folders if bare
    )


def _names(text: str, cache: DownloadCache) -> bool:
    return any(folder in text for folder in cache.folders)


def _may_hold(mount: dict[str, str], cache: DownloadCache) -> bool:
    """Whether a mount may be the cache, or hold it."""
    if mount.get("type", "bind") in KEPT_ELSEWHERE:
        return False
    target = (mount.get("target") or mount.get("dst") or mount.get("destination") or "$").rstrip("/")
    if mount.get("type", "bind") != "bind" and not target.startswith(("/var/lib/", "/var/cache/apt")):
        return True
    return "$" in target or _names(target, cache) or any(folder.startswith(target + "/") for folder in cache.folders)


def _is_decided(run: Run, cache: DownloadCache) -> bool:
    options = [setting for setting in cache.settings if setting.startswith("-")]
    if any(call.name in cache.programs and call.has(*options) for call in run.calls):
        return True
    known = (*run.state.environment, *run.state.arguments, run.shell_text)
    return any(setting in text for setting in cache.settings if setting not in options for text in known)


def _others(file: Dockerfile, run: Run) -> Iterator[Step]:
    """Every step of stages that are built on this one or that it is built on, and every copy between stages."""
    yield from (step for step in file.before(run) if isinstance(step, Run))
    yield from file.after(run)
    yield from takers(file)


def _needs(step: Step, cache: DownloadCache) -> bool:
    """Whether a step takes the cache from where it is, or has to do without the network."""
    if isinstance(step, Copy):
        return bool(step.from_) and any(_names(source, cache) for source in step.sources)
    if step.keyword in ("CMD", "ENTRYPOINT", "WORKDIR"):
        return _names(step.text, cache)
    if step.keyword == "ONBUILD":
        return _names(step.text, cache) or any(setting in step.text for setting in cache.settings)
    if not isinstance(step, Run):
        return False
    if step.opaque:
        return _names(step.shell_text, cache) or any(setting in step.shell_text for setting in cache.settings)
    if _is_decided(step, cache) or (has_no_network(step) and any(c.name in cache.programs for c in step.calls)):
        return True
    others = (call for call in step.calls if not forces_removal(call) and call.name not in cache.programs)
    sources = (mount.get("source", "") + mount.get("src", "") for mount in step.mounts)
    named = [word.text for call in others for word in call.words]
    return any(_names(text, cache) for text in (*sources, *named)) or any(map(_asks_for_folder, named))


def _asks_for_folder(text: str) -> bool:
    """Whether a word is a path of a cache that the package manager itself is asked for."""
    return "$(" in text and ("cache" in text or "pkgs" in text) and any(question in text for question in QUESTIONS)


def is_official(file: Dockerfile, run: Run, name: str) -> bool:
    """Whether a stage is built on the official image of this name."""
    base = file.root(file.stages[run.stage]).base or ""
    image = base.partition("@")[0].partition(":")[0]
    return image.removeprefix("docker.io/").removeprefix("library/") == name
