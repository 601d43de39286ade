"""What a file is made of at first sight, so that only the transforms are asked that it may concern."""

from dockopt.analyses.programs import programs
from dockopt.fixes import Transform
from dockopt.model.dockerfile import Dockerfile


def concerns(file: Dockerfile, transform: Transform) -> bool:
    """Whether a transform may have something to propose for a file, going by what it says that it needs."""
    return not transform.only_with or not transform.only_with.isdisjoint(file.facts(vocabulary))


def vocabulary(file: Dockerfile) -> frozenset[str]:
    """The keywords of the instructions, and the programs that RUNs call as far as they are known."""
    return file.facts(programs).union(node.keyword for node in file.tree.instructions)
