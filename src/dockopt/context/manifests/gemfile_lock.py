"""Gemfile.lock: the gems that bundler installs, and those that come from elsewhere than a gem server."""

from typing import NamedTuple

from dockopt.context.tree import Context

SECTIONS = ("GEM", "GIT", "PATH", "PLUGIN SOURCE")


class Locked(NamedTuple):
    """`gems` are names with their versions; `elsewhere` those from repositories or folders."""

    gems: dict[str, str]
    elsewhere: tuple[str, ...]


def read(context: Context, path: str) -> Locked | None:
    """What a lock file says, None where it cannot be read or holds no section of gems."""
    text = context.read(path)
    return parse(text) if text is not None else None


def parse(text: str) -> Locked | None:
    """The gems of a lock file's text."""
    section = ""
    gems: dict[str, str] = {}
    elsewhere: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith(" "):
            section = line.strip()
        elif line.startswith("    ") and line[4:5] != " " and section in SECTIONS:
            name, _, version = line.strip().partition(" (")
            gems.setdefault(name, version.rstrip(")"))
            if section != "GEM":
                elsewhere.append(name)
    return Locked(gems, tuple(elsewhere)) if gems else None
