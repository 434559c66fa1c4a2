"""Coggan's normalization: what an uneven effort costs, from complete 30-second means to the fourth power."""

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
    present = np.isfinite(readings)
    sums = _window_sums(np.where(present, readings, 0.0))
    complete = stretch[SMOOTHING_S - 1 :] == stretch[: 1 - SMOOTHING_S]
    if not present.all():
        complete &= _window_sums(present.astype(np.int64)) == SMOOTHING_S
    smoothed = sums[complete] / SMOOTHING_S
    return fourth_power_mean(smoothed) if smoothed.size else None


def fourth_power_mean(readings: Column) -> float:
    squared = readings * readings
    return float(np.mean(squared * squared) ** 0.25)


def _window_sums(column: NDArray[np.generic]) -> Column:
    running = np.concatenate(([0], np.cumsum(column)))
    sums: Column = running[SMOOTHING_S:] - running[:-SMOOTHING_S]
    return sums
