"""
An athlete out of recorded answers of the real Strava, served as they are.

The folder holds `athlete_activities_all_pages.json` (all summaries), `athlete.json`,
`athlete_zones.json`, and where they were recorded `streams_<id>.json` and `activity_detail_*_<id>.json`.
What is served is cut out of these files: never parsed and written again, so that every byte is Strava's.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from training_analyzer_strava.simulator.faults import encoded, record_not_found
from training_analyzer_strava.simulator.world import Listed, Streams

SUMMARIES = "athlete_activities_all_pages.json"
NOT_IN_A_SUMMARY = ("bio", "weight", "ftp", "bikes", "shoes", "clubs", "measurement_preference")
JSON_SPACE = " \t\r\n"


def array_slices(text: str) -> Iterator[tuple[str, Any]]:
    """Each member of the JSON array `text`: exactly as it is written, and its value."""
    decoder = json.JSONDecoder()
    position = text.index("[") + 1
    while True:
        while text[position] in JSON_SPACE + ",":
            position += 1
        if text[position] == "]":
            return
        value, end = decoder.raw_decode(text, position)
        yield text[position:end], value
        position = end


def object_slices(text: str) -> Iterator[tuple[str, str, Any]]:
    """Each member of the JSON object `text`: its key, its value exactly as it is written, and its value."""
    decoder = json.JSONDecoder()
    position = text.index("{") + 1
    while True:
        while text[position] in JSON_SPACE + ",":
            position += 1
        if text[position] == "}":
            return
        key, position = decoder.raw_decode(text, position)
        while text[position] in JSON_SPACE + ":":
            position += 1
        value, end = decoder.raw_decode(text, position)
        yield key, text[position:end], value
        position = end


@dataclass(frozen=True)
class RecordedActivity:
    listed: Listed
    summary: bytes
    ends_at: datetime


def read_activities(file: Path) -> list[RecordedActivity]:
    """The recorded summaries, newest first."""
    activities = []
    for text, row in array_slices(file.read_bytes().decode()):
        start = datetime.fromisoformat(row["start_date"])
        listed = Listed(row["id"], int(start.timestamp()), only_me=row["visibility"] == "only_me")
        ends_at = start + timedelta(seconds=row["elapsed_time"])
        activities.append(RecordedActivity(listed, text.encode(), ends_at))
    return sorted(activities, key=lambda activity: activity.listed.start_epoch_s, reverse=True)


class RecordedAthlete:
    """
    The athlete whose answers lie in a folder. Raises FileNotFoundError if the folder holds no such
    recording.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._activities = read_activities(folder / SUMMARIES)
        self._by_id = {activity.listed.activity_id: activity for activity in self._activities}
        self._profile = (folder / "athlete.json").read_bytes()
        self._described = json.loads(self._profile)

    @property
    def athlete_id(self) -> int:
        return int(self._described["id"])

    @property
    def display_name(self) -> str:
        return "a recorded athlete"  # a real person: the simulator's pages do not show the name

    @cached_property
    def newest_instant(self) -> datetime:
        """When the last recorded activity had just ended: what the clock should show."""
        return max(activity.ends_at for activity in self._activities)

    def summary(self) -> bytes:
        kept = {key: value for key, value in self._described.items() if key not in NOT_IN_A_SUMMARY}
        return encoded({**kept, "resource_state": 2})

    def profile(self) -> bytes:
        return self._profile

    def zones(self) -> bytes:
        return (self._folder / "athlete_zones.json").read_bytes()

    def activities(self, now: datetime) -> Sequence[Listed]:
        if now >= self.newest_instant:
            return self._all_listed
        return [activity.listed for activity in self._activities if activity.ends_at <= now]

    def activity_summary(self, activity_id: int) -> bytes:
        return self._by_id[activity_id].summary

    def activity_detail(self, activity_id: int) -> bytes:
        for file in self._folder.glob(f"activity_detail_*_{activity_id}.json"):
            return file.read_bytes()
        raise record_not_found("Activity")

    def activity_streams(self, activity_id: int, keys: Collection[str]) -> Streams | None:
        file = self._folder / f"streams_{activity_id}.json"
        if not file.exists():
            return None
        streams = {}
        length = 0
        for key, written, stream in object_slices(file.read_bytes().decode()):
            length = stream["original_size"]
            if key not in keys:
                continue
            streams[key] = next(text for name, text, _ in object_slices(written) if name == "data").encode()
        return Streams(streams, length)

    @cached_property
    def _all_listed(self) -> list[Listed]:
        return [activity.listed for activity in self._activities]
