"""Reading a file with its limits, and replacing it in one step: a reader sees the old text or the new, never half."""

import os
import stat
from contextlib import suppress

from dockopt.errors import InputError
from dockopt.fixes import FileChange
from dockopt.text.source import to_bytes

ENDING = ".dockopt"
"""Of the files that are to take another's place, which begin with a dot, the other's name and the process."""
SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes. The largest real Dockerfiles have some 100 KB."""


def read(path: str, place: str, limit: int = SIZE_LIMIT) -> bytes:
    """The bytes at `place`; `path` is what messages call it.

    Raises:
        InputError: it is no regular file, too large or unreadable.
    """
    try:
        status = os.stat(place)
        if stat.S_ISDIR(status.st_mode):
            raise InputError(path, "a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(path, "not a regular file; use - to read standard input")
        with open(place, "rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise InputError(path, f"cannot be read: {_reason(error)}") from error
    return within_limit(path, data, limit)


def within_limit(path: str, data: bytes, limit: int = SIZE_LIMIT) -> bytes:
    """The bytes themselves, where they are few enough to be a Dockerfile's."""
    if len(data) > limit:
        raise InputError(path, f"larger than {limit // 1024 // 1024} MB, which no Dockerfile is")
    return data


def replace(path: str, place: str, before: bytes, after: bytes) -> None:
    """Put new bytes in place of the ones that were read, keeping mode and, where possible, owner.

    Raises:
        InputError: the file or its folder is read-only, or the file is no longer the one that was read.
    """
    try:
        status = os.stat(place)
        _demand_writable(path, place, status)
        with open(place, "rb") as file:
            if file.read(len(before) + 1) != before:
                raise InputError(path, "changed while dockopt was at work; not written, run again")
        _put(place, after, status)
    except (OSError, ValueError) as error:
        raise InputError(path, f"cannot be written: {_reason(error)}") from error


def replace_with_others(
    path: str, place: str, before: bytes, after: bytes, others: tuple[FileChange, ...] = ()
) -> None:
    """Replace a file and those that change with it; where one cannot be written, none is.

    Raises:
        InputError: a file cannot be written, or is no longer the one that was read.
    """
    written: list[FileChange] = []
    try:
        for change in others:
            _change(change)
            written.append(change)
        if before != after:
            replace(path, place, before, after)
    except InputError:
        for change in written:
            _undo(change)
        raise


def _change(change: FileChange) -> None:
    if change.before is not None:
        replace(change.path, os.path.realpath(change.path), to_bytes(change.before), to_bytes(change.after))
    elif os.path.lexists(change.path):
        raise InputError(change.path, "appeared while dockopt was at work; not written, run again")
    else:
        write_new(change.path, to_bytes(change.after))


def _undo(change: FileChange) -> None:
    if change.before is None:
        os.unlink(change.path)
    else:
        replace(change.path, os.path.realpath(change.path), to_bytes(change.after), to_bytes(change.before))


def write_new(path: str, data: bytes) -> None:
    """Write a file that may exist or not, in one step.

    Raises:
        InputError: it cannot be written.
    """
    try:
        place = os.path.realpath(path)
        status = os.stat(place) if os.path.exists(place) else None
        if status is not None and not stat.S_ISREG(status.st_mode):
            if stat.S_ISDIR(status.st_mode):
                raise InputError(path, "cannot be written: it is a folder")
            with open(place, "wb") as file:  # a device or a pipe
                file.write(data)
            return
        if status is not None:
            _demand_writable(path, place, status)
        _put(place, data, status)
    except (OSError, ValueError) as error:
        raise InputError(path, f"cannot be written: {_reason(error)}") from error


def _demand_writable(path: str, place: str, status: os.stat_result) -> None:
    """Replacing a file needs no right to write to it: the question is what its owner meant."""
    folder = os.path.dirname(place)
    if not status.st_mode & 0o222 or not os.access(place, os.W_OK):
        raise InputError(path, "read-only; not written")
    if not os.stat(folder).st_mode & 0o222 or not os.access(folder, os.W_OK):
        raise InputError(path, "its folder is read-only; not written")


def sweep(place: str) -> None:
    """Remove what processes that were killed while they replaced a file have left beside it."""
    if os.name != "posix":
        return  # whether a process runs cannot be asked without ending it
    folder, name = os.path.split(place)
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return
    for one in names:
        if one.startswith(_beginning(name)) and one.endswith(ENDING):
            process = one.removeprefix(_beginning(name)).partition("-")[0]
            if process.isdecimal() and not _runs(int(process)):
                with suppress(OSError):
                    os.unlink(os.path.join(folder, one))


def _beginning(name: str) -> str:
    return f".{name[:100]}."


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _put(place: str, data: bytes, status: os.stat_result | None) -> None:
    folder, name = os.path.split(place)
    temporary = os.path.join(folder, f"{_beginning(name)}{os.getpid()}-{os.urandom(6).hex()}{ENDING}")
    mode = 0o666 if status is None else 0o600
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if status is not None:
                _copy_owner_and_mode(descriptor, temporary, status)
            os.fsync(descriptor)
        os.replace(temporary, place)
    except BaseException:
        os.unlink(temporary)
        raise
    _sync(folder)


def _copy_owner_and_mode(descriptor: int, temporary: str, status: os.stat_result) -> None:
    made = os.fstat(descriptor)
    if hasattr(os, "fchown") and (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
        with suppress(PermissionError):
            os.fchown(descriptor, status.st_uid, status.st_gid)
    os.chmod(temporary, stat.S_IMODE(status.st_mode))  # after the owner: chown drops bits


def _sync(folder: str) -> None:
    """Make the new name last through a power cut, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder or ".", os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error).lower()
