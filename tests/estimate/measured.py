"""The table of measured apt layers beside this module."""

from pathlib import Path
from typing import NamedTuple

PERL = "perl"
MEGABYTE = 1_000_000


class AptLayer(NamedTuple):
    """Bytes of one layer, downloaded archives left out, and of the manuals, documents and translations in it."""

    packages: str
    recommends: bool
    size: float
    documents: float


def apt_layers() -> list[AptLayer]:
    rows = (line.split(",") for line in Path(__file__).with_name("apt_layers.csv").read_text().splitlines()[1:])
    return [AptLayer(row[0], row[1] == "yes", float(row[2]) * MEGABYTE, float(row[3]) * MEGABYTE) for row in rows]
