"""What the order of a Dockerfile costs, for people: a line for each kind of change, and the mean of all."""

from collections.abc import Iterator

from dockopt.estimate.order import Group, Order
from dockopt.report.times import duration
from dockopt.report.wording import count

GROUPS_SHOWN = 8


def order_lines(order: Order) -> Iterator[str]:
    """The lines, the most frequent change first."""
    total = sum(group.changes for group in order.groups)
    evidence = (
        f"{count(order.commits, 'commit')} of its history" if order.commits else "kinds of files (no history here)"
    )
    yield f"  order    a change costs ~{duration(order.before)} -> ~{duration(order.after)} on average, by {evidence}"
    shown = order.groups[:GROUPS_SHOWN]
    for group in shown:
        yield f"  {_share(group, total):>7}  {_times(group):18}{_what(group)}"
    rest = sum(group.changes for group in order.groups[len(shown) :])
    if rest:
        yield f"  {rest / total:>7.0%}  others"
    if order.stamps:
        yield f"  {'build':>7}  {_times(order.stamps):18}another {order.stamps.path}, as each build has"


def _share(group: Group, total: int) -> str:
    share = group.changes / total
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def _times(group: Group) -> str:
    before, after = duration(group.before.expected), duration(group.after.expected)
    return f"~{before}" if before == after else f"~{before} -> ~{after}"


def _what(group: Group) -> str:
    more = group.files - 1
    return group.path if not more else f"{group.path} and {count(more, 'other file')}"
