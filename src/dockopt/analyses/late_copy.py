"""Whether a COPY of sources may stand below the dependency installs behind it, and which of its files those read.

What each install reads is found out in `late_walk`, which is only loaded where there is such a COPY.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.project_installs import installs_manifests
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run
from dockopt.model.stages import Stage

INDIFFERENT = frozenset(
    {"EXPOSE", "LABEL", "MAINTAINER", "STOPSIGNAL", "HEALTHCHECK", "CMD", "ENTRYPOINT", "SHELL", "ONBUILD"}
)


class Manifests(NamedTuple):
    """Files that one COPY brings into one folder: context paths, and the folder relative to the destination."""

    sources: tuple[str, ...]
    folder: str


class LateCopy(NamedTuple):
    """A COPY that may stand behind `last`, if its `manifests` are copied in its place.

    `installs` are the RUNs it moves below that read listed packages, `fills` what they write to. `rewrites` are files
    that they may bring up to date and the COPY then puts back. With a `reason` it has to stay where it is.
    """

    copy: Copy
    manifests: tuple[Manifests, ...] = ()
    installs: tuple[Run, ...] = ()
    last: Run | None = None
    """With a `step` the install that is taken apart: the COPY goes in front of it."""
    destination: str = ""
    """Where the COPY leads, as it has to be written behind `last`."""
    fills: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    reason: str = ""
    step: "DependencyStep | None" = None
    """The install that reads the sources, too, and what it does without them: a step of its own above the COPY."""


class DependencyStep(NamedTuple):
    """The part of an install that needs no sources, as a RUN `ahead` of it; `rest` is what the install still has to do.

    `command` is the part in words, for a person to read. Where the RUN is `cut`, the install itself is the part ahead.
    """

    run: Run
    command: str
    ahead: str
    rest: str
    cut: bool = False


def late_copies(file: Dockerfile, stage: Stage, *, apart: bool = False) -> Iterator[LateCopy]:
    """The COPYs of a stage that stand above an install they should be below, the last first.

    With `apart` only those that can be once the install is taken apart; they have a `step`.
    """
    installs = [run for run in stage.runs if installs_manifests(run)]
    for copy in reversed(stage.copies) if installs else ():
        later = next((run for run in installs if run.index > copy.index), None)
        if later and copy.from_ is None and not copy.inline and copy.sources:
            found = _without_context(file, copy, later) if file.context is None else _moved(file, copy, later, apart)
            if found is not None and (not apart or found.step):
                yield found


def gives_owner(copy: Copy) -> bool:
    """Whether the folders that a COPY makes are not simply root's: one made earlier would keep its owner and mode."""
    return copy.has_flag("chown") or copy.has_flag("chmod")


def _moved(file: Dockerfile, copy: Copy, first: Run, apart: bool) -> LateCopy | None:
    from dockopt.analyses.late_walk import moved_copy  # noqa: PLC0415 - only where there is such a COPY

    return moved_copy(file, copy, first, apart=apart)


def _without_context(file: Dockerfile, copy: Copy, first: Run) -> LateCopy | None:
    whole = any(source in (".", "./", "/") for source in copy.sources) and _stands_before(file, copy, first)
    return LateCopy(copy, reason="the build context is not known") if whole else None


def _stands_before(file: Dockerfile, copy: Copy, run: Run) -> bool:
    """Whether nothing but steps that do not matter stands between."""
    between = file.stages[copy.stage].steps[copy.index + 1 : run.index]
    return all(step.keyword in INDIFFERENT | {"ENV", "ARG", "WORKDIR", "COPY"} for step in between)
