"""Climbing: how many metres up, and how fast on the climbs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Column,
    Combination,
    Measurement,
    Metric,
    Sport,
)
from training_analyzer_metrics_default.cleaning import Grid, grid_of
from training_analyzer_metrics_default.power import SECONDS_PER_HOUR
from training_analyzer_metrics_default.reasons import Reason, absent

HYSTERESIS_M: Final = 3.0
"""A rise counts in steps of more than this, from the lowest point since the last one."""
CLIMB_HYSTERESIS_M: Final = 10.0
"""A climb goes on through a dip of less (ours)."""
CLIMB_RISE_M: Final = 30.0
CLIMB_SLOPE: Final = 0.03
"""What is called a climb (ours): 30 m up, at 3 % or more."""
FASTEST_CLIMB_MPH: Final = 10_000.0
"""
Metres in an hour. Faster is a lift, a car or a wrong altitude (ours): the best climb 2,000 for half an hour,
and who comes out of a descent at 70 km/h is carried 20 m up within seconds.
"""

ON_FOOT_OR_WHEELS: Final = frozenset({Sport.RIDE, Sport.RUN, Sport.WALK, Sport.HIKE, Sport.NORDIC_SKI})

ASCENT: Final = Metric(
    key="metrics_default.ascent",
    title="Ascent",
    unit="m",
    explanation="How many metres you climbed in all; ups and downs of less than 3 m do not count.",
    formula="h > reference + 3 m: add h - reference, reference = h; h < reference: reference = h; "
    "what changed in a pause does not count",
    source="hysteresis of 3 m, GoldenCheetah's default; within 4 % of Garmin on long rides and runs",
    combination=Combination.SUM,
    edge_cases=(
        "What changed in a pause, by a lift or a car, does not count.",
        "Nor does a jump that no body makes, as when the device first learns where it is.",
        "Not for skiers.",
    ),
    elsewhere={
        "Strava": "its own smoothing (from memory)",
        "Garmin": "within 5 %; it counts what changed in a pause",
        "GoldenCheetah": "the same hysteresis",
    },
)
VAM: Final = Metric(
    key="metrics_default.vam",
    title="Climbing speed (VAM)",
    unit="m/h",
    explanation="How many metres you rose in an hour, on the climbs alone.",
    formula="sum of rise / sum of hours over climbs: 30 m or more, at 3 % or more, through dips below 10 m; "
    "of each rise the part with the largest rise - 0.03 * distance",
    source="Ferrari (velocita ascensionale media); which rises are climbs: ours",
    edge_cases=(
        "Only climbs of 30 m and more at 3 % and more; a dip below 10 m does not end one.",
        "A valley before a climb and a false flat behind it are cut off.",
        "A rise at more than 10,000 m/h is none of a body, but of a lift or a wrong altitude: left out.",
        "Absent without such a climb.",
    ),
    elsewhere={"GoldenCheetah": "divides all ascent by the whole ride"},
)


@dataclass(frozen=True, slots=True)
class Rise:
    """From a lowest to the next highest point: the seconds, as indices, and the metres between."""

    first: int
    last: int
    rise_m: float


class ClimbingMetrics(ActivityMetrics):
    """Ascent, and the mean climbing speed. Not for skiers, whom a lift carries."""

    family: ClassVar[str] = "Climbing and energy"
    metrics: ClassVar[tuple[Metric, ...]] = (ASCENT, VAM)
    thresholds: ClassVar[frozenset[str]] = frozenset()
    version: ClassVar[int] = 4

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        activity, grid = given.activity, grid_of(given.activity)
        if activity.sport not in ON_FOOT_OR_WHEELS:
            return
        altitude_m = None if grid is None else grid.altitude_m
        if grid is None or altitude_m is None:
            reason = Reason.NO_SAMPLES if grid is None else Reason.NO_ALTITUDE
            if activity.ascent_m is None:
                yield absent(ASCENT, reason)
            else:
                yield Measurement(key=ASCENT.key, value=activity.ascent_m, method="summary", estimated=True)
            yield absent(VAM, reason)
            return
        profile_m, second = _profile(grid, altitude_m)
        yield Measurement(key=ASCENT.key, value=ascent_m(profile_m), method="altitude")
        yield _vam(grid, profile_m, second)


def ascent_m(altitude_m: Column) -> float:
    """Return how far the altitude rose, without the noise of a barometer."""
    climbed_m = 0.0
    reference_m = float(altitude_m[0])
    # Of equal heights one says all; and where it falls, only the last and lowest does.
    heights_m = altitude_m[np.flatnonzero(altitude_m[1:] != altitude_m[:-1]) + 1]
    rises = heights_m[1:] > heights_m[:-1]
    telling = np.ones(heights_m.size, dtype=bool)
    telling[1:-1] = rises[:-1] | rises[1:]
    for height_m in heights_m[telling].tolist():
        if height_m < reference_m:
            reference_m = height_m
        elif height_m > reference_m + HYSTERESIS_M:
            climbed_m += height_m - reference_m
            reference_m = height_m
    return climbed_m


def rises(altitude_m: Column, hysteresis_m: float) -> Iterable[Rise]:
    """Yield each rise of at least `hysteresis_m` that no fall of as much interrupts."""
    corners = _corners(altitude_m)
    low = high = float(altitude_m[0])
    low_at = high_at = 0
    rising = False
    for at, height_m in zip(corners.tolist(), altitude_m[corners].tolist(), strict=True):
        if rising:
            if height_m > high:
                high, high_at = height_m, at
            elif height_m <= high - hysteresis_m:
                yield Rise(low_at, high_at, high - low)
                rising, low, low_at = False, height_m, at
        elif height_m <= low:
            low, low_at = height_m, at
        elif height_m >= low + hysteresis_m:
            rising, high, high_at = True, height_m, at
    if rising:
        yield Rise(low_at, high_at, high - low)


def _corners(altitude_m: Column) -> NDArray[np.intp]:
    """Return where it turns, both ends among them: where a flat bottom ends, and where a flat top begins."""
    steps = np.flatnonzero(altitude_m[1:] != altitude_m[:-1])
    if not steps.size:
        return np.zeros(1, dtype=np.intp)
    rising = altitude_m[steps + 1] > altitude_m[steps]
    turns = np.flatnonzero(rising[1:] != rising[:-1])
    # A top is reached by the step before it, a bottom is left by the step behind it.
    inner = np.where(rising[turns], steps[turns] + 1, steps[turns + 1])
    ends = (steps[0] if rising[0] else 0), (steps[-1] + 1 if rising[-1] else altitude_m.size - 1)
    corners: NDArray[np.intp] = np.concatenate(([ends[0]], inner, [ends[1]]))
    return corners


def _profile(grid: Grid, altitude_m: Column) -> tuple[Column, NDArray[np.intp]]:
    """Return the altitudes that are known, without what changed in pauses, and the second of each."""
    known = np.flatnonzero(np.isfinite(altitude_m))
    profile_m, stretch = altitude_m, grid.stretch
    if known.size < altitude_m.size:
        profile_m, stretch = altitude_m[known], stretch[known]
    if profile_m.size and stretch[0] != stretch[-1]:
        step_m = np.diff(profile_m)
        # A lift, a car, or a barometer that drifted while the recording was paused.
        step_m[np.diff(stretch) > 0] = 0.0
        profile_m = profile_m[0] + np.concatenate(([0.0], np.cumsum(step_m)))
    return profile_m, known


def climbs(profile_m: Column, distance_m: Column | None) -> Iterable[Rise]:
    """Yield what is steep enough of each rise; without a distance, the whole rise."""
    excess_m = None if distance_m is None else profile_m - CLIMB_SLOPE * distance_m
    for rise in rises(profile_m, CLIMB_HYSTERESIS_M):
        if excess_m is not None:
            yield from _steep_parts(rise, profile_m, excess_m)
        elif rise.rise_m >= CLIMB_RISE_M:
            yield rise


def _steep_parts(rise: Rise, profile_m: Column, excess_m: Column) -> Iterable[Rise]:
    """
    Yield the part that rises farthest above the slope of a climb, and such parts before and behind it.

    A valley that leads to a pass is cut off, and so is the false flat behind it.
    """
    parts = [(rise.first, rise.last)]
    while parts:
        first, last = parts.pop()
        if np.ptp(profile_m[first : last + 1]) < CLIMB_RISE_M:
            continue
        excess = excess_m[first : last + 1]
        end = int((excess - np.minimum.accumulate(excess)).argmax())
        begin = end - int(excess[end::-1].argmin())  # who stood at the foot did not climb yet
        if begin == end:
            continue
        steep = Rise(first + begin, first + end, float(profile_m[first + end] - profile_m[first + begin]))
        if steep.rise_m >= CLIMB_RISE_M:
            yield steep
        parts += [(first, steep.first), (steep.last, last)]


def _vam(grid: Grid, profile_m: Column, second: NDArray[np.intp]) -> Measurement:
    climbed_m = climbed_s = 0.0
    for climb in climbs(profile_m, None if grid.distance_m is None else grid.distance_m[second]):
        spent_s = float(second[climb.last] - second[climb.first])
        if climb.rise_m <= FASTEST_CLIMB_MPH * spent_s / SECONDS_PER_HOUR:
            climbed_m += climb.rise_m
            climbed_s += spent_s
    if climbed_s <= 0:
        return absent(VAM, Reason.NO_CLIMB)
    return Measurement(key=VAM.key, value=climbed_m / (climbed_s / SECONDS_PER_HOUR), method="altitude")
