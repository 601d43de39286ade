"""Whether a file shows that it is built with BuildKit, whose mounts older builders do not know."""

from dockopt.model.dockerfile import Dockerfile

FRONTENDS_WITHOUT_MOUNTS = ("docker/dockerfile:1.0", "docker/dockerfile:1.1")


def shows_buildkit(file: Dockerfile) -> str:
    """What shows that mounts may be used, "" where nothing does."""
    frontend = file.tree.directive("syntax") or ""
    if frontend.startswith(FRONTENDS_WITHOUT_MOUNTS):
        return ""
    if any(run.mounts for run in file.runs):
        return "another RUN has a mount"
    if any(step.node.heredocs for step in file.steps):
        return "the file has here-documents"
    return "the file asks for a frontend of BuildKit's" if frontend.startswith("docker/dockerfile:1") else ""
