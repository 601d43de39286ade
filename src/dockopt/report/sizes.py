"""Bytes as people read them, and bars to compare them."""

UNITS = ("B", "kB", "MB", "GB", "TB")
EIGHTHS = " ▏▎▍▌▋▊▉"
WORTH_SAYING = 10_000
"""Bytes: what saves or adds less is not mentioned."""
LOOSE = 1.25
"""A range whose ends differ by less than this factor is shown as one number."""


def human(size: int) -> str:
    """A size in decimal units, as `docker history` prints it, to three digits at most."""
    value, sign = float(abs(size)), "-" if size < 0 else ""
    for unit in UNITS:
        if value < 999.5 or unit == UNITS[-1]:
            digits = 0 if unit == "B" or value >= 99.95 else 1 if value >= 9.995 else 2
            number = f"{value:.{digits}f}"
            return f"{sign}{number.rstrip('0').rstrip('.') if digits else number} {unit}"
        value /= 1000
    raise AssertionError


def spread(low: int, expected: int, high: int) -> str:
    """What can be said of a size: one number, or the expected one and its range where that is wide."""
    if high <= max(low, 1) * LOOSE or human(low) == human(high):
        return human(expected)
    return f"{human(expected)} ({human(low)} to {human(high)})"


def bar(size: int, largest: int, width: int, *, unicode: bool = True) -> str:
    """A bar of at most `width` characters; the smallest size that is not nothing still shows."""
    if size <= 0 or largest <= 0:
        return ""
    if not unicode:
        return "#" * max(1, round(size / largest * width))
    eighths = max(1, round(size / largest * width * 8))
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def percent(before: int, after: int) -> str:
    """How much smaller, "" where that says nothing."""
    if before <= 0 or before == after:
        return ""
    share = round((before - after) * 100 / before)
    return f"{share}% smaller" if share > 0 else f"{-share}% larger" if share < 0 else ""
