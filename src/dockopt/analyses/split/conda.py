"""Conda: why its images are not split. An environment can be moved, but not what it takes from the image."""

from dockopt.analyses.split.plan import NotSplit
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage

MANAGERS = ("conda", "mamba", "micromamba")


def plan(file: Dockerfile, stage: Stage) -> None:  # noqa: ARG001 - as every ecosystem is asked
    """Nothing where no environment is made.

    Raises:
        NotSplit: one is.
    """
    for run in stage.runs:
        for call in [] if run.opaque else run.calls:
            words = [value or "$" for value in call.values if not (value or "").startswith("-")]
            if call.is_(*MANAGERS) and (words[:1] in (["install"], ["create"]) or words[:2] == ["env", "create"]):
                raise NotSplit(
                    "what the packages of a conda environment do as it is activated,"
                    " and which libraries of the image they use, is in no table",
                    run,
                )
