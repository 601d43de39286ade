"""Whether a COPY of sources may stand below the dependency installs behind it, and which of its files those read.

What each install reads is found out in `late_walk`, which is only loaded where there is such a COPY.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.words import read
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run
from dockopt.model.stages import Stage

INDIFFERENT = frozenset(
    {"EXPOSE", "LABEL", "MAINTAINER", "STOPSIGNAL", "HEALTHCHECK", "CMD", "ENTRYPOINT", "SHELL", "ONBUILD"}
)
PROJECT_INSTALLS = frozenset({"install", "i", "ci", "clean-install"})
OF_NO_PROJECT = frozenset({"-g", "--global", "global"})


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
    destination: str = ""
    """Where the COPY leads, as it has to be written behind `last`."""
    fills: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    reason: str = ""


def late_copies(file: Dockerfile, stage: Stage) -> Iterator[LateCopy]:
    """The COPYs of a stage that stand above an install they should be below, the last first."""
    for copy in reversed(stage.copies):
        later = [run for run in stage.runs if run.index > copy.index and installs_manifests(run)]
        if later and copy.from_ is None and not copy.inline and copy.sources:
            found = _without_context(file, copy, later[0]) if file.context is None else _moved(file, copy, later[0])
            if found is not None:
                yield found


def _moved(file: Dockerfile, copy: Copy, first: Run) -> LateCopy | None:
    from dockopt.analyses.late_walk import moved_copy  # noqa: PLC0415 - only where there is such a COPY

    return moved_copy(file, copy, first)


def _without_context(file: Dockerfile, copy: Copy, first: Run) -> LateCopy | None:
    whole = any(source in (".", "./", "/") for source in copy.sources) and _stands_before(file, copy, first)
    return LateCopy(copy, reason="the build context is not known") if whole else None


def _stands_before(file: Dockerfile, copy: Copy, run: Run) -> bool:
    """Whether nothing but steps that do not matter stands between."""
    between = file.stages[copy.stage].steps[copy.index + 1 : run.index]
    return all(step.keyword in INDIFFERENT | {"ENV", "ARG", "WORKDIR", "COPY"} for step in between)


def installs_manifests(run: Run) -> bool:
    """Whether a command of the body installs what files of the project list, going by its words alone."""
    return any(_lists_packages(call) for call in run.calls)


def _lists_packages(call: Call) -> bool:
    words = [value for value in call.values if value]
    match call.name:
        case "npm" | "yarn" | "pnpm":
            alone = call.name == "yarn" and all(word.startswith("--") for word in words) and "--version" not in words
            return not OF_NO_PROJECT.intersection(words) and (alone or not PROJECT_INSTALLS.isdisjoint(words))
        case "go":
            return words[:2] == ["mod", "download"]
        case "bundle":
            return words[:1] in ([], ["install"])
        case _:
            reading = read(call)
            return bool(
                reading
                and reading.program == "pip"
                and reading.subcommand == "install"
                and reading.option("-r", "--requirement")
            )
