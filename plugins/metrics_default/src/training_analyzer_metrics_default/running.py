"""Running: pace, pace on the flat, what the run cost by pace, cadence and stride."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Column,
    Combination,
    Measurement,
    Metric,
    Sport,
)
from training_analyzer_metrics_default.cleaning import (
    SUFFICIENT_COVERAGE,
    Grid,
    covers,
    grid_of,
    lacks_speed,
    present,
)
from training_analyzer_metrics_default.normalizing import normalized
from training_analyzer_metrics_default.power import SECONDS_PER_HOUR
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.session import moved_s, session_speed
from training_analyzer_metrics_default.settings import GapModel
from training_analyzer_metrics_default.slopes import factor_of, trainingpeaks_factor_of

METRES_PER_KM: Final = 1000
BOTH_FEET_RPM: Final = 120.0
"""Nobody takes 120 strides a minute for long: such a cadence counts both feet already."""

AVERAGE_PACE: Final = Metric(
    key="metrics_default.average_pace",
    title="Average pace",
    unit="s/km",
    explanation="The time that you took for a kilometre, on average while moving.",
    formula="moving time / distance",
    source="arithmetic",
    edge_cases=(
        "Stops do not count, whether or not you paused the device.",
        "Absent where nobody runs so fast.",
    ),
    elsewhere={
        "Strava": "the same, by its own moving time",
        "Garmin": "by timer time: stops count (from memory)",
    },
)
GRADE_ADJUSTED_PACE: Final = Metric(
    key="metrics_default.grade_adjusted_pace",
    title="Grade-adjusted pace",
    unit="s/km",
    explanation="The pace on the flat that would have been as hard as your pace on these hills.",
    formula="1000 / mean over moving seconds of speed * factor(slope); slope over 50 m",
    source="factor by Strava's table of equal heart rates (Robb 2017); with `gap_model=minetti` the cost "
    "of running, Minetti 2002, doi:10.1152/japplphysiol.01177.2001",
    edge_cases=(
        "Absent without altitude.",
        "Slopes are taken over 50 m and clamped at 45 %.",
        "Only moving seconds count.",
    ),
    elsewhere={
        "Strava": "GAP: the same idea, with a table that is not published; ours was read off it by others",
        "TrainingPeaks": "shows normalized graded pace instead",
    },
)
NORMALIZED_GRADED_PACE: Final = Metric(
    key="metrics_default.normalized_graded_pace",
    title="Normalized graded pace",
    unit="s/km",
    explanation="The even pace on the flat that would have cost as much as this uneven, hilly run.",
    formula="1000 / (mean of r^4)^(1/4), r = mean of speed * factor(slope) over each complete, unbroken 30 s",
    source="TrainingPeaks (McGregor); factors as read off by specialsauce",
    edge_cases=(
        "Without altitude the pace alone, marked as an estimate outdoors.",
        "Seconds without altitude count as on the flat; where they are more than a tenth, it is marked.",
        "Absent where there are no 30 unbroken seconds.",
    ),
    elsewhere={
        "TrainingPeaks": "the same; its slope factors were read off by others",
        "GoldenCheetah": "xPace and GOVSS: running power instead",
    },
)
RUNNING_STRESS: Final = Metric(
    key="metrics_default.running_training_stress",
    title="Running training stress (rTSS)",
    unit="",
    explanation="What the run cost, measured by pace: one hour at your threshold pace is 100.",
    formula="100 * hours with speed * (normalized graded speed / threshold speed)^2",
    source="TrainingPeaks (McGregor)",
    combination=Combination.SUM,
    edge_cases=(
        "Below 90 % of the moving time the average pace stands in, marked.",
        "Absent without a threshold pace.",
    ),
    elsewhere={"TrainingPeaks": "the same", "GoldenCheetah": "GOVSS: from running power"},
)
RUNNING_CADENCE: Final = Metric(
    key="metrics_default.running_cadence",
    title="Running cadence",
    unit="steps/min",
    explanation="How many steps you took in a minute, both feet, while running.",
    formula="2 * mean of cadence over seconds with cadence > 0; once, where both feet are counted already",
    source="FIT profile: a running cadence counts one foot",
    combination=Combination.MEAN,
    edge_cases=(
        "Only seconds with steps count.",
        "A median above 120 has both feet counted already.",
    ),
    elsewhere={"Strava": "of one foot in its data", "Garmin": "of one foot in its files"},
)
STRIDE_LENGTH: Final = Metric(
    key="metrics_default.stride_length",
    title="Stride length",
    unit="m",
    explanation="How far one step carried you, as watches show it.",
    formula="sum of speed / sum of steps per second, over seconds with both",
    source="arithmetic; one step, as Garmin shows it",
    decimals=2,
    combination=Combination.MEAN,
    edge_cases=("One step, not two.",),
    elsewhere={"Garmin": "one step too"},
)


class RunningMetrics(ActivityMetrics):
    """Pace, its graded forms, stress, cadence and stride of a run."""

    family: ClassVar[str] = "Running"
    metrics: ClassVar[tuple[Metric, ...]] = (
        AVERAGE_PACE,
        GRADE_ADJUSTED_PACE,
        NORMALIZED_GRADED_PACE,
        RUNNING_STRESS,
        RUNNING_CADENCE,
        STRIDE_LENGTH,
    )

    def __init__(self, gap_model: GapModel = GapModel.STRAVA) -> None:
        self._gap_model = gap_model

    thresholds: ClassVar[frozenset[str]] = frozenset({"threshold_speed_mps"})
    version: ClassVar[int] = 10

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        activity, grid = given.activity, grid_of(given.activity)
        if activity.sport is not Sport.RUN:
            return
        yield _average(activity)
        if grid is None or grid.speed_mps is None:
            reason = lacks_speed(grid)
            yield absent(GRADE_ADJUSTED_PACE, reason)
            yield absent(NORMALIZED_GRADED_PACE, reason)
            yield _stress_from_summary(given)
        else:
            yield _graded(grid, grid.speed_mps, self._gap_model)
            yield from _normalized(given, grid, grid.speed_mps)
        yield from _steps(grid)


def level_method(activity: Activity, grid: Grid) -> tuple[str, bool]:
    """Return the method, and whether it is an estimate: outdoors there may have been hills."""
    if grid.slope is None:
        return "pace", not activity.indoor
    known = np.count_nonzero(np.isfinite(grid.slope)) >= SUFFICIENT_COVERAGE * grid.recorded_s
    return "graded_pace", not (activity.indoor or known)


def _average(activity: Activity) -> Measurement:
    speed_mps = session_speed(activity)
    if isinstance(speed_mps, Reason):
        return absent(AVERAGE_PACE, speed_mps)
    return Measurement(key=AVERAGE_PACE.key, value=METRES_PER_KM / speed_mps, method="distance")


def _graded(grid: Grid, speed_mps: Column, model: GapModel) -> Measurement:
    if grid.slope is None:
        return absent(GRADE_ADJUSTED_PACE, Reason.NO_ALTITUDE)
    graded_mps = speed_mps * factor_of(grid.slope, model)
    graded_mps = present(graded_mps if grid.moving is None else graded_mps[grid.moving])
    mean_mps = float(graded_mps.mean()) if graded_mps.size else 0.0
    if mean_mps <= 0:
        return absent(GRADE_ADJUSTED_PACE, Reason.NOTHING_BUT_ZEROS)
    return Measurement(key=GRADE_ADJUSTED_PACE.key, value=METRES_PER_KM / mean_mps, method=model.value)


def _normalized(given: ActivityInput, grid: Grid, speed_mps: Column) -> Iterable[Measurement]:
    slope = grid.slope
    # Where the altitude is missing, the speed is not: it counts as on the flat.
    graded_mps = speed_mps if slope is None else speed_mps * trainingpeaks_factor_of(np.nan_to_num(slope))
    normalized_mps = normalized(graded_mps, grid.stretch)
    if not normalized_mps:
        reason = Reason.TOO_SHORT if normalized_mps is None else Reason.NOTHING_BUT_ZEROS
        yield absent(NORMALIZED_GRADED_PACE, reason)
        yield _stress_without_samples(given, reason)
        return
    method, estimated = level_method(given.activity, grid)
    yield Measurement(
        key=NORMALIZED_GRADED_PACE.key,
        value=METRES_PER_KM / normalized_mps,
        method=method,
        estimated=estimated,
    )
    if not covers(given.activity, grid, graded_mps):
        yield _stress_without_samples(given, Reason.LOW_COVERAGE)
        return
    threshold_mps = given.athlete.thresholds.threshold_speed_mps
    if threshold_mps is None:
        yield absent(RUNNING_STRESS, Reason.NO_THRESHOLD_SPEED)
        return
    seconds = float(np.isfinite(graded_mps).sum())
    yield _stress(normalized_mps, threshold_mps, seconds, method=method, estimated=estimated)


def _stress_without_samples(given: ActivityInput, reason: Reason) -> Measurement:
    """Return the summary's stress; where there is none, that the samples give none for this reason."""
    summed = _stress_from_summary(given)
    return absent(RUNNING_STRESS, reason) if summed.value is None else summed


def _stress_from_summary(given: ActivityInput) -> Measurement:
    """Estimate the stress from the average speed: hills and changes of pace are not in it."""
    speed_mps, threshold_mps = session_speed(given.activity), given.athlete.thresholds.threshold_speed_mps
    if isinstance(speed_mps, Reason):
        return absent(RUNNING_STRESS, speed_mps)
    if threshold_mps is None:
        return absent(RUNNING_STRESS, Reason.NO_THRESHOLD_SPEED)
    return _stress(speed_mps, threshold_mps, moved_s(given.activity), method="summary", estimated=True)


def _stress(
    speed_mps: float, threshold_mps: float, seconds: float, *, method: str, estimated: bool
) -> Measurement:
    return Measurement(
        key=RUNNING_STRESS.key,
        value=100 * seconds / SECONDS_PER_HOUR * (speed_mps / threshold_mps) ** 2,
        method=method,
        estimated=estimated,
        thresholds={"threshold_speed_mps": threshold_mps},
    )


def _steps(grid: Grid | None) -> Iterable[Measurement]:
    cadence_rpm = None if grid is None else grid.cadence_rpm
    stepping = None if cadence_rpm is None else cadence_rpm > 0
    if grid is None or cadence_rpm is None or stepping is None or not stepping.any():
        reason = Reason.NO_SAMPLES if grid is None else Reason.NO_CADENCE
        yield absent(RUNNING_CADENCE, reason)
        yield absent(STRIDE_LENGTH, reason)
        return
    both_feet = float(np.median(cadence_rpm[stepping])) > BOTH_FEET_RPM
    steps_per_min = cadence_rpm * (1 if both_feet else 2)
    method = "both_feet" if both_feet else "one_foot"
    mean = float(steps_per_min[stepping].mean())
    yield Measurement(key=RUNNING_CADENCE.key, value=mean, method=method)
    if grid.speed_mps is None:
        yield absent(STRIDE_LENGTH, lacks_speed(grid))
        return
    both = stepping & np.isfinite(grid.speed_mps) & (grid.speed_mps > 0)
    if not both.any():
        yield absent(STRIDE_LENGTH, Reason.NO_SPEED)
        return
    length_m = float(grid.speed_mps[both].sum() / (steps_per_min[both].sum() / 60))
    yield Measurement(key=STRIDE_LENGTH.key, value=length_m, method=method)
