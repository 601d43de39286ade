"""Finding the manifests that a command reads: files of the build context by where they lie in the image."""

from collections.abc import Iterator

from dockopt.estimate.work import Work


def context_path(work: Work, path: str) -> str | None:
    """The context file that stands at a path of the image, relative to the folder that the command runs in.

    Where no COPY shows it, the file of that name in the context, as long as only one is there.
    """
    if work.context is None:
        return None
    place = work.place(path)
    for portion in reversed(work.visible(place)) if place else ():
        for file in portion.piece.files or ():
            if file.source and portion.piece.absolute(file) == place:
                return file.source
    return next(_by_name(work, path), None)


def _by_name(work: Work, path: str) -> Iterator[str]:
    """As written, below the folder it was copied to, else the only one of that name."""
    assert work.context is not None
    wanted = path.removeprefix("./").lstrip("/")
    inner = wanted.removeprefix((work.folder or "/").strip("/") + "/")
    yield from (name for name in dict.fromkeys((wanted, inner)) if work.context.has(name))
    last = wanted.rpartition("/")[2]
    named = [name for name in work.context.files if name.rpartition("/")[2] == last and "node_modules/" not in name]
    if len(named) == 1:
        yield named[0]


def text_at(work: Work, path: str) -> str | None:
    """The text of that file, None where there is none or it cannot be read."""
    found = context_path(work, path)
    return work.context.read(found) if found is not None and work.context is not None else None


def first_text(work: Work, *paths: str) -> tuple[str, str]:
    """The first of some files that is there, with its text; two empty texts for none."""
    for path in paths:
        text = text_at(work, path)
        if text is not None:
            return path, text
    return "", ""
