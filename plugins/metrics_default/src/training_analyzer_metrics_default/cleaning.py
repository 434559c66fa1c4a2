"""
Cleaning, once for all calculators: a recording becomes one cell for each recorded second.

A reading holds until the next one, for at most 5 s. A longer step is a pause: nothing is filled in,
and no window may span it. A reading that no body can produce is missing. Where readings are missing
for no longer than 5 s, the last one holds, as it does where a whole sample is missing: an isolated
null would otherwise cost 30 windows of normalized power. A longer dropout stays missing, and missing
is never zero.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import Activity, Channel, Column, Samples, Sport
from training_analyzer_metrics_default import limits
from training_analyzer_metrics_default.reasons import Reason
from training_analyzer_metrics_default.track import Track, track_of

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
SPARSE_READINGS: Final = 100
"""Fewer readings say nothing of a device's habit (ours)."""
CLOCK_JUMP_S: Final = 86_400.0
"""A step of more than a day inside a recording is a clock that was set, not a pause."""
SUFFICIENT_COVERAGE: Final = 0.9
"""A sum over time is trusted where its channel covers this share of the moving time."""

MOVING_MPS: Final = {Sport.RIDE: 0.894, Sport.RUN: 0.417, Sport.SWIM: 0.139}
"""Slower is standing. Ride: 2 mph, as in WKO; run and swim: 1.5 and 0.5 km/h, as in Elevate."""
MOVING_OTHERS_MPS: Final = 0.083
"""0.3 km/h, as in Elevate."""

_TOLERANCE_S: Final = 1e-6

Scalar = TypeVar("Scalar", bound=np.generic)


class Fault(StrEnum):
    """Why readings were not believed."""

    ZERO = "zero"
    """A heart rate of zero: how devices write that there is none."""
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    """A spike."""
    UNBELIEVABLE = "unbelievable"
    """Sound by themselves, of a sensor that too often sent what cannot be true."""
    POSITION_JUMP = "position_jump"
    CLOCK_JUMP = "clock_jump"


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many readings of a channel were not believed, and why. `channel` is None for the clock."""

    channel: Channel | None
    fault: Fault
    readings: int


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """
    A cleaned recording at 1 Hz, without its pauses. Every column has one entry per recorded second.

    `moment_s`: when each second began, since the start of the activity.
    `stretch`: the number of the unbroken stretch that each second belongs to, ascending.
    The channels: NaN where missing; None where the channel holds no sound reading. Altitude and
    distance lie on straight lines between readings, all others hold.
    `moving`: as the provider tells, else by speed; None where neither does.
    `hold_s`: the longest step that was no pause. `clock_jumps_s`: by how much the clock was set.
    `dropped`: what was not believed.
    """

    moment_s: Column
    stretch: NDArray[np.intp]
    power_w: Column | None = None
    heart_rate_bpm: Column | None = None
    cadence_rpm: Column | None = None
    speed_mps: Column | None = None
    altitude_m: Column | None = None
    distance_m: Column | None = None
    moving: NDArray[np.bool_] | None = None
    track: Track | None = None
    hold_s: float = LONGEST_HOLD_S
    clock_jumps_s: float = 0.0
    dropped: tuple[Dropped, ...] = ()

    @property
    def recorded_s(self) -> int:
        """Seconds recorded, coasting and standing included, pauses not."""
        return int(self.stretch.size)

    @property
    def elapsed_s(self) -> float:
        """Seconds from the first to the last reading, pauses included, jumps of the clock not."""
        return float(self.moment_s[-1] - self.moment_s[0]) + 1 - self.clock_jumps_s

    @property
    def is_sparse(self) -> bool:
        return self.hold_s > LONGEST_HOLD_S

    def disbelieves(self, channel: Channel) -> bool:
        """Say whether the channel's sensor sent so much nonsense that all of it was dropped."""
        return any(one.channel is channel and one.fault is Fault.UNBELIEVABLE for one in self.dropped)


def grid_of(activity: Activity) -> Grid | None:
    """Return the cleaned recording, or None where nothing tells of the seconds, but a summary or lengths."""
    samples = activity.samples
    if samples is None or len(samples) == 0 or _tells_of_lengths(samples.seconds):
        return None
    return clean(samples, activity.sport)


def lacks_power(grid: Grid | None) -> Reason:
    """Say why there is no power in a grid without it."""
    if grid is None:
        return Reason.NO_SAMPLES
    return Reason.UNSOUND_POWER if grid.disbelieves(Channel.POWER_W) else Reason.NO_POWER


def lacks_heart_rate(grid: Grid | None) -> Reason:
    """Say why there is no heart rate in a grid without it."""
    if grid is None:
        return Reason.NO_SAMPLES
    unsound = grid.disbelieves(Channel.HEART_RATE_BPM)
    return Reason.UNSOUND_HEART_RATE if unsound else Reason.NO_HEART_RATE


@lru_cache(maxsize=1)  # by identity: the calculators of one activity come one after the other
def clean(samples: Samples, sport: Sport = Sport.OTHER) -> Grid:
    seconds = samples.seconds
    steps_s = np.diff(seconds)
    hold_s = _longest_hold(steps_s)
    held, stretch, moment_s = _resampled(seconds, steps_s, hold_s)
    dropped: list[Dropped] = []
    columns: dict[Channel, Column | None] = {}
    for channel in _HELD:
        readings = _believed(samples, channel, sport, dropped)
        columns[channel] = None if readings is None else _bridged(readings, seconds, hold_s)[held]
    altitude_m = _believed(samples, Channel.ALTITUDE_M, sport, dropped)
    track = track_of(seconds, samples.get(Channel.DISTANCE_M), sport)
    if track is not None and track.jumps:
        dropped.append(Dropped(Channel.DISTANCE_M, Fault.POSITION_JUMP, track.jumps))
    clock_jumps_s = steps_s[steps_s > CLOCK_JUMP_S]
    if clock_jumps_s.size:
        dropped.append(Dropped(None, Fault.CLOCK_JUMP, clock_jumps_s.size))
    speed_mps = columns[Channel.SPEED_MPS]
    if speed_mps is None and track is not None:
        speed_mps = _speed_along(track, moment_s, stretch, hold_s)
    moving = samples.get(Channel.MOVING)
    return Grid(
        moment_s=_frozen(moment_s),
        stretch=_frozen(stretch),
        power_w=_fixed(columns[Channel.POWER_W]),
        heart_rate_bpm=_fixed(columns[Channel.HEART_RATE_BPM]),
        cadence_rpm=_fixed(columns[Channel.CADENCE_RPM]),
        speed_mps=_fixed(speed_mps),
        altitude_m=None if altitude_m is None else _fixed(_on_lines(altitude_m, seconds, moment_s, hold_s)),
        distance_m=None if track is None else _frozen(track.at(moment_s)),
        moving=_frozen(moving[held] > 0) if moving is not None else _moving_by_speed(speed_mps, sport),
        track=track,
        hold_s=hold_s,
        clock_jumps_s=float((clock_jumps_s - 1).sum()),
        dropped=tuple(dropped),
    )


_HELD: Final = (Channel.POWER_W, Channel.HEART_RATE_BPM, Channel.CADENCE_RPM, Channel.SPEED_MPS)


def covers(activity: Activity, grid: Grid, readings: Column) -> bool:
    """Say whether the readings cover enough of the moving time for a sum over it."""
    present = np.isfinite(readings)
    # Where the clock jumped, the provider's own count of the time cannot be trusted.
    expected_s = grid.recorded_s if grid.clock_jumps_s else (activity.moving_s or grid.recorded_s)
    shares = [present.sum() / expected_s]
    if grid.moving is not None and grid.moving.any():
        # Readings of a long stop must not stand in for those that are missing on the move.
        shares.append(present[grid.moving].mean())
    return bool(min(shares) >= SUFFICIENT_COVERAGE)


def _tells_of_lengths(seconds: Column) -> bool:
    """Say whether the recording has a reading for each length of a pool or each lap, not for each second."""
    steps = seconds.size - 1
    if steps < 1 or seconds[-1] - seconds[0] <= LONGEST_SPARSE_HOLD_S * steps:
        return False
    return bool(np.median(np.diff(seconds)) > LONGEST_SPARSE_HOLD_S)


def _longest_hold(steps_s: Column) -> float:
    if steps_s.size < SPARSE_READINGS:
        return LONGEST_HOLD_S
    sparse_s = SPARSE_STEPS * float(np.median(steps_s))
    return float(np.clip(sparse_s, LONGEST_HOLD_S, LONGEST_SPARSE_HOLD_S))


def _resampled(
    seconds: Column, steps_s: Column, hold_s: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], Column]:
    """Return, for every recorded second, the sample that holds, the stretch that it is in, and its moment."""
    breaks = np.flatnonzero(steps_s > hold_s + _TOLERANCE_S) + 1
    first = np.concatenate(([0], breaks))
    last = np.concatenate((breaks, [seconds.size])) - 1
    # The last reading of a stretch stands for one second, as each reading at 1 Hz does.
    lengths = np.floor(seconds[last] - seconds[first] + _TOLERANCE_S).astype(np.intp) + 1
    stretch = np.repeat(np.arange(first.size), lengths)
    if np.array_equal(lengths, last - first + 1) and _is_every_second(seconds):
        return np.arange(seconds.size), stretch, seconds
    began = np.cumsum(lengths) - lengths
    moment_s = seconds[first][stretch] + (np.arange(stretch.size) - began[stretch])
    return np.searchsorted(seconds, moment_s + _TOLERANCE_S, side="right") - 1, stretch, moment_s


def _is_every_second(seconds: Column) -> bool:
    """Say whether all samples lie on whole seconds: then there is nothing to hold."""
    return bool((seconds == np.floor(seconds)).all())


def _believed(samples: Samples, channel: Channel, sport: Sport, dropped: list[Dropped]) -> Column | None:
    """Return the sound readings, NaN in place of all others, and note what was dropped."""
    readings, allowed = samples.get(channel), limits.of(channel, sport)
    if readings is None or allowed is None:
        return readings
    lowest, highest = allowed
    sound = (readings >= lowest) & (readings <= highest)
    if sound.all():
        return readings
    zero = readings == 0 if lowest > 0 else np.zeros_like(sound)
    too_high = int((readings > highest).sum())
    faults = {
        Fault.ZERO: int(zero.sum()),
        Fault.TOO_LOW: int(((readings < lowest) & ~zero).sum()),
        Fault.TOO_HIGH: too_high,
    }
    dropped += [Dropped(channel, fault, count) for fault, count in faults.items() if count]
    kept = int(sound.sum())
    if too_high > limits.UNBELIEVABLE_SHARE * (kept + too_high):
        dropped.append(Dropped(channel, Fault.UNBELIEVABLE, kept))
        return None
    return np.where(sound, readings, np.nan) if kept else None


def _bridged(readings: Column, seconds: Column, hold_s: float) -> Column:
    """Let a reading hold over missing ones, where the next one follows soon enough."""
    present = np.isfinite(readings)
    if present.all():
        return readings
    index = np.arange(readings.size)
    before = np.maximum.accumulate(np.where(present, index, -1))
    after = np.minimum.accumulate(np.where(present, index, readings.size)[::-1])[::-1]
    gap = np.flatnonzero(~present & (before >= 0) & (after < readings.size))
    short = gap[seconds[after[gap]] - seconds[before[gap]] <= hold_s + _TOLERANCE_S]
    bridged = readings.copy()
    bridged[short] = readings[before[short]]
    return bridged


def _on_lines(readings: Column, seconds: Column, moment_s: Column, hold_s: float) -> Column:
    """Return what changes steadily, such as a place, on straight lines between its readings."""
    present = np.isfinite(readings)
    if present.all():
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


def _speed_along(track: Track, grid_s: Column, stretch: NDArray[np.intp], hold_s: float) -> Column | None:
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


def _moving_by_speed(speed_mps: Column | None, sport: Sport) -> NDArray[np.bool_] | None:
    if speed_mps is None:
        return None
    moving = speed_mps >= MOVING_MPS.get(sport, MOVING_OTHERS_MPS)
    # A trainer without a speed sensor reads zero throughout: that tells nothing.
    return _frozen(moving) if moving.any() else None


def _fixed(column: Column | None) -> Column | None:
    return None if column is None or np.isnan(column).all() else _frozen(column)


def _frozen(column: NDArray[Scalar]) -> NDArray[Scalar]:
    column.flags.writeable = False
    return column
