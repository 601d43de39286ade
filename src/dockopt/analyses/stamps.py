"""Build stamps (commit, date, version) declared above installs: how far down they may go, with the labels they fill.

Every RUN below an ARG or ENV has it in its environment and is built again when it changes. So a stamp may go below a
RUN only where no command of it looks at the stamp; `stamp_readers` knows which do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from dockopt.analyses.stamp_readers import Passing, passing
from dockopt.knowledge.build_stamps import GENERAL, PLACEHOLDERS, is_stamp
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step
from dockopt.model.stages import Stage
from dockopt.syntax.words import NameValue, parse_name_values

NAME = re.compile(r"[A-Za-z_]\w*")


class LateStamps(NamedTuple):
    """Instructions that may stand behind `last`, the ARGs of `names` and what is filled from them; `runs` they pass.

    `trusted` says what remains to be trusted, "" where nothing does. With a `reason` the stamps stay above `runs`.
    """

    steps: tuple[Step, ...]
    names: tuple[str, ...]
    runs: tuple[Run, ...]
    trusted: str = ""
    reason: str = ""

    @property
    def last(self) -> Run:
        return self.runs[-1]


@dataclass
class _Way:
    """The instructions on their way down: what they set, what they mention, and what they have passed."""

    steps: list[Step] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)
    runs: list[Run] = field(default_factory=list)
    installs: bool = False
    trusted: str = ""
    stop: Passing | None = None

    def take(self, step: Step) -> None:
        self.steps.append(step)
        self.mentioned |= mentions(step)
        if step.keyword == "LABEL":
            self.keys |= set_names(step)
        else:
            self.names |= set_names(step)


def late_stamps(file: Dockerfile, stage: Stage) -> Iterator[LateStamps]:
    """The stamps of a stage that stand above an install, those that go to the same place together."""
    found: dict[int, list[_Way]] = {}
    for step in stage.of("ARG"):
        if declares_stamps(file, step):
            way = _walk(file, stage, step)
            if way.installs:
                found.setdefault(way.runs[-1].index, []).append(way)
            elif way.stop and way.stop.telling:
                yield LateStamps((step,), tuple(sorted(set_names(step))), (way.stop.run,), reason=way.stop.reason)
    for ways in found.values():
        last = ways[0].runs[-1]
        steps = {step.index: step for way in ways for step in way.steps if step.index < last.index}
        runs = {run.index: run for way in ways for run in way.runs}
        names = {name for way in ways for name in set_names(way.steps[0])}
        trusted = next((way.trusted for way in ways if way.trusted), "")
        yield LateStamps(_in_order(steps), tuple(sorted(names)), tuple(runs[at] for at in sorted(runs)), trusted)


def _in_order(steps: dict[int, Step]) -> tuple[Step, ...]:
    return tuple(steps[at] for at in sorted(steps))


def mentions(step: Step) -> set[str]:
    """Every name in an instruction, in whatever role."""
    texts = (step.node.logical, *(heredoc.content for heredoc in step.node.heredocs))
    return {name for text in texts for name in NAME.findall(text)}


def _walk(file: Dockerfile, stage: Stage, first: Step) -> _Way:
    way = _Way()
    way.take(first)
    for step in stage.after(first):
        if isinstance(step, Run):
            if way.names & mentions(step):
                return way
            found = passing(file, step, way.names)
            if found.reason:
                way.stop = found
                return way
            way.runs.append(step)
            way.installs = way.installs or found.installs
            way.trusted = way.trusted or found.trusted
        elif _goes_along(step, way):
            way.take(step)
        elif _is_in_the_way(step, way):
            return way
    return way


def _goes_along(step: Step, way: _Way) -> bool:
    if step.keyword == "LABEL":
        return bool(way.names & mentions(step) or way.keys & set_names(step))
    if step.keyword in ("ARG", "ENV"):
        return bool(way.names & mentions(step)) and all(map(is_stamp, set_names(step)))
    return False


def _is_in_the_way(step: Step, way: _Way) -> bool:
    sets = set_names(step) if step.keyword in ("ARG", "ENV") else frozenset()
    return bool(way.names & mentions(step) or way.mentioned & sets)


def _pairs(step: Step) -> tuple[NameValue, ...]:
    return tuple(parse_name_values(step.text, step.state.escape, arguments=step.keyword == "ARG"))


def set_names(step: Step) -> frozenset[str]:
    """What an ARG, ENV or LABEL sets."""
    return frozenset(pair.name for pair in _pairs(step))


def declares_stamps(file: Dockerfile, step: Step) -> bool:
    """Whether all that an ARG declares is given anew by every build, and chooses no base image."""
    pairs = _pairs(step)
    if not pairs or not all(is_stamp(pair.name) for pair in pairs):
        return False
    for pair in pairs:
        value = pair.value if pair.value is not None else file.global_arguments.get(pair.name)
        if pair.name.upper() in GENERAL and (value or "").strip("\"'").lower() not in PLACEHOLDERS:
            return False
    bases = {name for stage in file.stages for name in NAME.findall(stage.node.logical)}
    return not bases & set_names(step)
