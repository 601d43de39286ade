"""The figures of one Dockerfile as it stands, from its bytes: nothing is rewritten, and nothing is written."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from dockopt.context.folder import FolderContext
from dockopt.errors import InputError, SettingsError
from dockopt.estimate.figures import ImageFigures, figures, with_arguments
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.stages import Stage
from dockopt.text.source import SourceText


class Wanted(NamedTuple):
    """What to estimate. `context` is a folder, None for no context; `target` a stage by name or number, "" the last."""

    context: str | None = None
    target: str = ""
    arguments: Mapping[str, str] = {}
    dockerfile: str | None = None
    """Where the file lies, for a `.dockerignore` of its own."""


def estimate(path: str, data: bytes, wanted: Wanted) -> ImageFigures:
    """The figures for bytes that were read; `path` is what messages call them.

    Raises:
        InputError: it cannot be read as a Dockerfile.
        SettingsError: it has no such stage.
    """
    file = Dockerfile.parse(with_arguments(SourceText.from_bytes(data).text, wanted.arguments))
    if file.refusal is not None:
        line, reason = file.refusal
        raise InputError(path, reason, line)
    if not file.stages:
        raise InputError(path, "no FROM: there is no image to estimate")
    folder = wanted.context
    context = None if folder is None else FolderContext(folder or os.curdir, wanted.dockerfile)
    return figures(file, _stage(path, file, wanted.target), context)


def unused(data: bytes, arguments: Mapping[str, str]) -> list[str]:
    """Build arguments that no ARG of the file declares."""
    text = SourceText.from_bytes(data).text
    return [
        name for name in arguments if with_arguments(text, {name: arguments[name]}) == text and name not in BUILT_IN
    ]


BUILT_IN = frozenset(
    "HTTP_PROXY http_proxy HTTPS_PROXY https_proxy FTP_PROXY ftp_proxy NO_PROXY no_proxy ALL_PROXY all_proxy".split()
)


def _stage(path: str, file: Dockerfile, target: str) -> Stage:
    stage = file.stage_named(target) if target else file.final
    if stage is None:
        names = ", ".join(stage.name or str(stage.index) for stage in file.stages)
        raise SettingsError(f"{path} has no stage {target!r}; there are {names}")
    return stage
