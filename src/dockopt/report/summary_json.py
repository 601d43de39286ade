"""The figures of a run for programs: all of it, and tables by transform, service and folder and of the top files."""

from typing import Any

from dockopt.batch.totals import Row
from dockopt.report.summary import Summary

Json = dict[str, Any]


def summary_of(summary: Summary) -> Json:
    """The document's last entry."""
    totals = summary.totals
    return {
        "files": summary.files,
        "changed": summary.changed,
        "refused": summary.refused,
        "errors": summary.errors,
        "fixes": totals.fixes,
        "saves": summary.saves._asdict(),
        "by_transform": list(map(_row, totals.transforms)),
        "by_service": list(map(_row, totals.services)),
        "by_folder": list(map(_row, totals.folders)),
        "top": list(map(_row, totals.top)),
    }


def _row(row: Row) -> Json:
    return {"name": row.name, "files": row.files, "fixes": row.fixes, "saves": row.saves._asdict()}
