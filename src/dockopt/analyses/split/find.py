"""Which ecosystem a stage belongs to, and the plan to split it. Loads only the ecosystem that it needs."""

from importlib import import_module
from typing import NamedTuple

from dockopt.analyses.development import development_sign
from dockopt.analyses.split.plan import NotSplit, Plan
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage

MODULES = {
    "python": "python",
    "node": "node",
    "golang": "go",
    "ruby": "ruby",
    "php": "php",
    "rust": "rust",
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
    return file.facts(_only_stage) if len(file.stages) == 1 and stage.base else Verdict()


def _only_stage(file: Dockerfile) -> Verdict:
    stage = file.final
    assert stage.base is not None
    image = stage.base.partition(":")[0].rpartition("/")[2]
    if image not in MODULES:
        return Verdict()
    if sign := development_sign(file, stage):
        return Verdict(None, f"the image is for development: {sign}")
    try:
        plan = import_module(f"dockopt.analyses.split.{MODULES[image]}").plan(file, stage)
    except NotSplit as verdict:
        return Verdict(None, verdict.reason)
    return Verdict(plan)
