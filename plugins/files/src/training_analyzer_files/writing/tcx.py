"""
An activity as a TCX file, by Garmin's schema `TrainingCenterDatabase/v2` and its extension for power.

The schema knows running, biking and other sports; a pause is the end of one track and the beginning
of the next.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Final
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

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
    (Channel.ALTITUDE_M, "<AltitudeMeters>%.2f</AltitudeMeters>"),
    (Channel.DISTANCE_M, "<DistanceMeters>%.2f</DistanceMeters>"),
    (Channel.HEART_RATE_BPM, "<HeartRateBpm><Value>%.0f</Value></HeartRateBpm>"),
)
_POSITION: Final = (
    "<Position><LatitudeDegrees>%.7f</LatitudeDegrees><LongitudeDegrees>%.7f</LongitudeDegrees></Position>"
)
_DATE_LINE: Final = 180.0
_CADENCE: Final = "<Cadence>%.0f</Cadence>"
_OF_OTHERS: Final = (
    (Channel.SPEED_MPS, "<ns3:Speed>%.3f</ns3:Speed>"),
    (Channel.POWER_W, "<ns3:Watts>%.0f</ns3:Watts>"),
)
_OF_RUN: Final = (
    _OF_OTHERS[0],
    (Channel.CADENCE_RPM, "<ns3:RunCadence>%.0f</ns3:RunCadence>"),
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
    points = _points(activity)
    for lap, part in zip(laps, _parts(activity.samples, laps), strict=True):
        yield from _lap(activity, lap, part, is_alone=len(laps) == 1)
        yield from _tracks(points, activity.samples, part, pauses)
        yield "</Lap>\n"
    if title := _text(activity.title):
        yield f"<Notes>{title}</Notes>\n"
    if device := _text(activity.device):
        yield (
            f'<Creator xsi:type="Device_t"><Name>{device}</Name><UnitId>0</UnitId><ProductID>0</ProductID>'
            "<Version><VersionMajor>0</VersionMajor><VersionMinor>0</VersionMinor></Version></Creator>\n"
        )
    yield "</Activity>\n</Activities>\n</TrainingCenterDatabase>\n"


def _parts(samples: Samples | None, laps: Sequence[WrittenLap]) -> list[slice]:
    """Return where each lap's points lie. What was recorded before the first or after the last is theirs."""
    if samples is None:
        return [slice(0, 0) for _ in laps]
    begins = np.searchsorted(samples.seconds, [lap.begins for lap in laps[1:]]).tolist()
    return [slice(begin, end) for begin, end in itertools.pairwise([0, *begins, len(samples)])]


def _lap(activity: Activity, lap: WrittenLap, part: slice, *, is_alone: bool) -> Iterator[str]:
    share = min(1.0, lap.timer_s / activity.moving_s) if activity.moving_s else 0.0
    calories = round((activity.summary.calories_kcal or 0) * share)
    yield f'<Lap StartTime="{_time(activity, lap.begins)}">\n'
    yield f"<TotalTimeSeconds>{lap.timer_s:.3f}</TotalTimeSeconds>\n"
    yield f"<DistanceMeters>{lap.distance_m:.2f}</DistanceMeters>\n"
    yield f"<Calories>{min(calories, _MOST_CALORIES)}</Calories>\n"
    for name, rate in _heart_rates(activity, part, is_alone=is_alone).items():
        if rate is not None and 1 <= round(rate) <= _MOST_HEART_RATE:
            yield f"<{name}><Value>{round(rate)}</Value></{name}>\n"
    yield "<Intensity>Active</Intensity>\n<TriggerMethod>Manual</TriggerMethod>\n"


def _heart_rates(activity: Activity, part: slice, *, is_alone: bool) -> Mapping[str, float | None]:
    """Return the average and the highest of a lap: as stated of the whole session, or of its points."""
    said = activity.summary
    average, highest = said.average_heart_rate_bpm, said.max_heart_rate_bpm
    if not is_alone:
        column = None if activity.samples is None else activity.samples.get(Channel.HEART_RATE_BPM)
        rates = np.empty(0) if column is None else column[part]
        rates = rates[np.isfinite(rates) & _has_room(Channel.HEART_RATE_BPM, rates)]
        average, highest = (float(rates.mean()), float(rates.max())) if rates.size else (None, None)
    return {"AverageHeartRateBpm": average, "MaximumHeartRateBpm": highest}


def _tracks(
    points: Sequence[str], samples: Samples | None, part: slice, pauses: Sequence[float]
) -> Iterator[str]:
    """Yield the points of a lap; behind each pause, another track begins."""
    if samples is None or part.start == part.stop:
        return
    goes_on = np.searchsorted(samples.seconds, list(pauses)).tolist() if pauses else []
    begins = sorted({part.start, *(at for at in goes_on if part.start < at < part.stop)})
    for begin, end in itertools.pairwise([*begins, part.stop]):
        yield "<Track>\n"
        yield from points[begin:end]
        yield "</Track>\n"


def _points(activity: Activity) -> list[str]:
    """Return each point; its parts in the order of the schema."""
    samples = activity.samples
    if samples is None:
        return []
    of_run = activity.sport is Sport.RUN
    plain = _PLAIN if of_run else (*_PLAIN, (Channel.CADENCE_RPM, _CADENCE))
    parts: list[Iterable[str]] = [
        (f"<Trackpoint><Time>{time}Z</Time>" for time in _times(activity, samples.seconds)),
        *_positions(samples),
        *_written(samples, plain),
    ]
    if extensions := list(_written(samples, _OF_RUN if of_run else _OF_OTHERS)):
        together = map("".join, zip(*extensions, strict=True))
        parts.append(f"<Extensions><ns3:TPX>{one}</ns3:TPX></Extensions>" if one else "" for one in together)
    return ["".join(point) + "</Trackpoint>\n" for point in zip(*parts, strict=True)]


def _positions(samples: Samples) -> Iterator[list[str]]:
    latitude, longitude = samples.get(Channel.LATITUDE_DEG), samples.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return
    known = ~(np.isnan(latitude) | np.isnan(longitude))
    # The schema has a meridian in the Pacific once: as -180°.
    longitude = np.where(np.round(longitude, 7) >= _DATE_LINE, -_DATE_LINE, longitude)
    yield [
        _POSITION % (north, east) if is_known else ""
        for north, east, is_known in zip(latitude.tolist(), longitude.tolist(), known.tolist(), strict=True)
    ]


def _written(samples: Samples, shapes: Iterable[tuple[Channel, str]]) -> Iterator[list[str]]:
    """Yield a column of elements for each channel that was recorded, empty where there is no reading."""
    for channel, shape in shapes:
        column = samples.get(channel)
        if column is not None:
            known = np.isfinite(column) & _has_room(channel, column)
            yield [
                shape % value if is_known else ""
                for value, is_known in zip(column.tolist(), known.tolist(), strict=True)
            ]


def _has_room(channel: Channel, column: Column) -> NDArray[np.bool_]:
    if channel not in _HOLDS:
        return np.ones(column.shape, np.bool_)
    least, most = _HOLDS[channel]
    whole = np.round(column)
    return (whole >= least) & (whole <= most)


def _times(activity: Activity, seconds: Column) -> list[str]:
    """Return moments in UTC, to the millisecond."""
    begin = np.datetime64(activity.started_at.astimezone(UTC).replace(tzinfo=None), "us")
    moments = begin + np.rint(seconds * 1e6).astype("timedelta64[us]")
    written: list[str] = np.datetime_as_string(moments.astype("datetime64[ms]")).tolist()
    return written


def _time(activity: Activity, seconds: float) -> str:
    return f"{_times(activity, np.array([seconds]))[0]}Z"


def _text(text: str) -> str:
    """Return what XML can hold of a text."""
    return escape("".join(letter for letter in text if letter.isprintable()).strip())
