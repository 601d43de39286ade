"""What a rewrite does to the bytes that travel and to the time of the next build, in a line."""

from dockopt.batch.results import Sizes
from dockopt.knowledge.ranges import Range
from dockopt.report.sizes import human
from dockopt.report.times import duration

NOTICEABLE_BYTES = 1_000_000
NOTICEABLE_SHARE = 0.05
NOTICEABLE_TIME = 2_000
"""Milliseconds by which the expected time of a rebuild changes, if it is at least halved or doubled, too."""


def costs(sizes: Sizes) -> list[str]:
    """The line, or none where nothing noticeable changes or no build context was there."""
    if sizes.costs is None or sizes.costs[0].rebuild is None or sizes.costs[1].rebuild is None:
        return []
    before, after = sizes.costs
    parts = []
    if _differs(before.pull, after.pull):
        parts.append(f"pull {human(before.pull.expected)} -> {human(after.pull.expected)}")
    times = sizes.costs[0].rebuild.milliseconds, sizes.costs[1].rebuild.milliseconds
    if _takes_another_time(*times):
        first, last = (duration(time.expected) for time in times)
        parts.append(f"rebuild after a change of {sizes.costs[0].rebuild.changed} ~{first} -> ~{last}")
    return ["; ".join(parts)] if parts else []


def _differs(before: Range, after: Range) -> bool:
    change = abs(before.expected - after.expected)
    return change >= NOTICEABLE_BYTES and change >= NOTICEABLE_SHARE * before.expected


def _takes_another_time(before: Range, after: Range) -> bool:
    shorter, longer = sorted((before.expected, after.expected))
    return longer - shorter >= NOTICEABLE_TIME and longer >= 2 * shorter
