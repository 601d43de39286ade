"""How much of its size a kind of content keeps in a registry: layers are gzipped tars, as builders push them."""

from typing import NamedTuple

MEASURED = "measured: layers of built images, tar and gzip -6"
BETWEEN = "estimated from its parts: text and what is packed"
NATURE = "already compressed by its own format"


class Ratio(NamedTuple):
    """Compressed bytes for an uncompressed one: the least and the most that was seen, and what is likely."""

    low: float
    expected: float
    high: float
    source: str = MEASURED


UNKNOWN = Ratio(0.15, 0.4, 1.0, "between text and what cannot be compressed")
KINDS: dict[str, Ratio] = {
    "base image": Ratio(0.32, 0.38, 0.43),
    "system packages": Ratio(0.32, 0.36, 0.42),
    "system package lists": Ratio(0.70, 0.77, 0.82),
    "package database": Ratio(0.15, 0.22, 0.35, "as text"),
    "packed": Ratio(0.85, 0.97, 1.0, NATURE),
    "Python packages": Ratio(0.26, 0.32, 0.52),
    "pip cache": Ratio(0.55, 0.88, 0.98),
    "node packages": Ratio(0.20, 0.29, 0.36),
    "npm cache": Ratio(0.28, 0.6, 1.0),
    "sources and archives": Ratio(0.25, 0.38, 0.55, BETWEEN),
    "programs": Ratio(0.33, 0.4, 0.6),
    "build cache": Ratio(0.2, 0.25, 0.6),
    "text": Ratio(0.15, 0.22, 0.35),
}
