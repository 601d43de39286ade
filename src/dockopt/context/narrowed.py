"""A build context of which more is ignored than its ignore file says by now."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dockopt.context.ignore import Ignore
from dockopt.context.tree import Context, ContextFile, IgnoreFile
from dockopt.lazy import cached_property

if TYPE_CHECKING:
    from dockopt.context.archives import Archive
    from dockopt.context.history import History


class NarrowedContext(Context):
    """All questions go to the context that it is made of; what the new rules ignore is not there."""

    def __init__(self, whole: Context, text: str) -> None:
        self.whole = whole
        self.text = text
        self.name = whole.name
        self.dockerfile = whole.dockerfile
        self._ignore = Ignore.parse(text)
        self.summarised = tuple(folder for folder in whole.summarised if not self._ignore.ignores(folder))

    @property
    def ignore_file(self) -> IgnoreFile | None:
        file = self.whole.ignore_file
        return file and IgnoreFile(file.path, self.text)

    @property
    def dockerfiles(self) -> Mapping[str, str]:
        return self.whole.dockerfiles

    @cached_property
    def compose_files(self) -> Mapping[str, str]:
        return self.whole.compose_files

    @cached_property
    def history(self) -> "History | None":
        return self.whole.history

    @property
    def complete(self) -> bool:
        return self.whole.complete and not self._ignore.problems

    def has(self, path: str) -> bool:
        return self.whole.has(path) and not self._ignore.ignores(path)

    def read(self, path: str) -> str | None:
        return None if self._ignore.ignores(path) else self.whole.read(path)

    def ignores(self, path: str) -> bool:
        return self._ignore.ignores(path)

    def archive(self, path: str) -> "Archive | None":
        return None if self._ignore.ignores(path) else self.whole.archive(path)

    def bytes_in(self, folder: str) -> int:
        return self.whole.bytes_in(folder)

    @cached_property
    def _folders(self) -> frozenset[str]:
        kept = {folder for folder in self.whole.folders if folder in ("", ".") or not self._ignore.ignores(folder)}
        for path in self.files:
            parent = path.rpartition("/")[0]
            while parent and parent not in kept:
                kept.add(parent)
                parent = parent.rpartition("/")[0]
        return frozenset(kept)

    def _walk(self) -> Iterable[ContextFile]:
        return (file for file in self.whole.files.values() if not self._ignore.ignores(file.path))
