"""What COPY and ADD add to a layer: files of the context, of other stages and images, downloads."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dockopt.context.glob import has_wildcard
from dockopt.context.sources import Matched, is_remote, match
from dockopt.context.tree import Context
from dockopt.estimate.contents import Contents
from dockopt.estimate.contributions import (
    File,
    Piece,
    is_under,
    of_files,
    pieces_under,
    tidy,
    without_replaced,
)
from dockopt.estimate.portions import moved, split
from dockopt.knowledge.ranges import NOTHING, Range, exactly
from dockopt.model.instructions import Copy
from dockopt.model.state import joined

UNKNOWN_FOLDER = Range(10_000, 3_000_000, 300_000_000)
UNKNOWN_FILE = Range(200, 50_000, 50_000_000)
TEXT_FILE = Range(100, 4_000, 400_000)
FROM_IMAGE = Range(10_000, 20_000_000, 400_000_000)
FROM_STAGE = Range(0, 8_000_000, 300_000_000)
REMOTE = Range(1_000, 10_000_000, 500_000_000)
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tbz2", ".txz", ".tar.zst")
UNPACKED = 3.5
TEXTS = (
    *(".json", ".toml", ".txt", ".lock", ".xml", ".yml", ".yaml", ".cfg", ".ini", ".conf", ".sh", ".py", ".js", ".ts"),
    *(".md", ".gradle", ".mod", ".sum", ".rb", ".env", ".sql", ".html", ".css", ".properties", ".service", ".lst"),
    *("Gemfile", "Makefile", "Pipfile", "gradlew", "mvnw", ".npmrc", "Cargo.toml", "Procfile"),
)
PYTHON_PACKAGES = "/usr/local/lib/python"
OF_IMAGES = {
    "/etc/ssl/certs/ca-certificates.crt": Range(190_000, 225_000, 260_000),
    "/etc/ssl/certs": Range(190_000, 225_000, 700_000),
    "/etc/passwd": Range(500, 900, 3_000),
    "/etc/group": Range(300, 450, 2_000),
    "/usr/share/zoneinfo": Range(300_000, 1_500_000, 6_000_000),
    "/usr/local/bin/node": Range(70_000_000, 99_000_000, 125_000_000),
    "/uv": Range(25_000_000, 38_400_000, 60_000_000),
    "/uvx": Range(200_000, 330_000, 500_000),
    "/bin/uv": Range(25_000_000, 38_400_000, 60_000_000),
    "/usr/bin/composer": Range(1_800_000, 3_100_000, 3_600_000),
    "/usr/local/bin/composer": Range(1_800_000, 3_100_000, 3_600_000),
}
"""Files that are often copied out of images, measured in images of 2026; low and high are for older and newer ones."""
Stages = Callable[[str], Contents | None]


def copied(copy: Copy, context: Context | None, contents: Contents, stage_contents: Stages) -> list[Piece]:
    """The pieces that one instruction brings.

    `contents` is what the image holds before it, `stage_contents` gives what a stage of that name or number holds.
    """
    target = copy.target or ""
    pieces = list(_inline(copy, target))
    if copy.from_:
        return pieces + _from_elsewhere(copy, target, contents, stage_contents)
    for source in copy.expanded_sources:
        if not (source or "").startswith("<<"):
            for piece in _from_context(copy, source, target, context, contents):
                pieces = [*without_replaced(pieces, piece), piece]
    return pieces


def _inline(copy: Copy, target: str) -> Iterator[Piece]:
    """Files whose text is in the Dockerfile."""
    for heredoc in copy.node.heredocs:
        size = len(heredoc.content.encode("utf-8", "surrogateescape"))
        place = f"{tidy(target)}/{heredoc.name}" if target.endswith("/") else tidy(target)
        files = (File("", size),)
        yield Piece(("inline", place, str(size)), exactly(size), "text in the file", place, files=files)


def _from_context(
    copy: Copy, source: str | None, target: str, context: Context | None, contents: Contents
) -> list[Piece]:
    key = ("copy", source or copy.text, target.rstrip("/"))
    path = tidy(target)
    if source is not None and is_remote(source):
        name = source.rstrip("/").rpartition("/")[2]
        place = f"{path}/{name}" if target.endswith("/") else path
        return [Piece(("download", source), REMOTE, "downloads of unknown size", place)]
    if context is None or source is None:
        return [Piece(key, _guess(source), "files of a build context that was not given", path)]
    found, selected = selection(context, source, excluded_by(copy))
    if found.missing:
        return [Piece(key, UNKNOWN_FILE, "files that are not in the build context", path)]
    several = len(copy.sources) > 1 or len(found.files) > 1
    into = found.is_folder or several or target.endswith("/") or contents.is_folder(path)
    brought = _Brought(key, path, into, selected, context)
    if copy.keyword == "ADD" and not found.is_folder:
        return list(_added(brought))
    return _selected(brought, found)


class _Brought(NamedTuple):
    """Files of the context on their way to `path`, where they keep their names if `into`."""

    key: tuple[str, ...]
    path: str
    into: bool
    files: tuple[File, ...]
    context: Context

    def piece(self, files: Iterable[File]) -> Piece:
        kept = tuple(files if self.into else (file._replace(name="") for file in files))
        size = exactly(sum(file.size for file in kept))
        return Piece(self.key, size, "sizes of files in the build context", self.path, files=kept)


def selection(
    context: Context, source: str, excluded: Callable[[str], bool] | None = None
) -> tuple[Matched, tuple[File, ...]]:
    """The files that a source selects, by where they land; links are left out, as they have no bytes in a layer."""
    found, files = context.once(_selection, source)
    return found, files if excluded is None else tuple(file for file in files if not excluded(file.name))


def _selection(context: Context, source: str) -> tuple[Matched, tuple[File, ...]]:
    files = context.files
    (found,) = match(context, [source])
    pairs = zip(found.files, found.landing, strict=True)
    known = ((name, files[path]) for path, name in pairs if path in files)
    return found, tuple(File(name, file.size, file.path) for name, file in known if file.link is None)


def excluded_by(copy: Copy) -> Callable[[str], bool] | None:
    patterns = [flag.value or "" for flag in copy.node.flags if flag.name == "exclude"]
    if not patterns:
        return None
    from dockopt.context.ignore import Ignore  # noqa: PLC0415 - only where there is such a flag

    return Ignore.parse("\n".join(patterns)).ignores


def _selected(brought: _Brought, found: Matched) -> list[Piece]:
    key, path, context = brought.key, brought.path, brought.context
    if not context.complete:
        size = sum(file.size for file in brought.files)
        return [Piece(key, Range(size, size, size * 3 + 1_000_000), "files in the context that could be read", path)]
    pieces = [brought.piece(brought.files)]
    for folder in context.summarised if found.is_folder else ():
        if is_under(folder, found.source.strip("./") or folder):
            hidden = exactly(context.bytes_in(folder))
            pieces.append(Piece((*key, folder), hidden, f"{folder} in the build context", f"{path}/{folder}"))
    return pieces


def _added(brought: _Brought) -> Iterator[Piece]:
    """ADD unpacks each tar that it is given by name; anything else it copies."""
    plain = []
    for file in brought.files:
        key = (*brought.key, file.source)
        archive = brought.context.archive(file.source)
        if archive is None and not file.source.endswith(ARCHIVES):
            plain.append(file)
        elif archive is None or not archive.complete:
            unpacked = Range(file.size, round(file.size * UNPACKED), file.size * 12)
            yield Piece(key, unpacked, "an archive that ADD unpacks", f"{brought.path}/*")
        elif archive.kind == "zip":
            plain.append(file)
        else:
            inside = tuple(File(name, size) for name, size in archive.files)
            size = exactly(sum(one.size for one in inside))
            yield Piece(key, size, "headers of an archive that ADD unpacks", brought.path, files=inside)
    if plain:
        yield brought.piece(plain)


def _guess(source: str | None) -> Range:
    if source is None or source.rstrip("/").rpartition("/")[2] in (".", "", "*") or source.endswith("/"):
        return UNKNOWN_FOLDER
    name = source.rpartition("/")[2]
    if name.endswith(TEXTS) or name in TEXTS:
        return TEXT_FILE
    return UNKNOWN_FILE if "." in name else UNKNOWN_FOLDER


def _from_elsewhere(copy: Copy, target: str, contents: Contents, stage_contents: Stages) -> list[Piece]:
    there = stage_contents(copy.from_ or "")
    pieces = []
    for source in copy.expanded_sources:
        folder = tidy(joined("/", source) or source or "")
        if there is None:
            key = ("image file", copy.from_ or "", folder)
            size = OF_IMAGES.get(folder) or (TEXT_FILE if folder.endswith(TEXTS) else FROM_IMAGE)
            pieces.append(Piece(key, size, "files of another image", tidy(target)))
        else:
            several = len(copy.sources) > 1 or has_wildcard(source or "") or target.endswith("/")
            into = several or contents.is_folder(tidy(target))
            pieces += _from_stage(there, joined("/", source) or folder, tidy(target), into=into)
    excluded = excluded_by(copy)
    return [one for piece in pieces if (one := _without_excluded(piece, excluded)) is not None]


def _without_excluded(piece: Piece, excluded: Callable[[str], bool] | None) -> Piece | None:
    if excluded is None or piece.files is None:
        return piece
    return of_files(piece, tuple(file for file in piece.files if not excluded(file.name)))


def _from_stage(contents: Contents, source: str, target: str, *, into: bool) -> list[Piece]:
    """What a stage is known to hold below a path, moved to where it is copied: folders by what is in them."""
    if source == "/":
        base = [contents.base] if contents.base and contents.base.size != NOTHING else []
        return [*base, *contents.pieces]
    if source.startswith(PYTHON_PACKAGES):
        place = tidy(source)
        found = pieces_under(contents.pieces, PYTHON_PACKAGES)
        inside = [piece._replace(path=target + piece.path[len(PYTHON_PACKAGES) :]) for piece in found]
        return inside or _unknown(contents, place, target)
    pieces = []
    for portion in split(contents.pieces, source).taken:
        alone = moved(portion, target, into=False)
        is_file = alone.files is not None and [file.name for file in alone.files] == [""]
        pieces.append(moved(portion, target, into=True) if into and is_file else alone)
    return pieces or _unknown(contents, tidy(source), target)


def _unknown(contents: Contents, folder: str, target: str) -> list[Piece]:
    """Files that an earlier stage made in a way that cannot be followed."""
    above = [piece for piece in contents.pieces if piece.files is None and piece.path]
    high = sum(piece.size.high for piece in above if is_under(folder, piece.path.removesuffix("/*")))
    size = Range(0, min(FROM_STAGE.expected, high), high) if high else FROM_STAGE
    if folder in OF_IMAGES or folder.endswith(TEXTS):
        size = OF_IMAGES.get(folder, TEXT_FILE)
    return [Piece(("stage file", folder), size, "files that another stage made", target)]
