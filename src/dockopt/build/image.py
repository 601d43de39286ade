"""A built image as a value: layers with every file they add, the config, and the file system that results."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dockopt.lazy import cached_property

FILE, FOLDER, LINK, OTHER = "file", "folder", "link", "other"
CONFIG_KEYS = (
    *("Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels", "OnBuild"),
    *("Shell", "StopSignal", "User", "Volumes", "WorkingDir"),
)
"""What an image says of the containers made from it (OCI image config, with what the engines add)."""


class Entry(NamedTuple):
    """One path of a file system.

    `content` is a hash, the target of a link, or the numbers of a device. `size` is in bytes, 0 for a further name of
    a file that was counted already. `attributes` are extended ones, such as the capabilities of a program.
    """

    kind: str
    mode: int
    owner: int
    group: int
    size: int
    content: str
    attributes: str = ""


@dataclass(frozen=True)
class Layer:
    """What one layer adds, replaces and removes. `size` counts as `docker history` does: bytes of files."""

    digest: str
    entries: Mapping[str, Entry] = field(repr=False)
    removed: frozenset[str] = field(repr=False)
    """Paths that earlier layers hold and this one hides."""
    emptied: frozenset[str] = field(repr=False)
    """Folders whose earlier content is hidden."""
    texts: Mapping[str, str] = field(repr=False)
    """Content of the few files that say which package owns what."""

    @cached_property
    def size(self) -> int:
        return sum(entry.size for entry in self.entries.values())


class Step(NamedTuple):
    """One line of the image's history and the layer that it made, None where it made none."""

    instruction: str
    layer: Layer | None

    @property
    def size(self) -> int:
        return self.layer.size if self.layer else 0


@dataclass(frozen=True)
class Image:
    """An image read from its archive. Two of them share the layers that they have in common."""

    config: Mapping[str, Any] = field(repr=False)
    steps: tuple[Step, ...]

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        return tuple(step.layer for step in self.steps if step.layer)

    @cached_property
    def size(self) -> int:
        """Bytes of all layers, uncompressed."""
        return sum(layer.size for layer in self.layers)

    @cached_property
    def files(self) -> Mapping[str, Entry]:
        """The file system that a container sees at first, by path without a leading slash."""
        found: dict[str, Entry] = {}
        for layer in self.layers:
            _put_on(found, layer)
        return found

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The kept texts of the files that are still there."""
        return {path: text for layer in self.layers for path, text in layer.texts.items() if path in self.files}

    @cached_property
    def environment(self) -> Mapping[str, str]:
        pairs = (one.partition("=") for one in self.config.get("Env") or ())
        return {name: value for name, _, value in pairs}


def setting(image: Image, key: str) -> object:
    """One part of the config; empty and absent are the same."""
    return image.config.get(key) or None


def _put_on(found: dict[str, Entry], layer: Layer) -> None:
    """A layer laid on a file system: first what it hides, then what it holds."""
    hidden = {path for path in layer.removed if path in found}
    hidden |= {path for path, entry in layer.entries.items() if _replaces_folder(found.get(path), entry)}
    folders = {path for path in hidden if found[path].kind == FOLDER} | (layer.removed - found.keys()) | layer.emptied
    if folders:
        hidden |= {path for path in found if any(parent in folders for parent in parents(path))}
    for path in hidden:
        del found[path]
    found.update(layer.entries)


def _replaces_folder(old: Entry | None, new: Entry) -> bool:
    return old is not None and old.kind == FOLDER and new.kind != FOLDER


def parents(path: str) -> Iterator[str]:
    """The folders that a path lies in, the nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
