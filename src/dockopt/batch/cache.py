"""Results of earlier runs on disk, found by what they rest on: content, settings, this very program and its tables.

A result also rests on files of the build context. What was asked of it is kept beside the result, and a result is used
only where the context still gives the same answers. Whatever is wrong with the cache, the run goes on without it.
"""

import os
import pickle
import sqlite3
import sys
import time
from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from dockopt.batch.results import Result, Status
from dockopt.batch.watched import holds

if TYPE_CHECKING:
    from dockopt.batch.watched import Seen
    from dockopt.batch.work import Contexts, Done, Job, Task

FOLDER = "DOCKOPT_CACHE"
"""The environment variable that names another folder."""
NAME = "results-1.sqlite"
DAYS_KEPT = 30
SECONDS_A_DAY = 86_400
BYTES_AT_MOST = 512 * 1024 * 1024
WAIT = 5.0
TABLE = "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, used INTEGER, value BLOB) WITHOUT ROWID"


class Cache:
    """Opened for one run; only the process that reports reads and writes it."""

    def __init__(self, folder: str) -> None:
        self.program = program()
        self.day = int(time.time()) // SECONDS_A_DAY
        self.found: list[bytes] = []
        self.database: sqlite3.Connection | None = None
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self.database = sqlite3.connect(os.path.join(folder, NAME), timeout=WAIT, isolation_level=None)
            self.database.execute("PRAGMA journal_mode=WAL")
            self.database.execute("PRAGMA synchronous=OFF")  # a power cut costs the cache, not the files
            self.database.execute(TABLE)
            self.database.execute("BEGIN")
        except (OSError, sqlite3.Error):
            self.database = None

    def find(self, task: "Task", data: bytes, contexts: "Contexts") -> Result | None:
        """The result that these bytes would have, None where it is not known."""
        if self.database is None:
            return None
        key = self.key(task, data)
        try:
            row = self.database.execute("SELECT value, used FROM results WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            result: Result
            seen: Seen
            result, seen = pickle.loads(row[0])  # noqa: S301 - written by us into a folder of the user's own
        except Exception:  # noqa: BLE001 - a damaged or a foreign entry is none
            return None
        if not holds(seen, contexts.of(task.job, task.target.path)):
            return None
        if row[1] != self.day:
            self.found.append(key)
        return result

    def keep(self, task: "Task", data: bytes, done: "Done") -> None:
        """Remember a result for the bytes it was made from."""
        if self.database is None or done.seen is None or done.result.status is Status.ERROR:
            return
        value = pickle.dumps((done.result, done.seen), pickle.HIGHEST_PROTOCOL)
        try:
            self.database.execute("REPLACE INTO results VALUES (?, ?, ?)", (self.key(task, data), self.day, value))
        except sqlite3.Error:
            self.database = None

    def key(self, task: "Task", data: bytes) -> bytes:
        job: Job = task.job
        asked = job.settings, job.context, job.measure, job.brief, job.advice_unsized, job.parts, job.started_by
        words = (self.program, *asked, os.path.abspath(task.target.path))
        digest = blake2b(repr(words).encode("utf-8", "surrogateescape"), digest_size=20)
        digest.update(data)
        return digest.digest()

    def close(self) -> None:
        """Write what was learned, and forget what nobody asked for in a month."""
        if self.database is None:
            return
        try:
            self.database.executemany("UPDATE results SET used = ? WHERE key = ?", ((self.day, k) for k in self.found))
            self.database.execute("DELETE FROM results WHERE used < ?", (self.day - DAYS_KEPT,))
            self.database.execute("COMMIT")
            (pages,) = self.database.execute("PRAGMA page_count").fetchone()
            (size,) = self.database.execute("PRAGMA page_size").fetchone()
            if pages * size > BYTES_AT_MOST:
                self.database.execute("DELETE FROM results WHERE used < ?", (self.day,))
                self.database.execute("VACUUM")
            self.database.close()
        except sqlite3.Error:
            pass
        self.database = None


def folder_of_user() -> str:
    """Where the system wants caches to be."""
    if named := os.environ.get(FOLDER):
        return named
    home = os.path.expanduser("~")
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "dockopt")


def program() -> str:
    """What tells this program and its tables from any other: version, Python, sizes and times of all its files."""
    import dockopt  # noqa: PLC0415
    from dockopt.debian.store import user_folder  # noqa: PLC0415
    from dockopt.engine.registry import folders  # noqa: PLC0415

    digest = blake2b(f"{dockopt.__version__} {sys.version}".encode(), digest_size=16)
    for folder in (*dockopt.__path__, *folders(), user_folder()):
        for line in _stamps(folder):
            digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _stamps(folder: str) -> Iterator[str]:
    """Name, size and time of every file below a folder."""
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in sorted(entries, key=lambda one: one.name):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif not entry.name.endswith(".pyc"):
                        status = entry.stat()
                        yield f"{entry.path}:{status.st_size}:{status.st_mtime_ns}"
        except OSError:
            continue
