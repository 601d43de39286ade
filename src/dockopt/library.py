"""dockopt for programs: `from dockopt import optimize, check, image_size, image_figures`.

Nothing here writes a file, and nothing raises for what a Dockerfile holds: a file that cannot be rewritten gives a
result with the status REFUSED and the reason.
"""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dockopt.batch.results import ImageSize, Result, Status
from dockopt.batch.work import Job, rewrite
from dockopt.config import Settings, purposes
from dockopt.engine.ledger import Fate
from dockopt.engine.registry import find
from dockopt.errors import InputError, SettingsError
from dockopt.fixes import Level
from dockopt.text.source import to_bytes

if TYPE_CHECKING:
    from dockopt.estimate.figures import ImageFigures

__all__ = ["ImageSize", "Level", "Result", "Status", "check", "image_figures", "image_size", "optimize"]

NAME = "Dockerfile"
LEVELS = {level.label: level for level in (Level.SAFE, Level.STANDARD, Level.AGGRESSIVE)}


def optimize(
    dockerfile: str | bytes,
    *,
    level: str | Level = Level.STANDARD,
    context: str | os.PathLike[str] | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    max_fixes: int | None = None,
    few_layers: bool = False,
    buildkit: bool = False,
    preset: Iterable[str] = (),
) -> Result:
    """Rewrite a Dockerfile; the options are those of `dockopt fix`.

    `context` is the folder of the build context; without one, fixes that need to see its files are not proposed. The
    result has the new `text` (`data` for bytes), the `diff`, every fix with its fate in `fates`, and `sizes` in bytes.

    Raises:
        SettingsError: there is no such level, transform or preset.
    """
    settings = Settings(
        level=_level(level),
        select=frozenset(find(name).name for name in select),
        ignore=frozenset(find(name).name for name in ignore),
        max_fixes=max_fixes,
        few_layers=few_layers,
        buildkit=buildkit,
        purposes=purposes((preset,) if isinstance(preset, str) else preset),
    )
    data = to_bytes(dockerfile) if isinstance(dockerfile, str) else dockerfile
    return rewrite(NAME, data, Job(settings, None if context is None else os.fspath(context)))


def check(
    dockerfile: str | bytes,
    *,
    level: str | Level = Level.STANDARD,
    context: str | os.PathLike[str] | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> tuple[Fate, ...]:
    """The fixes that `optimize` would apply, in order; empty where there is nothing to do.

    Raises:
        InputError: the file cannot be rewritten: a template, a merge conflict, no Dockerfile.
        SettingsError: there is no such level or transform.
    """
    result = optimize(dockerfile, level=level, context=context, select=select, ignore=ignore)
    return _accepted(result).applied


def image_size(dockerfile: str | bytes, *, context: str | os.PathLike[str] | None = None) -> ImageSize:
    """How large the image of the last stage is, in uncompressed bytes, layer by layer, as it stands.

    Raises:
        InputError: the file cannot be read as a Dockerfile.
    """
    result = _accepted(optimize(dockerfile, context=context, max_fixes=0))
    assert result.sizes is not None
    return result.sizes.before


def image_figures(
    dockerfile: str | bytes,
    *,
    context: str | os.PathLike[str] | None = None,
    target: str = "",
    build_args: Mapping[str, str] | None = None,
) -> "ImageFigures":
    """The three figures of a stage as it stands, those of `dockopt estimate`.

    They are bytes on disk (`size`), compressed bytes to pull (`pull`), and `rebuild`: what runs again, how long that
    takes in milliseconds and what is pushed, after a change of one source file. `target` is a stage's name or number,
    "" for the last.

    Raises:
        InputError: the file cannot be read as a Dockerfile.
        SettingsError: there is no such stage.
    """
    from dockopt.batch.figures import Wanted, estimate  # noqa: PLC0415 - reads tables that `optimize` does not need

    data = to_bytes(dockerfile) if isinstance(dockerfile, str) else dockerfile
    return estimate(NAME, data, Wanted(None if context is None else os.fspath(context), target, build_args or {}))


def _accepted(result: Result) -> Result:
    if result.status is Status.REFUSED:
        raise InputError(result.path, result.reason, result.line)
    return result


def _level(level: str | Level) -> Level:
    if isinstance(level, Level):
        return level
    if level not in LEVELS:
        raise SettingsError(f"no level is called {level!r}; there are {', '.join(LEVELS)}")
    return LEVELS[level]
