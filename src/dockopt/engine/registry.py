"""The transforms there are: every module of `dockopt.transforms`, found by scanning its folder."""

import copyreg
import importlib
import os
from collections.abc import Callable
from functools import lru_cache

from dockopt.errors import SettingsError
from dockopt.fixes import Transform

PACKAGE = "dockopt.transforms"


@lru_cache(maxsize=1)
def transforms() -> tuple[Transform, ...]:
    """All transforms in the order they run: by phase, then by name."""
    files = (name for folder in folders() for name in os.listdir(folder))  # noqa: PTH208 - pathlib costs 13 ms
    names = {name.removesuffix(".py") for name in files if name.endswith(".py") and not name.startswith("_")}
    found = [importlib.import_module(f"{PACKAGE}.{name}").apply for name in sorted(names)]
    return tuple(sorted(found, key=lambda transform: (transform.phase, transform.name)))


def folders() -> list[str]:
    """Where the modules of transforms are."""
    return list(importlib.import_module(PACKAGE).__path__)


@lru_cache(maxsize=256)
def find(name: str) -> Transform:
    """The transform of a name, written with hyphens or underscores.

    Raises:
        SettingsError: there is none; the message names the closest.
    """
    wanted = name.strip().replace("-", "_").lower()
    for transform in transforms():
        if transform.name == wanted:
            return transform
    from difflib import get_close_matches  # noqa: PLC0415 - only for the error message

    close = get_close_matches(wanted, [transform.name for transform in transforms()], 1)
    hint = f"did you mean {close[0].replace('_', '-')}?" if close else "see `dockopt list`"
    raise SettingsError(f"no transform is called {name!r}; {hint}")


def _reduced(transform: Transform) -> tuple[Callable[[str], Transform], tuple[str]]:
    """Transforms travel between processes by name: every process has its own."""
    return find, (transform.name,)


copyreg.pickle(Transform, _reduced)
