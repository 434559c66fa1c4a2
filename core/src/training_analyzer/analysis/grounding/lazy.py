"""What is worked out when it is first asked for, and kept."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class lazy(Generic[Value]):  # noqa: N801  # read like `property`
    """As `functools.cached_property`, without its lock: a text is judged by one thread."""

    def __init__(self, find: Callable[[Any], Value]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, _: type) -> "lazy[Value]": ...
    @overload
    def __get__(self, instance: object, _: type) -> Value: ...
    def __get__(self, instance: object | None, _: type) -> "lazy[Value] | Value":
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._find(instance)
        return value
