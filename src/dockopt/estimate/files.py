"""What COPY and ADD add to a layer: files of the context, of other stages and images, downloads."""

from collections.abc import Callable

from dockopt.context.sources import is_remote, match
from dockopt.context.tree import Context
from dockopt.estimate.contributions import Contents, Piece, is_under, pieces_under, tidy
from dockopt.knowledge.ranges import Range, exactly
from dockopt.model.instructions import Copy
from dockopt.model.state import joined

UNKNOWN_FOLDER = Range(10_000, 3_000_000, 300_000_000)
UNKNOWN_FILE = Range(200, 50_000, 50_000_000)
TEXT_FILE = Range(100, 4_000, 400_000)
FROM_IMAGE = Range(10_000, 20_000_000, 400_000_000)
FROM_STAGE = Range(0, 8_000_000, 300_000_000)
REMOTE = Range(1_000, 10_000_000, 500_000_000)
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tbz2", ".txz")
UNPACKED = 3.5
TEXTS = (
    *(".json", ".toml", ".txt", ".lock", ".xml", ".yml", ".yaml", ".cfg", ".ini", ".conf", ".sh", ".py", ".js", ".ts"),
    *(".md", ".gradle", ".mod", ".sum", ".rb", ".env", ".sql", ".html", ".css", ".properties", ".service", ".lst"),
    *("Gemfile", "Makefile", "Pipfile", "gradlew", "mvnw", ".npmrc", "Cargo.toml", "Procfile"),
)
PYTHON_PACKAGES = "/usr/local/lib/python"


def copied(copy: Copy, context: Context | None, stage_contents: Callable[[str], Contents | None]) -> list[Piece]:
    """The pieces that one instruction brings; `stage_contents` gives what a stage of that name or number holds."""
    target = copy.target or ""
    if copy.inline:
        size = sum(len(heredoc.content.encode("utf-8", "surrogateescape")) for heredoc in copy.node.heredocs)
        return [Piece(("inline", target, str(size)), exactly(size), "text in the file", tidy(target))]
    if copy.from_:
        return _from_elsewhere(copy, target, stage_contents)
    return [piece for source in copy.expanded_sources for piece in _from_context(copy, source, target, context)]


def _from_context(copy: Copy, source: str | None, target: str, context: Context | None) -> list[Piece]:
    key = ("copy", source or copy.text, target.rstrip("/"))
    path = tidy(target)
    if source is not None and is_remote(source):
        name = source.rstrip("/").rpartition("/")[2]
        return [Piece(("download", source), REMOTE, "downloads of unknown size", f"{path}/{name}")]
    if context is None or source is None:
        return [Piece(key, _guess(source), "files of a build context that was not given", path)]
    (found,) = match(context, [source])
    size = sum(context.files[name].size for name in found.files if name in context.files)
    if found.missing:
        return [Piece(key, UNKNOWN_FILE, "files that are not in the build context", path)]
    if not context.complete:
        return [Piece(key, Range(size, size, size * 3 + 1_000_000), "files in the context that could be read", path)]
    if copy.keyword == "ADD" and source.endswith(ARCHIVES):
        unpacked = Range(size, round(size * UNPACKED), size * 12)
        return [Piece(key, unpacked, "an archive that ADD unpacks", path)]
    if not found.is_folder and len(found.files) == 1:
        path = path if not target.endswith("/") else f"{path}/{found.files[0].rpartition('/')[2]}"
    return [Piece(key, exactly(size), "sizes of files in the build context", path)]


def _guess(source: str | None) -> Range:
    if source is None or source.rstrip("/").rpartition("/")[2] in (".", "", "*") or source.endswith("/"):
        return UNKNOWN_FOLDER
    name = source.rpartition("/")[2]
    if name.endswith(TEXTS) or name in TEXTS:
        return TEXT_FILE
    return UNKNOWN_FILE if "." in name else UNKNOWN_FOLDER


def _from_elsewhere(copy: Copy, target: str, stage_contents: Callable[[str], Contents | None]) -> list[Piece]:
    contents = stage_contents(copy.from_ or "")
    pieces = []
    for source in copy.expanded_sources:
        folder = tidy(joined("/", source) or source or "")
        if contents is None:
            key = ("image file", copy.from_ or "", folder)
            pieces.append(Piece(key, FROM_IMAGE, "files of another image", tidy(target)))
        else:
            pieces += _from_stage(contents, folder, target)
    return pieces


def _from_stage(contents: Contents, folder: str, target: str) -> list[Piece]:
    """What a stage is known to hold below a folder, moved to where it is copied."""
    if folder.startswith(PYTHON_PACKAGES):
        folder = PYTHON_PACKAGES
    place = tidy(target)
    found = [
        piece._replace(path=place + piece.path[len(folder) :] if folder != "/" else piece.path)
        for piece in pieces_under(contents.pieces, folder)
    ]
    if found:
        return found
    above = [piece for piece in contents.pieces if piece.path and is_under(folder, piece.path.removesuffix("/*"))]
    high = sum(piece.size.high for piece in above)
    size = Range(0, min(FROM_STAGE.expected, high), high) if high else FROM_STAGE
    if folder.endswith(TEXTS):
        size = TEXT_FILE
    return [Piece(("stage file", folder), size, "files that another stage made", place)]
