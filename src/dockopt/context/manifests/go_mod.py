"""A Go module: `go.mod`, `go.sum`, the workspace it belongs to, and a vendor folder. Nothing is downloaded."""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.context.glob import clean
from dockopt.context.tree import Context

DIRECTIVES = frozenset(("exclude", "retract", "godebug", "tool", "ignore"))


class Require(NamedTuple):
    """A module this one is built with."""

    path: str
    version: str
    indirect: bool = False


class Replace(NamedTuple):
    """A module taken from somewhere else: another module, or where `version` is "" a folder."""

    path: str
    by: str
    version: str = ""

    @property
    def is_local(self) -> bool:
        return not self.version


class GoModule(NamedTuple):
    """What one `go.mod` and its neighbours say. Paths are context paths; `folder` is "" at the root.

    `work` is the `go.work` of the folder or one above it, `uses` the module folders it names. `reads` are the files
    that `go mod download` reads: the manifests of this module and of every local replacement and workspace member.
    """

    folder: str
    module: str
    go: str
    toolchain: str
    requires: tuple[Require, ...]
    replaces: tuple[Replace, ...]
    tools: tuple[str, ...]
    has_vendor: bool
    sum: str | None
    work: str | None
    uses: tuple[str, ...]
    reads: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def local(self) -> tuple[str, ...]:
        """The folders that stand in for modules, as written."""
        return tuple(one.by for one in self.replaces if one.is_local)


def read(context: Context, folder: str = "") -> GoModule:
    """The module in a folder of the context. Whatever is absent or cannot be read is in `problems`."""
    return _Reader(context, "" if clean(folder) == "." else clean(folder)).module()


def statements(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Line number, words and comment of every statement; the words of a block's lines start with its keyword."""
    block: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        words, comment = _words(line)
        if block and words == [")"]:
            block = []
        elif words[-1:] == ["("] and not block:
            block = words[:-1]
        elif words:
            yield number, [*block, *words], comment


def _words(line: str) -> tuple[list[str], str]:
    code, _, comment = line.partition("//") if not _has_quoted_slashes(line) else (line, "", "")
    words = code.replace("(", " ( ").replace(")", " ) ").replace("=>", " => ").split()
    return [word.strip('"`') for word in words], comment.strip()


def _has_quoted_slashes(line: str) -> bool:
    before = line.partition("//")[0]
    return before.count('"') % 2 == 1 or before.count("`") % 2 == 1


class _Reader:
    """Collects the statements of one module file."""

    def __init__(self, context: Context, folder: str) -> None:
        self.context = context
        self.folder = folder
        self.path = self._beside("go.mod")
        self.problems: list[str] = []
        self.single: dict[str, str] = {}
        self.requires: list[Require] = []
        self.replaces: list[Replace] = []
        self.tools: list[str] = []

    def module(self) -> GoModule:
        self._read()
        sum_path = self._beside("go.sum")
        work = self._work()
        uses = tuple(self._uses(work)) if work else ()
        return GoModule(
            folder=self.folder,
            module=self.single.get("module", ""),
            go=self.single.get("go", ""),
            toolchain=self.single.get("toolchain", ""),
            requires=tuple(self.requires),
            replaces=tuple(self.replaces),
            tools=tuple(self.tools),
            has_vendor=self.context.has(self._beside("vendor/modules.txt")),
            sum=sum_path if self.context.has(sum_path) else None,
            work=work,
            uses=uses,
            reads=tuple(dict.fromkeys(self._reads(work, uses))),
            problems=tuple(self.problems),
        )

    def _beside(self, name: str) -> str:
        return f"{self.folder}/{name}" if self.folder else name

    def _read(self) -> None:
        text = self.context.read(self.path)
        if text is None:
            self.problems.append(f"{self.path} is not in the build context or cannot be read")
            return
        if "/*" in text or "`" in text:
            self.problems.append(f"{self.path}: block comments and raw strings are not read")
            return
        for number, words, comment in statements(text):
            if not self._statement(words, comment):
                self.problems.append(f"{self.path}:{number}: cannot be read: {' '.join(words)}")
        if "module" not in self.single:
            self.problems.append(f"{self.path}: names no module")

    def _statement(self, words: list[str], comment: str) -> bool:
        match words:
            case ["module" | "go" | "toolchain" as name, value]:
                self.single[name] = value
            case ["require", path, version]:
                self.requires.append(Require(path, version, comment.startswith("indirect")))
            case ["replace", path, "=>", *by] | ["replace", path, _, "=>", *by] if by and path != "=>":
                return self._replace(path, by)
            case ["tool", path]:
                self.tools.append(path)
            case [name, *_]:
                return name in DIRECTIVES
        return True

    def _replace(self, path: str, by: list[str]) -> bool:
        is_folder = by[0].startswith(("./", "../", "/")) or by[0] in (".", "..")
        if len(by) != (1 if is_folder else 2):
            return False
        self.replaces.append(Replace(path, *by))
        return True

    def _work(self) -> str | None:
        above = self.folder
        while True:
            path = f"{above}/go.work" if above else "go.work"
            if self.context.has(path):
                return path
            if not above:
                return None
            above = above.rpartition("/")[0]

    def _uses(self, work: str) -> Iterator[str]:
        text = self.context.read(work)
        if text is None:
            self.problems.append(f"{work} cannot be read")
            return
        above = work.rpartition("/")[0]
        for number, words, _ in statements(text):
            match words:
                case ["use", path] if not path.startswith("/"):
                    yield _normal(f"{above}/{path}" if above else path)
                case ["go" | "toolchain" | "godebug" | "replace", *_]:
                    pass
                case _:
                    self.problems.append(f"{work}:{number}: cannot be read: {' '.join(words)}")

    def _reads(self, work: str | None, uses: tuple[str, ...]) -> Iterator[str]:
        wanted = [self.folder]
        for path in self.local_folders():
            if path.startswith(("/", "../")) or path == "..":
                self.problems.append(f"{self.path}: {path} is outside the build context")
            else:
                wanted.append(path)
        if work:
            yield from (path for path in (work, work + ".sum") if self.context.has(path))
        for folder in (*wanted, *uses):
            names = [f"{folder}/{name}" if folder else name for name in ("go.mod", "go.sum")]
            present = [path for path in names if self.context.has(path)]
            if folder != self.folder and names[0] not in present:
                self.problems.append(f"{self.path}: {names[0]} is not in the build context")
            yield from present

    def local_folders(self) -> Iterator[str]:
        for one in self.replaces:
            if one.is_local:
                yield one.by if one.by.startswith("/") else _normal(self._beside(one.by))


def _normal(path: str) -> str:
    cleaned = clean(path)
    return "" if cleaned == "." else cleaned
