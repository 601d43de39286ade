"""Dockerfile texts built and looked at, each once: a run's images, containers and build records, and their end."""

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple

from dockopt.build import archive
from dockopt.build.behaviour import Answer, Asker, Questions
from dockopt.build.command import Ran
from dockopt.build.engine import Engine, Options, Request
from dockopt.build.image import Image
from dockopt.errors import BuildError
from dockopt.text.source import to_bytes

IGNORE = ".dockerignore"
LOG_LINES = 12
REQUESTS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""How a program is asked to end."""


class Plan(NamedTuple):
    """What to build in and how; `seconds` is the time that each build may take."""

    dockerfile: str
    context: str
    options: Options = Options()
    questions: Questions = Questions()
    seconds: float = 1800.0


class Trial(NamedTuple):
    """One text built: `problem` says why there is no image, with the `log`'s end; `late` that its time was up."""

    tag: str
    seconds: float
    problem: str = ""
    log: str = ""
    late: bool = False


@dataclass
class Workbench:
    """Builds texts with one engine, and remembers what it built."""

    engine: Engine
    plan: Plan
    prefix: str
    folder: Path
    trials: dict[tuple[str, str | None, bool], Trial] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    answered: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def trial(self, text: str, *, anew: bool = False, ignore: str | None = None) -> Trial:
        """The text built; `anew` without the engine's cache, `ignore` with another text for what is ignored."""
        key = text, ignore, anew
        if key not in self.trials:
            self.trials[key] = self._build(text, anew, ignore)
        return self.trials[key]

    def again(self, text: str) -> Trial:
        """The text built once more with what the engine's cache holds, after something in the context changed."""
        return self._build(text, anew=False)

    def retried(self, text: str, ignore: str | None = None) -> Trial:
        """The text built once more where it did not build: a mirror that was away for a moment is nobody's fault."""
        if self.trial(text, ignore=ignore).problem:
            self.trials[text, ignore, False] = self._build(text, anew=False, ignore_text=ignore)
        return self.trials[text, ignore, False]

    def read(self, *trials: Trial) -> tuple[Image, ...]:
        """The images of trials that were built, read in one go."""
        wanted = sorted({trial.tag for trial in trials} - {*self.images})
        if wanted:
            with self.engine.archive(wanted) as stream:
                known = {layer.digest: layer for image in self.images.values() for layer in image.layers}
                found = archive.read(stream, known)
            missing = [tag for tag in wanted if tag not in found]
            if missing:
                raise BuildError(f"{self.engine.name} gave no image {missing[0]}; was it removed meanwhile?")
            self.images.update(found)
        return tuple(self.images[trial.tag] for trial in trials)

    def answers(self, trial: Trial) -> tuple[Answer, ...]:
        """What the image of a trial answers."""
        if trial.tag not in self.answered:
            self.answered[trial.tag] = self.ask(trial)
        return self.answered[trial.tag]

    def ask(self, trial: Trial) -> tuple[Answer, ...]:
        """The questions put once more."""
        return Asker(self.engine, self.plan.options, self.plan.questions, self.prefix).answers(trial.tag)

    def _build(self, text: str, anew: bool, ignore_text: str | None = None) -> Trial:
        plan = self.plan
        number = next(self.numbers)
        place = self.folder / str(number)
        with reported(place):
            place.mkdir()
            file = place / "Dockerfile"
            file.write_bytes(to_bytes(text))
            ignore = Path(f"{plan.dockerfile}{IGNORE}")
            if ignore_text is not None:
                Path(f"{file}{IGNORE}").write_bytes(to_bytes(ignore_text))
            elif plan.dockerfile and ignore.is_file():
                shutil.copyfile(ignore, f"{file}{IGNORE}")
        tag = f"{self.prefix}:{number}"
        request = Request(str(file), plan.context, tag, plan.options, plan.seconds, anew)
        ran = self.engine.build(request)
        return Trial(tag, ran.seconds, problem(ran, plan.seconds), "\n".join(end_of(ran)), ran.status is None)


@contextmanager
def workbench(engine: Engine, plan: Plan, *, keep: bool = False) -> Iterator[Workbench]:
    """A workbench that leaves nothing behind, however its work ends; `keep` leaves the images in the engine."""
    prefix = f"dockopt-verify-{os.getpid()}-{os.urandom(4).hex()}"
    with reported(Path(tempfile.gettempdir())):
        place = tempfile.TemporaryDirectory(prefix=f"{prefix}-", ignore_cleanup_errors=True)
    with place as folder:
        try:
            yield Workbench(engine, plan, prefix, Path(folder))
        finally:
            if not keep:
                with undisturbed():
                    engine.remove(prefix, plan.options.builder)


@contextmanager
def reported(place: Path) -> Iterator[None]:
    """Say what cannot be written: a full disk is no fault of a Dockerfile's."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BuildError(f"{place} cannot be written: {reason}; make room, or set TMPDIR to another folder") from error


@contextmanager
def undisturbed() -> Iterator[None]:
    """Cleaning up takes a moment, in which no further request to end is heard."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in REQUESTS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler or signal.SIG_DFL)


def problem(ran: Ran, seconds: float) -> str:
    """Why a build gave no image, "" for a good one."""
    if ran.status is None:
        return f"takes longer than {seconds:.0f} seconds to build; --timeout allows more"
    return "" if ran.good else f"does not build: {reason(ran.log)}"


def reason(log: str) -> str:
    """The line of a build's log that says what went wrong."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    told = [line for line in lines if line.lower().startswith(("error:", "error building", "error "))]
    return (told or lines or ["no reason given"])[-1]


def end_of(ran: Ran) -> list[str]:
    """The end of a failed build's log."""
    return [] if ran.good else [line.rstrip() for line in ran.log.splitlines() if line.strip()][-LOG_LINES:]
