"""One file from its bytes to its result. Whatever goes wrong with one file stays with that file."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Protocol

from dockopt.batch import files
from dockopt.batch.discovery import Target
from dockopt.batch.results import Result, Status
from dockopt.config import Settings
from dockopt.context.tree import Context
from dockopt.engine.pipeline import optimize
from dockopt.errors import DockoptError, InputError
from dockopt.text.source import SourceText


class Approve(Protocol):
    def __call__(self, result: Result, data: bytes, job: "Job") -> Result: ...


class Job(NamedTuple):
    """What to do with every file. `context` is a folder, "" for the Dockerfile's own, None for no context at all."""

    settings: Settings
    context: str | None = ""
    write: bool = False
    measure: bool = True
    approve: "Approve | None" = None
    """Looks at a changed result before it is written, and gives the one to write."""


def process(target: Target, job: Job) -> Result:
    """Read, rewrite and, where the job says so, write one file."""

    def work() -> Result:
        data = files.read(target.path, target.place)
        result = rewrite(target.path, data, job, target.path)
        if job.approve is not None and result.changed:
            result = job.approve(result, data, job)
        result = replace(result, header=header(target.path, target.place))
        if job.write and result.changed:
            files.replace(target.path, target.place, data, result.data)
        return result

    return guarded(target.path, work)


def rewrite(path: str, data: bytes, job: Job, dockerfile: str | None = None) -> Result:
    """The result for bytes that were read, from the file `dockerfile` if from any."""
    source = SourceText.from_bytes(data)
    context = _context(job, dockerfile)
    outcome = optimize(source.text, job.settings, context)
    if outcome.refusal is not None:
        line, reason = outcome.refusal
        return Result(path, Status.REFUSED, reason, line, outcome)
    status = Status.CHANGED if outcome.changed else Status.UNCHANGED
    if not job.measure:
        return Result(path, status, outcome=outcome)
    from dockopt.batch.measure import measure  # noqa: PLC0415 - reads tables, only where sizes are shown

    return Result(path, status, outcome=outcome, sizes=measure(outcome, context))


def guarded(path: str, work: Callable[[], Result]) -> Result:
    """The result of the work, or an error's; `DOCKOPT_TRACEBACK` in the environment lets a bug of ours through."""
    try:
        return work()
    except InputError as error:
        return Result(path, Status.ERROR, error.message, error.line)
    except DockoptError:
        raise  # not about this file: the engine or a setting
    except Exception as error:  # the other files shall still be done
        if os.environ.get("DOCKOPT_TRACEBACK"):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return Result(path, Status.ERROR, f"internal error: {what[:200]}; nothing was written, please report this file")


def header(path: str, place: str) -> str:
    """The path for a diff that applies in the current folder: of the file itself where the user named a link to it."""
    here = os.path.realpath(".").rstrip(os.sep) + os.sep
    if place.startswith(here):
        return place[len(here) :].replace(os.sep, "/")
    return os.path.normpath(path).replace(os.sep, "/").lstrip("/")


def _context(job: Job, dockerfile: str | None) -> Context | None:
    """A build takes the folder that a link lies in, not the one it leads to."""
    folder = job.context
    if folder == "" and dockerfile is not None:
        folder = os.path.dirname(dockerfile) or "."
    if not folder:
        return None
    from dockopt.context.folder import FolderContext  # noqa: PLC0415 - not needed where there is no context

    return FolderContext(folder, dockerfile)
