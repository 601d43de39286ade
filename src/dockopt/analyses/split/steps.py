"""What kind of instruction each step of a stage is, as far as every ecosystem sees it alike."""

from dockopt.analyses.split.family import check_others, family
from dockopt.analyses.split.packages import is_package_call
from dockopt.analyses.split.plan import NotSplit
from dockopt.knowledge.base_commands import WRITES_FILES_ONLY
from dockopt.knowledge.images import Image, describe
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage

CONFIG = frozenset({"LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER", "VOLUME"})
SETTINGS = frozenset({"ENV", "ARG", "WORKDIR", "SHELL", "USER"})
BY_PLATFORM = frozenset({"python", "node", "ruby"})
"""Languages whose packages bring what they link, on the platforms that they are made for."""
PLATFORMS = frozenset({"amd64", "x86_64", "arm64", "aarch64"})
NEWER_WITHOUT_ADDUSER = frozenset({"trixie", "forky", "sid"})


def check_stage(file: Dockerfile, stage: Stage) -> None:
    """Raise NotSplit for whatever no ecosystem can split."""
    check_others(file, stage)
    for flag in stage.node.flags:
        if flag.name != "platform" or "$" in (flag.value or ""):
            raise NotSplit("FROM has a flag that ties it to the build's platform")
        image = describe(stage.base or "")
        if image and image.family in BY_PLATFORM and not PLATFORMS & {*(flag.value or "").lower().split("/")}:
            raise NotSplit(f"what packages bring for {flag.value} is not known")
    for step in (step for member in family(file, stage) for step in member.steps):
        if step.keyword == "ONBUILD":
            raise NotSplit("ONBUILD is for images built on this one", step)
        if step.keyword == "SHELL":
            raise NotSplit("SHELL changes what runs commands", step)
        if isinstance(step, Run):
            _check_run(step)


def _check_run(run: Run) -> None:
    if run.opaque:
        raise NotSplit(f"a RUN cannot be read ({run.opaque})", run)
    if any(flag.name != "mount" for flag in run.node.flags):
        raise NotSplit("a RUN has a --network or --security flag", run)
    if any(mount.get("type") != "cache" for mount in run.mounts):
        raise NotSplit("a RUN has a mount that is not a cache", run)


def only_base_commands(run: Run, image: Image) -> bool:
    """Whether a body only works on the image's own files, with programs that every Debian image has."""
    return bool(run.calls) and all(_is_base(call, image) for call in run.calls) and not run.node.heredocs


def _is_base(call: Call, image: Image) -> bool:
    if call.name in ("adduser", "addgroup") and not has_adduser(image):
        return False
    return call.name in WRITES_FILES_ONLY


def has_adduser(image: Image) -> bool:
    """Whether Debian's own image of the release brings adduser."""
    return bool(image.candidates) and not NEWER_WITHOUT_ADDUSER & set(image.candidates)


def only_apt(run: Run) -> bool:
    return bool(run.calls) and all(is_package_call(call) or call.is_("echo", "true", "set") for call in run.calls)


def unknown_command(run: Run) -> str:
    """The first program of a body, for a message."""
    names = [
        call.words[0].text for call in run.calls if call.name not in WRITES_FILES_ONLY and not is_package_call(call)
    ]
    return names[0] if names else run.text[:40]
