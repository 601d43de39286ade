"""Where a user's own indexes are: asked by every run, most of which load none."""

import os
import sys

FOLDER = "DOCKOPT_DATA"
"""The environment variable that names another folder for the user's indexes."""


def user_folder() -> str:
    """Where the platform keeps a program's data for a user."""
    if named := os.environ.get(FOLDER):
        return named
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    return os.path.join(base, "dockopt")
