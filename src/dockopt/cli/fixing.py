"""What `dockopt fix` does with its options: files to results, results to a report, and the exit status."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, TextIO

from dockopt.batch import files
from dockopt.batch.discovery import find
from dockopt.batch.results import Result, Status
from dockopt.batch.work import Job, guarded, process, rewrite
from dockopt.config import Settings
from dockopt.errors import InputError, SettingsError
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary

if TYPE_CHECKING:
    from dockopt.batch.work import Approve
    from dockopt.cli.building import Building

DONE, WOULD_CHANGE, FAILED = 0, 1, 2
STANDARD_INPUT = "-"
NAME_OF_STANDARD_INPUT = "Dockerfile"


class Options(NamedTuple):
    """The command's options; `context` None is the Dockerfile's own folder."""

    paths: tuple[str, ...]
    settings: Settings
    diff: bool = False
    check: bool = False
    context: str | None = None
    format: str = "text"
    output: str | None = None
    colour: str = "auto"
    building: "Building | None" = None
    """How to verify what is applied, None where that was not asked for."""
    explain_order: bool = False

    @property
    def dry(self) -> bool:
        return self.diff or self.check

    @property
    def to_output(self) -> str | None:
        """The file that takes the one rewritten Dockerfile, "-" for standard output."""
        piped = self.paths == (STANDARD_INPUT,) and self.format == "text" and not self.dry
        return STANDARD_INPUT if piped and self.output is None else self.output

    @property
    def several(self) -> bool:
        return len(self.paths) > 1 or os.path.isdir(self.paths[0])


class Report(Protocol):
    def add(self, result: Result) -> None: ...

    def finish(self, summary: Summary) -> None: ...


def fix(options: Options) -> int:
    """Work through all files and report on them."""
    summary = Summary()
    report = make_report(options)
    for result in results(options):
        summary.add(result)
        report.add(result)
        if options.explain_order and options.format == "text":
            from dockopt.cli.ordering import explain_order, order_screen

            quiet = options.diff or options.to_output == STANDARD_INPUT
            explain_order(result, options.context, order_screen(quiet=quiet, colour=options.colour))
    report.finish(summary)
    if not summary.files:
        Screen(sys.stderr, options.colour).line(f"no Dockerfile found in {', '.join(options.paths)}")
    if summary.failed:
        return FAILED
    return WOULD_CHANGE if options.dry and summary.changed else DONE


def results(options: Options) -> Iterator[Result]:
    """Each file's result as soon as it is there; files are written on the way."""
    job = Job(
        options.settings,
        "" if options.context is None else options.context,
        write=not options.dry and options.output is None,
        measure=options.format != "diff",
        approve=approval(options),
    )
    if options.paths == (STANDARD_INPUT,):
        yield _put(_standard_input(job), options)
        return
    for found in find(options.paths):
        if isinstance(found, InputError):
            yield Result(found.path, Status.ERROR, found.message, found.line)
        else:
            yield _put(replace(process(found, job), searched=found.path not in options.paths), options)


def approval(options: Options) -> "Approve | None":
    """What looks at each changed file before it is written."""
    building = options.building
    if building is None:
        return None
    if STANDARD_INPUT in options.paths and options.context is None:
        raise SettingsError("--verify of standard input needs --context DIR to build in")
    from dockopt.build.approval import Approval
    from dockopt.build.verify import Wishes
    from dockopt.cli.building import end_orderly, teller

    end_orderly()
    wishes = Wishes(noise=building.noise, each_fix=False, tell=teller())
    from_file = options.paths != (STANDARD_INPUT,)
    return Approval(building.find_engine(), lambda path: building.plan(path, options.context), wishes, from_file)


def make_report(options: Options) -> Report:
    """The renderer for the format; what a pipe reads is on standard output, the rest on standard error."""
    out, errors = Screen(sys.stdout, options.colour), Screen(sys.stderr, options.colour)
    taken = options.to_output == STANDARD_INPUT
    if options.format == "json":
        from dockopt.report.json import JsonReport

        return JsonReport(errors if taken else out)
    if options.format == "diff":
        from dockopt.report.diff import DiffReport

        return DiffReport(errors if taken else out, errors)
    from dockopt.report.text import TextReport

    diffs = None if taken or (options.check and not options.diff) else out
    screen = errors if taken or options.diff else out
    return TextReport(screen, errors, diffs, options.dry, options.several, "" if taken else options.output or "")


def _standard_input(job: Job) -> Result:
    name = NAME_OF_STANDARD_INPUT

    def work() -> Result:
        data = files.within_limit(name, _read(sys.stdin))
        result = rewrite(name, data, job)
        return job.approve(result, data, job) if job.approve and result.changed else result

    return guarded(name, work)


def _read(stream: TextIO) -> bytes:
    return stream.buffer.read(files.SIZE_LIMIT + 1)


def _put(result: Result, options: Options) -> Result:
    """The result after its text went where the options say."""
    if options.to_output is None or result.outcome is None:
        return result
    if options.to_output == STANDARD_INPUT:
        Screen(sys.stdout).put(result.data)
        return result
    if result.status is Status.REFUSED:
        return result
    try:
        files.write_new(options.to_output, result.data)
    except InputError as error:
        return Result(result.path, Status.ERROR, f"{error.path} {error.message}", error.line)
    return result
