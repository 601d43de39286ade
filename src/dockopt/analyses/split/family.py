"""A stage among the others of its file: which are built on it, and whether it can become two without harm to them."""

from dockopt.analyses.split.plan import NotSplit
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage


def family(file: Dockerfile, stage: Stage) -> tuple[Stage, ...]:
    """The stage and those built on it, whose images start from what it leaves."""
    return (stage, *file.built_on(stage))


def check_others(file: Dockerfile, stage: Stage) -> None:
    """Raise NotSplit where another stage would notice that a new one stands in front of this one."""
    members = {member.index for member in family(file, stage)}
    for other in file.stages:
        if members & file.sources_of(other):
            raise NotSplit(f"{called(other)} copies from {called(stage)} or from a stage built on it")
        if any(name.isdigit() and int(name) >= stage.index for name in file.names_of_sources(other)):
            raise NotSplit("stages are named by their numbers")


def called(stage: Stage) -> str:
    """What a message calls a stage."""
    return f"stage {stage.name}" if stage.name else f"stage {stage.index + 1}"
