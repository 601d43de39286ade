"""Where package managers keep what they download: cache mounts that may hold it, commands that need the folder."""

from collections.abc import Iterable

from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step

SYSTEM_CACHES = ("/var/cache/", "/var/lib/")
KEPT_ELSEWHERE = {"secret", "ssh"}


def may_mount_cache(run: Run, others: Iterable[str]) -> bool:
    """Whether a mount of this RUN may hold a tool's cache.

    `others` are words that mark the caches of other tools; a folder of the system is not taken for a user's cache.
    """
    marks = tuple(others)
    for mount in run.mounts:
        if mount.get("type", "bind") in KEPT_ELSEWHERE:
            continue
        target = mount.get("target") or mount.get("dst") or mount.get("destination") or ""
        if mount.get("type", "bind") == "bind":
            if ".cache" in target or ".npm" in target:
                return True
        elif "$" in target or not (target.startswith(SYSTEM_CACHES) or any(mark in target for mark in marks)):
            return True
    return False


def needs_folder(step: Step, folder: str) -> bool:
    """Whether an instruction names a path with `folder` in it other than to remove it, if it is there.

    `rm` without `-f` fails where nothing is there to remove.
    """
    if folder not in step.source.at(step.span):
        return False
    if isinstance(step, Copy):
        return bool(step.from_) and any(folder in source for source in step.sources)
    if step.keyword == "ONBUILD" or (isinstance(step, Run) and step.opaque):
        return True
    if not isinstance(step, Run):
        return False
    if any(folder in mount.get("source", "") + mount.get("src", "") for mount in step.mounts):
        return True
    return any(not forces_removal(call) and any(folder in word.text for word in call.words) for call in step.calls)


def forces_removal(call: Call) -> bool:
    """Whether this is `rm` that does not mind a missing file."""
    options = [value for value in call.values if value and value.startswith("-")]
    return call.is_("rm") and any(v == "--force" or ("f" in v and not v.startswith("--")) for v in options)


def removes_below(call: Call, *folders: str) -> bool:
    """Whether this is `rm` of one of these folders, or of something in it; the folders are words as written."""
    return call.is_("rm") and any(word.text.strip("\"'").startswith(folders) for word in call.arguments)


def is_copied_out(file: Dockerfile, folder: str) -> bool:
    """Whether any stage copies or mounts a path with `folder` in it from another."""
    return any(isinstance(step, Copy | Run) and needs_folder(step, folder) for step in file.steps)
