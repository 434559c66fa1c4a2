"""
An athlete whose activities can still change: uploaded late, edited, cropped, hidden and deleted.

It stands in front of any other source. What nobody has touched goes out as the source made it, byte for
byte; what was changed is parsed and written again.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from training_analyzer_strava.simulator.clock import as_utc
from training_analyzer_strava.simulator.faults import encoded
from training_analyzer_strava.simulator.world import AthleteSource, Listed, Streams

UPLOADED_FROM = 40_000_000_000
"""Above every id that generated and recorded activities have."""
UPLOADS_EACH = 10_000
STARTS = ("start_date", "start_date_local")
ONE_SECOND_PAST = time(0, 0, 1)  # where Strava moves a start that the athlete hides


@dataclass(frozen=True)
class Changed:
    """What is different about one activity. `like`: whose recording it shows."""

    listed: Listed
    like: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Of its summary and its details, in place of the recorded ones."""
    kept_s: int | None = None
    """How much of the recording is left after cropping."""


class EditableAthlete:
    """One athlete's data, as it is now. Raises KeyError for an activity that is not there."""

    def __init__(self, source: AthleteSource) -> None:
        self._source = source
        self._changed: dict[int, Changed] = {}
        self._deleted: frozenset[int] = frozenset()
        self._uploads = 0

    @property
    def athlete_id(self) -> int:
        return self._source.athlete_id

    @property
    def display_name(self) -> str:
        return self._source.display_name

    def summary(self) -> bytes:
        return self._source.summary()

    def profile(self) -> bytes:
        return self._source.profile()

    def zones(self) -> bytes:
        return self._source.zones()

    def activities(self, now: datetime) -> Sequence[Listed]:
        listed = self._source.activities(now)
        if not self._changed and not self._deleted:
            return listed
        changed = self._changed
        present = [
            row for row in listed if row.activity_id not in changed and row.activity_id not in self._deleted
        ]
        present += [one.listed for one in changed.values()]
        return sorted(present, key=lambda row: (-row.start_epoch_s, -row.activity_id))

    def activity_summary(self, activity_id: int) -> bytes:
        one = self._changed.get(activity_id)
        if one is None:
            return self._source.activity_summary(activity_id)
        return _merged(self._source.activity_summary(one.like), one.fields)

    def activity_detail(self, activity_id: int) -> bytes:
        one = self._changed.get(activity_id)
        if one is None:
            return self._source.activity_detail(activity_id)
        return _merged(self._source.activity_detail(one.like), one.fields)

    def activity_streams(self, activity_id: int, keys: Collection[str]) -> Streams | None:
        one = self._changed.get(activity_id)
        if one is None:
            return self._source.activity_streams(activity_id, keys)
        if one.kept_s is None:
            return self._source.activity_streams(one.like, keys)
        streams = self._source.activity_streams(one.like, {*keys, "time"})
        return None if streams is None else _cropped(streams, keys, one.kept_s)

    def find(self, activity_id: int, now: datetime) -> Listed:
        """An activity as it is listed. Raises KeyError where it is not."""
        for row in self.activities(now):
            if row.activity_id == activity_id:
                return row
        raise KeyError(activity_id)

    def upload(self, like: int, start: datetime, fields: Mapping[str, Any]) -> Listed:
        """Add an activity: the recording of another one, begun at `start`, which may be long ago."""
        self._uploads += 1
        number = UPLOADED_FROM + self.athlete_id % 1_000_000 * UPLOADS_EACH + self._uploads
        begun = as_utc(start).replace(microsecond=0)
        recorded = json.loads(self.activity_summary(like))
        local = begun + timedelta(seconds=recorded.get("utc_offset") or 0)
        new = {
            "id": number,
            "start_date": _written(begun),
            "start_date_local": _written(local),
            "map": {**recorded.get("map", {}), "id": f"a{number}"},
            **fields,
        }
        if recorded.get("upload_id") is not None:
            new |= {"upload_id": number + 1_100_000_000, "upload_id_str": str(number + 1_100_000_000)}
        origin = self._changed.get(like)
        listed = Listed(number, int(begun.timestamp()), _only_me({**recorded, **new}))
        base = Changed(listed, like) if origin is None else replace(origin, listed=listed)
        self._keep(replace(base, fields={**base.fields, **new}))
        return listed

    def edit(self, row: Listed, fields: Mapping[str, Any]) -> Listed:
        """Change fields of the summary, which `row` lists; return how it is listed now."""
        one = self._changed.get(row.activity_id) or Changed(row, row.activity_id)
        start = fields.get("start_date")
        listed = replace(
            one.listed,
            only_me=_only_me(fields) if {"private", "visibility"} & set(fields) else one.listed.only_me,
            start_epoch_s=_epoch_s(start) if start else one.listed.start_epoch_s,
        )
        self._keep(replace(one, listed=listed, fields={**one.fields, **fields}))
        return listed

    def crop(self, row: Listed, kept_s: int) -> Listed:
        """Cut off what lies behind the first `kept_s` seconds."""
        summary = json.loads(self.activity_summary(row.activity_id))
        share = min(1.0, kept_s / max(1, summary["elapsed_time"]))
        fields: dict[str, Any] = {
            "elapsed_time": min(kept_s, summary["elapsed_time"]),
            "moving_time": min(kept_s, summary["moving_time"]),
            "distance": round(summary["distance"] * share, 1),
        }
        listed = self.edit(row, fields)
        self._keep(replace(self._changed[row.activity_id], kept_s=kept_s))
        return listed

    def hide(self, row: Listed, *, only_me: bool) -> Listed:
        """Let only the athlete see it, or everybody."""
        visibility = "only_me" if only_me else "everyone"
        return self.edit(row, {"private": only_me, "visibility": visibility})

    def obscure_start(self, row: Listed) -> Listed:
        """Hide when it began: both starts become one second past midnight of the local day."""
        summary = json.loads(self.activity_summary(row.activity_id))
        day = datetime.fromisoformat(summary["start_date_local"]).date()
        return self.edit(row, dict.fromkeys(STARTS, _written(datetime.combine(day, ONE_SECOND_PAST, UTC))))

    def delete(self, row: Listed) -> None:
        self._changed = {number: one for number, one in self._changed.items() if number != row.activity_id}
        self._deleted |= {row.activity_id}

    def _keep(self, one: Changed) -> None:
        # Replaced, never changed: a request that is being answered goes on with the former ones.
        self._changed = {**self._changed, one.listed.activity_id: one}


def _merged(body: bytes, fields: Mapping[str, Any]) -> bytes:
    return encoded({**json.loads(body), **fields})


def _cropped(streams: Streams, keys: Collection[str], kept_s: int) -> Streams:
    seconds = json.loads(streams.data["time"])
    kept = sum(1 for second in seconds if second <= kept_s)
    data = {key: encoded(json.loads(text)[:kept]) for key, text in streams.data.items() if key in keys}
    return replace(streams, data=data, length=kept)


def _only_me(fields: Mapping[str, Any]) -> bool:
    return fields.get("private") is True or fields.get("visibility") == "only_me"


def _written(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def _epoch_s(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp())
