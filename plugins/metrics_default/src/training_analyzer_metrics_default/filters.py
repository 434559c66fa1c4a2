"""What fades: exponential averages, and sums of which a changing share is kept at every step."""

from typing import Final

import numpy as np

from training_analyzer.sdk import Column

CHUNK: Final = 1000
"""So that what has faded within a chunk stays a number, for every weight up to a half."""

DUST: Final = 1e-6
"""Of loads, seconds and metres: less is what sums of floating numbers leave behind."""
STEPS: Final = 24
"""So that what is kept of a value through so many steps, each at least `FORGOTTEN`, stays a number."""
FORGOTTEN: Final = 1e-12
"""Of what is kept less than this share, nothing is left to see."""


def exponential_average(rows: Column, weight: float, *, start: Column | float = 0.0) -> Column:
    """
    Return y of shape `rows`, y[d] = y[d-1] + (rows[d] - y[d-1]) * weight, from `start`.

    Along the last axis. `weight` lies between 0 and 0.5.
    """
    averages = np.empty_like(rows, dtype=np.float64)
    kept = 1 - weight
    faded = kept ** np.arange(min(CHUNK, rows.shape[-1]))
    carried = np.zeros((*rows.shape[:-1], 1)) + np.asarray(start)[..., None]
    for first in range(0, rows.shape[-1], CHUNK):
        chunk = rows[..., first : first + CHUNK]
        fading = faded[: chunk.shape[-1]]
        # The recurrence, unrolled: every value fades from its own place on.
        sums = np.cumsum(chunk * (weight / fading), axis=-1)
        sums += carried * kept
        np.multiply(sums, fading, out=averages[..., first : first + CHUNK])
        carried = averages[..., first + chunk.shape[-1] - 1, None]
    return averages


def running_sum(rows: Column) -> Column:
    """Return the sums before each day along the last axis, and after the last: one entry more."""
    running = np.zeros((*rows.shape[:-1], rows.shape[-1] + 1))
    np.cumsum(rows, axis=-1, out=running[..., 1:])
    return running


def rolling_sum(running: Column, days: int) -> Column:
    """Return, from running sums, the sum of each day and those before it; NaN until all are known."""
    sums = np.empty((*running.shape[:-1], running.shape[-1] - 1))
    sums[..., : days - 1] = np.nan
    if running.shape[-1] > days:
        known = sums[..., days - 1 :]
        np.subtract(running[..., days:], running[..., :-days], out=known)
        # Sums since the first day leave dust where everything in the window is zero.
        known[known < DUST] = 0.0
    return sums


def fading_sum(gains: Column, kept: Column) -> Column:
    """
    Return y of shape (n,), y[i] = y[i-1] * kept[i] + gains[i], from 0.

    `kept`: what is left at each step of what was there before, from 0 to 1.
    """
    rows = -(-gains.size // STEPS)
    table = np.zeros((2, rows * STEPS))
    table[0, : gains.size] = gains
    table[1, : gains.size] = np.maximum(kept, FORGOTTEN)
    table[1, gains.size :] = 1.0
    # A step of all rows at once: along the rows, each would be a short sum of its own.
    gained, left = np.ascontiguousarray(table.reshape(2, rows, STEPS).transpose(0, 2, 1))
    # Within a row the recurrence is unrolled; then each row gets what the one before it left.
    np.multiply.accumulate(left, axis=0, out=left)
    gained /= left
    np.add.accumulate(gained, axis=0, out=gained)
    gained *= left
    carried: list[float] = []
    value = 0.0
    for end, share in zip(gained[-1].tolist(), left[-1].tolist(), strict=True):
        carried.append(value)
        value = value * share + end
    left *= carried
    gained += left
    return gained.T.reshape(-1)[: gains.size]
