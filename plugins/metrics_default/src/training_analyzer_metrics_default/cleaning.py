"""
Cleaning, once for all calculators: a recording becomes one cell for each recorded second.

A reading holds until the next one, for at most 5 s; of several in a second, the mean counts. A longer
step is a pause: nothing is filled in, and no window may span it. A reading that no body can produce is
missing. Where readings are missing for no longer than 5 s, the last one holds, as it does where a whole
sample is missing: an isolated null would otherwise cost 30 windows of normalized power. A longer
dropout stays missing, and missing is never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import LONGEST_SESSION_S, Activity, Channel, Column, Samples, Sport
from training_analyzer_metrics_default import limits
from training_analyzer_metrics_default.altitude import without_jumps
from training_analyzer_metrics_default.believing import Dropped, Fault, Notes, believed
from training_analyzer_metrics_default.reasons import Reason
from training_analyzer_metrics_default.resampling import (
    LONGEST_HOLD_S,
    Timeline,
    bridged,
    on_lines,
    speed_along,
    tells_of_lengths,
    timeline_of,
)
from training_analyzer_metrics_default.slopes import slope_of
from training_analyzer_metrics_default.track import Track, track_of

CLOCK_JUMP_S: Final = 86_400.0
"""
A step of more than a day inside a recording is a clock that was set, not a pause: unless the service's
elapsed time has it in it. Files that state none have theirs from the samples: there it is a pause.
"""
SUFFICIENT_COVERAGE: Final = 0.9
"""A sum over time is trusted where its channel covers this share of the moving time."""

MOVING_MPS: Final = {Sport.RIDE: 0.894, Sport.RUN: 0.417, Sport.SWIM: 0.139}
"""Slower is standing. Ride: 2 mph, as in WKO; run and swim: 1.5 and 0.5 km/h, as in Elevate."""
MOVING_OTHERS_MPS: Final = 0.083
"""0.3 km/h, as in Elevate."""

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Grid:
    """
    A cleaned recording at 1 Hz, without its pauses. Every column has one entry per recorded second.

    `moment_s`: when each second began, since the start of the activity.
    `stretch`: the number of the unbroken stretch that each second belongs to, ascending.
    The channels: NaN where missing; None where the channel holds no sound reading. Altitude and
    distance lie on straight lines between readings, all others hold. Neither rises where it jumped.
    `moving`: as the provider tells, else by speed; None where neither does.
    `hold_s`: the longest step that was no pause. `clock_jumps_s`: by how much the clock was set.
    `dropped`: what was not believed. `silent`: the channels that read zero throughout. `held_s`: seconds
    in which no sample lies. `bridged_s`: for each channel, seconds with a sample and no reading over which
    the last one holds.
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
    silent: frozenset[Channel] = frozenset()
    held_s: int = 0
    bridged_s: Mapping[Channel, int] = field(default_factory=dict)

    @property
    def recorded_s(self) -> int:
        """Seconds recorded, coasting and standing included, pauses not."""
        return int(self.stretch.size)

    @property
    def elapsed_s(self) -> float:
        """Seconds from the first to the last reading, pauses included, jumps of the clock not."""
        return float(self.moment_s[-1] - self.moment_s[0]) + 1 - self.clock_jumps_s

    @cached_property
    def slope(self) -> Column | None:
        """The slope in each second as a share of one; None without altitude or distance."""
        if self.altitude_m is None or self.distance_m is None:
            return None
        return _frozen(slope_of(self.altitude_m, self.distance_m))

    @property
    def is_sparse(self) -> bool:
        return self.hold_s > LONGEST_HOLD_S

    def doubts(self, channel: Channel) -> bool:
        """Say whether some of the channel's readings were so high, or jumped so far, as cannot be true."""
        if channel is Channel.SPEED_MPS and self.doubts(Channel.DISTANCE_M):
            return True
        too_much = {Fault.TOO_HIGH, Fault.POSITION_JUMP, Fault.UNBELIEVABLE}
        return any(one.channel is channel and one.fault in too_much for one in self.dropped)

    def disbelieves(self, channel: Channel) -> bool:
        """Say whether the channel's sensor sent so much nonsense that all of it was dropped."""
        return any(one.channel is channel and one.fault is Fault.UNBELIEVABLE for one in self.dropped)


def grid_of(activity: Activity) -> Grid | None:
    """Return the cleaned recording, or None where nothing tells of the seconds, but a summary or lengths."""
    if activity.samples is None or len(activity.samples) == 0:
        return None
    return _grid(activity.samples, activity.sport, _longest_pause(activity, activity.samples))


@lru_cache(maxsize=1)  # by identity: the calculators of one activity come one after the other
def _grid(samples: Samples, sport: Sport, longest_pause_s: float) -> Grid | None:
    return None if tells_of_lengths(samples.seconds) else clean(samples, sport, longest_pause_s)


def _longest_pause(activity: Activity, samples: Samples) -> float:
    """Return the longest step that may be a pause: a night or two, where the elapsed time knows of it."""
    seconds = samples.seconds
    span_s = float(seconds[-1] - seconds[0])
    if span_s <= CLOCK_JUMP_S or span_s > LONGEST_SESSION_S:
        return CLOCK_JUMP_S
    steps_s = np.diff(seconds)
    days_s = float(steps_s[steps_s > CLOCK_JUMP_S].sum())
    known = abs(activity.elapsed_s - span_s) < abs(activity.elapsed_s - (span_s - days_s))
    return LONGEST_SESSION_S if known else CLOCK_JUMP_S


def lacks_power(grid: Grid | None) -> Reason:
    """Say why there is no power in a grid without it."""
    if grid is None:
        return Reason.NO_SAMPLES
    if Channel.POWER_W in grid.silent:
        return Reason.NOTHING_BUT_ZEROS
    return Reason.UNSOUND_POWER if grid.disbelieves(Channel.POWER_W) else Reason.NO_POWER


def lacks_speed(grid: Grid | None) -> Reason:
    """Say why there is no speed in a grid without it."""
    if grid is None:
        return Reason.NO_SAMPLES
    return Reason.NOTHING_BUT_ZEROS if Channel.SPEED_MPS in grid.silent else Reason.NO_SPEED


def lacks_heart_rate(grid: Grid | None) -> Reason:
    """Say why there is no heart rate in a grid without it."""
    if grid is None:
        return Reason.NO_SAMPLES
    unsound = grid.disbelieves(Channel.HEART_RATE_BPM)
    return Reason.UNSOUND_HEART_RATE if unsound else Reason.NO_HEART_RATE


def clean(samples: Samples, sport: Sport = Sport.OTHER, longest_pause_s: float = CLOCK_JUMP_S) -> Grid:
    """Return the grid of a recording. `longest_pause_s`: a longer step is a clock that was set."""
    timeline, notes = timeline_of(samples.seconds), Notes()
    power_w, heart_rate_bpm, cadence_rpm, speed_mps = (
        _held(samples, channel, sport, timeline, notes) for channel in _HELD
    )
    altitude_m = _altitude(samples, sport, timeline, notes)
    track = track_of(timeline.seconds, samples.get(Channel.DISTANCE_M), sport, timeline.hold_s)
    if track is not None:
        notes.drop(Channel.DISTANCE_M, Fault.POSITION_JUMP, track.jumps)
        speed_mps = _completed(speed_mps, track, sport, timeline, notes)
    clock_jumps_s = timeline.steps_s[timeline.steps_s > longest_pause_s]
    notes.drop(None, Fault.CLOCK_JUMP, clock_jumps_s.size)
    moving = samples.get(Channel.MOVING)
    return Grid(
        moment_s=_frozen(timeline.moment_s),
        stretch=_frozen(timeline.stretch),
        power_w=_fixed(power_w),
        heart_rate_bpm=_fixed(heart_rate_bpm),
        cadence_rpm=_fixed(cadence_rpm),
        speed_mps=_fixed(speed_mps),
        altitude_m=_fixed(altitude_m),
        distance_m=None if track is None else _frozen(track.at(timeline.moment_s)),
        moving=(_moving_by_speed(speed_mps, sport) if moving is None else _frozen(moving[timeline.held] > 0)),
        track=track,
        hold_s=timeline.hold_s,
        clock_jumps_s=float((clock_jumps_s - 1).sum()),
        dropped=tuple(notes.dropped),
        silent=frozenset(notes.silent),
        held_s=timeline.held_s,
        bridged_s=notes.bridged_s,
    )


_HELD: Final = (Channel.POWER_W, Channel.HEART_RATE_BPM, Channel.CADENCE_RPM, Channel.SPEED_MPS)


def _held(
    samples: Samples, channel: Channel, sport: Sport, timeline: Timeline, notes: Notes
) -> Column | None:
    """Return what a sensor told, each reading until the next one; None where it told nothing."""
    readings = believed(samples, channel, sport, notes)
    if readings is None or notes.is_silent(channel, readings):
        return None
    without_gaps = bridged(readings, timeline.seconds, timeline.hold_s)
    if without_gaps is not readings:
        over_gaps = np.isnan(readings) & np.isfinite(without_gaps)
        notes.bridged_s[channel] = int(over_gaps[timeline.held].sum())
    return timeline.of_each_second(without_gaps)


def _altitude(samples: Samples, sport: Sport, timeline: Timeline, notes: Notes) -> Column | None:
    readings = believed(samples, Channel.ALTITUDE_M, sport, notes)
    if readings is None:
        return None
    joined_m, jumps = without_jumps(readings, timeline.seconds, sport)
    notes.drop(Channel.ALTITUDE_M, Fault.ALTITUDE_JUMP, jumps)
    return on_lines(joined_m, timeline.seconds, timeline.moment_s, timeline.hold_s)


def _completed(
    measured_mps: Column | None, track: Track, sport: Sport, timeline: Timeline, notes: Notes
) -> Column | None:
    """Return the speed that was measured, and where none was, the one that follows from the distance."""
    missing = None if measured_mps is None else np.isnan(measured_mps)
    if missing is not None and not missing.any():
        return measured_mps
    along_mps = speed_along(track, timeline.moment_s, timeline.stretch, timeline.hold_s)
    if along_mps is None:
        return measured_mps
    along_mps[along_mps > limits.fastest_mps(sport)] = np.nan
    if measured_mps is None or missing is None:
        return None if notes.is_silent(Channel.SPEED_MPS, along_mps) else along_mps
    return np.where(missing, along_mps, measured_mps)


def present(readings: Column) -> Column:
    """Return the readings that there are: the very column, where none is missing."""
    known = np.isfinite(readings)
    return readings if np.count_nonzero(known) == known.size else readings[known]


def covers(activity: Activity, grid: Grid, readings: Column) -> bool:
    """Say whether the readings cover enough of the moving time for a sum over it."""
    known = np.isfinite(readings)
    seconds = np.count_nonzero(known)
    # Where the clock jumped, the provider's own count of the time cannot be trusted.
    expected_s = grid.recorded_s if grid.clock_jumps_s else (activity.moving_s or grid.recorded_s)
    shares = [seconds / expected_s]
    if seconds < known.size and grid.moving is not None and grid.moving.any():
        # Readings of a long stop must not stand in for those that are missing on the move.
        shares.append(known[grid.moving].mean())
    return bool(min(shares) >= SUFFICIENT_COVERAGE)


def slowest_mps(sport: Sport) -> float:
    """Return the speed below which somebody stands."""
    return MOVING_MPS.get(sport, MOVING_OTHERS_MPS)


def _moving_by_speed(speed_mps: Column | None, sport: Sport) -> NDArray[np.bool_] | None:
    if speed_mps is None:
        return None
    moving = speed_mps >= slowest_mps(sport)
    # A trainer without a speed sensor reads zero throughout: that tells nothing.
    return _frozen(moving) if moving.any() else None


def _fixed(column: Column | None) -> Column | None:
    if column is None or (np.isnan(column[0]) and np.isnan(column).all()):
        return None
    return _frozen(column)


def _frozen(column: NDArray[Scalar]) -> NDArray[Scalar]:
    column.flags.writeable = False
    return column
