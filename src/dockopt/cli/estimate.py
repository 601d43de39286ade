"""`dockopt estimate`: its options, the file they are about, and where the answer goes."""

import os
import sys

import click

from dockopt.cli import options

STANDARD_INPUT = "-"
NAME = "Dockerfile"
DONE, FAILED = 0, 2


def pairs(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Build arguments; one without a value takes it from the environment, as `docker build` does."""
    found = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not name:
            raise click.BadParameter(f"{value!r} is not NAME=VALUE")
        if equals or name in os.environ:
            found[name] = text if equals else os.environ[name]
    return found


@click.command(name="estimate")
@click.argument("path", metavar="[PATH]", default=".", type=click.Path(allow_dash=True))
@options.context
@click.option("--target", metavar="STAGE", default="", help="The stage to estimate, by name or number, not the last.")
@click.option("--build-arg", metavar="NAME=VALUE", callback=pairs, multiple=True, help="A build argument; repeatable.")
@options.formats("text", "json")
@options.colour
def command(
    *, path: str, context: str | None, target: str, build_arg: dict[str, str], format_: str, colour: str
) -> int:
    """Show how large the image of a Dockerfile will be, layer by layer: on disk, to pull, and to build again.

    PATH is a Dockerfile, a folder with one, or - for standard input; the current folder if there is none. Nothing is
    built and nothing is written.

    Exit status: 0 done, 2 the file could not be read or an option is wrong.
    """
    from dockopt.batch.figures import Wanted, estimate, unused
    from dockopt.batch.results import Result, Status
    from dockopt.errors import InputError
    from dockopt.report.screen import Screen
    from dockopt.report.wording import problem

    out, errors = Screen(sys.stdout, colour), Screen(sys.stderr, colour)
    from_file = path != STANDARD_INPUT
    path = _named(path)
    status = Status.ERROR
    try:
        data = _read(path, from_file=from_file)
        status = Status.REFUSED
        folder = context if context is not None or not from_file else _folder(path)
        figures = estimate(path, data, Wanted(folder, target, build_arg, path if from_file else None))
    except InputError as error:
        errors.line(problem(Result(path, status, error.message, error.line), errors))
        return FAILED
    for name in unused(data, build_arg):
        errors.line(f"{path}: no ARG declares {name}")
    if format_ == "json":
        from dockopt.report.estimate_json import render
    else:
        from dockopt.report.estimate_text import render
    render(path, figures, out)
    return DONE


def _named(path: str) -> str:
    if path == STANDARD_INPUT:
        return NAME
    return os.path.normpath(os.path.join(path, NAME)) if os.path.isdir(path) else path


def _folder(path: str) -> str:
    """What the configuration says, or the files that build the image; else the Dockerfile's folder."""
    from dockopt.batch import configuration
    from dockopt.batch.discovery import Target, find

    own = os.path.dirname(path) or os.curdir
    configuration.forget()
    named = configuration.config_for(own).get("context")
    if named is not None:
        return str(named)
    found = next(find((path,)), None)
    return (isinstance(found, Target) and found.context) or own


def _read(path: str, *, from_file: bool) -> bytes:
    from dockopt.batch import files
    from dockopt.errors import InputError

    if not from_file:
        return files.within_limit(path, sys.stdin.buffer.read(files.SIZE_LIMIT + 1))
    if not os.path.lexists(path):
        raise InputError(path, "no such file or folder")
    return files.read(path, path)
