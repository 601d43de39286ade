"""For code that holds a `dockerfile_parse.DockerfileParser`: hand it over, get the optimised text back.

Only the parser's raw text is used, never its structure, which loses heredocs, blank lines in continuations and
`${V:-x}` (docs/decisions/dockerfile-parse.md has the figures).
"""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dockopt.errors import DockoptError, InputError
from dockopt.library import Level, Result
from dockopt.library import optimize as optimize_text

if TYPE_CHECKING:
    from dockerfile_parse import DockerfileParser


def optimize(
    parser: "DockerfileParser",
    *,
    write: bool = False,
    level: str | Level = Level.STANDARD,
    context: str | os.PathLike[str] | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Result:
    """The result for the parser's Dockerfile; with `write`, the new text is also put back through the parser.

    Raises:
        InputError: the parser cannot read its file, or the file is not UTF-8, which the parser requires.
        SettingsError: there is no such level or transform.
    """
    try:
        text = parser.content
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("Dockerfile", f"dockerfile-parse cannot read it: {error}") from error
    result = optimize_text(text, level=level, context=context, select=select, ignore=ignore)
    if write and result.changed:
        parser.content = result.text
    return result


def parser_for(text: str) -> "DockerfileParser":
    """A parser in memory that holds a text, such as a result's.

    Raises:
        DockoptError: dockerfile-parse is not installed.
    """
    try:
        from dockerfile_parse import DockerfileParser  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise DockoptError("dockerfile-parse is not installed; pip install 'dockopt[interop]' adds it") from error
    from io import BytesIO  # noqa: PLC0415

    parser = DockerfileParser(fileobj=BytesIO())
    parser.content = text
    return parser
