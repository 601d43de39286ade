"""Which programs the RUNs of a file call, at first sight."""

from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile


def programs(file: Dockerfile) -> frozenset[str]:
    """The programs that are called anywhere, as far as they are known; what begins like pip or python may be pip."""
    return frozenset().union(*(run.facts(of_body) for run in file.runs))


def of_body(calls: tuple[Call, ...]) -> frozenset[str]:
    """The same of one body."""
    names = {call.name for call in calls if call.name}
    return frozenset(names | {"pip" for name in names if name.startswith(("pip", "python"))})
