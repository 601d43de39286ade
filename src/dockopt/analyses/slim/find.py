"""Which images have a smaller variant that a stage may start from. Loads only what the stage's image needs."""

from typing import TYPE_CHECKING

from dockopt.analyses.development import development_sign
from dockopt.analyses.slim.verdict import NotSlim, SlimBase, SlimVerdict
from dockopt.analyses.split.find import split_verdict, unknown_start
from dockopt.analyses.split.plan import NotSplit
from dockopt.knowledge.images import Image, describe, jre_variant, slim_variant
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage

if TYPE_CHECKING:
    from dockopt.analyses.slim.headers import Swap

LANGUAGES = frozenset({"python", "node", "ruby"})


def slim_verdict(file: Dockerfile, stage: Stage) -> SlimVerdict:
    """The smaller image that a shipped stage can start from; nothing where splitting the stage is what helps."""
    if stage.base is None or stage.parent is not None or stage.index not in file.ending:
        return SlimVerdict()
    image = describe(stage.base)
    if image is None or image.variant not in ("full", "slim"):
        return SlimVerdict()
    reference = jre_variant(stage.base) or slim_variant(stage.base)
    if reference is None or reference == stage.base:
        return SlimVerdict()
    if any(split_verdict(file, stage)):
        return SlimVerdict()
    if "$" in stage.node.argument_text:
        return SlimVerdict(None, "the image depends on a build argument")
    if sign := development_sign(file, stage):
        return SlimVerdict(None, f"the image is for development: {sign}")
    if reason := unknown_start(file, stage):
        return SlimVerdict(None, reason)
    try:
        base = _of_family(file, stage, image, reference)
    except (NotSlim, NotSplit) as verdict:
        return SlimVerdict(None, verdict.reason)
    return SlimVerdict(base)


def static_verdict(file: Dockerfile, stage: Stage) -> SlimVerdict:
    """An image without a shell that a shipped stage can start from: where it copies a program that go build writes."""
    if not stage.base or file.context is None or stage.index not in file.ending or len(file.stages) == 1:
        return SlimVerdict()
    if stage.parent is not None or not any(copy.from_ for copy in stage.copies):
        return SlimVerdict()
    if not any(call.is_("go") for run in file.runs for call in run.calls):
        return SlimVerdict()
    from dockopt.analyses.slim.static import static_program  # noqa: PLC0415

    return static_program(file, stage, file.context)


def runtime_swap(file: Dockerfile, stage: Stage) -> "Swap | None":
    """What a shipped stage can install instead of development packages, where it has no compiler to use them."""
    if stage.index not in file.shipped or not any("-dev" in run.text for run in stage.runs):
        return None
    from dockopt.analyses.slim.headers import runtime_libraries  # noqa: PLC0415

    return runtime_libraries(file, stage)


def _of_family(file: Dockerfile, stage: Stage, image: Image, reference: str) -> SlimBase | None:
    if image.family == "debian":
        from dockopt.analyses.slim.debian import slim_debian  # noqa: PLC0415

        return slim_debian(file, stage, image, reference)
    if image.family in LANGUAGES:
        from dockopt.analyses.slim.languages import slim_language  # noqa: PLC0415

        return slim_language(file, stage, image, reference)
    if reference == jre_variant(stage.base or ""):
        from dockopt.analyses.slim.java import slim_java  # noqa: PLC0415

        return slim_java(file, stage, image, reference)
    return None
