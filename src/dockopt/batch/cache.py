"""Results of earlier runs on disk, found by what they rest on: content, settings, this very program and its tables.

A result also rests on files of the build context. What was asked of it is kept beside the result, and a result is used
only where the context still gives the same answers. Whatever is wrong with the cache, the run goes on without it.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from dockopt.batch.stored import Kept, packed, packed_said, unpacked, unpacked_said
from dockopt.batch.work import digest
from dockopt.own_folders import data_folder

if TYPE_CHECKING:
    from dockopt.batch.results import Result
    from dockopt.batch.said import Said
    from dockopt.batch.seen import Seen
    from dockopt.batch.stamps import Stamp
    from dockopt.batch.work import Done, Job, Task

NAME = "results-1.sqlite"
DAYS_KEPT = 30
SECONDS_A_DAY = 86_400
BYTES_AT_MOST = 512 * 1024 * 1024
WAIT = 5.0
TABLES = ("results", "said")
TABLE = "CREATE TABLE IF NOT EXISTS {} (key BLOB PRIMARY KEY, used INTEGER, value BLOB) WITHOUT ROWID"


class Keys(NamedTuple):
    """By what a file's result is found, and what a report says of it, "" for none; and how the file was found."""

    result: bytes
    said: bytes
    read: bytes
    stamp: "Stamp"


class Cache:
    """Opened for one run; only the process that reports reads and writes it."""

    def __init__(self, folder: str) -> None:
        self.program = program()
        self.day = int(time.time()) // SECONDS_A_DAY
        self.here = os.getcwd()
        self._job: Job | None = None
        self._words = b""
        self.database: sqlite3.Connection | None = None
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self.database = sqlite3.connect(os.path.join(folder, NAME), timeout=WAIT, isolation_level=None)
            self.database.execute("PRAGMA journal_mode=WAL")
            self.database.execute("PRAGMA synchronous=OFF")  # a power cut costs the cache, not the files
            for table in TABLES:
                self.database.execute(TABLE.format(table))
            self.database.execute("BEGIN")
        except (OSError, sqlite3.Error):
            self.database = None

    def place(self, task: "Task") -> bytes:
        """The key for what is said of a file, whatever its bytes; "" where results are wanted."""
        target, job = task
        if job.tell is None:
            return b""
        shown = repr((self.here, job.tell, target.path, target.place, target.uses))
        return digest(self._asked(job) + shown.encode("utf-8", "surrogateescape"))

    def keys(self, task: "Task", place: bytes, data: bytes, stamp: "Stamp") -> Keys:
        """What a file with these bytes goes by."""
        read = digest(data)
        path = os.path.abspath(task.target.path).encode("utf-8", "surrogateescape")
        return Keys(digest(b"\0".join((self._asked(task.job), path, read))), place, read, stamp)

    def _asked(self, job: "Job") -> bytes:
        if job is not self._job:
            self._job, self._words = job, self._words_of(job)
        return self._words

    def _words_of(self, job: "Job") -> bytes:
        """All of the job that a result depends on; sets in an order that is the same in each run."""
        settings = [sorted(map(str, one)) if isinstance(one, frozenset) else one for one in job.settings]
        asked = job.context, job.measure, job.brief, job.advice_unsized, job.parts, job.started_by
        return repr((self.program, settings, *asked)).encode("utf-8", "surrogateescape")

    def find(self, key: bytes) -> "tuple[Result, Seen] | None":
        """The result of a key and what it rests on, None where it is not known."""
        for _, value in self._rows("results", (key,)):
            try:
                return unpacked(value)
            except Exception:  # noqa: BLE001 - a damaged or a foreign entry is none
                break
        return None

    def said(self, keys: Iterable[bytes]) -> "dict[bytes, Kept]":
        """What is known to be said for some keys."""
        found = {}
        for key, value in self._rows("said", tuple(keys)):
            try:
                found[key] = unpacked_said(value)
            except Exception:  # noqa: BLE001, S112 - as above
                continue
        return found

    def _rows(self, table: str, keys: tuple[bytes, ...]) -> list[tuple[bytes, bytes]]:
        """Keys and values, all used by now."""
        if self.database is None or not keys:
            return []
        query = f"SELECT key, used, value FROM {table} WHERE key IN ({','.join('?' * len(keys))})"  # noqa: S608 - ours
        try:
            rows = self.database.execute(query, keys).fetchall()
            old = [(self.day, key) for key, used, _ in rows if used != self.day]
            if old:
                self.database.executemany(f"UPDATE {table} SET used = ? WHERE key = ?", old)  # noqa: S608 - ours
        except sqlite3.Error:
            return []
        return [(key, value) for key, _, value in rows]

    def keep(self, keys: Keys, done: "Done") -> None:
        """Remember what came of the bytes that it was made from."""
        if done.seen is None:
            return
        if done.said is not None:
            self.keep_said(keys, done.said, done.seen)
        value = packed(done.result, done.seen) if done.result is not None else done.kept
        self._put("results", keys.result, value)

    def keep_said(self, keys: Keys, said: "Said", seen: "Seen") -> None:
        """Remember what is said."""
        self._put("said", keys.said, packed_said(Kept(said, seen, keys.read, keys.stamp)))

    def _put(self, table: str, key: bytes, value: bytes) -> None:
        if self.database is None:
            return
        try:
            self.database.execute(f"REPLACE INTO {table} VALUES (?, ?, ?)", (key, self.day, value))  # noqa: S608 - ours
        except sqlite3.Error:
            self.database = None

    def close(self) -> None:
        """Write what was learned and, once a day, forget what nobody asked for in a month."""
        if self.database is None:
            return
        try:
            (swept,) = self.database.execute("PRAGMA user_version").fetchone()
            if swept != self.day:
                self._forget(self.day - DAYS_KEPT)
                self.database.execute(f"PRAGMA user_version = {self.day:d}")
            self.database.execute("COMMIT")
            (pages,) = self.database.execute("PRAGMA page_count").fetchone()
            (size,) = self.database.execute("PRAGMA page_size").fetchone()
            if pages * size > BYTES_AT_MOST:
                self._forget(self.day)
                self.database.execute("VACUUM")
            self.database.close()
        except sqlite3.Error:
            pass
        self.database = None

    def _forget(self, day: int) -> None:
        """Remove what was last used before a day."""
        assert self.database is not None
        for table in TABLES:
            self.database.execute(f"DELETE FROM {table} WHERE used < ?", (day,))  # noqa: S608 - ours


def program() -> str:
    """What tells this program and its tables from any other: version, Python, sizes and times of all its files."""
    import dockopt  # noqa: PLC0415
    from dockopt.engine.registry import folders  # noqa: PLC0415

    digest = blake2b(f"{dockopt.__version__} {sys.version}".encode(), digest_size=16)
    for folder in (*dockopt.__path__, *folders(), data_folder()):
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
