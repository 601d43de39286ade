"""`dockopt explain`."""

import sys

import click


@click.command(name="explain")
@click.argument("name")
def command(*, name: str) -> None:
    """Show the documentation of one transform: what it does, why, when it is safe, and examples."""
    from dockopt.engine.registry import find
    from dockopt.report.catalogue import page
    from dockopt.report.markdown import painted
    from dockopt.report.screen import Screen

    screen = Screen(sys.stdout)
    for line in painted(page(find(name)), screen):
        screen.line(line)
