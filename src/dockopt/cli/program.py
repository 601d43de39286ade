"""The program around the commands, each of which is imported when it is called: `dockopt --version` loads none."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from dockopt import __version__
from dockopt.cli import INTERRUPTED
from dockopt.errors import DockoptError

COMMANDS = {
    "fix": "Rewrite Dockerfiles, show what changed and why, and what it saves.",
    "verify": "Build a Dockerfile before and after, and compare what comes out.",
    "estimate": "Show how large an image will be, layer by layer, without changing anything.",
    "list": "List the transforms with their levels.",
    "config": "Show which settings hold for a file, and where they come from.",
    "explain": "Show the documentation of one transform.",
    "data": "Show and renew the package indexes that estimates rest on.",
}
USAGE_ERROR = 2
BROKEN_PIPE = 141


class Program(click.Group):
    """A group that knows its commands by name and loads them on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"dockopt.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            discard_output()
            return BROKEN_PIPE
        except OSError as error:
            discard_output()
            raise DockoptError(f"the output cannot be written: {(error.strerror or str(error)).lower()}") from error


@click.command(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dockopt", message="%(prog)s %(version)s")
def program() -> None:
    """The optimising compiler for Dockerfiles.

    Reads a Dockerfile and gives back a better one, with the diff, the reasons and what it saves.
    """


def discard_output() -> None:
    """Let what is still to be written to standard output go nowhere, also when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def open_closed_streams() -> None:
    """Put the null device where a stream was closed by who started us."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open to the end
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the program; every way out is an exit status."""
    open_closed_streams()
    try:
        status = program.main(arguments, prog_name="dockopt", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except DockoptError as error:
        click.echo(f"dockopt: {error}", err=True)
        return USAGE_ERROR
    return status if isinstance(status, int) else 0
