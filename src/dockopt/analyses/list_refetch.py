"""Which later installs read the lists that a RUN fetched, and could as well fetch their own.

That takes the sources of packages to be the same for all of them: nothing in between may change where apt looks, which
keys it trusts, or what it needs to fetch lists.
"""

from typing import NamedTuple

from dockopt.analyses.apt import Apt, apt_commands, fetches_some, is_root, removes_lists
from dockopt.analyses.joining import cannot_join, only_packages
from dockopt.analyses.list_readers import Doubt, Reader, copied_lists, doubt_of, fetches_for_certain, reader_of
from dockopt.analyses.words import read
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.rewrite.commands import cannot_append

INSTALLING = ("install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep")
CHANGES_SOURCES = (
    *("/etc", "sources.list", "add-apt-repository", "apt-add-repository", "apt-key", "add-architecture", "apt-config"),
    *(".deb", "dpkg -i", "purge", "remove", "proxy", "Acquire", "snapshot"),
)
"""Words of commands behind which an update may not find what the one before found."""
BRINGS_SOURCES = ("google-chrome", "google-earth", "microsoft-edge", "vivaldi", "opera-", "brave-keyring")
"""Beginnings of packages that write a source of their own, which an update may find at odds with the one in place."""
SOURCES_BELOW_ETC = ("apt", "ssl", "ca-certificates", "dpkg", "pki", "gnutls", "gnupg", "security")
AT_MOST = 4


class Refetch(NamedTuple):
    """A RUN whose lists later RUNs install by: the update, each later RUN with its first install, what is in doubt."""

    update: Apt
    installs: tuple[tuple[Run, Call], ...]
    doubts: tuple[Reader, ...]


def refetch(file: Dockerfile, run: Run) -> Refetch | None:
    """How later installs can do without the lists of this RUN, None where they cannot or there are none."""
    updates = [apt for apt in apt_commands(run, "update") if apt.call.top and apt.call.sure and not apt.call.wrapper]
    if not updates or not updates[-1].call.literal or fetches_some(updates[-1].call) or not is_root(run):
        return None
    if not any(apt.call.span > updates[-1].call.span for apt in apt_commands(run, *INSTALLING)):
        return None
    if run.opaque or run.node.flags or run.state.volumes or cannot_append(run) or removes_lists(run):
        return None
    if run.stage not in file.shipped or copied_lists(file, run) or _text_changes(run, updates[-1].call):
        return None
    return _installs_behind(file, run, updates[-1])


def _installs_behind(file: Dockerfile, run: Run, update: Apt) -> Refetch | None:
    installs: list[tuple[Run, Call]] = []
    doubts: list[Reader] = []
    same = True
    for step in file.after(run):
        if step.stage == run.stage and isinstance(step, Run) and fetches_for_certain(step) and not _relies(file, step):
            break
        reader = reader_of(file, step)
        if reader and (reader.doubt is Doubt.PERHAPS or _is_joined(run, step)):
            return None
        if reader and reader.doubt < Doubt.PERHAPS:
            doubts.append(reader)
        if reader and reader.doubt is Doubt.CERTAIN:
            first = _first_install(step)
            if not same or first is None or not isinstance(step, Run) or step.stage != run.stage:
                return None
            if any(doubt_of(file, call) == Doubt.PERHAPS for call in step.calls):
                return None
            installs.append((step, first))
        same = same and not _changes_sources(step)
    return Refetch(update, tuple(installs), tuple(doubts)) if 0 < len(installs) <= AT_MOST else None


def _is_joined(run: Run, step: Step) -> bool:
    """Whether a step is the next RUN and does better as one with this one."""
    if not isinstance(step, Run) or step.index != run.index + 1 or cannot_join(run, step):
        return False
    return only_packages(run) and only_packages(step)


def _relies(file: Dockerfile, step: Run) -> bool:
    reader = reader_of(file, step)
    return reader is not None and reader.doubt is Doubt.CERTAIN


def _first_install(step: Step) -> Call | None:
    """The first command of a RUN to read lists, where an update can stand in front of it and one more behind all."""
    if not isinstance(step, Run) or step.opaque or step.node.flags or not is_root(step) or cannot_append(step):
        return None
    if any(redirect.body for call in step.calls for redirect in call.redirects):
        return None
    for call in step.calls:
        reading = read(call)
        if reading is None or reading.program not in ("apt-get", "apt"):
            if any(word in step.shell_text[call.span.start : call.span.end] for word in CHANGES_SOURCES):
                return None
            continue
        if reading.subcommand not in INSTALLING or not call.top or not call.sure or call.wrapper:
            return None
        return call if call.statement == len(step.script.statements) - 1 else None
    return None


def _text_changes(run: Run, update: Call) -> bool:
    """Whether a command of the body behind its last update may change what an update finds."""
    text = run.shell_text[update.span.end :]
    return _brings_sources(run) or any(word in text for word in CHANGES_SOURCES)


def _brings_sources(run: Run) -> bool:
    packages = [package for apt in apt_commands(run, *INSTALLING) for package in apt.packages]
    return any(package.startswith(BRINGS_SOURCES) or package == "code" for package in packages)


def _changes_sources(step: Step) -> bool:
    if isinstance(step, Copy):
        return step.target is None or step.target == "/" or _holds_sources(step.target)
    if isinstance(step, Run):
        return step.opaque != "" or step.body_facts(_run_changes_sources)
    return step.keyword in ("ENV", "ARG") and "proxy" in step.text.lower()


def _run_changes_sources(run: Run) -> bool:
    text = run.shell_text
    return _brings_sources(run) or any(word in text for word in CHANGES_SOURCES)


def _holds_sources(target: str) -> bool:
    """Whether files that are copied to a path may be what apt reads; those of other programs below /etc are not."""
    if target.startswith("/etc/"):
        folder, below, _ = target.removeprefix("/etc/").partition("/")
        return not below or folder in SOURCES_BELOW_ETC
    return target.startswith(("/etc", "/usr/share/keyrings"))
