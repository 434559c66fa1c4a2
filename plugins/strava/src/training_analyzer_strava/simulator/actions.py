"""
What athletes do while the simulator runs: they upload late, edit, crop, hide, delete and leave.

Each action changes what the API answers from the next request on, and sends the event that Strava would
send: none for a crop; none for what the application may not see; with `activity:read` alone, an activity
that is hidden is deleted, and one that is shown again is created.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from training_analyzer_strava.simulator.clock import MovableClock
from training_analyzer_strava.simulator.editing import EditableAthlete
from training_analyzer_strava.simulator.grants import Grants
from training_analyzer_strava.simulator.stream_bodies import StreamBodies
from training_analyzer_strava.simulator.webhooks import Aspect, Webhooks
from training_analyzer_strava.simulator.world import AthleteSource, Listed, World

ACTIVITY_SCOPES = frozenset({"activity:read", "activity:read_all"})
READ_ALL = "activity:read_all"
TOLD = {"name": "title", "sport_type": "type"}
"""The edits that Strava tells of, and its names for them. A crop, or a corrected distance, is none."""


class Actions:
    """Everything that athletes can do; `athlete` None stands for the first one."""

    def __init__(
        self,
        world: World,
        clock: MovableClock,
        grants: Grants,
        stream_bodies: StreamBodies,
        webhooks: Webhooks,
    ) -> None:
        self._world = world
        self._clock = clock
        self._grants = grants
        self._stream_bodies = stream_bodies
        self._webhooks = webhooks

    def upload(
        self,
        *,
        start: datetime,
        like: int | None = None,
        athlete: int | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> int:
        """Upload a file that began at `start`: a copy of `like`, or of the newest one. Return its id."""
        source = self._athlete(athlete)
        model = like if like is not None else source.activities(self._clock())[0].activity_id
        listed = source.upload(model, start, fields or {})
        self._tell_created(source, listed)
        return listed.activity_id

    def edit(self, activity_id: int, fields: Mapping[str, Any], *, athlete: int | None = None) -> None:
        """Change fields of the summary, such as `name`, `sport_type` or `distance`."""
        source, row = self._find(activity_id, athlete)
        source.edit(row, fields)
        updates = {TOLD[name]: str(value) for name, value in fields.items() if name in TOLD}
        if updates and self._is_seen(source, row):
            self._webhooks.tell("update", "activity", activity_id, source.athlete_id, updates)

    def crop(self, activity_id: int, kept_s: int, *, athlete: int | None = None) -> None:
        source, row = self._find(activity_id, athlete)
        source.crop(row, kept_s)
        self._stream_bodies.drop(activity_id)

    def hide(self, activity_id: int, *, only_me: bool = True, athlete: int | None = None) -> None:
        """Let only the athlete see it (`only_me`), or everybody again."""
        source, row = self._find(activity_id, athlete)
        if row.only_me == only_me:
            return
        source.hide(row, only_me=only_me)
        scopes = self._grants.scopes_of(source.athlete_id)
        if READ_ALL in scopes:
            private = {"private": "true" if only_me else "false"}
            self._webhooks.tell("update", "activity", activity_id, source.athlete_id, private)
        elif scopes & ACTIVITY_SCOPES:
            aspect: Aspect = "delete" if only_me else "create"
            self._webhooks.tell(aspect, "activity", activity_id, source.athlete_id)

    def obscure_start(self, activity_id: int, *, athlete: int | None = None) -> None:
        """Hide when it began. Strava sends no event for it."""
        source, row = self._find(activity_id, athlete)
        source.obscure_start(row)

    def delete(self, activity_id: int, *, athlete: int | None = None) -> None:
        source, row = self._find(activity_id, athlete)
        source.delete(row)
        self._stream_bodies.drop(activity_id)
        if self._is_seen(source, row):
            self._webhooks.tell("delete", "activity", activity_id, source.athlete_id)

    def deauthorize(self, athlete: int | None = None) -> None:
        """Disconnect the application, as athletes can in Strava's own settings."""
        source = self._athlete(athlete)
        if self._grants.end(source.athlete_id):
            self.tell_deauthorized(source.athlete_id)

    def tell_deauthorized(self, athlete_id: int) -> None:
        self._webhooks.tell("update", "athlete", athlete_id, athlete_id, {"authorized": "false"})

    def move_clock(self, *, now: datetime | None = None, by: timedelta | None = None) -> None:
        """Set or advance the clock; what ends meanwhile is uploaded, and told."""
        before = {source.athlete_id: self._numbers(source) for source in self._connected()}
        if now is not None:
            self._clock.show(now)
        if by is not None:
            self._clock.advance(by)
        for source in self._connected():
            known = before.get(source.athlete_id, set())
            for row in reversed(source.activities(self._clock())):
                if row.activity_id not in known:
                    self._tell_created(source, row)

    def _tell_created(self, source: AthleteSource, row: Listed) -> None:
        if self._is_seen(source, row):
            self._webhooks.tell("create", "activity", row.activity_id, source.athlete_id)

    def _is_seen(self, source: AthleteSource, row: Listed) -> bool:
        scopes = self._grants.scopes_of(source.athlete_id)
        return READ_ALL in scopes or (bool(scopes & ACTIVITY_SCOPES) and not row.only_me)

    def _connected(self) -> list[EditableAthlete]:
        return [self._athlete(number) for number in self._grants.connected()]

    def _numbers(self, source: AthleteSource) -> set[int]:
        return {row.activity_id for row in source.activities(self._clock())}

    def _find(self, activity_id: int, athlete: int | None) -> tuple[EditableAthlete, Listed]:
        source = self._athlete(athlete)
        return source, source.find(activity_id, self._clock())

    def _athlete(self, athlete: int | None) -> EditableAthlete:
        source = self._world.athletes[0] if athlete is None else self._world.athlete(athlete)
        assert isinstance(source, EditableAthlete)
        return source
