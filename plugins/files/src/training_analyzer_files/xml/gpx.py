"""GPX: tracks of points, with the extensions that sports watches and Strava write."""

import math
from collections.abc import Mapping

from training_analyzer.sdk import BadData, Channel
from training_analyzer_files.errors import NotARecording
from training_analyzer_files.timing import NO_DATE
from training_analyzer_files.xml.elements import read_elements
from training_analyzer_files.xml.recordings import NO_READINGS, PLACE, RecordingRead, number, unix_time

_READINGS: Mapping[str, int] = {
    "ele": PLACE[Channel.ALTITUDE_M],
    "hr": PLACE[Channel.HEART_RATE_BPM],
    "heartrate": PLACE[Channel.HEART_RATE_BPM],
    "cad": PLACE[Channel.CADENCE_RPM],
    "cadence": PLACE[Channel.CADENCE_RPM],
    "speed": PLACE[Channel.SPEED_MPS],
    "power": PLACE[Channel.POWER_W],
    "watts": PLACE[Channel.POWER_W],
    "powerinwatts": PLACE[Channel.POWER_W],
    "atemp": PLACE[Channel.TEMPERATURE_C],
    "temp": PLACE[Channel.TEMPERATURE_C],
}
"""Elements of a point, in lower case, whatever their namespace: TrackPointExtension and its likes."""

_STRAVA_TYPES: Mapping[str, str] = {
    "1": "Ride",
    "2": "AlpineSki",
    "3": "BackcountrySki",
    "4": "Hike",
    "7": "NordicSki",
    "8": "RollerSki",
    "9": "Run",
    "10": "Walk",
    "12": "Snowboard",
    "13": "Snowshoe",
    "16": "Swim",
    "17": "VirtualRide",
}
"""The numbers that Strava once wrote into `type`."""


def read_gpx(content: bytes, most_points: int) -> list[RecordingRead]:
    """Return the tracks of a GPX file that have times. Raises `BadData`."""
    reader = _Reader(most_points)
    pieces = read_elements(content, reader.start, reader.end, piece="trk")
    for recording, piece in zip(reader.recordings, pieces, strict=True):
        recording.piece = piece
    found = [recording for recording in reader.recordings if not math.isnan(recording.began)]
    if not found and any(recording.has_times for recording in reader.recordings):
        raise BadData(NO_DATE)
    if not found:
        raise NotARecording("This GPX file holds a route, or nothing: no point of a track has a time.")
    return found


class _Reader:
    """Where in the file we are."""

    def __init__(self, most_points: int) -> None:
        self.recordings: list[RecordingRead] = []
        self._most_points = most_points
        self._from_strava = False
        self._recording: RecordingRead | None = None
        self._point: list[float] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "trkpt":
                self._point = list(NO_READINGS)
                self._point[PLACE[Channel.LATITUDE_DEG]] = number(attributes.get("lat", ""))
                self._point[PLACE[Channel.LONGITUDE_DEG]] = number(attributes.get("lon", ""))
            case "trk":
                self._recording = RecordingRead()
                self.recordings.append(self._recording)
            case "gpx":
                self._from_strava = attributes.get("creator", "").startswith("StravaGPX")

    def end(self, name: str, text: str) -> None:
        if self._recording is None:
            return
        if self._point is not None:
            self._end_in_point(self._recording, self._point, name, text)
        elif name == "trk":
            self._recording = None
        elif name == "name":
            self._recording.title = text.strip()
        elif name == "type":
            word = text.strip()
            self._recording.sport_word = _STRAVA_TYPES.get(word, word) if self._from_strava else word

    def _end_in_point(self, recording: RecordingRead, point: list[float], name: str, text: str) -> None:
        if name == "trkpt":
            recording.add_point(point, self._most_points)
            self._point = None
        elif name == "time":
            point[0] = unix_time(text)
        elif place := _READINGS.get(name.lower()):
            point[place] = number(text)
