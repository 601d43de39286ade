"""The fix that starts a stage from another image, or the advice that says why it does not."""

from collections.abc import Iterator

from dockopt.analyses.slim.verdict import SlimVerdict
from dockopt.fixes import Fix, Level
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage
from dockopt.rewrite.stages import use_base


def base_fix(file: Dockerfile, stage: Stage, verdict: SlimVerdict, refusal: str, floor: Level) -> Iterator[Fix]:
    """What a verdict comes to; `refusal` stands before the reason where there is one, `floor` is the lowest level."""
    base, reason = verdict
    if base:
        yield Fix(
            title=base.title,
            edits=use_base(file, stage, base.reference, base.installs, base.rewritten),
            evidence=base.evidence,
            span=stage.node.span,
            floor=floor,
        )
    elif reason:
        yield Fix(title=f"{refusal}: {reason}", edits=(), evidence=(), span=stage.node.span)
