"""What fades: exponential averages, and sums of which a changing share is kept at every step."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from training_analyzer.sdk import Column

CHUNK: Final = 1000
"""So that what has faded within a chunk stays a number, for every weight up to a half."""

FAINTEST: Final = 1e-250
"""What may be left of the first value: divided by it, the highest power of a day is still a number."""

FEW: Final = 64
"""So few are added up one by one."""


def exponential_average(rows: Column, weight: float, *, start: Column | float = 0.0) -> Column:
    """
    Return y of shape `rows`, y[d] = y[d-1] + (rows[d] - y[d-1]) * weight, from `start`.

    Along the last axis. `weight` lies between 0 and 0.5.
    """
    averages = np.empty(rows.shape)
    kept = 1 - weight
    length = rows.shape[-1]
    size = max(1, length if kept**length > FAINTEST else min(length, CHUNK))
    faded = np.cumprod(np.full(size, kept)) / kept
    carried = np.zeros((*rows.shape[:-1], 1)) + np.asarray(start)[..., None]
    for first in range(0, length, size):
        chunk = rows[..., first : first + size]
        fading = faded[: chunk.shape[-1]]
        # The recurrence, unrolled: every value fades from its own place on.
        sums = chunk * (weight / fading)
        sums[..., :1] += carried * kept
        np.cumsum(sums, axis=-1, out=sums)
        np.multiply(sums, fading, out=averages[..., first : first + size])
        carried = averages[..., first + chunk.shape[-1] - 1, None]
    return averages


def two_averages(
    rows: Column | tuple[Column, Column], weights: tuple[float, float], *, start: Column | float = 0.0
) -> Column:
    """
    Return the exponential averages of two arrays alike, each with its own weight.

    As the two parts of complex numbers: a sum waits for the one before it, and two wait at once.
    """
    shape = rows[0].shape
    averages = np.empty((2, *shape))
    sums = np.empty((*shape[:-1], min(CHUNK, shape[-1])), dtype=np.complex128)
    fading = [_fading(weight) for weight in weights]
    carried = np.zeros((2, *shape[:-1])) + start
    for first in range(0, shape[-1], CHUNK):
        size = min(CHUNK, shape[-1] - first)
        part = sums[..., :size]
        lanes = part.real, part.imag
        for lane, values, (gains, _) in zip(lanes, rows, fading, strict=True):
            np.multiply(values[..., first : first + size], gains[:size], out=lane)
        for lane, weight, before in zip(lanes, weights, carried, strict=True):
            lane[..., 0] += before * (1 - weight)
        np.cumsum(part, axis=-1, out=part)
        for lane, (_, faded), average in zip(lanes, fading, averages, strict=True):
            np.multiply(lane, faded[:size], out=average[..., first : first + size])
        carried = averages[..., first + size - 1]
    return averages


@lru_cache(maxsize=16)
def _fading(weight: float) -> tuple[Column, Column]:
    """Return what each value of a chunk gains before all are summed, and how the sums fade after it."""
    faded: Column = np.power(1 - weight, np.arange(CHUNK))
    return np.divide(weight, faded), faded


def rolling_sums(rows: Column, windows_days: Sequence[int]) -> list[Column]:
    """
    Return, for each window, the sum of each day and those before it; NaN until all are known.

    Along the last axis. Each from two shorter ones: differences of sums since the first day would leave
    dust where there is nothing, and take longer.
    """
    known = {1: rows.reshape(-1)}
    for days in windows_days:
        known[days] = _summed(known, days)
    sums = [known[days].reshape(rows.shape) for days in windows_days]
    for days, those in zip(windows_days, sums, strict=True):
        those[..., : days - 1] = np.nan
    return sums


def _summed(known: dict[int, Column], days: int) -> Column:
    """
    Return the sums over so many days, made from those that are known already.

    By doubling, as powers are made, so that nothing is kept on the way: new memory costs more than sums.
    All rows are one: what reaches back beyond the first day of a row is of no meaning yet.
    """
    if days in known:
        return known[days]
    longest = max(window for window in known if window <= days)
    if 2 * longest >= days:
        recent, last, before = longest, known[longest], _summed(known, days - longest)
    elif days % 2:
        recent, last, before = 1, known[1], _summed(known, days - 1)
    else:
        recent, last = days // 2, _summed(known, days // 2)
        before = last
    made = np.empty(last.shape)
    np.add(last[days - 1 :], before[days - 1 - recent : max(0, last.size - recent)], out=made[days - 1 :])
    return made


def with_earlier(step: np.ufunc, rows: Column, earlier: Column, days: int) -> Column:
    """
    Return `step` of each value and of the `earlier` one, so many days before it.

    All rows as one, which takes a third of the time: on the first days of each row, what comes of it is
    of no meaning, and has to be replaced.
    """
    made = np.empty(rows.shape)  # in rows, whatever the order of what comes: its flat view is no copy
    flat = made.reshape(-1)
    step(rows.reshape(-1)[days:], earlier.reshape(-1)[: max(0, rows.size - days)], out=flat[days:])
    flat[:days] = np.nan
    return made


def fading_sum(gains: Column, kept: Column) -> Column:
    """
    Return y of shape (n,), y[i] = y[i-1] * kept[i] + gains[i], from 0.

    `kept`: what is left at each step of what was there before, from 0 to 1.
    """
    left = np.cumprod(kept)
    if left.size and left[-1] < FAINTEST:
        return _in_parts(gains, kept)
    # The recurrence, unrolled: every gain fades from its own place on.
    sums = gains / left
    np.cumsum(sums, out=sums)
    sums *= left
    return sums


def _in_parts(gains: Column, kept: Column) -> Column:
    """Return the same where so much fades that too little would be left to divide by."""
    if gains.size <= FEW:
        sums, before = [], 0.0
        for gain, share in zip(gains.tolist(), kept.tolist(), strict=True):
            before = before * share + gain
            sums.append(before)
        return np.array(sums)
    middle = gains.size // 2
    earlier = fading_sum(gains[:middle], kept[:middle])
    later = gains[middle:].copy()
    later[0] += earlier[-1] * kept[middle]
    return np.concatenate((earlier, fading_sum(later, kept[middle:])))
