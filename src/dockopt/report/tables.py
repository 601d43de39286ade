"""The figures of a long run as tables for people: by transform, by service, by folder, and the files that save most."""

from collections.abc import Iterator

from dockopt.batch.totals import Row, Totals
from dockopt.report.sizes import WORTH_SAYING, human

ROWS = 10


def tables(totals: Totals) -> Iterator[str]:
    """The lines, each table behind an empty one."""
    yield from _table("transform", totals.transforms)
    if totals.services:
        yield from _table("service", totals.services)
    if len(totals.folders) > 1 and any(row.files > 1 for row in totals.folders):
        yield from _table("folder", totals.folders)
    yield from _table("file", totals.top)


def _table(title: str, rows: list[Row]) -> Iterator[str]:
    shown = rows[:ROWS]
    width = max(len(title), *(len(row.name) for row in shown))
    yield ""
    yield f"  {title:{width}}  {'files':>6}  {'fixes':>6}  {'saves':>9}"
    for row in shown:
        yield f"  {row.name:{width}}  {row.files:6,}  {row.fixes:6,}  {_amount(row.saves.expected):>9}"
    if rows[ROWS:]:
        rest = sum(row.saves.expected for row in rows[ROWS:])
        more = f"and {len(rows) - ROWS:,} more"
        yield f"  {more:{width}}  {'':6}  {'':6}  {human(rest):>9}"


def _amount(size: int) -> str:
    """A size; what nobody would notice is none."""
    return human(size if abs(size) >= WORTH_SAYING else 0)
