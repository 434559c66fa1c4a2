"""Coggan's normalization: what an uneven effort costs, from complete 30-second means to the fourth power."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import Column

SMOOTHING_S: Final = 30
"""Coggan 2003, step 1: a rolling average of 30 s."""


def normalized(readings: Column, stretch: NDArray[np.intp]) -> float | None:
    """
    Return the normalized mean, or None where there are no 30 unbroken seconds.

    Only complete windows count: none begins before the recording does, spans a pause or touches a
    missing reading. That is how devices compute it.
    """
    if readings.size < SMOOTHING_S:
        return None
    missing = np.isnan(readings)
    some_missing = np.count_nonzero(missing) > 0
    sums = _window_sums(np.where(missing, 0.0, readings) if some_missing else readings)
    if some_missing or stretch[0] != stretch[-1]:
        complete = stretch[SMOOTHING_S - 1 :] == stretch[: 1 - SMOOTHING_S]
        if some_missing:
            complete &= _window_sums(missing.astype(np.float64)) == 0
        sums = sums[complete]
    return fourth_power_mean(sums) / SMOOTHING_S if sums.size else None


def fourth_power_mean(readings: Column) -> float:
    # Not `np.dot`: its threads cost a hundred times the sum on a machine that is busy.
    powers = readings * readings
    powers *= powers
    return math.sqrt(math.sqrt(float(powers.mean())))


def _window_sums(column: Column) -> Column:
    running = np.empty(column.size + 1)
    running[0] = 0.0
    np.cumsum(column, out=running[1:])
    return running[SMOOTHING_S:] - running[:-SMOOTHING_S]
