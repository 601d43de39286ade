"""`dockopt fix`: its options, and what they mean together."""

import os
from typing import Any

import click

from dockopt.cli.building import Building, building_options

LEVELS = ("safe", "standard", "aggressive")


def names(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    """Transform names, separated by commas, with hyphens or underscores."""
    from dockopt.engine.registry import find
    from dockopt.errors import SettingsError

    try:
        return frozenset(find(name).name for value in values for name in value.split(",") if name.strip())
    except SettingsError as error:
        raise click.BadParameter(str(error)) from error


@click.command(name="fix")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--diff", is_flag=True, help="Print the diff and write nothing; exit 1 if anything would change.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="standard",
    show_default=True,
    help="How far fixes may go: `dockopt list` shows what each transform needs.",
)
@click.option(
    "--select",
    metavar="NAME",
    callback=names,
    multiple=True,
    help="Use these transforms only; again or with commas for more.",
)
@click.option(
    "--ignore",
    metavar="NAME",
    callback=names,
    multiple=True,
    help="Leave these transforms out; again or with commas for more.",
)
@click.option("--max-fixes", type=click.IntRange(min=0), metavar="N", help="Stop after N fixes in each file.")
@click.option("--few-layers", is_flag=True, help="Merge RUN instructions also where that saves no bytes.")
@click.option(
    "--context",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="The build context.  [default: the Dockerfile's folder]",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "diff", "json")),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option("--output", type=click.Path(), metavar="FILE", help="Write the one rewritten Dockerfile here instead.")
@click.option(
    "--color",
    "colour",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="When to colour; auto honours NO_COLOR.",
)
@click.option(
    "--verify",
    is_flag=True,
    help="Apply only what was verified by building before and after; with the options of `dockopt verify`.",
)
@building_options(hidden=True)
def command(
    *,
    paths: tuple[str, ...],
    diff: bool,
    check: bool,
    level: str,
    select: frozenset[str],
    ignore: frozenset[str],
    max_fixes: int | None,
    few_layers: bool,
    context: str | None,
    format_: str,
    output: str | None,
    colour: str,
    verify: bool,
    **building: Any,  # noqa: ANN401 - the options of Building, by their names
) -> int:
    """Rewrite Dockerfiles in place; show what changed and why, the diff, and what it saves.

    PATH is a Dockerfile, a folder to search for Dockerfiles, or - to rewrite standard input to standard output;
    the current folder if there is none.

    Exit status: 0 done, 1 something would change (--diff, --check), 2 a file could not be read or an option is wrong.
    """
    paths = paths or (".",)
    if output is not None and (diff or check):
        raise click.UsageError("--output writes a file; --diff and --check write nothing")
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("- stands alone: no other PATH beside it")
    if output is not None and (len(paths) > 1 or os.path.isdir(paths[0])):
        raise click.UsageError("--output takes one Dockerfile; name it")
    if not verify and building != Building()._asdict():
        raise click.UsageError("options about building go together with --verify")
    from dockopt.cli.fixing import Options, fix
    from dockopt.config import Settings
    from dockopt.fixes import Level

    settings = Settings(
        level=Level[level.upper()], select=select, ignore=ignore, max_fixes=max_fixes, few_layers=few_layers
    )
    wanted = Building(**building) if verify else None
    return fix(Options(paths, settings, diff, check, context, format_, output, colour, wanted))
