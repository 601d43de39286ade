"""The command line that docker and podman have in common: containers started, asked after and removed by name."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import IO

from dockopt.build.command import Ran, reading, run
from dockopt.build.engine import Options, run_words
from dockopt.build.troubles import demand_engine

SECONDS = 60.0
SECONDS_TO_REMOVE = 180.0
GRACE = 1.0
"""Seconds for a client whose container is removed by force anyway."""
ENGINE_FAILED = 125
"""What `run` ends with where the engine and not the command in the container failed."""


def asked(program: str, *words: str) -> Ran:
    """A question or an order that takes the engine little time.

    Raises:
        BuildError: it is the engine that fails.
    """
    ran = run([program, *words], seconds=SECONDS_TO_REMOVE if {"rm", "rmi"} & {*words} else SECONDS)
    if not ran.good:
        demand_engine(program, ran.log)
    return ran


def listed(program: str, *words: str) -> list[str]:
    """The lines of an answer, none where it fails."""
    ran = asked(program, *words)
    return ran.out.splitlines() if ran.good else []


class Program:
    """An engine that runs containers; building and images are each adapter's own."""

    name: str
    starts_containers = True
    saving: tuple[str, ...] = ("image", "save")
    removing: tuple[str, ...] = ("container", "rm", "--force", "--volumes")
    starting: tuple[str, ...] = ()

    def archive(self, tags: Sequence[str]) -> AbstractContextManager[IO[bytes]]:
        return reading([self.name, *self.saving, *tags])

    def start(self, tag: str, container: str, options: Options, ports: Sequence[int]) -> Ran:
        words = [word for port in ports for word in ("-p", f"127.0.0.1::{port}")]
        return asked(self.name, "run", "-d", *self.starting, *run_words(container, options), *words, tag)

    def run(self, tag: str, container: str, command: Sequence[str], options: Options, seconds: float) -> Ran:
        words = [self.name, "run", "--rm", *run_words(container, options), "--entrypoint=", tag, *command]
        ran = run(words, seconds=seconds, grace=GRACE)
        if ran.status == ENGINE_FAILED:
            demand_engine(self.name, ran.log)
        if ran.status is None:
            self.remove_container(container)
        return ran

    def port(self, container: str, port: int) -> int:
        lines = listed(self.name, "container", "port", container, str(port))
        return int(lines[0].rpartition(":")[2]) if lines else 0

    def logs(self, container: str) -> str:
        return asked(self.name, "container", "logs", "--tail", "40", container).log

    def remove_container(self, container: str) -> None:
        asked(self.name, *self.removing, container)

    def remove_containers(self, prefix: str) -> None:
        """Every container whose name begins so."""
        found = listed(self.name, "container", "ls", "--all", "--quiet", "--filter", f"name=^/?{prefix}")
        if found:
            asked(self.name, *self.removing, *found)
