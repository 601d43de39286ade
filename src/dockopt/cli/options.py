"""Options that several commands share, spelled once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dockopt.fixes import Purpose

Command = Callable[..., Any]
LEVELS = ("safe", "standard", "aggressive")


def names(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    """Transform names, separated by commas, with hyphens or underscores."""
    from dockopt.engine.registry import find
    from dockopt.errors import SettingsError

    try:
        return frozenset(find(name).name for value in values for name in value.split(",") if name.strip())
    except SettingsError as error:
        raise click.BadParameter(str(error)) from error


context = click.option(
    "--context",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="The build context.  [default: the Dockerfile's folder]",
)
colour = click.option(
    "--color",
    "colour",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="When to colour; auto honours NO_COLOR.",
)
_LEVEL = click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="standard",
    show_default=True,
    help="How far fixes may go: `dockopt list` shows what each transform needs.",
)
_SELECT = click.option(
    "--select",
    metavar="NAME",
    callback=names,
    multiple=True,
    help="Use these transforms only; again or with commas for more.",
)
_IGNORE = click.option(
    "--ignore",
    metavar="NAME",
    callback=names,
    multiple=True,
    help="Leave these transforms out; again or with commas for more.",
)


def purposes(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> "frozenset[Purpose]":
    """Preset names, separated by commas."""
    from dockopt.config import purposes as of_presets
    from dockopt.errors import SettingsError

    try:
        return of_presets(name.strip() for value in values for name in value.split(",") if name.strip())
    except SettingsError as error:
        raise click.BadParameter(str(error)) from error


preset = click.option(
    "--preset",
    "purposes",
    metavar="NAME",
    callback=purposes,
    multiple=True,
    help="Transforms for one end only: ci, size, cache, security, style or all; style is left out without it.",
)


def which_fixes(command: Command) -> Command:
    """How far fixes may go, and which transforms make them."""
    return _LEVEL(preset(_SELECT(_IGNORE(command))))


def formats(*choices: str) -> Callable[[Command], Command]:
    """What to print, the first choice by default."""
    return click.option(
        "--format", "format_", type=click.Choice(choices), default=choices[0], show_default=True, help="What to print."
    )


def given(*keys: str) -> list[str]:
    """Which of some settings stand on the command line; they are called as in configuration files."""
    from click.core import ParameterSource

    names = {"preset": "purposes"}
    context = click.get_current_context()
    sources = {key: context.get_parameter_source(names.get(key, key.replace("-", "_"))) for key in keys}
    return [key for key, source in sources.items() if source is not ParameterSource.DEFAULT]


def part(_context: click.Context, option: click.Parameter, value: str) -> tuple[int, int]:
    """`2/5`: the second of five shares."""
    number, slash, of = value.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise click.BadParameter(f"{value!r} is not I/N with I from 1 to N", param=option)
    return int(number), int(of)


_MANY = (
    click.option("--since", default="", metavar="REV", help="Only files that changed since a revision, says git."),
    click.option("--staged", is_flag=True, help="Only files with staged changes."),
    click.option(
        "--baseline", default="", type=click.Path(), metavar="FILE", help="Leave alone what this file accepts."
    ),
    click.option(
        "--write-baseline",
        default="",
        type=click.Path(),
        metavar="FILE",
        help="Accept all fixes of today; write only this.",
    ),
    click.option(
        "--shard", default="1/1", callback=part, metavar="I/N", help="Do one of N shares, for jobs side by side."
    ),
    click.option(
        "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes for many files.  [default: one a processor]"
    ),
    click.option("--no-cache", "cached", flag_value=False, default=True, help="Do not use results of earlier runs."),
    click.option(
        "--executor", default="", metavar="dask://HOST:PORT", help="Work on a Dask cluster that shares these files."
    ),
)


def many_files(command: Command) -> Command:
    """How to work through many files."""
    for option in reversed(_MANY):
        command = option(command)
    return command
