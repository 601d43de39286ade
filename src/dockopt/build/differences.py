"""What differs between two images: config, and every path whose kind, mode, owner or content is not the same."""

from enum import Enum
from typing import NamedTuple

from dockopt.build.image import CONFIG_KEYS, Entry, Image, setting
from dockopt.build.noise import is_compiled, is_noise


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


Noise = frozenset[tuple[str, ChangeKind]]
"""Paths that were seen to differ between two builds of one file, and how."""


class Differences(NamedTuple):
    """`noise` are changes that come about between builds of one file as well."""

    files: tuple[FileChange, ...]
    config: tuple[ConfigChange, ...]
    noise: tuple[FileChange, ...] = ()

    def of(self, kind: ChangeKind) -> tuple[FileChange, ...]:
        return tuple(change for change in self.files if change.kind is kind)


def compare(before: Image, after: Image, known: Noise = frozenset()) -> Differences:
    """All differences; content that always differs hides no other mode or owner."""
    changes: list[FileChange] = []
    noise: list[FileChange] = []
    fleeting = {folder(path) for path, kind in known if kind in (ChangeKind.ADDED, ChangeKind.REMOVED)}
    for path in sorted({*before.files, *after.files}):
        change = _change(path, before.files.get(path), after.files.get(path))
        if change is None:
            continue
        if not _is_noise(change, known, fleeting):
            changes.append(change)
            continue
        noise.append(change)
        if change.kind is ChangeKind.ADDED:
            fleeting.add(path)
        elif _is_owned_otherwise(change) and (path, ChangeKind.OWNED) not in known:
            changes.append(change._replace(kind=ChangeKind.OWNED))
    config = (ConfigChange(key, setting(before, key), setting(after, key)) for key in CONFIG_KEYS)
    return Differences(tuple(changes), tuple(one for one in config if one.before != one.after), tuple(noise))


def _is_noise(change: FileChange, known: Noise, fleeting: set[str]) -> bool:
    """Names that are new in every build differ from build to build: what counts of them is their folder."""
    if (change.path, change.kind) in known:
        return True
    if change.kind is ChangeKind.ADDED:
        return folder(change.path) in fleeting
    if change.kind is not ChangeKind.CHANGED or not _is_same_kind(change):
        return False
    return is_noise(change.path) or (change.size == 0 and is_compiled(change.path))


def folder(path: str) -> str:
    return path.rpartition("/")[0]


def _is_same_kind(change: FileChange) -> bool:
    return change.before is not None and change.after is not None and change.before.kind == change.after.kind


def _is_owned_otherwise(change: FileChange) -> bool:
    if change.kind is not ChangeKind.CHANGED or change.before is None or change.after is None:
        return False
    return change.before._replace(size=0, content="") != change.after._replace(size=0, content="")


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
