"""What the applied fixes say they change, and the stages of the file that they were applied to."""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.fixes import Aspect, Leaves
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage
from dockopt.syntax.words import parse_name_values


class Claims(NamedTuple):
    """`target` is the stage that is built, "" for the last one; `leaves` is what builder stages keep to themselves."""

    aspects: frozenset[Aspect]
    original: Dockerfile
    target: str = ""
    leaves: tuple[Leaves, ...] = ()

    def allow(self, *aspects: Aspect) -> bool:
        """Whether a fix says that it changes one of these."""
        return not self.aspects.isdisjoint(aspects)

    @property
    def stages(self) -> tuple[Stage, ...]:
        return chain(self.original, self.target)

    def has(self, keyword: str) -> bool:
        """Whether the file itself has such an instruction."""
        return any(True for stage in self.stages for _ in stage.of(keyword))

    def named(self, keyword: str) -> Iterator[str]:
        """The names that the file's own ENV or LABEL instructions set."""
        escape = self.original.tree.escape
        for stage in self.stages:
            for step in stage.of(keyword):
                yield from (pair.name for pair in parse_name_values(step.node.argument_text, escape))


def chain(file: Dockerfile, target: str) -> tuple[Stage, ...]:
    """The stage that is built, by its name or number or "" for the last one, and the stages it stands on."""
    stages = file.stages
    wanted = [stage for stage in stages if target and target.lower() in (stage.name, str(stage.index))]
    found: list[Stage] = (wanted or [*stages])[-1:]
    while found and found[-1].parent is not None:
        found.append(stages[found[-1].parent])
    return tuple(found)
