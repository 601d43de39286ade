"""Options that say how to build and what to ask, for `dockopt verify` and `dockopt fix --verify`."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from dockopt.build.engine import Engine
    from dockopt.build.trials import Plan

Command = Callable[..., Any]
SIGNALLED = 128


def seconds(_context: click.Context, option: click.Parameter, value: float) -> float:
    """A time that can be waited: no endless one either."""
    if not 0 < value < float("inf"):
        raise click.BadParameter("give a number of seconds that is more than 0", param=option)
    return value


class Building(NamedTuple):
    """The options as they were given."""

    engine: str | None = None
    smoke: tuple[str, ...] = ()
    http: tuple[str, ...] = ()
    timeout: float = 1800.0
    wait: float = 30.0
    target: str = ""
    build_arg: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    network: str = ""
    builder: str = ""
    build_option: tuple[str, ...] = ()
    run_option: tuple[str, ...] = ()
    noise: bool = False

    def plan(self, dockerfile: str, context: str | None) -> "Plan":
        """What to build where, for one Dockerfile."""
        from dockopt.build.behaviour import Questions, parsed, words
        from dockopt.build.engine import Options
        from dockopt.build.trials import Plan

        for page in self.http:
            parsed(page)
        for command in self.smoke:
            words(command)
        options = Options(
            self.target,
            self.build_arg,
            self.secret,
            self.network,
            self.builder,
            self.build_option,
            self.run_option,
        )
        folder = context or os.path.dirname(dockerfile) or "."
        return Plan(dockerfile, folder, options, Questions(self.smoke, self.http, self.wait), self.timeout)

    def find_engine(self) -> "Engine":
        from dockopt.build.engine import engine
        from dockopt.errors import SettingsError

        found = engine(self.engine or ("docker" if self.builder else ""))
        if self.http and not found.starts_containers:
            raise SettingsError(f"{found.name} starts no containers, so --http cannot be asked; take another --engine")
        return found


OPTIONS = (
    click.option("--engine", type=click.Choice(("docker", "podman", "buildah")), help="[default: the first there is]"),
    click.option("--smoke", metavar="CMD", multiple=True, help="A command that must succeed in the image."),
    click.option("--http", metavar="PORT/PATH", multiple=True, help="A page that the started image must serve."),
    click.option(
        "--timeout",
        type=float,
        callback=seconds,
        default=1800,
        show_default=True,
        metavar="S",
        help="Seconds that a build may take.",
    ),
    click.option(
        "--wait",
        type=float,
        callback=seconds,
        default=30,
        show_default=True,
        metavar="S",
        help="Seconds to wait for an answer.",
    ),
    click.option("--target", default="", metavar="STAGE", help="The stage to build.  [default: the last]"),
    click.option("--build-arg", metavar="NAME=VALUE", multiple=True, help="As in `docker build`."),
    click.option("--secret", metavar="SECRET", multiple=True, help="As in `docker build`."),
    click.option("--network", default="", metavar="MODE", help="As in `docker build` and `docker run`."),
    click.option("--builder", default="", metavar="NAME", help="The buildx builder that does the work."),
    click.option("--build-option", metavar="WORD", multiple=True, help="One more word for the engine's build command."),
    click.option("--run-option", metavar="WORD", multiple=True, help="One more word for the engine's run command."),
    click.option("--noise", is_flag=True, help="Build the original twice, to know what differs by itself."),
)


def building_options(*, hidden: bool = False) -> Callable[[Command], Command]:
    """Put the options on a command; `hidden` keeps them out of its help."""

    def decorate(command: Command) -> Command:
        for option in reversed(OPTIONS):
            command = option(command)
        if hidden:
            names = Building._fields
            for parameter in command.__click_params__:  # type: ignore[attr-defined]
                if parameter.name in names:
                    parameter.hidden = True
        return command

    return decorate


def teller() -> Callable[[str], None]:
    """Says on a terminal what is being built."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda text: click.echo(f"{text} …", err=True)


def end_orderly() -> None:
    """Let a request to end pass through what cleans up."""
    import signal

    def end(number: int, *_: object) -> None:
        raise SystemExit(SIGNALLED + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows knows no hangup
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)
