"""Programs that print what the real ones print."""

from collections.abc import Callable
from pathlib import Path

Fake = Callable[[str, str], Path]
"""Makes a program of that name with a shell script, and gives the file of its calls."""


def calls(file: Path) -> list[list[str]]:
    return [line.split("\0")[:-1] for line in file.read_text().splitlines()]
