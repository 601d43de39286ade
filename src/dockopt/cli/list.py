"""`dockopt list`."""

import sys
from typing import TYPE_CHECKING

import click

from dockopt.cli import options

if TYPE_CHECKING:
    from dockopt.fixes import Purpose


@click.command(name="list")
@click.option(
    "--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True, help="What to print."
)
@options.preset
def command(*, format_: str, purposes: "frozenset[Purpose]") -> None:
    """List the transforms: name, the level from which they apply fixes, and one line."""
    from dockopt.engine.registry import transforms
    from dockopt.report import catalogue
    from dockopt.report.screen import Screen

    render = catalogue.as_json if format_ == "json" else catalogue.as_text
    shown = (transform for transform in transforms() if not purposes or transform.purpose in purposes)
    render(sorted(shown, key=lambda transform: transform.name), Screen(sys.stdout))
