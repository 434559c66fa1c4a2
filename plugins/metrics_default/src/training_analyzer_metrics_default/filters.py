"""What fades: exponential averages, and sums of which a changing share is kept at every step."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from training_analyzer.sdk import Column

CHUNK: Final = 1000
"""So that what has faded within a chunk stays a number, for every weight up to a half."""

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
        sums = chunk * (weight / fading)
        sums[..., :1] += carried * kept
        np.cumsum(sums, axis=-1, out=sums)
        np.multiply(sums, fading, out=averages[..., first : first + CHUNK])
        carried = averages[..., first + chunk.shape[-1] - 1, None]
    return averages


def rolling_sums(rows: Column, windows_days: Iterable[int]) -> list[Column]:
    """
    Return, for each window, the sum of each day and those before it; NaN until all are known.

    Along the last axis. Each from two shorter ones: differences of sums since the first day would leave
    dust where there is nothing, and take longer.
    """
    known = {1: rows}
    return [_summed(known, days) for days in windows_days]


def _summed(known: dict[int, Column], days: int) -> Column:
    """Return the sums over so many days, made from those that are known already, and remember them."""
    if days in known:
        return known[days]
    recent = max(window for window in known if window <= days)
    if 2 * recent < days:
        recent = (days + 1) // 2
    known[days] = _end_to_end(_summed(known, recent), _summed(known, days - recent), recent)
    known[days][..., : days - 1] = np.nan
    return known[days]


def _end_to_end(recent: Column, earlier: Column, days: int) -> Column:
    """Return the sums of windows that end where one of so many days begins, and of that one."""
    both = np.empty(recent.shape)  # in rows, whatever the order of what comes: its flat view is no copy
    # All rows as one: what reaches back into the row before is not known yet.
    np.add(recent.reshape(-1)[days:], earlier.reshape(-1)[:-days], out=both.reshape(-1)[days:])
    both.reshape(-1)[:days] = np.nan
    return both


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
    sums: Column = gained.T.reshape(-1)[: gains.size]
    return sums
