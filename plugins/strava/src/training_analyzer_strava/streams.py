"""Strava's streams, made into columns."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import BadData, Channel, Column, RawDocument, Samples
from training_analyzer_strava.payloads import Stream, parsed, read_as
from training_analyzer_strava.plain_streams import PLACES, plain_streams

KEYS = (
    "time",
    "distance",
    "latlng",
    "altitude",
    "velocity_smooth",
    "heartrate",
    "cadence",
    "watts",
    "temp",
    "moving",
    "grade_smooth",
)
"""All that Strava has: asked for in one request, stored as received."""

CHANNELS: Mapping[str, Channel] = {
    "distance": Channel.DISTANCE_M,
    "velocity_smooth": Channel.SPEED_MPS,
    "heartrate": Channel.HEART_RATE_BPM,
    "watts": Channel.POWER_W,
    "cadence": Channel.CADENCE_RPM,
    "altitude": Channel.ALTITUDE_M,
    "temp": Channel.TEMPERATURE_C,
    "moving": Channel.MOVING,
}
"""
For runs, cadence is that of one leg, which is revolutions per minute: steps per minute are twice as
many. `grade_smooth` is computed by Strava from altitude and distance, and has no channel.
"""

LOWEST: Mapping[Channel, float] = {
    Channel.DISTANCE_M: 0,
    Channel.SPEED_MPS: 0,
    Channel.HEART_RATE_BPM: 1,  # nobody who rides has a heart rate of 0: the strap lost contact
    Channel.POWER_W: 0,
    Channel.CADENCE_RPM: 0,
    Channel.LATITUDE_DEG: -90,
    Channel.LONGITUDE_DEG: -180,
}
HIGHEST: Mapping[Channel, float] = {Channel.LATITUDE_DEG: 90, Channel.LONGITUDE_DEG: 180}
"""Readings beyond these are no readings. Whatever is possible, however unlikely, stays."""


def samples_from(document: RawDocument, *, power_is_measured: bool) -> Samples | None:
    """
    Return the streams as samples; None where nothing tells when each reading was taken.

    Strava also sends watts that it estimated from speed and slope. They are left out: power is what
    a power meter measured. Raises `BadData` where streams are not JSON, no columns of numbers, or
    differ in length.
    """
    streams = plain_streams(document.body)
    if streams is None:
        streams = _read_with_care(document)
    present = {key: streams[key] for key in KEYS if key in streams}
    if len({len(readings) for readings in present.values()}) > 1:
        lengths = ", ".join(f"{key} {len(readings)}" for key, readings in present.items())
        raise BadData(f"Strava's streams differ in length: {lengths}.")
    if not len(present.get("time", ())):
        return None
    seconds = _column("time", present["time"])
    channels = {
        channel: _column(key, present[key])
        for key, channel in CHANNELS.items()
        if key in present and (power_is_measured or channel is not Channel.POWER_W)
    }
    if PLACES in present:
        latitudes_deg, longitudes_deg = _column(PLACES, present[PLACES]).T
        channels |= {Channel.LATITUDE_DEG: latitudes_deg, Channel.LONGITUDE_DEG: longitudes_deg}
    kept = _forward_in_time(seconds)
    possible = {channel: _possible(channel, readings)[kept] for channel, readings in channels.items()}
    return Samples(seconds[kept], possible, left_out=seconds.size - seconds[kept].size)


def holds_streams(said: Any) -> bool:
    """Tell whether an answer is an object with a stream in it, whatever else is there."""
    return isinstance(said, dict) and any(
        isinstance(one, dict) and isinstance(one.get("data"), list) for one in said.values()
    )


def _read_with_care(document: RawDocument) -> dict[str, Column | list[Any]]:
    """Return the readings of each stream. Raises `BadData` for what is wrong."""
    streams = parsed(document)
    if not isinstance(streams, dict):
        raise BadData("Strava's streams are no object with a stream for each key.")
    return {key: read_as(Stream, streams[key]).data for key in KEYS if streams.get(key) is not None}


def _column(key: str, readings: Column | list[Any]) -> Column:
    if isinstance(readings, np.ndarray):
        return readings
    return _places(readings) if key == PLACES else _numbers(key, readings)


def _numbers(key: str, readings: list[Any]) -> Column:
    """Return a column; null becomes NaN."""
    try:
        return np.frombuffer(bytes(readings), np.uint8).astype(np.float64)  # booleans: five times as fast
    except (ValueError, TypeError):
        pass
    try:
        column = np.array(readings, dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadData(f"Strava's stream {key} holds something that is no number.") from error
    if column.ndim != 1:
        raise BadData(f"Strava's stream {key} holds something that is no number.")
    column[~np.isfinite(column)] = np.nan
    return column


def _places(places: list[Any]) -> Column:
    """Return latitudes and longitudes, side by side; no place is null or an empty list."""
    try:
        columns = np.array([place or (None, None) for place in places], dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadData("Strava's stream latlng holds something that is no place.") from error
    if places and columns.shape != (len(places), 2):
        raise BadData("Strava's stream latlng holds something that is no place.")
    columns[~np.isfinite(columns).all(axis=-1)] = np.nan
    return columns.reshape(-1, 2)


def _possible(channel: Channel, readings: Column) -> Column:
    lowest, highest = LOWEST.get(channel), HIGHEST.get(channel)
    if lowest is not None:
        readings[readings < lowest] = np.nan
    if highest is not None:
        readings[readings > highest] = np.nan
    return readings


def _forward_in_time(seconds: Column) -> NDArray[np.intp] | slice:
    """
    Return which samples to keep so that time strictly increases.

    One that lies before an earlier one goes, or has no time at all; of several at one time the last stays.
    """
    if (seconds[1:] > seconds[:-1]).all() and np.isfinite(seconds).all():
        return slice(None)
    placed = np.flatnonzero(np.isfinite(seconds))
    placed = placed[seconds[placed] >= np.maximum.accumulate(seconds[placed])]
    is_last = np.diff(seconds[placed], append=np.inf) > 0
    kept: NDArray[np.intp] = placed[is_last]
    return kept
