"""The files of a build context after `.dockerignore`, walked and read when first asked, never changed in between."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from dockopt.context.names import is_compose_name, is_dockerfile_name
from dockopt.lazy import cached_property

if TYPE_CHECKING:
    from dockopt.context.archives import Archive
    from dockopt.context.history import History

Result = TypeVar("Result")


class ContextFile(NamedTuple):
    """One file that the builder would receive. `path` is relative with forward slashes; `size` in bytes."""

    path: str
    size: int
    executable: bool = False
    link: str | None = None
    """Where a symbolic link points to, as written."""


class IgnoreFile(NamedTuple):
    """The file with the rules of what is ignored, by the path to write it to; no text where it is not there yet."""

    path: str
    text: str | None


class Context:
    """A build context. Subclasses say where the files are; see `folder.FolderContext` and `MemoryContext`."""

    name: str = "."
    dockerfile: str | None = None
    """The path of the Dockerfile, where there is one and it is known."""
    summarised: tuple[str, ...] = ()
    """Folders of which only the files directly in them are in `files`, though all of them are sent."""

    @property
    def ignore_file(self) -> IgnoreFile | None:
        """The file to change for ignoring more, None where that is not for the Dockerfile at hand to say."""
        return None

    @property
    def dockerfiles(self) -> Mapping[str, str]:
        """Texts of all Dockerfiles in the folder and below, ignored ones too, by path."""
        return {}

    @cached_property
    def compose_files(self) -> Mapping[str, str]:
        """Texts of the compose files that may start the image, by path; those that the builder never gets, too."""
        names = (path for path in self.files if is_compose_name(path.rpartition("/")[2]))
        return {path: self.read(path) or "" for path in names}

    def with_ignore(self, text: str) -> "Context":
        """The same context under rules that ignore more."""
        from dockopt.context.narrowed import NarrowedContext  # noqa: PLC0415 - only where a fix asks for it

        return NarrowedContext(self, text)

    def bytes_in(self, folder: str) -> int:  # noqa: ARG002 - nothing is left out here
        """Bytes of the files below a summarised folder that are not in `files`."""
        return 0

    @cached_property
    def history(self) -> "History | None":
        """How often each file was changed; None where nothing says so."""
        return None

    @cached_property
    def files(self) -> Mapping[str, ContextFile]:
        """Every file by path, in sorted order."""
        return {file.path: file for file in sorted(self._walk())}

    @property
    def complete(self) -> bool:
        """Whether every file is in `files`: no folder was unreadable and no limit was met."""
        return True

    def read(self, path: str) -> str | None:
        """The text of a file, or None where it is absent, ignored, not UTF-8 or over 4 MB."""
        raise NotImplementedError

    def ignores(self, path: str) -> bool:  # noqa: ARG002 - nothing is ignored without rules
        """Whether the rules keep a path from the builder, be it there or not."""
        return False

    def archive(self, path: str) -> "Archive | None":  # noqa: ARG002 - texts are no archives
        """What the archive at a path unpacks to; None where there is none."""
        return None

    def has(self, path: str) -> bool:
        return path in self.files

    def is_folder(self, path: str) -> bool:
        return path in self._folders

    @property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file; a folder on disk also has its empty ones. Always with "" and "."."""
        return self._folders

    def under(self, folder: str) -> Iterator[ContextFile]:
        """The files below a folder ("" or "." for all)."""
        prefix = "" if folder in ("", ".") else folder.rstrip("/") + "/"
        return (file for path, file in self.files.items() if path.startswith(prefix))

    def once(self, reader: "Callable[[Context, str], Result]", path: str) -> Result:
        """What a reader makes of a path; asked once, as nothing here changes."""
        key = (reader.__module__, reader.__qualname__, path)
        if key not in self._results:
            self._results[key] = reader(self, path)
        return cast("Result", self._results[key])

    @cached_property
    def _results(self) -> dict[tuple[str, str, str], object]:
        return {}

    @cached_property
    def _folders(self) -> frozenset[str]:
        found = {"", "."}
        for path in self.files:
            parent = path.rpartition("/")[0]
            while parent and parent not in found:
                found.add(parent)
                parent = parent.rpartition("/")[0]
        return frozenset(found)

    def _walk(self) -> Iterable[ContextFile]:
        raise NotImplementedError


class MemoryContext(Context):
    """A context made of texts, for examples and tests; a `.dockerignore` among them is honoured."""

    def __init__(self, texts: Mapping[str, str], name: str = ".", dockerfile: str | None = None) -> None:
        self.texts = dict(texts)
        self.name = name
        self.dockerfile = dockerfile

    @property
    def ignore_file(self) -> IgnoreFile:
        return IgnoreFile(".dockerignore", self.texts.get(".dockerignore"))

    @property
    def dockerfiles(self) -> Mapping[str, str]:
        return {path: text for path, text in self.texts.items() if is_dockerfile_name(path.rpartition("/")[2])}

    @cached_property
    def compose_files(self) -> Mapping[str, str]:
        return {path: text for path, text in self.texts.items() if is_compose_name(path.rpartition("/")[2])}

    def read(self, path: str) -> str | None:
        return self.texts.get(path) if self.has(path) else None

    def ignores(self, path: str) -> bool:
        from dockopt.context.ignore import Ignore  # noqa: PLC0415 - as below

        return Ignore.parse(self.texts.get(".dockerignore", "")).ignores(path)

    def _walk(self) -> Iterable[ContextFile]:
        from dockopt.context.ignore import Ignore  # noqa: PLC0415 - costs a regex, only where a file asks for it

        ignore = Ignore.parse(self.texts.get(".dockerignore", ""))
        return (
            ContextFile(path, len(text.encode("utf-8", "surrogateescape")), executable=path.endswith(".sh"))
            for path, text in self.texts.items()
            if not ignore.ignores(path)
        )
