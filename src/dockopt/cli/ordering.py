"""What `dockopt fix --explain-order` adds to the report of a file."""

import os
import sys

from dockopt.batch.results import Result
from dockopt.context.folder import FolderContext
from dockopt.estimate.order import order
from dockopt.model.dockerfile import Dockerfile
from dockopt.report.order import order_lines
from dockopt.report.screen import Screen


def explain_order(result: Result, folder: str | None, screen: Screen) -> None:
    """What a change of each kind of file costs before and after; "" or None for the Dockerfile's own folder."""
    if result.outcome is None or result.outcome.refusal is not None:
        return
    place = folder or os.path.dirname(result.path) or "."
    if not os.path.isdir(place):
        return
    context = FolderContext(place, result.path)
    before, after = (Dockerfile.parse(text, context) for text in (result.outcome.before, result.outcome.after))
    found = order(before, after, context, context.history)
    for line in order_lines(found) if found else ("  order    no instruction brings a file of the build context",):
        screen.line(line)
    screen.line()


def order_screen(*, quiet: bool, colour: str) -> Screen:
    """Where the report goes that leaves standard output to a diff or to the rewritten file."""
    return Screen(sys.stderr if quiet else sys.stdout, colour)
