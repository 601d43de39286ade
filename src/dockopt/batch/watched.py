"""A build context that notes what is asked of it, and whether it would still give the same answers."""

import os
from hashlib import blake2b
from typing import BinaryIO

from dockopt.batch.seen import NOTHING, Seen
from dockopt.context.folder import GIT, FolderContext, StartedBy
from dockopt.context.tree import IgnoreFile


class WatchedContext(FolderContext):
    """A folder that notes every question. Notes only grow: whoever shares a context answers for all that was asked."""

    def __init__(self, root: str, dockerfile: str | None = None, started_by: StartedBy = ()) -> None:
        super().__init__(root, dockerfile, started_by)
        self._found: dict[str, bool] = {}
        self._read_texts: dict[str, str] = {}
        self._opened: dict[str, str] = {}
        self._hidden: dict[str, int] = {}
        self._ignoring = ""

    @property
    def ignore_file(self) -> IgnoreFile | None:
        answer = super().ignore_file
        self._ignoring = self._ignoring or ignoring_of(self)
        return answer

    def has(self, path: str) -> bool:
        self._found[path] = answer = super().has(path)
        return answer

    def read(self, path: str) -> str | None:
        text = super().read(path)
        self._read_texts[path] = _digest_of_text(text)
        return text

    def open_file(self, path: str) -> BinaryIO | None:
        self._opened[path] = _stamp(self, path)
        return super().open_file(path)

    def bytes_in(self, folder: str) -> int:
        self._hidden[folder] = answer = super().bytes_in(folder)
        return answer

    def seen(self) -> Seen:
        """All that was asked up to now."""
        listing = listing_of(self) if "files" in self.__dict__ else ""
        return Seen(
            listing,
            tuple(sorted(self._found.items())),
            tuple(sorted(self._read_texts.items())),
            tuple(sorted(self._opened.items())),
            tuple(sorted(self._hidden.items())),
            composed_of(self) if "compose_files" in self.__dict__ else "",
            self._ignoring,
        )


def holds(seen: Seen, context: FolderContext | None) -> bool:
    """Whether a context would still give the same answers."""
    if seen == NOTHING:
        return True
    if context is None:
        return False
    return (
        (not seen.listing or listing_of(context) == seen.listing)
        and all(_has(context, path) == answer for path, answer in seen.found)
        and all(_digest_of_text(context.read(path)) == digest for path, digest in seen.texts)
        and all(_stamp(context, path) == stamp for path, stamp in seen.opened)
        and all(context.bytes_in(folder) == size for folder, size in seen.hidden)
        and (not seen.composed or composed_of(context) == seen.composed)
        and (not seen.ignoring or ignoring_of(context) == seen.ignoring)
    )


def _has(context: FolderContext, path: str) -> bool:
    """What a context without a list of its files says, from the list where that is there: it leaves no file out, but
    for those below `.git`.
    """
    if "files" in context.__dict__ and context.complete and GIT not in path:
        return path in context.files
    return context.on_disk(path)


def listing_of(context: FolderContext) -> str:
    """A digest of names, sizes, modes and links; found once for a context."""
    known: str | None = context.__dict__.get("listing digest")
    if known is None:
        complete = context.complete
        words = [repr((*file, complete)) for file in context.files.values()]
        words += sorted(context.folders)
        digest = blake2b("\n".join(words).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        known = context.__dict__["listing digest"] = digest
    return known


def composed_of(context: FolderContext) -> str:
    """A digest of the compose files that may start the image."""
    return _digest_of_text(repr(sorted(context.compose_files.items())))


def ignoring_of(context: FolderContext) -> str:
    """A digest of what a change of the ignore file rests on beside the listing."""
    if not context.owned:
        return "not ours"
    file = FolderContext.ignore_file.fget(context)  # type: ignore[attr-defined]
    return _digest_of_text(repr((file, sorted(context.dockerfiles.items()))))


def _digest_of_text(text: str | None) -> str:
    return "" if text is None else blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _stamp(context: FolderContext, path: str) -> str:
    """What changes when a file too large to read for this is written."""
    try:
        status = os.stat(os.path.join(context.root, os.fsencode(path)))
    except (OSError, ValueError):
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"
