"""Options for pull requests: what is asked fix by fix, what fails, what was verified, and which branches to make."""

from collections.abc import Callable
from typing import Any, NamedTuple

import click

Command = Callable[..., Any]
UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


class Review(NamedTuple):
    """The options as they were given; `fail_over` is in bytes, None where any change fails."""

    interactive: bool = False
    fail_over: int | None = None
    verified: str = ""
    split_by: str | None = None
    branch_prefix: str = "dockopt/"


def size(_context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """`50MB` in bytes; units of 1000, or of 1024 with an i."""
    if value is None:
        return None
    number = value.strip().rstrip("BbKkMmGgIi ")
    unit = value.strip()[len(number) :].strip().lower()
    try:
        amount = float(number)
    except ValueError:
        amount = -1
    if unit not in UNITS or not 0 <= amount < float("inf"):
        raise click.BadParameter(f"{value!r} is no size such as 50MB", param=option)
    return round(amount * UNITS[unit])


_OPTIONS = (
    click.option("-i", "--interactive", is_flag=True, help="Ask about each fix: take it, skip it, explain it."),
    click.option(
        "--fail-over",
        callback=size,
        metavar="SIZE",
        help="With --check or --diff: exit 1 only if more than this could be saved, such as 50MB.",
    ),
    click.option(
        "--verified",
        default="",
        type=click.Path(),
        metavar="FILE",
        help="Say what was verified: FILE is of `dockopt verify --format json`.",
    ),
    click.option(
        "--split-by",
        type=click.Choice(("transform", "file", "service")),
        help="Write no file: prepare commits on git branches, one for each of these.",
    ),
    click.option(
        "--branch-prefix", default="dockopt/", show_default=True, metavar="TEXT", help="What those branches begin with."
    ),
)


def review_options(command: Command) -> Command:
    """Put the options on a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def demand_sense(review: Review, *, paths: tuple[str, ...], dry: bool, others: bool, format_: str) -> None:
    """Refuse what cannot be done together; `others` if something else decides on fixes or writes elsewhere."""
    if review.fail_over is not None and not dry:
        raise click.UsageError("--fail-over goes together with --check or --diff")
    if review.verified and not (review.split_by or format_ in ("markdown", "patch")):
        raise click.UsageError("--verified goes together with --format markdown or patch, or --split-by")
    if review.interactive and (dry or others or review.split_by or paths == ("-",) or format_ != "text"):
        raise click.UsageError("--interactive asks and writes: nothing but paths and which fixes go together with it")
    if review.split_by and (dry or others or paths == ("-",) or format_ != "text"):
        raise click.UsageError("--split-by makes branches: nothing but paths and which fixes go together with it")
