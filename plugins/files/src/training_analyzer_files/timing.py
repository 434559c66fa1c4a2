"""Times in files: which are believed, and what is local."""

from datetime import UTC, datetime
from typing import Final

import numpy as np

from training_analyzer.sdk import BadData, Channel, Column, Samples

EARLIEST: Final = datetime(1998, 7, 1, tzinfo=UTC).timestamp()
"""Devices whose clock was never set count from when they were switched on (FIT profile, `date_time`)."""
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
NO_DATE: Final = "The recording has no valid date: the device's clock was not set."
_QUARTER_S = 900
_WESTERNMOST_S, _EASTERNMOST_S = -12 * 3600, 14 * 3600


def started_at(unix_s: float) -> datetime:
    """Return when a recording began. Raises `BadData` where the device did not know the date."""
    if not EARLIEST <= unix_s < LATEST:
        raise BadData(NO_DATE)
    return datetime.fromtimestamp(unix_s, UTC)


def believable(times: Column) -> Column:
    """Return Unix times, NaN where the device cannot have known the date."""
    return np.where((times >= EARLIEST) & (times < LATEST), times, np.nan)


def offset_between(local_s: float, unix_s: float) -> int | None:
    """Return the offset of local time, to the quarter hour; None where it is none on Earth."""
    offset = round((local_s - unix_s) / _QUARTER_S) * _QUARTER_S
    return offset if _WESTERNMOST_S <= offset <= _EASTERNMOST_S else None


def offset_by_longitude(samples: Samples | None) -> int:
    """
    Return the nautical time zone of the first place, in seconds; 0 where no place is known.

    For files that tell no local time. An hour or two may be missing to the law's zone, but the day is
    nearly always the athlete's own, which by UTC it would not be in half of the world.
    """
    longitude = None if samples is None else samples.get(Channel.LONGITUDE_DEG)
    if longitude is None:
        return 0
    first = longitude[np.flatnonzero(~np.isnan(longitude))[0]]
    return round(float(first) / 15) * 3600
