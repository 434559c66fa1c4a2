"""A local Strava with many athletes whose activities weigh next to nothing: what counts here are requests."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from training_analyzer_strava.simulator.world import Listed, Streams

SAMPLES = 20
WITHOUT_STREAMS = 7
"""Every so many-th was typed in by hand, where the athlete has such ones."""
CHANNELS = ("time", "heartrate", "watts", "distance")


class ThinAthlete:
    """An athlete with so many activities, one every `every`, the newest just before `now`."""

    def __init__(
        self,
        number: int,
        now: datetime,
        activities: int,
        every: timedelta,
        *,
        samples: int = SAMPLES,
        by_hand: bool = False,
    ) -> None:
        self.athlete_id = 50_000_000 + number
        self.display_name = f"Athlete {number}"
        self._samples = samples
        self._by_hand = by_hand
        self._starts = {
            (number + 1) * 100_000 + index: now - timedelta(hours=3) - index * every
            for index in range(activities)
        }

    def summary(self) -> bytes:
        return json.dumps({"id": self.athlete_id, "firstname": "A", "lastname": "B"}).encode()

    def profile(self) -> bytes:
        return self.summary()

    def zones(self) -> bytes:
        return b"{}"

    def activities(self, now: datetime) -> Sequence[Listed]:
        return [Listed(one, int(start.timestamp())) for one, start in self._starts.items() if start < now]

    def activity_summary(self, activity_id: int) -> bytes:
        start = self._starts[activity_id].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return json.dumps(
            {
                "id": activity_id,
                "name": "Ride",
                "sport_type": "Ride",
                "start_date": start,
                "start_date_local": start,
                "utc_offset": 0,
                "elapsed_time": 3600,
                "moving_time": 3600,
                "distance": 30000.0,
                "manual": self._is_by_hand(activity_id),
                "upload_id": None if self._is_by_hand(activity_id) else activity_id,
                "visibility": "everyone",
            }
        ).encode()

    def activity_detail(self, activity_id: int) -> bytes:
        return self.activity_summary(activity_id)

    def activity_streams(self, activity_id: int, keys: Collection[str]) -> Streams | None:
        if self._is_by_hand(activity_id):
            return None
        column = json.dumps(list(range(self._samples))).encode()
        return Streams({key: column for key in CHANNELS if key in keys}, self._samples)

    def _is_by_hand(self, activity_id: int) -> bool:
        return self._by_hand and activity_id % WITHOUT_STREAMS == WITHOUT_STREAMS - 1
