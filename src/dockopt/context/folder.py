"""A build context in a folder on disk, as the builder would receive it. Nothing is run, and nothing outside is read."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from dockopt.context.ignore import Ignore
from dockopt.context.names import is_compose_name
from dockopt.context.tree import Context, ContextFile, IgnoreFile
from dockopt.lazy import cached_property

if TYPE_CHECKING:
    from dockopt.context.archives import Archive
    from dockopt.context.history import History

FILES_AT_MOST = 200_000
FOLDERS_AT_MOST = 20_000
TEXT_AT_MOST = 4 * 1024 * 1024
GIT = ".git"
NO_RULES = Ignore(())


StartedBy = tuple[tuple[str, str], ...]
"""Compose files elsewhere, by their whole paths, with the service in them that an image is built for."""


class FolderContext(Context):
    """The folder's files, after `<Dockerfile>.dockerignore` if there is one and else `.dockerignore`.

    The repository folder `.git` is sent to the builder like any other, but its thousands of objects say nothing that
    a reader asks for: only the files directly in it are listed, and `summarised` names such folders. `files` is
    complete in every other respect where `complete` is True. Links are listed, never walked into.
    """

    def __init__(self, root: str, dockerfile: str | None = None, started_by: StartedBy = ()) -> None:
        self.name = root
        self.dockerfile = dockerfile
        self.started_by = started_by
        self.summarised = ()
        self.owned = False
        """Whether the Dockerfile at hand is the one to change the ignore file for."""
        self.root = os.fsencode(root)
        self._complete = True
        self._seen_folders: set[str] = {"", "."}
        self._texts: dict[str, str | None] = {}
        self._ignored_compose: list[str] = []

    @cached_property
    def ignore(self) -> Ignore:
        """The rules that hold for this Dockerfile."""
        if self.dockerfile is not None:
            own = _text(os.fsencode(self.dockerfile + ".dockerignore"))
            if own is not None:
                return Ignore.parse(own)
        path = _join(self.root, b".dockerignore")
        if not os.path.lexists(path):
            return NO_RULES
        return Ignore.parse((_text(path) if self._stays_inside(path) else None) or "")

    @property
    def ignore_file(self) -> IgnoreFile | None:
        return self._ignore_file if self.owned else None

    @cached_property
    def _ignore_file(self) -> IgnoreFile | None:
        own = f"{self.dockerfile}.dockerignore"
        path = own if self.dockerfile and os.path.lexists(own) else f"{self.name}/.dockerignore".removeprefix("./")
        place = os.fsencode(path)
        if not os.path.lexists(place):
            return IgnoreFile(path, None)
        text = _text(place) if stat.S_ISREG(os.lstat(place).st_mode) else None
        return None if text is None else IgnoreFile(path, text)

    def ignores(self, path: str) -> bool:
        return self.ignore.ignores(path)

    @cached_property
    def dockerfiles(self) -> Mapping[str, str]:
        from dockopt.context.services import dockerfiles  # noqa: PLC0415 - only where something is to be ignored

        return dockerfiles(self.name)

    @cached_property
    def compose_files(self) -> Mapping[str, str]:
        """Those in the folder, ignored ones included, and of those elsewhere what is about the image's services."""
        found = dict(super().compose_files)
        for path in self._ignored_compose:
            place = _join(self.root, _encode(path))
            found[path] = (_text(place) or "") if self._stays_inside(place) else ""
        if not self.started_by:
            return found
        inside = _join(os.path.realpath(self.root), b"")
        for path, service in self.started_by:
            place = os.fsencode(os.path.realpath(path))
            if not place.startswith(inside) and (text := self._of_service(path, service)):
                shown = os.path.relpath(place, inside).decode("utf-8", "surrogateescape")
                found[shown] = found.get(shown, "") + text
        return found

    def _of_service(self, path: str, service: str) -> str:
        from dockopt.context.compose import of_service  # noqa: PLC0415 - a YAML parser, only where there is YAML

        text = _text(os.fsencode(path), "strict")
        return of_service(text, service) if text else ""

    @cached_property
    def history(self) -> "History | None":
        from dockopt.context.history import read  # noqa: PLC0415 - only where the history is asked for

        return read(os.fsdecode(self.root))

    @property
    def complete(self) -> bool:
        return len(self.files) <= FILES_AT_MOST and self._complete and not self.ignore.problems

    def has(self, path: str) -> bool:
        """Whether the builder receives the file; asks the disk for this one path as long as no walk was needed."""
        if "files" in self.__dict__:
            return path in self.files
        return self.on_disk(path)

    def on_disk(self, path: str) -> bool:
        """The same from the disk, whether there was a walk or not."""
        return self._status(path) is not None

    def read(self, path: str) -> str | None:
        if path not in self._texts:
            self._texts[path] = None  # what a link that leads to itself gets
            self._texts[path] = self._read(path)
        return self._texts[path]

    def archive(self, path: str) -> "Archive | None":
        return self.once(_archive, path)

    def bytes_in(self, folder: str) -> int:
        return self.once(_hidden_bytes, folder)

    def open_file(self, path: str) -> BinaryIO | None:
        """A regular file that the builder receives, open for reading bytes; None for anything else."""
        status = self._status(path)
        place = _join(self.root, _encode(path))
        if status is None or not stat.S_ISREG(status.st_mode) or not self._stays_inside(place):
            return None
        try:
            return open(place, "rb")  # noqa: PTH123 - pathlib costs start-up time; the caller closes it
        except OSError:
            return None

    def _read(self, path: str) -> str | None:
        status = self._status(path)
        if status is None:
            return None
        place = _join(self.root, _encode(path))
        if stat.S_ISLNK(status.st_mode):
            if not self._stays_inside(place):
                return None
            target = os.path.relpath(os.path.realpath(place), os.path.realpath(self.root))
            return self.read(target.decode("utf-8", "surrogateescape"))
        return _text(place, "strict") if status.st_size <= TEXT_AT_MOST else None

    def _status(self, path: str) -> os.stat_result | None:
        """What the disk says about a file or link that is sent; None for anything else."""
        names = path.split("/")
        if not all(name not in ("", ".", "..") and "\0" not in name for name in names):
            return None
        place = self.root
        mode = stat.S_IFDIR
        status = None
        try:
            for name in names:
                if not stat.S_ISDIR(mode):
                    return None
                place = _join(place, _encode(name))
                status = os.lstat(place)
                mode = status.st_mode
        except (OSError, UnicodeEncodeError):
            return None
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)) or self.ignore.ignores(path):
            return None
        return status

    def _stays_inside(self, place: bytes) -> bool:
        root = _join(os.path.realpath(self.root), b"")
        return os.path.realpath(place).startswith(root)

    @cached_property
    def _folders(self) -> frozenset[str]:
        """Empty folders included: they are sent, too."""
        assert self.files is not None
        return frozenset(self._seen_folders)

    def _walk(self) -> Iterable[ContextFile]:
        found: list[ContextFile] = []
        ignores = self.ignore.ignores
        waiting = [""]
        while waiting and len(found) <= FILES_AT_MOST:
            folder = waiting.pop()
            for entry, path in self._entries(folder):
                if entry.is_dir(follow_symlinks=False):
                    if self._enters(folder, path):
                        waiting.append(path)
                elif not ignores(path):
                    found.extend(self._file(entry, path))
                elif is_compose_name(path.rpartition("/")[2]) and entry.is_file():
                    self._ignored_compose.append(path)
        if len(found) > FILES_AT_MOST:
            self._complete = False
            del found[FILES_AT_MOST:]
        return found

    def _entries(self, folder: str) -> Iterator[tuple["os.DirEntry[bytes]", str]]:
        prefix = folder + "/" if folder else ""
        try:
            with os.scandir(_join(self.root, _encode(folder))) as entries:
                for entry in entries:
                    yield entry, prefix + entry.name.decode("utf-8", "surrogateescape")
        except OSError:
            self._complete = False

    def _enters(self, folder: str, path: str) -> bool:
        """Whether the walk goes into a folder; notes the folder if it is sent."""
        ignored = self.ignore.ignores(path)
        if ignored and not self.ignore.may_take_back(path):
            return False
        if not ignored:
            self._seen_folders.add(path)
        if path.rpartition("/")[2] == GIT:
            self.summarised = (*self.summarised, path)
        return folder.rpartition("/")[2] != GIT

    def _file(self, entry: "os.DirEntry[bytes]", path: str) -> Iterator[ContextFile]:
        try:
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISLNK(status.st_mode):
                link = os.readlink(entry.path).decode("utf-8", "surrogateescape")  # noqa: PTH115 - pathlib knows no bytes
                yield self._noted(ContextFile(path, status.st_size, link=link))
            elif stat.S_ISREG(status.st_mode):
                yield self._noted(ContextFile(path, status.st_size, executable=bool(status.st_mode & 0o111)))
        except OSError:
            self._complete = False

    def _noted(self, file: ContextFile) -> ContextFile:
        parent = file.path.rpartition("/")[0]
        while parent and parent not in self._seen_folders:
            self._seen_folders.add(parent)
            parent = parent.rpartition("/")[0]
        return file


def _hidden_bytes(context: Context, folder: str) -> int:
    assert isinstance(context, FolderContext)
    top = _join(context.root, _encode(folder))
    size = 0
    for number, (place, _, names) in enumerate(os.walk(top)):
        if number > FOLDERS_AT_MOST:
            break
        if place != top:
            size += sum(_size(_join(place, name)) for name in names)
    return size


def _size(place: bytes) -> int:
    try:
        status = os.lstat(place)
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def _archive(context: Context, path: str) -> "Archive | None":
    from dockopt.context.archives import read  # noqa: PLC0415 - only where an archive is unpacked

    assert isinstance(context, FolderContext)
    file = context.open_file(path)
    if file is None:
        return None
    with file:
        return read(file)


def _join(folder: bytes, name: bytes) -> bytes:
    return folder.rstrip(b"/") + b"/" + name


def _encode(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _text(place: bytes, errors: str = "surrogateescape") -> str | None:
    try:
        with open(place, "rb") as file:  # noqa: PTH123 - pathlib costs start-up time
            return file.read(TEXT_AT_MOST + 1).decode("utf-8", errors)
    except (OSError, UnicodeDecodeError):
        return None
