"""Columns of readings, made into samples: forward in time, without what cannot be."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import BadData, Channel, Column, Samples
from training_analyzer_files.totals import FASTEST_MPS, LONGEST_S

LOWEST: Mapping[Channel, float] = {
    Channel.DISTANCE_M: 0,
    Channel.SPEED_MPS: 0,
    Channel.HEART_RATE_BPM: 1,  # nobody who moves has a heart rate of 0: the strap lost contact
    Channel.POWER_W: 0,
    Channel.CADENCE_RPM: 0,
    Channel.LATITUDE_DEG: -90,
    Channel.LONGITUDE_DEG: -180,
}
HIGHEST: Mapping[Channel, float] = {
    Channel.DISTANCE_M: LONGEST_S * FASTEST_MPS,
    Channel.LATITUDE_DEG: 90,
    Channel.LONGITUDE_DEG: 180,
}
"""Readings beyond these are no readings. Whatever is possible, however unlikely, stays."""

_MOST: float = np.finfo(np.float64).max
"""Beyond it is infinity alone."""


def samples_from(
    times: Column, order: NDArray[np.intp], started_at: float, channels: Mapping[Channel, Column]
) -> Samples | None:
    """
    Return samples from readings at Unix times; None where there is none at or after the start.

    `order` says which points to keep. Several at one time become one, with the last reading of each channel:
    some devices write what each sensor says into a point of its own. Raises `BadData` where the clock jumped
    by weeks.
    """
    kept = order[times[order] >= started_at]
    if not kept.size:
        return None
    left_out = int(np.isfinite(times).sum()) - kept.size
    starts = np.flatnonzero(np.diff(times[kept], prepend=-np.inf))
    seconds = times[kept[starts]] - started_at
    if seconds[-1] > LONGEST_S:
        raise BadData(f"The clock jumped: the points span {seconds[-1] / 86_400:,.0f} days.")
    places: NDArray[np.intp] | slice = slice(None) if kept.size == times.size else kept
    possible = {channel: _possible(channel, readings[places]) for channel, readings in channels.items()}
    known = _placed({name: column for name, column in possible.items() if _any(column)})
    if starts.size < kept.size:
        known = {name: _last_readings(column, starts) for name, column in known.items()}
    return Samples(seconds, known, left_out)


def _last_readings(column: Column, starts: NDArray[np.intp]) -> Column:
    """Return the last reading of each group; the groups begin at these places."""
    last = np.maximum.reduceat(np.where(np.isnan(column), -1, np.arange(column.size)), starts)
    return np.where(last < 0, np.nan, column[last])


def _possible(channel: Channel, readings: Column) -> Column:
    lowest, highest = LOWEST.get(channel, -_MOST), HIGHEST.get(channel, _MOST)
    return np.where((readings >= lowest) & (readings <= highest), readings, np.nan)


def _placed(columns: dict[Channel, Column]) -> dict[Channel, Column]:
    """A place has two coordinates, and is not the point off Africa that stands for none."""
    latitude, longitude = columns.pop(Channel.LATITUDE_DEG, None), columns.pop(Channel.LONGITUDE_DEG, None)
    if latitude is None or longitude is None:
        return columns
    nowhere = np.isnan(latitude) | np.isnan(longitude) | ((latitude == 0) & (longitude == 0))
    places = {
        Channel.LATITUDE_DEG: np.where(nowhere, np.nan, latitude),
        Channel.LONGITUDE_DEG: np.where(nowhere, np.nan, longitude),
    }
    return columns if nowhere.all() else columns | places


def _any(column: Column) -> bool:
    return not bool(np.isnan(column).all())
