"""Where indexes are kept: those that come with dockopt, and newer ones that `dockopt data update` wrote."""

import os
from functools import cache
from typing import NamedTuple

from dockopt.debian.index import Index
from dockopt.debian.layout import File, Header, unpack
from dockopt.own_folders import data_folder

BUNDLED = {"bullseye": "debian_11", "bookworm": "debian_12", "trixie": "debian_13"}
ENDING = ".index.gz"


class Stored(NamedTuple):
    """An index on disk. `bundled` says that it came with dockopt, `used` that no newer one takes its place."""

    path: str
    header: Header
    bundled: bool
    used: bool


@cache
def load(codename: str) -> Index | None:
    """The newest index of a release, None where there is none."""
    files = [file for path in (bundled_path(codename), user_path(codename)) if path and (file := read(path))]
    return Index(max(files, key=lambda file: file.header.date)) if files else None


def read(path: str) -> File | None:
    """The index in a file, None where it is missing or no index of this format."""
    try:
        with open(path, "rb") as stream:
            return unpack(stream.read())
    except OSError:
        return None


def bundled_path(codename: str) -> str | None:
    name = BUNDLED.get(codename)
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.path.join(package, "knowledge", name + ENDING) if name else None


def user_path(codename: str) -> str:
    return os.path.join(data_folder(), codename + ENDING)


def save(codename: str, content: bytes) -> str:
    """Put an index where `load` finds it, whole or not at all; the path."""
    path = user_path(codename)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    partial = f"{path}.{os.getpid()}"
    try:
        with open(partial, "wb") as stream:
            stream.write(content)
        os.replace(partial, path)
    finally:
        if os.path.exists(partial):
            os.remove(partial)
    load.cache_clear()
    return path


def stored() -> tuple[Stored, ...]:
    """All indexes, by release, the bundled one first."""
    try:
        own = [name.removesuffix(ENDING) for name in os.listdir(data_folder()) if name.endswith(ENDING)]
    except OSError:
        own = []
    return tuple(one for codename in dict.fromkeys((*BUNDLED, *sorted(own))) for one in _stored(codename))


def _stored(codename: str) -> list[Stored]:
    found = []
    for path, bundled in ((bundled_path(codename), True), (user_path(codename), False)):
        if path and (file := read(path)):
            found.append(Stored(path, file.header, bundled, used=True))
    if len(found) == 2:
        first_wins = found[0].header.date >= found[1].header.date
        found = [found[0]._replace(used=first_wins), found[1]._replace(used=not first_wins)]
    return found
