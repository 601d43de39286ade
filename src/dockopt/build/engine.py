"""What `verify` asks of a container engine, as values and one protocol; an adapter a file drives a command line."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import IO, NamedTuple, Protocol

from dockopt.build.command import Ran
from dockopt.errors import BuildError

ADAPTERS = ("docker", "podman", "buildah")


class Options(NamedTuple):
    """How to build and run, in the words of the engine's own options."""

    target: str = ""
    build_args: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    network: str = ""
    builder: str = ""
    build_options: tuple[str, ...] = ()
    run_options: tuple[str, ...] = ()


class Request(NamedTuple):
    """One build: the Dockerfile's path, the context folder and the tag that the image gets."""

    dockerfile: str
    context: str
    tag: str
    options: Options
    seconds: float
    no_cache: bool = False


class State(NamedTuple):
    """A container: whether it runs, else with what it ended, and what its health check says ("" for none)."""

    running: bool
    status: int = 0
    health: str = ""


class Engine(Protocol):
    """A container engine. Every method raises BuildError where the engine itself fails.

    `starts_containers` is False where it only runs commands in an image and cannot start one as it is declared.
    `size` is that of `Image.size`: bytes of all layers, uncompressed.
    `remove` gets the prefix of all tags and container names of a run, and whatever is there goes.
    """

    name: str
    starts_containers: bool

    def check(self) -> None: ...

    def build(self, request: Request) -> Ran: ...

    def size(self, tag: str) -> int: ...

    def archive(self, tags: Sequence[str]) -> AbstractContextManager[IO[bytes]]: ...

    def start(self, tag: str, container: str, options: Options, ports: Sequence[int]) -> Ran: ...

    def run(self, tag: str, container: str, command: Sequence[str], options: Options, seconds: float) -> Ran: ...

    def state(self, container: str) -> State: ...

    def port(self, container: str, port: int) -> int: ...

    def logs(self, container: str) -> str: ...

    def remove_container(self, container: str) -> None: ...

    def remove(self, prefix: str, builder: str = "") -> None: ...


def engine(name: str = "") -> Engine:
    """The engine of that name, or the first that answers.

    Raises:
        BuildError: it does not answer, or none does.
    """
    if name:
        found: Engine = import_module(f"dockopt.build.{name}").ENGINE
        found.check()
        return found
    reasons = []
    for one in ADAPTERS:
        try:
            return engine(one)
        except BuildError as error:
            reasons.append(str(error))
    raise BuildError(f"no container engine answers: {'; '.join(reasons)}")


def build_words(request: Request) -> list[str]:
    """The options that all engines spell alike."""
    options = request.options
    words = ["-f", request.dockerfile, "-t", request.tag]
    words += ["--target", options.target] if options.target else []
    words += ["--network", options.network] if options.network else []
    words += [word for one in options.build_args for word in ("--build-arg", one)]
    words += [word for one in options.secrets for word in ("--secret", one)]
    words += ["--no-cache"] if request.no_cache else []
    return [*words, *options.build_options]


def run_words(container: str, options: Options) -> list[str]:
    network = ["--network", options.network] if options.network else []
    return ["--name", container, *network, *options.run_options]


def first_number(values: Mapping[str, object], *keys: str) -> int:
    """The first of these keys that holds a number, else 0."""
    for key in keys:
        value = values.get(key)
        if isinstance(value, int):
            return value
    return 0
