"""What a handler gives back: how to store what it found, or that the unit is to be done later."""

from collections.abc import Callable, Iterable
from datetime import datetime

from training_analyzer.domain.events import Event
from training_analyzer.storage.database import Transaction

Store = Callable[[Transaction], Iterable[Event]]


class NotYet(Exception):
    """
    The unit is to be done later, for a reason that is no failure.

    `why` is read across athletes. `refusal`: what a provider said, in words that are for its athlete alone.
    """

    def __init__(self, until: datetime, why: str = "", *, refusal: Exception | None = None) -> None:
        super().__init__(why if refusal is None else type(refusal).__name__)
        self.until = until
        self.refusal = refusal
