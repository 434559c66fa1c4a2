"""Attributes that are worked out when they are first asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Value = TypeVar("_Value")


class lazy(Generic[_Value]):  # noqa: N801 - it is used as `property` is
    """As `functools.cached_property`, which takes a lock until Python 3.12: one thread judges a text."""

    def __init__(self, work_out: Callable[[Any], _Value]) -> None:
        self._work_out = work_out
        self._name = work_out.__name__
        self.__doc__ = work_out.__doc__

    def __get__(self, owner: Any, _: type) -> _Value:
        value = self._work_out(owner)
        setattr(owner, self._name, value)
        return value
