"""Whether a file shows that it is built with BuildKit, whose mounts older builders do not know."""

from dockopt.model.dockerfile import Dockerfile

FRONTENDS_WITHOUT_MOUNTS = ("docker/dockerfile:1.0", "docker/dockerfile:1.1")


def denies_mounts(file: Dockerfile) -> bool:
    """Whether the file asks for a frontend that does not know mounts."""
    return (file.tree.directive("syntax") or "").startswith(FRONTENDS_WITHOUT_MOUNTS)


def shows_buildkit(file: Dockerfile) -> str:
    """What shows that mounts may be used, "" where nothing does."""
    frontend = file.tree.directive("syntax") or ""
    if denies_mounts(file):
        return ""
    if any(run.mounts for run in file.runs):
        return "another RUN has a mount"
    if any(step.node.heredocs for step in file.steps):
        return "the file has here-documents"
    return "the file asks for a frontend of BuildKit's" if frontend.startswith("docker/dockerfile:1") else ""
