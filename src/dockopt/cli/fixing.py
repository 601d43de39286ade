"""What `dockopt fix` does with its options: files to results, results to a report, and the exit status."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TextIO

from dockopt.batch import configuration, files
from dockopt.batch.results import Result, Status
from dockopt.batch.run import processors, run
from dockopt.batch.totals import figures_of
from dockopt.batch.work import Job, guarded, rewrite
from dockopt.cli.gathering import Wanted, settings_for, tasks
from dockopt.cli.progress import Progress
from dockopt.cli.reports import NOT_WRITING, SUGGESTING, UNMEASURED, Report, Telling, make_report
from dockopt.cli.reviewing import Review
from dockopt.config import Settings
from dockopt.errors import InputError, SettingsError
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary
from dockopt.report.wording import count

if TYPE_CHECKING:
    from dockopt.batch.baseline import Recorder
    from dockopt.batch.cache import Cache
    from dockopt.batch.pool import Workers
    from dockopt.batch.said import Said, Teller
    from dockopt.batch.work import Approve
    from dockopt.cli.building import Building

DONE, WOULD_CHANGE, FAILED = 0, 1, 2
STANDARD_INPUT = "-"
NAME_OF_STANDARD_INPUT = "Dockerfile"


class Many(NamedTuple):
    """How many files at once are done. `executor` is the address of a cluster, "" for processes of this machine."""

    jobs: int | None = None
    cached: bool = True
    executor: str = ""
    baseline: str = ""
    write_baseline: str = ""


class Options(NamedTuple):
    """The command's options."""

    wanted: Wanted
    diff: bool = False
    check: bool = False
    format: str = "text"
    output: str | None = None
    colour: str = "auto"
    building: "Building | None" = None
    """How to verify what is applied, None where that was not asked for."""
    explain_order: bool = False
    many: Many = Many()
    review: Review = Review()

    @property
    def paths(self) -> tuple[str, ...]:
        return self.wanted.paths

    @property
    def context(self) -> str | None:
        """As the option says, None for none."""
        return self.wanted.given.get("context")

    @property
    def dry(self) -> bool:
        """Whether no Dockerfile is written."""
        return self.asks or bool(self.many.write_baseline or self.review.split_by) or self.format in NOT_WRITING

    @property
    def asks(self) -> bool:
        """Whether the exit status says that something would change."""
        return self.diff or self.check

    @property
    def only_told(self) -> bool:
        """Whether nothing is done with results but to tell them."""
        decided = self.many.baseline or self.many.write_baseline or self.building is not None
        return self.several and not (decided or self.review.interactive or self.explain_order or self.output)

    @property
    def to_output(self) -> str | None:
        """The file that takes the one rewritten Dockerfile, "-" for standard output."""
        piped = self.paths == (STANDARD_INPUT,) and self.format == "text" and not self.dry
        return STANDARD_INPUT if piped and self.output is None else self.output

    @property
    def several(self) -> bool:
        return len(self.paths) > 1 or os.path.isdir(self.paths[0])


def fix(options: Options) -> int:
    """Work through all files and report on them."""
    configuration.forget()
    summary = Summary()
    report = _report(options)
    deaths: list[str] = []
    record = recorder(options)
    telling = report if isinstance(report, Telling) and options.only_told else None
    with Progress(options.several and not options.review.interactive) as progress:
        for result in results(options, deaths, telling.look if telling else None):
            progress.clear()
            if isinstance(result, Result):
                summary.add(figures_of(result), searched=result.searched)
                report.add(result)
                if options.explain_order and options.format == "text":
                    _explain_order(result, options)
                if record:
                    record.add(result)
            elif telling:
                summary.add(result.figures, searched=result.figures.path not in options.paths)
                telling.put(result.pieces)
            progress.show(summary.totals)
    report.finish(summary)
    errors = Screen(sys.stderr, options.colour)
    for line in deaths:
        errors.line(f"dockopt: {line}")
    if record:
        record.write()
        accepted = f"{count(record.fixes, 'fix')} in {count(len(record.found), 'file')}"
        errors.line(f"{record.path} accepts {accepted}; no Dockerfile was written")
    if not summary.files:
        which = " of those that changed" if options.wanted.since or options.wanted.staged else ""
        errors.line(f"no Dockerfile{which} found in {', '.join(options.paths)}")
    if summary.failed or deaths:
        return FAILED
    return WOULD_CHANGE if options.asks and not record and _too_much(options, summary) else DONE


def _too_much(options: Options, summary: Summary) -> bool:
    """Whether what could be done is more than a check lets pass."""
    limit = options.review.fail_over
    return bool(summary.changed) and (limit is None or summary.saves.expected > limit)


def _report(options: Options) -> Report:
    review = options.review
    if not review.split_by:
        return make_report(options, taken=options.to_output == STANDARD_INPUT)
    from dockopt.cli.reports import verdicts
    from dockopt.cli.splitting import BranchReport

    return BranchReport(review.split_by, review.branch_prefix, verdicts(review.verified), options.colour)


def _explain_order(result: Result, options: Options) -> None:
    from dockopt.cli.ordering import explain_order, order_screen

    quiet = options.diff or options.to_output == STANDARD_INPUT
    explain_order(result, options.context, order_screen(quiet=quiet, colour=options.colour))


def recorder(options: Options) -> "Recorder | None":
    """What notes a new baseline, if one is to be written."""
    if not options.many.write_baseline:
        return None
    from dockopt.batch.baseline import Recorder

    return Recorder(options.many.write_baseline)


def results(options: Options, deaths: list[str], tell: "Teller | None" = None) -> "Iterator[Result | Said]":
    """Each file's result as soon as it is there, or only what is to be said of it; files are written on the way.

    Takes a line for a worker that died.
    """
    job = Job(
        Settings(),
        write=not options.dry and options.output is None,
        measure=options.format not in UNMEASURED or options.review.fail_over is not None,
        brief=options.several and options.format in ("text", "csv"),
        advice_unsized=options.several and options.format == "text",
        approve=approval(options),
        sole=not options.several and options.output is None,
        parts=options.format in SUGGESTING,
        tell=tell,
    )
    if options.paths == (STANDARD_INPUT,):
        settings, config = settings_for(os.curdir, options.wanted)
        context = config.get("context")
        yield _put(_standard_input(job._replace(settings=settings, context=context or "")), options)
        return
    known = cache(options)
    job = job._replace(watch=known is not None)
    for result in run(tasks(options.wanted, job), workers(options, deaths.append), known):
        if isinstance(result, Result):
            yield _put(replace(result, searched=result.path not in options.paths), options)
        else:
            yield result


def workers(options: Options, told: Callable[[str], None]) -> "Workers | None":
    """Who does the work, None for this process."""
    if not options.several or options.building is not None or options.review.interactive:
        return None
    if options.many.executor:
        from dockopt.batch.cluster import cluster

        return cluster(options.many.executor, told)
    number = options.many.jobs or processors()
    if number == 1:
        return None
    from dockopt.batch import pool

    return pool.Workers(lambda: pool.process_pool(number), number, told)


def cache(options: Options) -> "Cache | None":
    """Results of earlier runs, where there are files enough for that to matter and nothing else has a say."""
    decided = (
        options.building is not None
        or options.many.baseline
        or options.many.write_baseline
        or options.review.interactive
    )
    if not (options.many.cached and options.several) or decided:
        return None
    from dockopt.batch.cache import Cache
    from dockopt.own_folders import cache_folder

    return Cache(cache_folder())


def approval(options: Options) -> "Approve | None":
    """What looks at each changed file before it is written."""
    building = options.building
    if options.many.baseline:
        from dockopt.batch.baseline import read

        return read(options.many.baseline)
    if options.many.write_baseline:
        from dockopt.batch.baseline import Accepting

        return Accepting()
    if options.review.interactive:
        from dockopt.cli.asking import of_terminal

        return of_terminal(Screen(sys.stdout, options.colour))
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
    return Approval(building.find_engine(), building.plan, wishes, from_file)


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
