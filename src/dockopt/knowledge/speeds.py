"""How long instructions take: seconds for a command to begin with, and for every megabyte that it brings."""

from typing import NamedTuple

MEGABYTE = 1_000_000


class Pace(NamedTuple):
    """Seconds: on a fast machine, likely, on a slow and busy one."""

    low: float
    expected: float
    high: float


RUN = Pace(0.2, 0.4, 1.5)
"""Starting and ending the container of a RUN."""
COPY = Pace(0.03, 0.1, 1.0)
STORE = Pace(0.003, 0.01, 0.04)
"""A megabyte of a layer, packed and stored."""
UNKNOWN = Pace(0.05, 2.0, 180.0)
"""A command of which nothing is known."""
UNREAD = Pace(0.2, 10.0, 600.0)
NOTHING = Pace(0.0, 0.01, 0.3)
COMMANDS: dict[str, Pace] = {
    "apt-get update": Pace(1.5, 5.0, 25.0),
    "apt-get install": Pace(1.0, 3.0, 12.0),
    "apt-get upgrade": Pace(2.0, 15.0, 120.0),
    "apk": Pace(0.5, 2.0, 15.0),
    "dnf": Pace(5.0, 20.0, 120.0),
    "pip": Pace(1.0, 3.5, 15.0),
    "poetry": Pace(1.0, 4.0, 30.0),
    "uv": Pace(0.1, 0.7, 6.0),
    "conda": Pace(10.0, 60.0, 600.0),
    "npm": Pace(0.7, 2.5, 20.0),
    "npm run": Pace(1.0, 12.0, 180.0),
    "venv": Pace(1.0, 3.0, 10.0),
    "gem": Pace(2.0, 20.0, 240.0),
    "composer": Pace(1.0, 8.0, 90.0),
    "cargo": Pace(5.0, 90.0, 1200.0),
    "java": Pace(5.0, 40.0, 600.0),
    "dotnet": Pace(3.0, 25.0, 300.0),
    "go build": Pace(1.0, 15.0, 180.0),
    "go download": Pace(0.3, 4.0, 60.0),
    "make": Pace(0.5, 20.0, 900.0),
    "compiler": Pace(0.1, 1.5, 60.0),
    "download": Pace(0.2, 1.5, 30.0),
    "clone": Pace(0.5, 4.0, 120.0),
}
PER_MEGABYTE: dict[str, Pace] = {
    "system packages": Pace(0.06, 0.17, 0.5),
    "Python packages": Pace(0.06, 0.22, 0.8),
    "node packages": Pace(0.03, 0.12, 0.5),
    "packed": Pace(0.01, 0.04, 0.4),
    "copied": Pace(0.001, 0.004, 0.03),
}
