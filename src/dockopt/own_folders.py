"""Where a user's own files are, as each platform wants it: asked by every run, most of which open none."""

import os
import sys

DATA = "DOCKOPT_DATA"
"""The environment variable that names another folder for the user's package indexes."""
CACHE = "DOCKOPT_CACHE"
"""The one for results of earlier runs."""


def data_folder() -> str:
    """Where a program keeps its data for a user."""
    return _folder(DATA, "Application Support", "XDG_DATA_HOME", os.path.join(".local", "share"))


def cache_folder() -> str:
    """Where a program keeps what it can make again."""
    return _folder(CACHE, "Caches", "XDG_CACHE_HOME", ".cache")


def _folder(named: str, library: str, variable: str, usual: str) -> str:
    if folder := os.environ.get(named):
        return folder
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", library)
    else:
        base = os.environ.get(variable) or os.path.join(home, usual)
    return os.path.join(base, "dockopt")
