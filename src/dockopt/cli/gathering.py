"""Which files a run of `dockopt fix` is about, each with the settings that hold for it."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from dockopt.batch.configuration import Config, config_at, config_for, settings_of, with_options
from dockopt.batch.discovery import Target, Use, find
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
    jobs = Jobs(wanted, job)
    for at, found in enumerate(find(wanted.paths)):
        if at % of != number - 1:
            continue
        if isinstance(found, InputError):
            yield failed(found.path, found)
            continue
        try:
            task = Task(found, jobs.of(found))
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
    return _settings(config_for(folder), wanted)


def _settings(config: Config, wanted: Wanted) -> tuple[Settings, Config]:
    config = with_options(config, wanted.given)
    return settings_of(config)._replace(max_fixes=wanted.max_fixes), config


class Jobs:
    """The job for each file. Files in a row for which the same holds share theirs."""

    def __init__(self, wanted: Wanted, job: Job) -> None:
        self.wanted = wanted
        self.job = job
        self._here = os.path.realpath(os.curdir).rstrip(os.sep) + os.sep
        self._last: Job | None = None
        self._config: Config | None = None
        self._said: tuple[str | None, tuple[Use, ...]] = ("", ())

    def of(self, target: Target) -> Job:
        """An option comes before a configuration file, and that before what services say of the context.

        Raises:
            InputError: a configuration file is wrong.
        """
        config = self._config_for(target)
        said = target.context, target.uses
        if self._last is None or config is not self._config or said != self._said:
            self._last, self._config, self._said = self._made(config, target), config, said
        return self._last

    def _config_for(self, target: Target) -> Config:
        """A path that is the file's own place has no links in it, so that its folder need not be looked for."""
        if target.place in (target.path, self._here + target.path):
            return config_at(os.path.dirname(target.place))
        return config_for(os.path.dirname(target.path) or os.curdir)

    def _made(self, of_folder: Config, target: Target) -> Job:
        settings, config = _settings(of_folder, self.wanted)
        named = config.get("context")
        context = target.context if named is None else named
        targets = frozenset(use.target for use in target.uses if use.target)
        started_by = tuple((use.source, use.name) for use in target.uses if use.kind == "compose")
        return self.job._replace(settings=settings._replace(targets=targets), context=context, started_by=started_by)


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
