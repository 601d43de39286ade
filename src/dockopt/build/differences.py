"""What differs between two images: config, and every path whose kind, mode, owner or content is not the same."""

from enum import Enum
from typing import NamedTuple

from dockopt.build.image import CONFIG_KEYS, Entry, Image, setting
from dockopt.build.noise import is_noise


class ChangeKind(Enum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """Another kind of file, or other content."""
    OWNED = "owner, mode or extended attributes changed"


class FileChange(NamedTuple):
    path: str
    kind: ChangeKind
    before: Entry | None
    after: Entry | None

    @property
    def size(self) -> int:
        """Bytes by which the image grows."""
        return (self.after.size if self.after else 0) - (self.before.size if self.before else 0)


class ConfigChange(NamedTuple):
    key: str
    before: object
    after: object


class Differences(NamedTuple):
    """`noise` are changed paths that differ between builds of one file as well."""

    files: tuple[FileChange, ...]
    config: tuple[ConfigChange, ...]
    noise: tuple[FileChange, ...] = ()

    def of(self, kind: ChangeKind) -> tuple[FileChange, ...]:
        return tuple(change for change in self.files if change.kind is kind)


def compare(before: Image, after: Image, known_noise: frozenset[str] = frozenset()) -> Differences:
    """All differences; `known_noise` are paths that were seen to differ between two builds of the first file."""
    changes: list[FileChange] = []
    noise: list[FileChange] = []
    for path in sorted({*before.files, *after.files}):
        change = _change(path, before.files.get(path), after.files.get(path))
        if change is None:
            continue
        quiet = change.kind is ChangeKind.CHANGED and (is_noise(path) or path in known_noise)
        (noise if quiet else changes).append(change)
    config = (ConfigChange(key, setting(before, key), setting(after, key)) for key in CONFIG_KEYS)
    return Differences(tuple(changes), tuple(one for one in config if one.before != one.after), tuple(noise))


def _change(path: str, old: Entry | None, new: Entry | None) -> FileChange | None:
    if old is None:
        return FileChange(path, ChangeKind.ADDED, old, new)
    if new is None:
        return FileChange(path, ChangeKind.REMOVED, old, new)
    if (old.kind, old.content) != (new.kind, new.content):
        return FileChange(path, ChangeKind.CHANGED, old, new)
    if old._replace(size=0, content="") != new._replace(size=0, content=""):
        return FileChange(path, ChangeKind.OWNED, old, new)
    return None
