"""A smaller base image for a stage, or the reason why it keeps its own."""

from typing import NamedTuple

from dockopt.fixes import Evidence
from dockopt.model.instructions import Run


class NotSlim(Exception):  # noqa: N818 - a verdict, not an error
    """The stage keeps its image; `reason` names what is missing."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class SlimBase(NamedTuple):
    """The image to start from instead.

    `installs` are lines to stand behind FROM; `rewritten` are RUNs that get another text, "" to take one out.
    """

    title: str
    reference: str
    evidence: tuple[Evidence, ...]
    installs: tuple[str, ...] = ()
    rewritten: tuple[tuple[Run, str], ...] = ()


class SlimVerdict(NamedTuple):
    """A smaller base, or why there is none where the image has one; both empty for any other stage."""

    base: SlimBase | None = None
    reason: str = ""
