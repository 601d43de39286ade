"""A TOML file of the context as plain tables. Python's own parser, loaded where there is such a file."""

from collections.abc import Mapping
from typing import TypeAlias

from dockopt.context.tree import Context

Tables: TypeAlias = Mapping[str, object]


def read(context: Context, path: str) -> Tables | None:
    """The tables of a file, None where it cannot be read or is no TOML."""
    import tomllib  # noqa: PLC0415 - only where a manifest is read

    text = context.read(path)
    try:
        return None if text is None else tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def table(holder: Tables | None, *names: str) -> Tables:
    """A table inside others, empty where there is none."""
    for name in names:
        found = holder.get(name) if holder is not None else None
        holder = found if isinstance(found, dict) else {}
    return holder or {}


def tables(holder: Tables | None, name: str) -> tuple[Tables, ...]:
    """The tables of a list of tables."""
    found = holder.get(name) if holder is not None else None
    return tuple(one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()
