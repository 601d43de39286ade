"""`dockopt config`."""

import os
import sys
from collections.abc import Iterable
from typing import Any

import click


@click.command(name="config")
@click.argument("path", metavar="[PATH]", default=".", type=click.Path())
@click.option("--schema", is_flag=True, help="Print the JSON schema of configuration files instead.")
def command(*, path: str, schema: bool) -> None:
    """Show which settings hold for a Dockerfile or a folder, and where each comes from.

    PATH need not exist; the current folder if there is none. What no file sets is what `dockopt fix` does by itself.
    """
    from dockopt.batch import configuration
    from dockopt.report.screen import Screen

    screen = Screen(sys.stdout)
    if schema:
        from json import dumps

        screen.line(dumps(configuration.schema(), indent=2))
        return
    config = configuration.config_for(path if os.path.isdir(path) else os.path.dirname(path) or os.curdir)
    rows = [(key, shown(setting.value), place(setting.source)) for key, setting in sorted(config.settings.items())]
    rows += [
        (key, shown(value), configuration.STANDARD)
        for key, value in configuration.BUILT_IN.items()
        if key not in config.settings
    ]
    rows += [("exclude", shown(patterns), place(folder)) for folder, patterns in config.excluded]
    names, values = (max(len(row[at]) for row in rows) for at in (0, 1))
    for key, value, source in rows:
        screen.line(f"{key:{names}}  {value:{values}}  {source}")


def place(source: str) -> str:
    """A source as it is found from here."""
    path, comma, table = source.partition(", ")
    return os.path.relpath(path) + comma + table


def shown(value: Any) -> str:  # noqa: ANN401 - as the schema says
    """A value as it stands in a file, transforms under the names that users know."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', '-')} = {level}" for name, level in value.items()) or "none"
    words: Iterable[Any] = value
    return ", ".join(sorted(getattr(one, "value", one).replace("_", "-") for one in words)) or "none"
