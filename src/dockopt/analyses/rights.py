"""Whether a command certainly runs as root, where the file does not say so but shows it."""

from dockopt.knowledge.images import describe
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.shell.tree import Word

ROOT = ("root", "0")
IMAGES_OF_ROOT = frozenset(
    "alpine debian ubuntu buildpack-deps python node ruby rust perl golang php gcc erlang elixir openjdk maven"
    " eclipse-temurin amazoncorretto centos rockylinux almalinux amazonlinux oraclelinux fedora continuumio/miniconda3"
    " continuumio/anaconda3".split()
)
"""Images whose config names no user (their Dockerfiles)."""
INSTALLERS = ("apt-get", "apt", "apk", "yum", "dnf", "microdnf")
FOR_ROOT = ("su", "useradd", "usermod", "groupadd", "adduser", "addgroup")
"""Programs that ask for a password, or fail, where anybody else calls them."""


def is_surely_root(file: Dockerfile, run: Run) -> bool:
    """Whether a RUN is run by root: the file says so, or the base image does, or root's own commands succeed."""
    if run.state.user is not None:
        return run.state.user.partition(":")[0] in ROOT
    image = describe(file.root(file.stages[run.stage]).base or "")
    if image is not None and image.repository in IMAGES_OF_ROOT:
        return True
    others = (step for step in (*file.before(run), run, *file.after(run)) if isinstance(step, Run))
    return any(_shows_root(call) for other in others if other.state.user is None for call in other.calls)


def _shows_root(call: Call) -> bool:
    if not call.sure or call.wrapper:
        return False
    return call.is_(*FOR_ROOT) or (call.is_(*INSTALLERS) and any(map(_installs, call.arguments)))


def _installs(word: Word) -> bool:
    return word.value in ("install", "add", "update", "upgrade")
