"""
An activity as a TCX file, by Garmin's schema `TrainingCenterDatabase/v2` and its extension for power.

The schema knows running, biking and other sports; a pause is the end of one track and the beginning
of the next.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final
from xml.sax.saxutils import escape

import numpy as np

from training_analyzer.sdk import Activity, Channel, Column, Samples, Sport
from training_analyzer_files.writing.sessions import WrittenLap, laps_of, pauses_of

SPORTS: Final = {Sport.RIDE: "Biking", Sport.RUN: "Running"}
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" \
xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Activities>
"""
_MOST_HEART_RATE, _MOST_CALORIES = 255, 65535
_HOLDS: Final = {
    Channel.HEART_RATE_BPM: (1, _MOST_HEART_RATE),
    Channel.CADENCE_RPM: (0, 254),
    Channel.POWER_W: (0, 65535),
}
"""What the schema has room for, in whole numbers. A reading beyond is left out."""
_PLAIN: Final = (
    (Channel.ALTITUDE_M, "<AltitudeMeters>{:.2f}</AltitudeMeters>"),
    (Channel.DISTANCE_M, "<DistanceMeters>{:.2f}</DistanceMeters>"),
    (Channel.HEART_RATE_BPM, "<HeartRateBpm><Value>{:.0f}</Value></HeartRateBpm>"),
)
_CADENCE: Final = "<Cadence>{:.0f}</Cadence>"
_OF_OTHERS: Final = (
    (Channel.SPEED_MPS, "<ns3:Speed>{:.3f}</ns3:Speed>"),
    (Channel.POWER_W, "<ns3:Watts>{:.0f}</ns3:Watts>"),
)
_OF_RUN: Final = (
    _OF_OTHERS[0],
    (Channel.CADENCE_RPM, "<ns3:RunCadence>{:.0f}</ns3:RunCadence>"),
    _OF_OTHERS[1],
)
"""The cadence of a run has its place among the extensions."""


def write_tcx(activity: Activity) -> bytes:
    """Return the activity as a TCX file."""
    return "".join(_lines(activity)).encode()


def _lines(activity: Activity) -> Iterator[str]:
    yield _HEAD
    yield f'<Activity Sport="{SPORTS.get(activity.sport, "Other")}">\n<Id>{_time(activity, 0)}</Id>\n'
    laps = laps_of(activity)
    pauses = [pause.ends for pause in pauses_of(activity)]
    for number, lap in enumerate(laps):
        yield from _lap(activity, lap, pauses, is_first=number == 0, is_last=number == len(laps) - 1)
    if title := _text(activity.title):
        yield f"<Notes>{title}</Notes>\n"
    if device := _text(activity.device):
        yield (
            f'<Creator xsi:type="Device_t"><Name>{device}</Name><UnitId>0</UnitId><ProductID>0</ProductID>'
            "<Version><VersionMajor>0</VersionMajor><VersionMinor>0</VersionMinor></Version></Creator>\n"
        )
    yield "</Activity>\n</Activities>\n</TrainingCenterDatabase>\n"


def _lap(
    activity: Activity, lap: WrittenLap, pauses: Sequence[float], *, is_first: bool, is_last: bool
) -> Iterator[str]:
    said = activity.summary
    share = lap.timer_s / activity.moving_s if activity.moving_s else 0.0
    calories = round((said.calories_kcal or 0) * share)
    yield f'<Lap StartTime="{_time(activity, lap.begins)}">\n'
    yield f"<TotalTimeSeconds>{lap.timer_s:.3f}</TotalTimeSeconds>\n"
    yield f"<DistanceMeters>{lap.distance_m:.2f}</DistanceMeters>\n"
    yield f"<Calories>{min(calories, _MOST_CALORIES)}</Calories>\n"
    for name, rate in (
        ("AverageHeartRateBpm", said.average_heart_rate_bpm),
        ("MaximumHeartRateBpm", said.max_heart_rate_bpm),
    ):
        if rate is not None and 1 <= round(rate) <= _MOST_HEART_RATE:
            yield f"<{name}><Value>{round(rate)}</Value></{name}>\n"
    yield "<Intensity>Active</Intensity>\n<TriggerMethod>Manual</TriggerMethod>\n"
    if activity.samples is not None:
        yield from _tracks(activity, activity.samples, lap, pauses, is_first=is_first, is_last=is_last)
    yield "</Lap>\n"


def _tracks(
    activity: Activity,
    samples: Samples,
    lap: WrittenLap,
    pauses: Sequence[float],
    *,
    is_first: bool,
    is_last: bool,
) -> Iterator[str]:
    first = 0 if is_first else int(np.searchsorted(samples.seconds, lap.begins))
    last = len(samples) if is_last else int(np.searchsorted(samples.seconds, lap.ends))
    if first == last:
        return
    goes_on = set(np.searchsorted(samples.seconds, list(pauses)).tolist()) if pauses else set()
    columns = {channel: column for channel in Channel if (column := samples.get(channel)) is not None}
    yield "<Track>\n"
    for at in range(first, last):
        if at in goes_on and at > first:
            yield "</Track>\n<Track>\n"
        yield from _point(activity, float(samples.seconds[at]), columns, at)
    yield "</Track>\n"


def _point(activity: Activity, second: float, columns: dict[Channel, Column], at: int) -> Iterator[str]:
    """Yield one point; its parts in the order of the schema."""
    readings = {
        channel: value
        for channel, column in columns.items()
        if not math.isnan(value := column[at]) and _has_room(channel, value)
    }
    latitude, longitude = readings.get(Channel.LATITUDE_DEG), readings.get(Channel.LONGITUDE_DEG)
    yield f"<Trackpoint><Time>{_time(activity, second)}</Time>"
    if latitude is not None and longitude is not None:
        yield (
            f"<Position><LatitudeDegrees>{latitude:.7f}</LatitudeDegrees>"
            f"<LongitudeDegrees>{_west_of_the_date_line(longitude):.7f}</LongitudeDegrees></Position>"
        )
    of_run = activity.sport is Sport.RUN
    yield from _written(readings, _PLAIN if of_run else (*_PLAIN, (Channel.CADENCE_RPM, _CADENCE)))
    extensions = "".join(_written(readings, _OF_RUN if of_run else _OF_OTHERS))
    if extensions:
        yield f"<Extensions><ns3:TPX>{extensions}</ns3:TPX></Extensions>"
    yield "</Trackpoint>\n"


def _has_room(channel: Channel, value: float) -> bool:
    if channel not in _HOLDS:
        return True
    least, most = _HOLDS[channel]
    return least <= round(value) <= most


def _west_of_the_date_line(longitude: float) -> float:
    """Return the same meridian as the schema wants it: 180° is -180°."""
    return -180.0 if round(longitude, 7) >= 180 else longitude  # noqa: PLR2004 - degrees


def _written(readings: Mapping[Channel, float], shapes: Iterable[tuple[Channel, str]]) -> Iterator[str]:
    for channel, shape in shapes:
        if channel in readings:
            yield shape.format(readings[channel])


def _time(activity: Activity, seconds: float) -> str:
    moment = activity.started_at + timedelta(seconds=seconds)
    written = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{written}.{moment.microsecond // 1000:03d}Z"


def _text(text: str) -> str:
    """Return what XML can hold of a text."""
    return escape("".join(letter for letter in text if letter.isprintable()).strip())
