"""Reading the tables beside this module: comma-separated, one header line, no quoting; lists are space-separated."""

from functools import cache


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `NAME.csv` without its header."""
    return tuple(tuple(line.split(",")) for line in lines(name))


def lines(name: str) -> list[str]:
    """The lines of `NAME.csv` without its header, not split."""
    with open(f"{__file__.rpartition('tables.py')[0]}{name}.csv", encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs 5 ms
        return file.read().splitlines()[1:]
