"""What a file is made of at first sight, so that only the transforms are asked that it may concern."""

from dockopt.analyses.programs import programs
from dockopt.fixes import Transform
from dockopt.model.dockerfile import Dockerfile


def concerns(words: frozenset[str], transform: Transform) -> bool:
    """Whether a transform may have something to propose for a file of this vocabulary, as it says what it needs."""
    return not transform.only_with or not transform.only_with.isdisjoint(words)


def vocabulary(file: Dockerfile) -> frozenset[str]:
    """The keywords of the instructions, and the programs that RUNs call as far as they are known."""
    return file.facts(programs).union(node.keyword for node in file.tree.instructions)
