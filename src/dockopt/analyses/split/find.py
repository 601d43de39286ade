"""Which ecosystem a stage belongs to, and the plan to split it. Loads only the ecosystem that it needs."""

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

from dockopt.analyses.development import development_sign
from dockopt.analyses.split.family import family
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage

MODULES = {
    "python": "python",
    "node": "node",
    "golang": "go",
    "ruby": "ruby",
    "elixir": "elixir",
    "bun": "bun",
    **dict.fromkeys(("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba"), "conda"),
    "php": "php",
    "rust": "rust",
    "sdk": "dotnet",
    **dict.fromkeys(("gcc", "debian", "buildpack-deps"), "c"),
    **dict.fromkeys(("maven", "gradle", "eclipse-temurin", "openjdk"), "java"),
}
"""Image to the module that splits stages on it."""


class Verdict(NamedTuple):
    """A plan, or why there is none where a stage looks as if it could be split; both empty for any other stage."""

    plan: Plan | None = None
    reason: str = ""


def split_verdict(file: Dockerfile, stage: Stage) -> Verdict:
    """How a stage can be split into a builder and a runtime stage."""
    return file.facts(_verdicts).get(stage.index, Verdict())


def _verdicts(file: Dockerfile) -> Mapping[int, Verdict]:
    """What is known of each stage that stands on an image and ends in one that is shipped."""
    return {
        stage.index: _verdict(file, stage, image)
        for stage in file.stages
        if stage.base and stage.parent is None and stage.index in file.ending
        if (image := stage.base.partition(":")[0].rpartition("/")[2]) in MODULES
    }


def _verdict(file: Dockerfile, stage: Stage, image: str) -> Verdict:
    for member in family(file, stage):
        if sign := development_sign(file, member):
            return Verdict(None, f"the image is for development: {sign}")
    if reason := unknown_start(file, stage):
        return Verdict(None, reason)
    try:
        plan = import_module(f"dockopt.analyses.split.{MODULES[image]}").plan(file, stage)
    except NotSplit as verdict:
        return Verdict(None, verdict.reason)
    return Verdict(plan)


def unknown_start(file: Dockerfile, stage: Stage) -> str:
    """Why nobody knows what runs in a stage that is built by name, or in one built on it; "" where that is known."""
    for member in family(file, stage) if file.targets else ():
        started = any(one.last(keyword) for one in file.chain(member) for keyword in ("CMD", "ENTRYPOINT"))
        if member in file.targeted and not started:
            return f"the stage {member.name or member.index} is built by name, and no CMD shows what its containers run"
    return ""
