"""How long instructions take: seconds for a command to begin with, and for every megabyte that it brings."""

MEGABYTE = 1_000_000


Pace = tuple[float, float, float]
"""Seconds: on a fast machine, likely, on a slow and busy one."""

RUN = (0.2, 0.4, 1.5)
"""Starting and ending the container of a RUN."""
COPY = (0.03, 0.1, 1.0)
STORE = (0.003, 0.01, 0.04)
"""A megabyte of a layer, packed and stored."""
UNKNOWN = (0.05, 2.0, 180.0)
"""A command of which nothing is known."""
UNREAD = (0.2, 10.0, 600.0)
NOTHING = (0.0, 0.01, 0.3)
COMMANDS: dict[str, Pace] = {
    "apt-get update": (1.5, 5.0, 25.0),
    "apt-get install": (1.0, 3.0, 12.0),
    "apt-get upgrade": (2.0, 15.0, 120.0),
    "apk": (0.5, 2.0, 15.0),
    "dnf": (5.0, 20.0, 120.0),
    "pip": (1.0, 3.5, 15.0),
    "poetry": (1.0, 4.0, 30.0),
    "uv": (0.1, 0.7, 6.0),
    "conda": (10.0, 60.0, 600.0),
    "npm": (0.7, 2.5, 20.0),
    "npm run": (1.0, 12.0, 180.0),
    "venv": (1.0, 3.0, 10.0),
    "gem": (2.0, 20.0, 240.0),
    "composer": (1.0, 8.0, 90.0),
    "cargo": (5.0, 90.0, 1200.0),
    "java": (5.0, 40.0, 600.0),
    "dotnet": (3.0, 25.0, 300.0),
    "go build": (1.0, 15.0, 180.0),
    "go download": (0.3, 4.0, 60.0),
    "make": (0.5, 20.0, 900.0),
    "compiler": (0.1, 1.5, 60.0),
    "download": (0.2, 1.5, 30.0),
    "clone": (0.5, 4.0, 120.0),
}
PER_MEGABYTE: dict[str, Pace] = {
    "system packages": (0.06, 0.17, 0.5),
    "Python packages": (0.06, 0.22, 0.8),
    "node packages": (0.03, 0.12, 0.5),
    "packed": (0.01, 0.04, 0.4),
    "copied": (0.001, 0.004, 0.03),
}
