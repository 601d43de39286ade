"""How far a long run is, in one line that is written over: on a terminal only, and only after a moment."""

import sys
import time
from types import TracebackType
from typing import Self

from dockopt.batch.totals import Totals

PATIENCE = 1.0
PAUSE = 0.1
CLEAR = "\r\x1b[K"


class Progress:
    """Stands below the report, which clears it before it writes."""

    def __init__(self, several: bool) -> None:
        self.on = several and sys.stderr.isatty()
        self.next = time.monotonic() + PATIENCE
        self.shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.clear()

    def clear(self) -> None:
        if self.shown:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
            self.shown = False

    def show(self, totals: Totals) -> None:
        """Say how many files are done."""
        if not self.on or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + PAUSE
        self.shown = True
        sys.stderr.write(f"{CLEAR}{totals.files:,} files, {totals.changed:,} with fixes …")
        sys.stderr.flush()
