"""Why a stage that keeps compilers or headers stays as it is, where neither splitting nor a smaller image says so."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dockopt.analyses.development import development_sign
from dockopt.analyses.slim.find import slim_verdict
from dockopt.analyses.split.family import family
from dockopt.analyses.split.find import split_verdict
from dockopt.knowledge.commands import PACKAGE_MANAGERS
from dockopt.knowledge.images import describe
from dockopt.knowledge.runtime_libraries import build_only
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage

MORE_FOR_BUILDING = frozenset({"build-base", "gcc-c++", "alpine-sdk", "kernel-headers", "base-devel"})
COMPILES = frozenset("gcc g++ cc c++ clang clang++ make cmake ninja meson autoreconf configure scons bazel".split())
REMOVES = ("del", "purge", "remove", "autoremove", "erase")
SHOWN = 3


def unsplit_reason(file: Dockerfile, stage: Stage) -> str:
    """What is missing to split a shipped stage that keeps packages for building, "" where all is said already."""
    if stage.base is None or stage.index not in file.ending:
        return ""
    kept = list(dict.fromkeys(_kept(stage)))
    if not kept or any(split_verdict(file, stage)) or any(slim_verdict(file, stage)):
        return ""
    if sign := development_sign(file, stage):
        return f"the image is for development: {sign}"
    names = ", ".join(kept[:SHOWN]) + (" and others" if len(kept) > SHOWN else "")
    if not any(one.last(keyword) for one in family(file, stage) for keyword in ("CMD", "ENTRYPOINT")):
        return f"it installs {names}, and no CMD or ENTRYPOINT shows what its containers run"
    image = describe(stage.base)
    if image is None:
        return f"it installs {names}, and nothing is known of {stage.base}"
    compiles = any((call.name or "").rpartition("/")[2] in COMPILES for run in stage.runs for call in run.calls)
    if compiles and image.distribution != "debian":
        where = image.distribution.capitalize() if image.distribution in ("alpine", "ubuntu") else image.reference
        return f"it compiles with {names}, and which packages of {where} hold the libraries it links is not known"
    return f"it installs {names}, and which of its steps need them is not known"


def _kept(stage: Stage) -> Iterator[str]:
    """Packages for building that a stage installs by name and does not remove."""
    found = [run.facts(_of_managers) for run in stage.runs]
    gone = frozenset().union(*(one.removed for one in found))
    for groups, values in (install for one in found for install in one.installs):
        if gone.isdisjoint(groups):
            for value in values:
                name = value.partition("=")[0]
                if value not in gone and name not in gone:
                    yield name


class _Managed(NamedTuple):
    """What package managers do in a body: words of removals, and of installs the groups and the words for building."""

    removed: frozenset[str | None]
    installs: tuple[tuple[set[str | None], list[str]], ...]


def _of_managers(calls: tuple[Call, ...]) -> _Managed:
    managed = [call for call in calls if call.name in PACKAGE_MANAGERS]
    removed = frozenset(value for call in managed if call.has(*REMOVES) for value in call.values)
    installs = (
        (_groups(call), [value for value in call.values if value and _is_for_building(value.partition("=")[0])])
        for call in managed
        if call.has("install", "add")
    )
    return _Managed(removed, tuple(install for install in installs if install[1]))


def _groups(call: Call) -> set[str | None]:
    """The name under which apk removes all that a command installs."""
    named: set[str | None] = {after for before, after in pairwise(call.values) if before in ("-t", "--virtual")}
    return named | {value.partition("=")[2] for value in call.values if value and value.startswith("--virtual=")}


def _is_for_building(name: str) -> bool:
    return name in MORE_FOR_BUILDING or name.endswith(("-dev", "-devel")) or build_only(name)
