"""What a handler gives back: how to store what it found, or that the unit is to be done later."""

from collections.abc import Callable, Iterable
from datetime import datetime

from training_analyzer.domain.events import Event
from training_analyzer.storage.database import Transaction

Store = Callable[[Transaction], Iterable[Event]]


class NotYet(Exception):
    """The unit is to be done later, for a reason that is no failure."""

    def __init__(self, until: datetime, why: str) -> None:
        super().__init__(why)
        self.until = until
