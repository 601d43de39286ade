"""COPYs above installs of system packages that read nothing of them: every change of a copied file installs again.

Needs no build context: package managers read their own folders, and where the copied files go is in the Dockerfile.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.bystanders import SYSTEM_MANAGERS
from dockopt.analyses.copied_files import CopiedFiles, is_below
from dockopt.analyses.install_needs import may_name_files
from dockopt.analyses.installs import run_needs
from dockopt.analyses.late_copy import INDIFFERENT, gives_owner
from dockopt.context.tree import MemoryContext
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.model.state import joined

BESIDE = SYSTEM_MANAGERS | {"rm", "set", "echo", "true", ":"}
FLAGS = frozenset({"chown", "chmod", "link", "exclude"})
OF_THE_SYSTEM = frozenset(
    "bin sbin lib lib32 lib64 libx32 etc boot dev proc sys run usr var root media mnt snap".split()
)
SHARED = frozenset({"opt", "srv", "home", "tmp"})
"""Folders in which packages, or their maintainers, have places of their own beside other people's."""
SOURCES = ("/usr/src/", "/usr/local/app/")
SEARCHED = ("PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "APT_CONFIG", "PYTHONPATH", "PERL5LIB", "BASH_ENV", "ENV")


class LatePackages(NamedTuple):
    """COPYs that may stand behind `last`, the last of the installs they need not stand above; they run `manager`."""

    copies: tuple[Copy, ...]
    last: Run
    targets: tuple[str, ...]
    manager: str


def late_packages(stage: Stage) -> Iterator[LatePackages]:
    """The COPYs of a stage that stand above installs of system packages with nothing else in between."""
    at = -1
    for copy in stage.copies:
        if copy.index > at and _may_move(copy):
            found = _found(stage, copy)
            if found:
                at = found.last.index
                yield found


def _found(stage: Stage, first: Copy) -> LatePackages | None:
    copies = [first]
    found: LatePackages | None = None
    for step in stage.after(first):
        if isinstance(step, Run):
            if not all(_is_apart(step, _target(copy)) for copy in copies):
                break
            manager = _manager(step)
            if manager:
                found = LatePackages(tuple(copies), step, tuple(map(_target, copies)), manager)
        elif isinstance(step, Copy) and _may_move(step):
            copies.append(step)
        elif not all(_is_indifferent(step, copy) for copy in copies):
            break
    return found


def _target(copy: Copy) -> str:
    return copy.target.rstrip("/") if copy.target else ""


def _may_move(copy: Copy) -> bool:
    target = _target(copy)
    if not target or copy.from_ is not None or copy.inline or any(flag.name not in FLAGS for flag in copy.node.flags):
        return False
    first, _, rest = target.removeprefix("/").partition("/")
    if first in OF_THE_SYSTEM and not target.startswith(SOURCES):
        return False
    return bool(rest or first not in SHARED) and not copy.state.volumes


def _is_indifferent(step: Step, copy: Copy) -> bool:
    if step.keyword in ("ENV", "ARG"):
        return "$" not in copy.node.logical
    if step.keyword == "WORKDIR":
        return copy.destination.startswith("/") and copy.node.exec_form is None and not gives_owner(copy)
    return step.keyword in INDIFFERENT - {"SHELL", "ONBUILD"}


def _is_apart(run: Run, target: str) -> bool:
    """Whether a body runs a system package manager and does nothing else that could meet the copied files."""
    if run.opaque or not run.calls or any(call.name not in BESIDE for call in run.calls):
        return False
    for mount in run.mounts:
        place = joined(run.state.folder, mount.get("target") or mount.get("dst") or mount.get("destination") or "/none")
        if place is None or is_below(place, target) or is_below(target, place):
            return False
    for name, value in {**run.state.arguments, **run.state.environment}.items():
        if (name in SEARCHED or name.startswith("DEBCONF") or may_name_files(name)) and target in (value or target):
            return False
    if target.startswith("/opt/") and any(
        target.split("/")[2] in value for call in run.calls for value in call.values if value
    ):
        return False
    removed = (value for call in run.calls_of("rm") for value in call.values)
    if any(value is None or not value.startswith(("-", "/")) or _meets(value, target) for value in removed):
        return False
    return not run_needs(run, CopiedFiles(MemoryContext({}), {})).obstacle


def _meets(removed: str, target: str) -> bool:
    plain = removed.partition("*")[0].rstrip("/") or "/"
    return removed.startswith("/") and (is_below(target, plain) or plain.startswith(target))


def _manager(run: Run) -> str | None:
    """The package manager that a body installs with."""
    calls = (call for call in run.calls if call.name in SYSTEM_MANAGERS and call.has("install", "add"))
    return next((call.name for call in calls), None)
