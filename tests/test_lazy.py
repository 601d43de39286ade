"""A value that is computed once and then kept in the instance."""

from dockopt.lazy import cached_property


class Answer:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    @cached_property
    def value(self) -> int:
        """What it answers."""
        self.asked += 1
        return 42


def test_computed_once_for_each_instance() -> None:
    first, second = Answer(), Answer()
    assert (first.value, first.value, first.asked, second.asked) == (42, 42, 1, 0)
    assert vars(first) == {"asked": 1, "value": 42}


def test_the_class_shows_the_property() -> None:
    assert Answer.value.__doc__ == "What it answers."
