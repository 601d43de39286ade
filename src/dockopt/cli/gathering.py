"""Which files a run of `dockopt fix` is about, each with the settings that hold for it."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from dockopt.batch.configuration import Config, config_for, settings_of, with_options
from dockopt.batch.discovery import Target, find
from dockopt.batch.results import Result
from dockopt.batch.run import failed
from dockopt.batch.work import Job, Task
from dockopt.config import Settings
from dockopt.errors import InputError

if TYPE_CHECKING:
    from dockopt.batch.changed import Changed


class Wanted(NamedTuple):
    """Paths, what options say of settings (by their names in configuration files), and which share of files to take."""

    paths: tuple[str, ...]
    given: Mapping[str, Any] = {}
    max_fixes: int | None = None
    since: str = ""
    staged: bool = False
    shard: tuple[int, int] = (1, 1)


def tasks(wanted: Wanted, job: Job) -> Iterator[Task | Result]:
    """What is to be done, and what cannot be."""
    changes: dict[str, Changed] = {}
    number, of = wanted.shard
    for at, found in enumerate(find(wanted.paths)):
        if at % of != number - 1:
            continue
        if isinstance(found, InputError):
            yield failed(found.path, found)
            continue
        try:
            task = _task(wanted, job, found)
        except InputError as error:
            yield failed(found.path, InputError(found.path, f"{error.path}: {error.message}"))
            continue
        if not (wanted.since or wanted.staged) or _concerns(wanted, task, changes):
            yield task


def settings_for(folder: str, wanted: Wanted) -> tuple[Settings, Config]:
    """What holds for the files of a folder.

    Raises:
        InputError: a configuration file is wrong.
    """
    config = with_options(config_for(folder), wanted.given)
    return settings_of(config)._replace(max_fixes=wanted.max_fixes), config


def _task(wanted: Wanted, job: Job, target: Target) -> Task:
    """An option comes before a configuration file, and that before what services say of the context."""
    settings, config = settings_for(os.path.dirname(target.path) or os.curdir, wanted)
    named = config.get("context")
    context = target.context if named is None else named
    targets = frozenset(use.target for use in target.uses if use.target)
    started_by = tuple((use.source, use.name) for use in target.uses if use.kind == "compose")
    settings = settings._replace(targets=targets)
    return Task(target, job._replace(settings=settings, context=context, started_by=started_by))


def _concerns(wanted: Wanted, task: Task, changes: "dict[str, Changed]") -> bool:
    from dockopt.batch.changed import changed

    folder = os.path.dirname(task.target.place)
    top = next((known for known in changes if folder == known or folder.startswith(known + os.sep)), None)
    if top is None:
        top = _repository(folder)
        changes[top] = changed(folder, wanted.since, staged=wanted.staged)
    context = task.job.context
    place = folder if context == "" else None if context is None else os.path.realpath(context)
    return changes[top].concerns(task.target.place, place)


def _repository(folder: str) -> str:
    while not os.path.exists(os.path.join(folder, ".git")) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder
