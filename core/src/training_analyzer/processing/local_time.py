"""
The local time of a session whose leading recording does not say it: pure, and the same in any order.

TCX and GPX files know UTC alone. Their plugin guesses by the place, which for an indoor ride is nowhere
or in a virtual world: then the session would lie on a wrong day. Who recorded the same session besides
knows better, and so do the sessions around it.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from training_analyzer.storage.clocks import Clock

NEAR: Final = timedelta(days=7)
"""Most weeks are spent in one zone. What lies farther off says less than the place does."""


@dataclass(frozen=True, slots=True)
class LocalTime:
    """`is_guessed`: nobody said it of this session."""

    utc_offset_s: int
    is_guessed: bool


class Clocks:
    """What an athlete's recordings say of local time. Expects them in order."""

    def __init__(self, clocks: Sequence[Clock]) -> None:
        self._clocks = clocks
        self._begins = [clock.begins for clock in clocks]
        self._by_id = {clock.recording_id: clock for clock in clocks}

    def beside(self, begins: datetime, members: Collection[int]) -> LocalTime | None:
        """
        Return what the nearest recording says: one of the session's `members`, or one of the days around.

        None where there is none: the guess stands.
        """
        of_session = [self._by_id[member] for member in members if member in self._by_id]
        place = bisect_left(self._begins, begins)
        around = self._clocks[max(0, place - 1) : place + 1]
        found = of_session or [clock for clock in around if abs(clock.begins - begins) <= NEAR]
        if not found:
            return None
        nearest = min(found, key=lambda clock: (abs(clock.begins - begins), clock.begins, clock.utc_offset_s))
        return LocalTime(nearest.utc_offset_s, is_guessed=not of_session)
