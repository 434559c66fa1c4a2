"""Strava's streams, made into columns."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import BadData, Channel, Column, Samples
from training_analyzer_strava.payloads import Stream, read_as

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


def samples_from(body: Any, *, power_is_measured: bool) -> Samples | None:
    """
    Return the streams as samples; None where nothing tells when each reading was taken.

    Strava also sends watts that it estimated from speed and slope. They are left out: power is what
    a power meter measured. Raises `BadData` where streams are no columns of numbers or differ in
    length.
    """
    if not isinstance(body, dict):
        raise BadData("Strava's streams are no object with a stream for each key.")
    data = {key: read_as(Stream, body[key]).data for key in KEYS if body.get(key) is not None}
    if len({len(readings) for readings in data.values()}) > 1:
        lengths = ", ".join(f"{key} {len(readings)}" for key, readings in data.items())
        raise BadData(f"Strava's streams differ in length: {lengths}.")
    if not data.get("time"):
        return None
    columns = {
        channel: _numbers(key, data[key])
        for key, channel in CHANNELS.items()
        if key in data and (channel is not Channel.POWER_W or power_is_measured)
    }
    if "latlng" in data:
        latitudes_deg, longitudes_deg = _places(data["latlng"])
        columns |= {Channel.LATITUDE_DEG: latitudes_deg, Channel.LONGITUDE_DEG: longitudes_deg}
    seconds = _numbers("time", data["time"])
    kept = _forward_in_time(seconds)
    possible = {channel: _possible(channel, readings) for channel, readings in columns.items()}
    if kept.size < seconds.size:
        possible = {channel: readings[kept] for channel, readings in possible.items()}
    return Samples(seconds[kept], possible, left_out=seconds.size - kept.size)


def _numbers(key: str, readings: list[Any]) -> Column:
    """Return a column; null becomes NaN."""
    try:
        column = _all_numbers(readings, len(readings), whole=isinstance(readings[0], int))
        if column is None:
            column = np.array(readings, dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadData(f"Strava's stream {key} holds something that is no number.") from error
    if column.ndim != 1:
        raise BadData(f"Strava's stream {key} holds something that is no number.")
    column[~np.isfinite(column)] = np.nan
    return column


def _all_numbers(readings: Sequence[Any], count: int, *, whole: bool) -> Column | None:
    """
    Return the column where every reading is a number, at once, in a third of numpy's time; else None.

    `whole`: none is expected to have a fraction.
    """
    if whole:
        try:
            return np.frombuffer(struct.pack(f"{count}q", *readings), np.int64).astype(np.float64)
        except struct.error:  # one has
            pass
    try:
        return np.frombuffer(bytearray(struct.pack(f"{count}d", *readings)), np.float64)
    except (struct.error, OverflowError):
        return None


def _places(places: list[Any]) -> tuple[Column, Column]:
    """Return latitudes and longitudes; no place is null or an empty list."""
    try:
        pairs = _all_of_two(places)
        if pairs is None:
            columns = np.array([place or (None, None) for place in places], dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadData("Strava's stream latlng holds something that is no place.") from error
    if pairs is None:
        if columns.shape != (len(places), 2):
            raise BadData("Strava's stream latlng holds something that is no place.")
        pairs = columns[:, 0], columns[:, 1]
    latitudes_deg, longitudes_deg = pairs
    nowhere = ~(np.isfinite(latitudes_deg) & np.isfinite(longitudes_deg))
    latitudes_deg[nowhere] = longitudes_deg[nowhere] = np.nan
    return pairs


def _all_of_two(places: list[Any]) -> tuple[Column, Column] | None:
    """Return both columns where each place is a list of two numbers, four times as fast; else None."""
    try:
        halves = [latitude for latitude, _ in places], [longitude for _, longitude in places]
    except (TypeError, ValueError):  # a null, a number, or a list of more or fewer
        return None
    latitudes_deg, longitudes_deg = (_all_numbers(half, len(places), whole=False) for half in halves)
    return None if latitudes_deg is None or longitudes_deg is None else (latitudes_deg, longitudes_deg)


def _possible(channel: Channel, readings: Column) -> Column:
    lowest, highest = LOWEST.get(channel), HIGHEST.get(channel)
    if lowest is not None:
        readings[readings < lowest] = np.nan
    if highest is not None:
        readings[readings > highest] = np.nan
    return readings


def _forward_in_time(seconds: Column) -> NDArray[np.intp]:
    """
    Return which samples to keep so that time strictly increases.

    One that lies before an earlier one goes, or has no time at all; of several at one time the last stays.
    """
    placed = np.flatnonzero(np.isfinite(seconds))
    placed = placed[seconds[placed] >= np.maximum.accumulate(seconds[placed])]
    is_last = np.diff(seconds[placed], append=np.inf) > 0
    kept: NDArray[np.intp] = placed[is_last]
    return kept
