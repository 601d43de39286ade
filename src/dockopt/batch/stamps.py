"""What shows, without reading them, that files are those of an earlier run: sizes, modes, times, and numbers on disk.

As in git's index, only what had lain still for a moment when its stamp was taken can be known again: what is written
in the same instant may look the same. A build context has a stamp only where it is small and plain: few files, no
links, no repository, no rules of what to ignore. Everything in it is looked at, whatever its result asked for, so that
the same stamp means the same answers.
"""

import os
import stat
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dockopt.batch.work import Task

MOMENT = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system in use."""
FILES_AT_MOST = 64
GIT = ".git"
IGNORE = ".dockerignore"


class Stamp(NamedTuple):
    """Of a file, and of its build context; "" for what has none."""

    file: str = ""
    context: str = ""


class Stamps:
    """The stamps of neighbouring files, each context looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of_file(self, task: "Task") -> str:
        """The stamp of a Dockerfile."""
        try:
            status = os.stat(task.target.place)
        except OSError:
            return ""
        return _stamp(status) if stat.S_ISREG(status.st_mode) and _still(status) else ""

    def of_context(self, task: "Task") -> str:
        """The stamp of the folder that the file is built in."""
        path, job = task.target.path, task.job
        own = os.path.dirname(path) or "."
        folder = job.context or own
        if job.started_by or (folder != own and os.path.lexists(path + IGNORE)):
            return ""  # other files have a say
        if folder not in self._known:
            self._known[folder] = _of_folder(folder)
        return self._known[folder]


def _of_folder(folder: str) -> str:
    lines: list[str] = []
    waiting = [folder]
    try:
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    name = entry.name
                    if name == GIT or name.endswith(IGNORE) or len(lines) == FILES_AT_MOST:
                        return ""
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(status.st_mode):
                        waiting.append(entry.path)
                        lines.append(f"{entry.path}/")
                    elif stat.S_ISREG(status.st_mode) and _still(status):
                        lines.append(f"{entry.path}\0{_stamp(status)}")
                    else:
                        return ""
    except OSError:
        return ""
    lines.sort()
    return blake2b("\n".join(lines).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _still(status: os.stat_result) -> bool:
    return max(status.st_mtime_ns, status.st_ctime_ns) < time.time_ns() - MOMENT


def _stamp(status: os.stat_result) -> str:
    numbers = status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    return " ".join(map(str, numbers))
