"""`cached_property` as Python has it from 3.12 on: the one before takes a lock at every first look at a value.

Two threads that look at once may both compute the value, which is the same.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from functools import cached_property
else:

    class cached_property:  # noqa: N801 - stands for the one of functools
        """A method whose value is kept in the instance, in place of the method."""

        def __init__(self, function: Callable[[Any], object]) -> None:
            self.function = function
            self.__doc__ = function.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

        def __get__(self, instance: object, owner: type | None = None) -> object:
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.function(instance)
            return value


__all__ = ["cached_property"]
