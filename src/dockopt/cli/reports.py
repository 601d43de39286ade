"""The renderer for each format, and what it needs to know of the run."""

import sys
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dockopt.batch.results import Result
from dockopt.report.screen import Screen
from dockopt.report.summary import Summary

if TYPE_CHECKING:
    from dockopt.batch.said import Pieces, Teller
    from dockopt.batch.verified import Verified
    from dockopt.cli.fixing import Options

SUGGESTING = frozenset({"sarif", "rdjson"})
"""Formats that offer each part of a rewrite by itself."""
UNMEASURED = frozenset({"diff"})
NOT_WRITING = frozenset({"patch"})
"""What they print is to be applied by somebody else."""


class Report(Protocol):
    def add(self, result: Result) -> None: ...

    def finish(self, summary: Summary, /) -> None: ...


@runtime_checkable
class Telling(Report, Protocol):
    """A report whose words for a file can be made, and kept, apart from the others'."""

    look: "Teller"

    def put(self, pieces: "Pieces", /) -> None: ...


def make_report(options: "Options", *, taken: bool) -> Report:
    """What a pipe reads is on standard output, the rest on standard error; `taken` if that is a Dockerfile's."""
    errors = Screen(sys.stderr, options.colour)
    out = errors if taken else Screen(sys.stdout, options.colour)
    match options.format:
        case "json":
            from dockopt.report.json import JsonReport

            return JsonReport(out)
        case "diff":
            from dockopt.report.diff import DiffReport

            return DiffReport(out, errors)
        case "csv":
            from dockopt.report.csv import CsvReport

            return CsvReport(out, errors)
        case "text":
            return _text(options, out, errors, taken=taken)
        case "markdown" | "patch":
            return _with_verdicts(options, out, errors)
    return _for_machines(options.format, out, errors)


def _text(options: "Options", out: Screen, errors: Screen, *, taken: bool) -> Report:
    from dockopt.report.text import TextReport

    diffs = None if taken or (options.check and not options.diff) else out
    screen = errors if options.diff else out
    destination = "" if taken else options.output or ""
    return TextReport(screen, errors, diffs, dry=options.dry, several=options.several, destination=destination)


def _with_verdicts(options: "Options", out: Screen, errors: Screen) -> Report:
    verified = verdicts(options.review.verified)
    if options.format == "patch":
        from dockopt.report.patches import PatchReport

        return PatchReport(out, errors, verified)
    from dockopt.report.comment import CommentReport

    return CommentReport(out, verified, dry=options.dry)


def _for_machines(name: str, out: Screen, errors: Screen) -> Report:
    if name == "github":
        from dockopt.report.github import GithubReport

        return GithubReport(out)
    if name == "gitlab":
        from dockopt.report.gitlab import GitlabReport

        return GitlabReport(out)
    if name == "sarif":
        from dockopt.report.sarif import SarifReport

        return SarifReport(out)
    if name == "rdjson":
        from dockopt.report.rdjson import RdjsonReport

        return RdjsonReport(out)
    from dockopt.report.html import HtmlReport

    return HtmlReport(out, errors)


def verdicts(path: str) -> "Verified":
    """What `--verified` names."""
    from dockopt.batch.verified import read

    return read(path)
