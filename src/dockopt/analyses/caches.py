"""Where package managers keep what they download: cache mounts that may hold it, commands that need the folder."""

from collections.abc import Iterable, Iterator

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


def needs_folder(step: Step, folder: str, tool: str) -> bool:
    """Whether an instruction names a tool's part of a cache folder other than to remove it, if it is there.

    `rm` without `-f` fails where nothing is there to remove.
    """
    if folder not in step.source.at(step.span):
        return False
    if isinstance(step, Copy):
        return bool(step.from_) and any(names_cache(source, folder, tool) for source in step.sources)
    if step.keyword == "WORKDIR":
        return names_cache(step.text, folder, tool)
    if step.keyword == "ONBUILD" or (isinstance(step, Run) and step.opaque):
        return True
    if not isinstance(step, Run):
        return False
    sources = [mount.get("source", "") + mount.get("src", "") for mount in step.mounts]
    words = [word.text for call in step.calls if not forces_removal(call) for word in call.words]
    return any(names_cache(text, folder, tool) for text in (*sources, *words))


def names_cache(text: str, folder: str, tool: str) -> bool:
    """Whether a word names the cache folder as a whole, or the tool's part of it."""
    _, found, rest = text.partition(folder)
    rest = rest.strip("\"'/*")
    return bool(found) and (not rest or rest.startswith(tool))


def forces_removal(call: Call) -> bool:
    """Whether this is `rm` that does not mind a missing file."""
    options = [value for value in call.values if value and value.startswith("-")]
    return call.is_("rm") and any(v == "--force" or ("f" in v and not v.startswith("--")) for v in options)


def removes_cache(run: Run, folder: str, tool: str) -> bool:
    """Whether the body removes the cache folder, or the tool's part of it."""
    words = (word for call in run.calls_of("rm") for word in call.arguments)
    return any(names_cache(word.text, folder, tool) for word in words)


def is_copied_out(file: Dockerfile, folder: str, tool: str) -> bool:
    """Whether any stage copies the tool's cache from another, or mounts it."""
    return any(needs_folder(step, folder, tool) for step in takers(file))


def takers(file: Dockerfile) -> Iterator[Step]:
    """Every COPY between stages, and every RUN with a mount from another stage."""
    for stage in file.stages:
        yield from (copy for copy in stage.copies if copy.from_)
        yield from (run for run in stage.runs if any("from" in mount for mount in run.mounts))


def has_no_network(run: Run) -> bool:
    """Whether the RUN is cut off from the network."""
    flag = run.node.flag("network")
    return flag is not None and flag.value not in {"host", "default"}
