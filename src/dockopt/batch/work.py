"""One file from its bytes to its result. Whatever goes wrong with one file stays with that file."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dockopt.batch import files
from dockopt.batch.discovery import Target
from dockopt.batch.results import Result, Status
from dockopt.config import Settings
from dockopt.context.names import is_dockerfile_name
from dockopt.errors import DockoptError, InputError

if TYPE_CHECKING:
    from dockopt.batch.said import Said, Teller
    from dockopt.batch.seen import Seen
    from dockopt.context.folder import FolderContext, StartedBy
    from dockopt.context.tree import Context
    from dockopt.engine.pipeline import Outcome

WRITING = threading.Lock()
"""Held while a file is replaced, so that a worker that has to go first ends that."""


class Approve(Protocol):
    def __call__(self, result: Result, data: bytes, job: "Job") -> Result: ...


class Job(NamedTuple):
    """What to do with every file. `context` is a folder, "" for the Dockerfile's own, None for no context at all."""

    settings: Settings
    context: str | None = ""
    write: bool = False
    measure: bool = True
    brief: bool = False
    """Whether the size of an image does not matter where nothing is proposed."""
    advice_unsized: bool = False
    """Whether that holds, too, where all that is proposed are words: fixes without edits."""
    approve: "Approve | None" = None
    """Looks at a changed result before it is written, and gives the one to write."""
    watch: bool = False
    """Whether to say what of the context a result rests on."""
    sole: bool = False
    """The only file of the run: nobody else changes the ignore file of its context."""
    started_by: "StartedBy" = ()
    """Compose files elsewhere that start the image."""
    parts: bool = False
    """Whether to find the parts of a rewrite that stand on their own."""
    tell: "Teller | None" = None
    """Where nothing is wanted of a result but its words and figures: what puts it in words, where the work is done."""


class Task(NamedTuple):
    target: Target
    job: Job


class Done(NamedTuple):
    """A result, or what is said of it; and what of the context it rests on, None where that cannot be said."""

    result: Result | None = None
    said: "Said | None" = None
    seen: "Seen | None" = None
    read: bytes = b""
    """The digest of the bytes that were found, where results are kept."""
    kept: bytes = b""
    """What is kept of a result that is not handed on, ready to be stored."""


def work_through(tasks: Iterable[Task]) -> tuple[Done, ...]:
    """Neighbours in one call: those with the same context share what is read of it."""
    contexts = Contexts()
    return tuple(process(task, contexts) for task in tasks)


def process(task: Task, contexts: "Contexts | None" = None) -> Done:
    """Read, rewrite and, where the job says so, write one file."""
    target, job = task
    context = (contexts or Contexts()).of(job, target.path)
    read = b""

    def work() -> Result:
        nonlocal read
        data = files.read(target.path, target.place)
        read = digest(data) if job.watch else b""
        result = _rewritten(target.path, data, job, context)
        if job.approve is not None and result.changed:
            result = job.approve(result, data, job)
        if job.write and result.changed:
            put(target, data, result)
        return result

    result = with_headers(guarded(target.path, work), target)
    kept = job.watch and result.status is not Status.ERROR
    return _done(result, job, read, _seen(context) if kept else None)


def _done(result: Result, job: Job, read: bytes, seen: "Seen | None") -> Done:
    if job.tell is None:
        return Done(result, seen=seen, read=read)
    from dockopt.batch.said import said_of  # noqa: PLC0415 - not where results themselves are wanted

    said = said_of(result, job.tell)
    if seen is None:
        return Done(said=said)
    from dockopt.batch.stored import packed  # noqa: PLC0415 - only where results are kept

    return Done(said=said, seen=seen, read=read, kept=packed(result, seen))


def _seen(context: "Context | None") -> "Seen":
    from dockopt.batch.seen import NOTHING  # noqa: PLC0415 - only where results are kept
    from dockopt.batch.watched import WatchedContext  # noqa: PLC0415

    return context.seen() if isinstance(context, WatchedContext) else NOTHING


def digest(data: bytes) -> bytes:
    """What a file's bytes are known by."""
    from hashlib import blake2b  # noqa: PLC0415 - only where results are kept

    return blake2b(data, digest_size=20).digest()


def put(target: Target, before: bytes, result: Result) -> None:
    """Write a changed file; who asks us to end waits for that."""
    with WRITING, _to_the_end():
        files.replace_with_others(target.path, target.place, before, result.data, result.others)


def with_headers(result: Result, target: Target) -> Result:
    """The result with the paths for its diff."""
    others = tuple(header(change.path, os.path.realpath(change.path)) for change in result.others)
    shown = header(target.path, target.place)
    return replace(result, path=target.path, header=shown, other_headers=others, uses=target.uses)


@contextmanager
def _to_the_end() -> Iterator[None]:
    """Hold back a request to end, where the system can."""
    import signal  # noqa: PLC0415 - only where something is written

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def rewrite(path: str, data: bytes, job: Job, dockerfile: str | None = None) -> Result:
    """The result for bytes that were read, from the file `dockerfile` if from any."""
    return _rewritten(path, data, job, Contexts().of(job, dockerfile))


def _rewritten(path: str, data: bytes, job: Job, context: "Context | None") -> Result:
    from dockopt.engine.pipeline import optimize  # noqa: PLC0415 - not where all is known from earlier runs
    from dockopt.text.source import SourceText  # noqa: PLC0415

    source = SourceText.from_bytes(data)
    outcome = optimize(source.text, job.settings, context)
    if outcome.refusal is not None:
        line, reason = outcome.refusal
        return Result(path, Status.REFUSED, reason, line, outcome)
    result = Result(path, Status.CHANGED if outcome.changed else Status.UNCHANGED, outcome=outcome)
    if job.parts and outcome.changed:
        from dockopt.batch.parts import standing  # noqa: PLC0415 - only for reports that suggest

        result = replace(result, parts=standing(outcome, job.settings, context))
    if not job.measure or (job.brief and not outcome.fates) or (job.advice_unsized and _only_advises(outcome)):
        return result
    from dockopt.batch.measure import measure  # noqa: PLC0415 - reads tables, only where sizes are shown

    return replace(result, sizes=measure(outcome, context, job.settings.targets))


def _only_advises(outcome: "Outcome") -> bool:
    """Whether nothing that was proposed would change any file."""
    return not any(fate.before != fate.after or fate.fix.others for fate in outcome.fates)


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
    here = _without_links(os.getcwd()).rstrip(os.sep) + os.sep
    if place.startswith(here):
        return place[len(here) :].replace(os.sep, "/")
    return os.path.normpath(path).replace(os.sep, "/").lstrip("/")


@lru_cache(maxsize=1)
def _without_links(folder: str) -> str:
    return os.path.realpath(folder)


class Contexts:
    """The contexts of some neighbouring files, each read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str | None, bool, StartedBy], FolderContext] = {}
        self._first: dict[str, str] = {}

    def of(self, job: Job, dockerfile: str | None) -> "FolderContext | None":
        """A build takes the folder that a link lies in, not the one it leads to."""
        folder = job.context
        if folder == "" and dockerfile is not None:
            folder = os.path.dirname(dockerfile) or "."
        if not folder:
            return None
        own = dockerfile if dockerfile and os.path.lexists(f"{dockerfile}.dockerignore") else None
        owned = dockerfile is not None and (own is not None or job.sole or self._is_first(folder, dockerfile))
        key = folder, own, owned, job.started_by
        if key not in self._known:
            context = self._known[key] = _context(folder, own, job.started_by, watched=job.watch)
            context.owned = owned
        return self._known[key]

    def _is_first(self, folder: str, dockerfile: str) -> bool:
        """Whether a Dockerfile is the one of its context that changes the ignore file: `Dockerfile`, or the first."""
        place, name = os.path.split(dockerfile)
        if (place or ".") != folder and os.path.realpath(place or ".") != os.path.realpath(folder):
            return False
        if name == "Dockerfile":
            return True
        if folder not in self._first:
            names = [one for one in os.listdir(folder) if is_dockerfile_name(one)]
            self._first[folder] = "Dockerfile" if "Dockerfile" in names else min(names, default=name)
        return self._first[folder] == name


def _context(folder: str, own: str | None, started_by: "StartedBy", *, watched: bool) -> "FolderContext":
    if watched:
        from dockopt.batch.watched import WatchedContext  # noqa: PLC0415 - only where results are kept

        return WatchedContext(folder, own, started_by)
    from dockopt.context.folder import FolderContext  # noqa: PLC0415 - not needed where there is no context

    return FolderContext(folder, own, started_by)
