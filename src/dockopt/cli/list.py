"""`dockopt list`."""

import sys

import click


@click.command(name="list")
@click.option(
    "--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True, help="What to print."
)
def command(*, format_: str) -> None:
    """List the transforms: name, the level from which they apply fixes, and one line."""
    from dockopt.engine.registry import transforms
    from dockopt.report import catalogue
    from dockopt.report.screen import Screen

    render = catalogue.as_json if format_ == "json" else catalogue.as_text
    render(sorted(transforms(), key=lambda transform: transform.name), Screen(sys.stdout))
