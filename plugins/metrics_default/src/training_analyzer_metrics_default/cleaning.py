"""
Cleaning, once for all calculators: a recording becomes one cell for each recorded second.

A reading holds until the next one, for at most 5 s. A longer step is a pause: nothing is filled in,
and no window may span it. A reading that no body can produce is missing, and so is one that the
recording lacks: missing is never zero.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import Activity, Channel, Column, Samples

LONGEST_HOLD_S: Final = 5.0
"""A longer step between readings is a pause (ours). Sparser recordings are left to their summary."""
HEART_RATE_LIMITS_BPM: Final = (25.0, 250.0)
"""Outside: a sensor's error. Zero is how devices write "no reading"."""
POWER_LIMITS_W: Final = (0.0, 2500.0)
"""Outside: a sensor's error. Track sprinters peak below 2,500 W; known glitches are near 21,700 W."""
SUFFICIENT_COVERAGE: Final = 0.9
"""A sum over time is trusted where its channel covers this share of the moving time."""

_TOLERANCE_S: Final = 1e-6

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """
    A cleaned recording at 1 Hz, without its pauses. Every column has one entry per recorded second.

    `stretch`: the number of the unbroken stretch that each second belongs to, ascending.
    `power_w`, `heart_rate_bpm`: NaN where missing; None where the channel holds no sound reading.
    `moving`: None where the provider does not tell.
    """

    stretch: NDArray[np.intp]
    power_w: Column | None = None
    heart_rate_bpm: Column | None = None
    moving: NDArray[np.bool_] | None = None

    @property
    def recorded_s(self) -> int:
        """Seconds recorded, coasting and standing included, pauses not."""
        return int(self.stretch.size)


def grid_of(activity: Activity) -> Grid | None:
    """Return the cleaned recording, or None where there is nothing but a summary."""
    samples = activity.samples
    return None if samples is None or len(samples) == 0 else clean(samples)


@lru_cache(maxsize=1)  # by identity: the calculators of one activity come one after the other
def clean(samples: Samples) -> Grid:
    held, stretch = _resampled(samples.seconds)

    def sound(channel: Channel, limits: tuple[float, float]) -> Column | None:
        readings = samples.get(channel)
        return None if readings is None else _within(readings[held], limits)

    moving = samples.get(Channel.MOVING)
    return Grid(
        stretch=_frozen(stretch),
        power_w=sound(Channel.POWER_W, POWER_LIMITS_W),
        heart_rate_bpm=sound(Channel.HEART_RATE_BPM, HEART_RATE_LIMITS_BPM),
        moving=None if moving is None else _frozen(moving[held] > 0),
    )


def sound_heart_rate(bpm: float | None) -> float | None:
    """Return a summary's heart rate, or None where no heart beats so."""
    lowest, highest = HEART_RATE_LIMITS_BPM
    return bpm if bpm is not None and lowest <= bpm <= highest else None


def covers(activity: Activity, grid: Grid, readings: Column) -> bool:
    """Say whether the readings cover enough of the moving time for a sum over it."""
    present = np.isfinite(readings)
    shares = [present.sum() / (activity.moving_s or grid.recorded_s)]
    if grid.moving is not None and grid.moving.any():
        # Readings of a long stop must not stand in for those that are missing on the move.
        shares.append(present[grid.moving].mean())
    return bool(min(shares) >= SUFFICIENT_COVERAGE)


def _resampled(seconds: Column) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return, for every recorded second, the sample that holds and the stretch that it is in."""
    breaks = np.flatnonzero(np.diff(seconds) > LONGEST_HOLD_S + _TOLERANCE_S) + 1
    first = np.concatenate(([0], breaks))
    last = np.concatenate((breaks, [seconds.size])) - 1
    # The last reading of a stretch stands for one second, as each reading at 1 Hz does.
    lengths = np.floor(seconds[last] - seconds[first] + _TOLERANCE_S).astype(np.intp) + 1
    stretch = np.repeat(np.arange(first.size), lengths)
    if np.array_equal(lengths, last - first + 1) and _is_every_second(seconds):
        return np.arange(seconds.size), stretch
    began = np.cumsum(lengths) - lengths
    moments = seconds[first][stretch] + (np.arange(stretch.size) - began[stretch])
    return np.searchsorted(seconds, moments + _TOLERANCE_S, side="right") - 1, stretch


def _is_every_second(seconds: Column) -> bool:
    """Say whether all samples lie on whole seconds: then there is nothing to hold."""
    return bool((seconds == np.floor(seconds)).all())


def _within(readings: Column, limits: tuple[float, float]) -> Column | None:
    lowest, highest = limits
    sound = np.where((readings >= lowest) & (readings <= highest), readings, np.nan)
    return None if np.isnan(sound).all() else _frozen(sound)


def _frozen(column: NDArray[Scalar]) -> NDArray[Scalar]:
    column.flags.writeable = False
    return column
