"""The program around the commands, each of which is imported when it is called: `dockopt --version` loads none."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from dockopt import __version__
from dockopt.errors import DockoptError

COMMANDS = {
    "fix": "Rewrite Dockerfiles, show what changed and why, and what it saves.",
    "list": "List the transforms with their levels.",
    "explain": "Show the documentation of one transform.",
}
USAGE_ERROR = 2
INTERRUPTED = 130
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
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return BROKEN_PIPE


@click.command(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dockopt", message="%(prog)s %(version)s")
def program() -> None:
    """The optimising compiler for Dockerfiles.

    Reads a Dockerfile and gives back a better one, with the diff, the reasons and what it saves.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the program; every way out is an exit status."""
    try:
        status = program.main(arguments, prog_name="dockopt", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except DockoptError as error:
        click.echo(f"dockopt: {error}", err=True)
        return USAGE_ERROR
    return status if isinstance(status, int) else 0
