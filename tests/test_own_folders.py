"""Folders of the user's own on each platform."""

import pytest

from dockopt import own_folders

VARIABLES = ("DOCKOPT_DATA", "DOCKOPT_CACHE", "XDG_DATA_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA")


@pytest.mark.parametrize(
    ("platform", "variable", "value", "folders"),
    [
        ("linux", "DOCKOPT_DATA", "/d", ("/d", "/home/u/.cache/dockopt")),
        ("linux", "DOCKOPT_CACHE", "/c", ("/home/u/.local/share/dockopt", "/c")),
        ("linux", "XDG_DATA_HOME", "/x", ("/x/dockopt", "/home/u/.cache/dockopt")),
        ("linux", "XDG_CACHE_HOME", "/x", ("/home/u/.local/share/dockopt", "/x/dockopt")),
        ("darwin", "NOTHING", "", ("/home/u/Library/Application Support/dockopt", "/home/u/Library/Caches/dockopt")),
        ("win32", "NOTHING", "", ("/home/u/AppData/Local/dockopt", "/home/u/AppData/Local/dockopt")),
        ("win32", "LOCALAPPDATA", "/l", ("/l/dockopt", "/l/dockopt")),
    ],
)
def test_where_they_are(
    monkeypatch: pytest.MonkeyPatch, platform: str, variable: str, value: str, folders: tuple[str, str]
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/u")
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr("dockopt.own_folders.sys.platform", platform)
    assert (own_folders.data_folder(), own_folders.cache_folder()) == folders
