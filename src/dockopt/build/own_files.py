"""Which files of an image a Dockerfile's own steps put there, and by which step; the rest is the base image's."""

from collections.abc import Mapping
from typing import NamedTuple

from dockopt.build.claims import Claims
from dockopt.build.image import FOLDER, Image

COPIES = ("COPY ", "ADD ")


class OwnFiles(NamedTuple):
    """`copied` are paths that a COPY or an ADD brought; `written` has the last step that wrote each path.

    Folders of the base image, which are listed with what is put into them, are not among them.
    """

    copied: frozenset[str]
    written: Mapping[str, str]


def own_files(image: Image, claims: Claims) -> OwnFiles:
    """Paths by step, as they are listed at the end of the history of the original's image."""
    count = sum(1 for stage in claims.stages for _ in stage.steps)
    base = {path for step in image.steps[: len(image.steps) - count] if step.layer for path in step.layer.entries}
    steps = [step for step in image.steps[-count:] if step.layer] if count else []
    copied: set[str] = set()
    written: dict[str, str] = {}
    for step in steps:
        assert step.layer
        entries = ((path, step.layer.entries[path].kind) for path in step.layer.entries.keys() & image.files.keys())
        paths = [path for path, kind in entries if kind != FOLDER or path not in base]
        written.update(dict.fromkeys(paths, step.instruction))
        if step.instruction.startswith(COPIES):
            copied.update(paths)
    return OwnFiles(frozenset(copied), written)
