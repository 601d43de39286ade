"""Which part of what an image holds lies at a path or pattern, file by file where the files are known."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from dockopt.context.glob import has_wildcard, to_regex
from dockopt.estimate.contributions import File, Piece, is_under, of_files
from dockopt.knowledge.ranges import Range

ARCHIVES = (".tar", ".gz", ".tgz", ".xz", ".bz2", ".zip", ".tbz2", ".txz", ".zst", ".deb", ".whl", ".jar")
Root = Callable[[str], str | None]


class Portion(NamedTuple):
    """What a piece has at a pattern. `root` is the path that the pattern matched there, "" where several did."""

    piece: Piece
    root: str


class Split(NamedTuple):
    """Pieces cut in two: what is at a pattern, what is not. `parts` are shares of pieces that cannot be cut."""

    taken: list[Portion]
    kept: list[Piece]
    parts: list[Portion]


def split(pieces: Iterable[Piece], pattern: str, *, deep: bool = True) -> Split:
    """Cut pieces at a pattern; `deep` takes what is in matched folders along, else only the matched names count."""
    pieces = list(pieces)
    found = near(pieces, pattern)
    if not found:
        return Split([], pieces, [])
    close = set(map(id, found))
    root = _pattern(pattern).root
    result = Split([], [], [])
    exact = any(not piece.is_loose and root(piece.path) == piece.path for piece in found)
    for piece in pieces:
        if id(piece) not in close:
            result.kept.append(piece)
        elif piece.files is not None:
            _cut(piece, piece.files, pattern, root, result, deep=deep)
        else:
            _whole(piece, pattern, root, result, deep=deep, exact=exact)
    return result


def near(pieces: Iterable[Piece], pattern: str) -> list[Piece]:
    """The pieces that a pattern may match, or something in them, or something above them; few of many."""
    folder, above, wild, root = _pattern(pattern)
    found = []
    for piece in pieces:
        path = piece.path
        if path and (
            path in above
            or path.startswith(folder)
            or (path[-1] in "*/" and (is_under(pattern, path) or (piece.is_loose and _is_child(pattern, path))))
            or (wild and (piece.files or root(path) is not None))
        ):
            found.append(piece)
    return found


def _cut(piece: Piece, files: tuple[File, ...], pattern: str, root: Root, result: Split, *, deep: bool) -> None:
    above = root(piece.path)
    if above is not None and deep:
        result.taken.append(Portion(piece, above))
        return
    if not (above or has_wildcard(pattern) or is_under(pattern, piece.path)):
        result.kept.append(piece)
        return
    found: dict[str, list[File]] = {}
    left: list[File] = []
    prefix = piece.path.rstrip("/") + "/"
    for file in files:
        place = prefix + file.name if file.name else piece.path
        matched = root(place)
        if matched is None or (not deep and matched != place):
            left.append(file)
        else:
            found.setdefault(matched, []).append(file)
    if not left and len(found) == 1:
        result.taken.append(Portion(piece, *found))
        return
    for matched, some in found.items():
        part = of_files(piece, tuple(some))
        if part:
            result.taken.append(Portion(part._replace(key=(*piece.key, matched)), matched))
    rest = of_files(piece, tuple(left)) if found else piece
    if rest or not files:
        result.kept.append(rest or piece)


def _whole(piece: Piece, pattern: str, root: Root, result: Split, *, deep: bool, exact: bool) -> None:
    """A piece of which only its path is known."""
    matched = root(piece.path)
    if matched is not None and (deep or matched == piece.path):
        result.taken.append(Portion(piece, matched))
    elif deep and piece.is_loose and not exact and _is_child(pattern, piece.path):
        result.taken.append(Portion(piece, pattern))
    else:
        result.kept.append(piece)
        if deep and not piece.is_loose and is_under(pattern, piece.path):
            size = Range(0, piece.size.expected // 20, piece.size.high)
            result.parts.append(Portion(piece._replace(key=(*piece.key, pattern), size=size, path=pattern), pattern))


def _is_child(pattern: str, loose: str) -> bool:
    """Whether a pattern names something right in the folder where loose files lie, and no archive."""
    folder, _, name = pattern.rpartition("/")
    return folder == loose.removesuffix("/*") and not name.endswith(ARCHIVES)


class _Pattern(NamedTuple):
    """What is asked of a pattern for every piece: how paths below it begin, itself and all that it lies under,
    whether it has wildcards, and what it matches.
    """

    folder: str
    above: frozenset[str]
    wild: bool
    root: Root


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> _Pattern:
    above = {pattern, *(pattern[:at] for at, character in enumerate(pattern) if character == "/")}
    return _Pattern(pattern.rstrip("/") + "/", frozenset(above), has_wildcard(pattern), _roots(pattern))


def _roots(pattern: str) -> Root:
    """A function that gives the part of a path that the pattern matches: the path itself or a folder above it."""
    if not has_wildcard(pattern):
        folder = pattern.rstrip("/") + "/"
        return lambda path: pattern if path == pattern or path.startswith(folder) else None
    import re  # noqa: PLC0415 - only where there is a pattern

    regex = re.compile(f"({to_regex(pattern) or '(?!)'})(?:/.*)?", re.DOTALL)

    def root(path: str) -> str | None:
        match = regex.fullmatch(path)
        return match[1] if match else None

    return root


def moved(portion: Portion, place: str, *, into: bool) -> Piece:
    """The piece where `mv` or `cp` put it: as `place`, or into the folder `place` under its own name."""
    piece, root = portion
    target = f"{place.rstrip('/')}/{root.rpartition('/')[2]}" if into else place
    if piece.files is None or is_under(piece.path, root):
        below = piece.path[len(root.rstrip("/")) :] if is_under(piece.path, root) else ""
        return piece._replace(path=(target.rstrip("/") + below) or "/")
    files = tuple(File(_below(piece.absolute(file), root), file.size, file.source) for file in piece.files)
    return piece._replace(path=target, files=files)


def _below(path: str, root: str) -> str:
    return "" if path == root else path[len(root.rstrip("/")) + 1 :]
