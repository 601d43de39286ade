"""What the sources of a COPY or ADD select from the context, and where their files land in the image.

Sources come with variables already expanded; addresses and heredocs are the caller's, see `is_remote`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dockopt.context.glob import clean, has_wildcard, inside, to_regex
from dockopt.context.tree import Context

STANDARD_FOLDERS = frozenset(
    "/" + name
    for name in (
        *("", "bin", "boot", "dev", "etc", "home", "lib", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv"),
        *("sys", "tmp", "usr", "usr/bin", "usr/lib", "usr/local", "usr/local/bin", "usr/local/lib", "usr/sbin"),
        *("usr/share", "var", "var/lib", "var/log"),
    )
)
LINKS_AT_MOST = 40


class Matched(NamedTuple):
    """What one source selects. Where it is a folder, its contents are copied and not the folder itself.

    `landing` goes beside `files`: where each lands below the destination folder. `linked` says that a link was
    followed to get there. `missing` is true where the context holds nothing for the source.
    """

    source: str
    files: tuple[str, ...]
    is_folder: bool = False
    glob: bool = False
    missing: bool = False
    landing: tuple[str, ...] = ()
    linked: bool = False


def is_remote(source: str) -> bool:
    """Whether ADD would fetch this instead of reading the context."""
    return source.startswith(("http://", "https://", "git://", "git@", "ssh://", "git+"))


def match(context: Context, sources: Sequence[str]) -> tuple[Matched, ...]:
    """What each source selects, in the order given. "." and "/" are the whole context; ".." stops at its root."""
    return tuple(_match(context, source) for source in sources)


def destination(
    matched: Sequence[Matched], dest: str, workdir: str, folders: Collection[str] = ()
) -> Mapping[str, str] | None:
    """Where every file lands, by context path; None where that depends on what is in the image already.

    `workdir` is absolute. A single file copied to a name without a trailing slash goes *into* it where that is a
    folder of the image: `folders` are the absolute ones known to exist. A name that ends like the source, or has an
    extension, is taken for a file's.
    """
    target = clean(dest if dest.startswith("/") else f"{workdir}/{dest}")
    known = {clean(folder) for folder in (workdir, *folders)} | STANDARD_FOLDERS
    is_folder = dest in ("", ".") or dest.endswith(("/", "/.")) or _is_known(target, known)
    landed: dict[str, str] = {}
    for one in matched:
        if one.missing:
            return None
        if one.is_folder or is_folder:
            landed.update((path, f"{target.rstrip('/')}/{name}") for path, name in _pairs(one))
        elif len(matched) == 1 and len(one.files) == 1 and _names_a_file(target, one.files[0]):
            landed[one.files[0]] = target
        else:
            return None
    return landed


def _pairs(matched: Matched) -> Iterable[tuple[str, str]]:
    return zip(matched.files, matched.landing, strict=True)


def _is_known(target: str, known: set[str]) -> bool:
    return target in known or any(folder.startswith(target + "/") for folder in known)


def _names_a_file(target: str, source: str) -> bool:
    name = target.rpartition("/")[2]
    return name == source.rpartition("/")[2] or "." in name.lstrip(".")


def _match(context: Context, source: str) -> Matched:
    path = inside(source)
    if not has_wildcard(path):
        return _plain(context, source, path)
    regex = to_regex(path)
    if regex is None:
        return Matched(source, (), glob=True, missing=True)
    return _glob(context, source, path, regex)


def _plain(context: Context, source: str, path: str) -> Matched:
    plain = _unescaped(path)
    followed = _follow(context, plain) if plain else plain
    if followed is None:
        return Matched(source, (), missing=True, linked=True)
    linked = followed != plain
    if followed and context.has(followed):
        return Matched(source, (followed,), landing=(plain.rpartition("/")[2],), linked=linked)
    if not followed or context.is_folder(followed):
        files, landing = _contents(context, followed)
        return Matched(source, files, is_folder=True, landing=landing, linked=linked)
    return Matched(source, (), missing=True, linked=linked)


def _glob(context: Context, source: str, path: str, regex: str) -> Matched:
    import re  # noqa: PLC0415 - only where there is a pattern

    start = "/".join(_before_wildcard(path.split("/")))
    names = _names(context, start)
    fits = re.compile(regex).fullmatch
    files: list[str] = []
    landing: list[str] = []
    roots: set[str] = set()
    all_folders = True
    linked = False
    for name in names:
        if _has_parent_in(name, roots) or fits(name) is None:
            continue
        roots.add(name)
        found = _plain(context, name, name.replace("\\", "\\\\"))
        files.extend(found.files)
        landing.extend(found.landing)
        all_folders = all_folders and found.is_folder
        linked = linked or found.linked or found.missing
    is_folder = all_folders and bool(roots)
    return Matched(source, tuple(files), is_folder, glob=True, missing=not roots, landing=tuple(landing), linked=linked)


def _names(context: Context, start: str) -> list[str]:
    """Files and folders below a folder, every folder before what is in it."""
    files = [file.path for file in context.under(start)]
    return sorted(set(files) | set(_parents(files)) | _empty_folders(context, start))


def _empty_folders(context: Context, start: str) -> set[str]:
    prefix = start + "/" if start else ""
    return {folder for folder in context.folders if folder not in ("", ".") and folder.startswith(prefix)}


def _parents(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        parent = path.rpartition("/")[0]
        while parent:
            yield parent
            parent = parent.rpartition("/")[0]


def _has_parent_in(path: str, roots: set[str]) -> bool:
    return any(parent in roots for parent in _parents((path,)))


def _before_wildcard(elements: Iterable[str]) -> Iterator[str]:
    for element in elements:
        if has_wildcard(element):
            return
        yield _unescaped(element)


def _contents(context: Context, folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    files = tuple(file.path for file in context.under(folder))
    start = len(folder) + 1 if folder else 0
    return files, tuple(path[start:] for path in files)


def _unescaped(path: str) -> str:
    if "\\" not in path:
        return path
    characters = iter(path)
    return "".join(next(characters, "") if character == "\\" else character for character in characters)


def _follow(context: Context, path: str) -> str | None:
    """The path with links resolved, as COPY does for what it is given; None where they lead nowhere."""
    for _ in range(LINKS_AT_MOST):
        elements = path.split("/")
        for end in range(1, len(elements) + 1):
            file = context.files.get("/".join(elements[:end]))
            if file is not None and file.link is not None:
                above = "" if file.link.startswith("/") else "/".join(elements[: end - 1])
                path = inside("/".join((above, file.link, *elements[end:])))
                break
        else:
            return path
        if not path:
            return path
    return None
