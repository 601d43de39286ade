"""`dockopt verify`: its options, and the run over the files."""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import click

from dockopt.cli import options
from dockopt.cli.building import Building, building_options, end_orderly, teller

if TYPE_CHECKING:
    from dockopt.batch.work import Task
    from dockopt.build.engine import Engine
    from dockopt.build.verify import Verification
    from dockopt.cli.gathering import Wanted
    from dockopt.fixes import Purpose

VERIFIED, BROKEN, NOT_JUDGED = 0, 1, 2


class Report(Protocol):
    def add(self, found: "Verification") -> None: ...

    def finish(self) -> None: ...


class Run(NamedTuple):
    """One call of the command."""

    wanted: "Wanted"
    building: Building
    engine: "Engine"
    keep: bool
    each_fix: bool


@click.command(name="verify")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@options.context
@options.which_fixes
@building_options()
@click.option("--keep", is_flag=True, help="Leave the images in the engine.")
@click.option("--total", is_flag=True, help="Do not measure what each fix saves: fewer builds.")
@options.formats("text", "json", "markdown")
def command(
    *,
    paths: tuple[str, ...],
    context: str | None,
    level: str,
    purposes: "frozenset[Purpose]",
    select: frozenset[str],
    ignore: frozenset[str],
    keep: bool,
    total: bool,
    format_: str,
    **others: Any,  # noqa: ANN401 - the options of Building, by their names
) -> int:
    """Build a Dockerfile as it is and as dockopt rewrites it, and compare what comes out.

    Nothing is written. Size, layers, image config, every file and what the container does are compared; where the
    rewritten one fails, the fix to blame is found and named. PATH is a Dockerfile or a folder to search.

    Exit status: 0 verified or nothing to change, 1 the rewritten file is broken, 2 nothing could be judged.
    """
    from dockopt.cli.gathering import Wanted

    end_orderly()
    building = Building(**others)
    values = {"level": level, "preset": purposes, "select": select, "ignore": ignore, "context": context}
    wanted = Wanted(paths or (".",), {key: values[key] for key in options.given(*values)})
    run = Run(wanted, building, building.find_engine(), keep, not total)
    return work(run, report(format_, building.target))


def work(run: Run, output: Report) -> int:
    """Verify all files, one after the other."""
    from dockopt.build.verify import Verdict

    statuses = {Verdict.BROKEN: BROKEN, Verdict.NOT_JUDGED: NOT_JUDGED}
    worst = VERIFIED
    for found in verifications(run):
        output.add(found)
        worst = max(worst, statuses.get(found.verdict, VERIFIED))
    output.finish()
    return worst


def verifications(run: Run) -> Iterator["Verification"]:
    """Each file's verification as soon as it is there."""
    from dockopt.batch import configuration
    from dockopt.batch.results import Result
    from dockopt.batch.work import Job
    from dockopt.build.verify import Verdict, Verification
    from dockopt.cli.gathering import tasks
    from dockopt.config import Settings

    configuration.forget()
    empty = True
    for found in tasks(run.wanted, Job(Settings())):
        empty = False
        if isinstance(found, Result):
            yield Verification(found, Verdict.NOT_JUDGED, (found.reason,))
        else:
            yield verification(run, found)
    if empty:
        click.echo(f"no Dockerfile found in {', '.join(run.wanted.paths)}", err=True)


def verification(run: Run, task: "Task") -> "Verification":
    """One file rewritten, in memory, and verified."""
    from dockopt.batch.work import process
    from dockopt.build.trials import workbench
    from dockopt.build.verify import Verdict, Verification, Wishes, verify
    from dockopt.errors import DockoptError

    result = process(task).result
    assert result is not None  # which a job that tells nothing gives
    if result.outcome is None or result.outcome.refusal:
        return Verification(result, Verdict.NOT_JUDGED, (result.reason,))
    plan = run.building.plan(task.target.path, task.job.context)
    try:
        with workbench(run.engine, plan, keep=run.keep) as bench:
            return verify(result, bench, Wishes(run.building.noise, run.each_fix, teller()))
    except DockoptError:
        raise  # not about this file: the engine or a setting
    except Exception as error:  # the other files shall still be judged
        if os.environ.get("DOCKOPT_TRACEBACK"):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return Verification(result, Verdict.NOT_JUDGED, (f"internal error: {what[:200]}; please report this file",))


def report(format_: str, target: str) -> Report:
    from dockopt.report.screen import Screen

    screen = Screen(sys.stdout)
    if format_ == "json":
        from dockopt.report.verify_json import VerifyJson

        return VerifyJson(screen, target)
    if format_ == "markdown":
        from dockopt.report.verify_markdown import VerifyMarkdown

        return VerifyMarkdown(screen)
    from dockopt.report.verify_text import VerifyText

    return VerifyText(screen, Screen(sys.stderr), target)
