"""Times as people read them."""


def duration(milliseconds: int) -> str:
    """A time with about two digits: 0.3 s, 4 s, 45 s, 3 min, 2 h."""
    seconds = milliseconds / 1000
    if seconds < 0.95:
        return f"{max(seconds, 0.1) if milliseconds else 0:.1f} s".replace("0.0 s", "0 s")
    if seconds < 89.5:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 89.5 else f"{minutes / 60:.0f} h"


def time_spread(low: int, expected: int, high: int) -> str:
    """The expected time, and the ends where they read differently."""
    ends = duration(low), duration(high)
    middle = duration(expected)
    return middle if ends == (middle, middle) else f"~{middle} ({ends[0]} to {ends[1]})"
