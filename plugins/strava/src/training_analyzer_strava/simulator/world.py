"""
Who lives in a simulated Strava: its athletes, each behind the same small interface, wherever their data
is from.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Listed:
    """What the list needs to know of an activity: when it began, and who may see it."""

    activity_id: int
    start_epoch_s: int
    only_me: bool = False


@dataclass(frozen=True)
class Streams:
    """An activity's encoded streams: for each key the JSON of its `data`, all of the same length."""

    data: Mapping[str, bytes]
    length: int
    series_type: str = "distance"


class AthleteSource(Protocol):
    """
    One athlete's data. Everything that goes out is JSON, encoded already, so that recorded bytes stay as
    they are.
    """

    @property
    def athlete_id(self) -> int: ...
    @property
    def display_name(self) -> str: ...
    def summary(self) -> bytes:
        """SummaryAthlete."""
        ...

    def profile(self) -> bytes:
        """DetailedAthlete."""
        ...

    def zones(self) -> bytes:
        """Heart-rate zones, and power zones if there is an FTP."""
        ...

    def activities(self, now: datetime) -> Sequence[Listed]:
        """All activities that have ended by `now`, newest first."""
        ...

    def activity_summary(self, activity_id: int) -> bytes:
        """SummaryActivity of an activity that is listed."""
        ...

    def activity_detail(self, activity_id: int) -> bytes:
        """DetailedActivity of an activity that is listed."""
        ...

    def activity_streams(self, activity_id: int, keys: Collection[str]) -> Streams | None:
        """Those of the streams `keys` that a listed activity has; None if it has no streams at all."""
        ...


class World:
    """
    The athletes of a simulated Strava, in a fixed order; the first one is logged in unless another is
    named.
    """

    def __init__(self, athletes: Iterable[AthleteSource]) -> None:
        self._athletes = {athlete.athlete_id: athlete for athlete in athletes}
        if not self._athletes:
            raise ValueError("A world needs at least one athlete.")

    @property
    def athletes(self) -> tuple[AthleteSource, ...]:
        return tuple(self._athletes.values())

    def athlete(self, athlete_id: int) -> AthleteSource:
        """The athlete with this id; KeyError if nobody has it."""
        return self._athletes[athlete_id]
