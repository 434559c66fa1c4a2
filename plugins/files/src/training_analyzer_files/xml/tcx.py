"""TCX: activities of laps of trackpoints, as Garmin's schema `TrainingCenterDatabase/v2` has them."""

import math
from collections.abc import Mapping

from training_analyzer.sdk import Channel
from training_analyzer_files.errors import NotARecording
from training_analyzer_files.xml.elements import read_elements
from training_analyzer_files.xml.recordings import (
    NO_READINGS,
    PLACE,
    LapRead,
    RecordingRead,
    number,
    unix_time,
)

_READINGS: Mapping[str, int] = {
    "LatitudeDegrees": PLACE[Channel.LATITUDE_DEG],
    "LongitudeDegrees": PLACE[Channel.LONGITUDE_DEG],
    "AltitudeMeters": PLACE[Channel.ALTITUDE_M],
    "DistanceMeters": PLACE[Channel.DISTANCE_M],
    "Value": PLACE[Channel.HEART_RATE_BPM],
    "Cadence": PLACE[Channel.CADENCE_RPM],
    "RunCadence": PLACE[Channel.CADENCE_RPM],
    "Speed": PLACE[Channel.SPEED_MPS],
    "Watts": PLACE[Channel.POWER_W],
}


def read_tcx(content: bytes, most_points: int) -> list[RecordingRead]:
    """Return the activities of a TCX file. Raises `BadData`."""
    reader = _Reader(most_points)
    pieces = read_elements(content, reader.start, reader.end, piece="Activity")
    for recording, piece in zip(reader.recordings, pieces, strict=True):
        recording.piece = piece
    found = [recording for recording in reader.recordings if not math.isnan(recording.began)]
    if not found:
        kind = "a course, not an activity" if reader.has_course else "no activity with a time"
        raise NotARecording(f"This TCX file holds {kind}.")
    return found


class _Reader:
    """Where in the file we are."""

    def __init__(self, most_points: int) -> None:
        self.recordings: list[RecordingRead] = []
        self.has_course = False
        self._most_points = most_points
        self._recording: RecordingRead | None = None
        self._lap: LapRead | None = None
        self._point: list[float] | None = None
        self._heart_rate = ""
        self._in_creator = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "Trackpoint":
                self._point = list(NO_READINGS)
            case "Activity":
                self._recording = RecordingRead(sport_word=attributes.get("Sport", ""))
                self.recordings.append(self._recording)
            case "Lap" if self._recording is not None:
                self._lap = LapRead(unix_time(attributes.get("StartTime", "")))
                if not math.isnan(self._lap.begins):
                    self._recording.laps.append(self._lap)
            case "AverageHeartRateBpm" | "MaximumHeartRateBpm":
                self._heart_rate = name
            case "Creator":
                self._in_creator = True
            case "Course":
                self.has_course = True

    def end(self, name: str, text: str) -> None:
        if self._recording is None:
            return
        if self._point is not None:
            self._end_in_point(self._recording, self._point, name, text)
        elif name == "Activity":
            self._recording = None
        elif name == "Lap":
            self._lap = None
        elif self._lap is not None:
            self._end_in_lap(self._lap, name, text)
        elif name == "Id":
            self._recording.begins = unix_time(text)
        elif name == "Creator":
            self._in_creator = False
        elif name == "Name" and self._in_creator:
            self._recording.device = text.strip()

    def _end_in_point(self, recording: RecordingRead, point: list[float], name: str, text: str) -> None:
        if name == "Trackpoint":
            recording.add_point(point, self._most_points)
            self._point = None
        elif name == "Time":
            point[0] = unix_time(text)
        elif place := _READINGS.get(name):
            point[place] = number(text)

    def _end_in_lap(self, lap: LapRead, name: str, text: str) -> None:
        match name:
            case "TotalTimeSeconds":
                lap.timer_s = number(text)
            case "DistanceMeters":
                lap.distance_m = number(text)
            case "Calories":
                lap.calories_kcal = number(text)
            case "Value" if self._heart_rate == "AverageHeartRateBpm":
                lap.average_heart_rate_bpm = number(text)
            case "Value":
                lap.max_heart_rate_bpm = number(text)
