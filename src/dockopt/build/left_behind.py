"""Copied files that a builder stage keeps to itself, as the fix that made the stage says.

A name that the image's command says is never one of them.
"""

import re
from collections.abc import Iterable

from dockopt.build.image import Image
from dockopt.fixes import Leaves


def is_left(path: str, image: Image, leaves: Iterable[Leaves]) -> bool:
    but = _said(image)
    return any(one.holds(path, image.files, but) for one in leaves)


def _said(image: Image) -> frozenset[str]:
    """All words of the command that starts the image, its paths in parts."""
    words = [*(image.config.get("Entrypoint") or ()), *(image.config.get("Cmd") or ())]
    return frozenset(part for word in words for part in re.split(r"[\s/=:,;]+", word))
