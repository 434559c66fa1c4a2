"""
File descriptors that only this process holds: they survive neither exec nor fork.

A lock or a pipe says "the owner lives" only as long as nobody else holds it. Python already closes
descriptors at exec; a forked child (a work-horse, multiprocessing) would keep them, and keep a dead owner
alive in the eyes of others.
"""

import contextlib
import os
import weakref


class OwnDescriptor:
    """One descriptor, closed in forked children."""

    def __init__(self, number: int) -> None:
        self._number: int | None = number
        _own_descriptors.add(self)

    @property
    def is_open(self) -> bool:
        return self._number is not None

    def fileno(self) -> int:
        if self._number is None:
            raise ValueError("the descriptor is closed")
        return self._number

    def close(self) -> None:
        number, self._number = self._number, None
        if number is not None:
            with contextlib.suppress(OSError):
                os.close(number)


_own_descriptors: weakref.WeakSet[OwnDescriptor] = weakref.WeakSet()


def _close_in_forked_child() -> None:
    for descriptor in list(_own_descriptors):
        descriptor.close()


os.register_at_fork(after_in_child=_close_in_forked_child)
