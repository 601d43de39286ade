"""Whether a file shows that it is built with BuildKit, whose mounts older builders do not know."""

from dockopt.model.dockerfile import Dockerfile

COPY_FLAGS = ("link", "chmod", "parents", "exclude", "checksum", "keep-git-dir")
"""Flags of COPY and ADD that the builder before BuildKit refuses."""
FRONTEND = "docker/dockerfile:"
WITHOUT_MOUNTS = ("1.0", "1.1")


def denies_mounts(file: Dockerfile) -> bool:
    """Whether the file asks for a frontend that does not know mounts."""
    _, _, version = (file.tree.directive("syntax") or "").partition(FRONTEND)
    return ".".join(version.partition("-")[0].split(".")[:2]) in WITHOUT_MOUNTS


def shows_buildkit(file: Dockerfile) -> str:
    """What shows that mounts may be used, "" where nothing does."""
    frontend = file.tree.directive("syntax") or ""
    if denies_mounts(file):
        return ""
    if any(run.mounts for run in file.runs):
        return "another RUN has a mount"
    for step in file.steps:
        if step.keyword in ("COPY", "ADD") and (flag := next((f for f in COPY_FLAGS if step.has_flag(f)), "")):
            return f"{step.keyword} has --{flag}"
    if any(step.node.heredocs for step in file.steps):
        return "the file has here-documents"
    return "the file asks for a frontend of BuildKit's" if f"{FRONTEND}1" in frontend else ""
