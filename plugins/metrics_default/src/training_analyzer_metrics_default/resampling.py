"""Resampling: from readings at any moments to one cell for each recorded second."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import Column
from training_analyzer_metrics_default.track import Track

LONGEST_HOLD_S: Final = 5.0
"""A longer step between readings is a pause (ours)."""
SPARSE_STEPS: Final = 4.0
"""
Devices that record "smartly" write a reading every few seconds, and a step of four times the median
is still no pause (ours). With it a watch with a median step of 2 s has recorded 5,441 s where its
timer says 5,422, and one with 8 s has 8,208 s where its laps say 8,187; with 5 s for both it would be
4,032 and 1,426.
"""
LONGEST_SPARSE_HOLD_S: Final = 30.0
"""Longer, and the 30 s of normalized power would rest on a single reading."""
SPARSE_READINGS: Final = 20
"""Fewer readings say nothing of a device's habit (ours)."""

DENSE: Final = 1.5
"""A device that writes so many readings a second writes several of each: they are averaged (ours)."""

_TOLERANCE_S: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """
    The recorded seconds, and the samples that they are made from.

    `seconds`, `steps_s`: when each sample was taken, and how long after the one before. `held`: for
    every recorded second, the sample that holds. `stretch`, `moment_s`: as those of the grid.
    """

    seconds: Column
    steps_s: Column
    hold_s: float
    held: NDArray[np.intp] | slice
    stretch: NDArray[np.intp]
    moment_s: Column

    @property
    def held_s(self) -> int:
        """Return in how many seconds no sample lies."""
        held = self.held
        return 0 if isinstance(held, slice) else int(np.count_nonzero(held[1:] == held[:-1]))

    def of_each_second(self, readings: Column) -> Column:
        """Return the reading that holds in each second; of a device that writes several, their mean."""
        held: Column = readings[self.held]
        if self.seconds.size < DENSE * self.moment_s.size:
            return held
        first = np.searchsorted(self.seconds, self.moment_s - _TOLERANCE_S)
        after = np.searchsorted(self.seconds, self.moment_s + 1 - _TOLERANCE_S)
        known = np.isfinite(readings)
        counts, sums = (np.append(0, np.cumsum(each)) for each in (known, np.where(known, readings, 0.0)))
        count = counts[after] - counts[first]
        np.divide(sums[after] - sums[first], count, out=held, where=count > 0)
        return held


def timeline_of(seconds: Column) -> Timeline:
    steps_s = np.diff(seconds)
    hold_s = longest_hold(steps_s)
    return Timeline(seconds, steps_s, hold_s, *resampled(seconds, steps_s, hold_s))


def longest_hold(steps_s: Column) -> float:
    """Return the longest step that is no pause, by the habit of the device."""
    dense = np.count_nonzero(steps_s <= LONGEST_HOLD_S / SPARSE_STEPS)
    if steps_s.size < SPARSE_READINGS or 2 * dense > steps_s.size:  # by far cheaper than the median
        return LONGEST_HOLD_S
    sparse_s = SPARSE_STEPS * float(np.median(steps_s))
    return float(np.clip(sparse_s, LONGEST_HOLD_S, LONGEST_SPARSE_HOLD_S))


def tells_of_lengths(seconds: Column) -> bool:
    """Say whether the recording has a reading for each length of a pool or each lap, not for each second."""
    steps = seconds.size - 1
    if steps < 1 or seconds[-1] - seconds[0] <= LONGEST_SPARSE_HOLD_S * steps:
        return False
    return bool(np.median(np.diff(seconds)) > LONGEST_SPARSE_HOLD_S)


def resampled(
    seconds: Column, steps_s: Column, hold_s: float
) -> tuple[NDArray[np.intp] | slice, NDArray[np.intp], Column]:
    """
    Return, for every recorded second, the sample that holds, the stretch that it is in, and its moment.

    Where every second has its own sample, the samples are a slice: all of them, and no copies of any.
    """
    breaks = np.flatnonzero(steps_s > hold_s + _TOLERANCE_S) + 1
    first = np.concatenate(([0], breaks))
    last = np.concatenate((breaks, [seconds.size])) - 1
    # The last reading of a stretch stands for one second, as each reading at 1 Hz does.
    lengths = np.floor(seconds[last] - seconds[first] + _TOLERANCE_S).astype(np.intp) + 1
    stretch = np.repeat(np.arange(first.size), lengths)
    if np.array_equal(lengths, last - first + 1) and _is_every_second(seconds):
        return slice(None), stretch, seconds
    began = np.cumsum(lengths) - lengths
    moment_s = seconds[first][stretch] + (np.arange(stretch.size) - began[stretch])
    return np.searchsorted(seconds, moment_s + _TOLERANCE_S, side="right") - 1, stretch, moment_s


def _is_every_second(seconds: Column) -> bool:
    """Say whether all samples lie on whole seconds: then there is nothing to hold."""
    return bool((seconds == np.floor(seconds)).all())


def bridged(readings: Column, seconds: Column, hold_s: float) -> Column:
    """Let a reading hold over missing ones, where the next one follows soon enough."""
    present = np.isfinite(readings)
    if np.count_nonzero(present) == present.size:
        return readings
    index = np.arange(readings.size)
    before = np.maximum.accumulate(np.where(present, index, -1))
    after = np.minimum.accumulate(np.where(present, index, readings.size)[::-1])[::-1]
    gap = np.flatnonzero(~present & (before >= 0) & (after < readings.size))
    short = gap[seconds[after[gap]] - seconds[before[gap]] <= hold_s + _TOLERANCE_S]
    bridged = readings.copy()
    bridged[short] = readings[before[short]]
    return bridged


def on_lines(readings: Column, seconds: Column, moment_s: Column, hold_s: float) -> Column:
    """Return what changes steadily, such as a place, on straight lines between its readings."""
    present = np.isfinite(readings)
    if np.count_nonzero(present) == present.size:
        return readings if seconds is moment_s else np.interp(moment_s, seconds, readings)
    on_lines: Column = np.interp(moment_s, seconds[present], readings[present])
    on_lines[dropouts(seconds[present], moment_s, hold_s)] = np.nan
    return on_lines


def dropouts(reading_s: Column, moment_s: Column, hold_s: float) -> NDArray[np.bool_]:
    """Return which seconds lie where readings are missing for longer than a reading may hold."""
    index = np.searchsorted(reading_s, moment_s + _TOLERANCE_S, side="right")
    before = np.concatenate(([-np.inf], reading_s))[index]
    after = np.append(reading_s, np.inf)[index]
    inside: NDArray[np.bool_] = (moment_s > before + _TOLERANCE_S) & (after - before > hold_s + _TOLERANCE_S)
    return inside


def speed_along(track: Track, grid_s: Column, stretch: NDArray[np.intp], hold_s: float) -> Column | None:
    """Return the speed that follows from the distance; NaN where it is not known, or jumped."""
    if grid_s.size < 2:  # noqa: PLR2004 - a speed needs two moments
        return None
    speed_mps = np.append(np.diff(track.at(grid_s)), np.nan)
    ends = np.append(np.flatnonzero(np.diff(stretch)), grid_s.size - 1)
    # The last second of a stretch has no next one: it is as fast as the one before.
    speed_mps[ends] = np.where((ends > 0) & (stretch[ends - 1] == stretch[ends]), speed_mps[ends - 1], np.nan)
    missing = dropouts(track.moment_s, grid_s, hold_s)
    speed_mps[missing] = np.nan
    speed_mps[:-1][missing[1:]] = np.nan
    if track.jumps:
        speed_mps[track.jump_within(grid_s)] = np.nan
    return speed_mps
