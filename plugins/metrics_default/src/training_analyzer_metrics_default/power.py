"""Power, work and what they cost: from a power meter's samples, or roughly from a summary."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Channel,
    Column,
    Combination,
    Measurement,
    Metric,
)
from training_analyzer_metrics_default.cleaning import Grid, covers, grid_of, present
from training_analyzer_metrics_default.normalizing import normalized
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.session import spent_s

SECONDS_PER_HOUR: Final = 3600
MODELLED: Final = "modelled_power"
"""The method where a service guessed the power: good for an average, not for what rests on its peaks."""

AVERAGE_POWER: Final = Metric(
    key="metrics_default.average_power",
    title="Average power",
    unit="W",
    explanation="Your mean power while recording, coasting included and pauses left out.",
    formula="mean of P over recorded seconds with a reading",
    source="arithmetic mean, weighted by time",
    combination=Combination.MEAN,
    edge_cases=(
        "Pauses are left out, zeros are not.",
        "Readings above 2,500 W are dropped; where more than a tenth is so high, there is no power at all.",
        "A meter that reads zero throughout tells nothing: then all that is made of power is absent.",
    ),
    elsewhere={
        "Strava": "the same; power that it guessed is marked here",
        "Garmin": "the same, within 0.5 %",
        "GoldenCheetah": "the same over the recorded seconds",
    },
)
NORMALIZED_POWER: Final = Metric(
    key="metrics_default.normalized_power",
    title="Normalized power",
    unit="W",
    explanation="The steady power that would have cost your body as much as this uneven effort did.",
    formula="(mean of r^4)^(1/4), r = mean of P over each complete, unbroken 30 s",
    source="Coggan 2003, USA Cycling chapter, pp. 8-11",
    edge_cases=(
        "Absent where there are no 30 unbroken seconds.",
        "A window that a pause or a missing reading touches counts nowhere.",
        "Never taken from a service's weighted average.",
        "Absent where the service guessed the power.",
    ),
    elsewhere={
        "Strava": "does not show it: its weighted average power is xPower",
        "Garmin": "the same, within 0.8 % on recordings of 20 minutes and more",
        "TrainingPeaks": "the same definition",
        "GoldenCheetah": "IsoPower: begins with an empty window and closes pauses up, a little lower",
    },
)
INTENSITY_FACTOR: Final = Metric(
    key="metrics_default.intensity_factor",
    title="Intensity factor",
    unit="",
    explanation="How hard it was against your threshold: 1 is what you could just hold for about an hour.",
    formula="normalized power / functional threshold power",
    source="Coggan 2003, USA Cycling chapter, pp. 8-11",
    decimals=2,
    edge_cases=(
        "The threshold is the one of that day.",
        "Absent without a threshold power.",
    ),
    elsewhere={
        "Garmin": "against the threshold set on the device at that time",
        "TrainingPeaks": "the same",
        "Strava": "of its weighted average power, which is xPower (from memory)",
    },
)
TRAINING_STRESS_SCORE: Final = Metric(
    key="metrics_default.training_stress_score",
    title="Training stress score",
    unit="",
    explanation="What the session cost, measured by power: one hour at your threshold power is 100.",
    formula="100 * hours with power * intensity factor^2",
    source="Coggan 2003, USA Cycling chapter, pp. 8-11, step 8",
    combination=Combination.SUM,
    edge_cases=(
        "A second without a reading earns nothing. Below 90 % of the moving time a summary stands in.",
        "Pauses earn nothing. Filled with zeros, they would raise it.",
    ),
    elsewhere={
        "Garmin": "within 4 %: it drops some seconds, and counts stops otherwise",
        "GoldenCheetah": "BikeStress: from its own normalized power, a little lower",
        "Strava": "does not show it (from memory)",
        "TrainingPeaks": "the same definition",
    },
)
NONZERO_AVERAGE_POWER: Final = Metric(
    key="metrics_default.nonzero_average_power",
    title="Average power while pedalling",
    unit="W",
    explanation="Your mean power without coasting.",
    formula="mean of P over recorded seconds with P > 0",
    source="GoldenCheetah (nonzero power)",
    edge_cases=("Absent where all is zero.",),
    elsewhere={"GoldenCheetah": "nonzero power, the same"},
)
MAX_POWER: Final = Metric(
    key="metrics_default.max_power",
    title="Highest power",
    unit="W",
    explanation="The highest power of a single second.",
    formula="max of P",
    source="arithmetic",
    combination=Combination.HIGHEST,
    edge_cases=(
        "A spike above 2,500 W is not it.",
        "No record, where there were spikes beside it.",
    ),
    elsewhere={
        "GoldenCheetah": "believes spikes unless they were mended by hand",
        "Strava": "the same (on the ride compared)",
    },
)
WORK: Final = Metric(
    key="metrics_default.work",
    title="Work",
    unit="kJ",
    explanation="The mechanical energy that you put into the pedals, or the ground.",
    formula="sum of P * 1 s / 1000 over recorded seconds",
    source="definition of mechanical work",
    combination=Combination.SUM,
    edge_cases=("A sum: below 90 % of the moving time the summary's stands in.",),
    elsewhere={
        "Strava": "the rounded average power by the moving time: up to some tenths of a percent apart"
    },
)


SCORED: Final = (AVERAGE_POWER, NORMALIZED_POWER, INTENSITY_FACTOR, TRAINING_STRESS_SCORE)
"""Said to be absent also where a sport has no power, since a load could have been made from them."""


class PowerMetrics(ActivityMetrics):
    """Average, highest and normalized power, intensity factor, training stress score and work."""

    family: ClassVar[str] = "Power"
    metrics: ClassVar[tuple[Metric, ...]] = (
        AVERAGE_POWER,
        NORMALIZED_POWER,
        INTENSITY_FACTOR,
        TRAINING_STRESS_SCORE,
        WORK,
        NONZERO_AVERAGE_POWER,
        MAX_POWER,
    )
    thresholds: ClassVar[frozenset[str]] = frozenset({"functional_threshold_power_w"})
    version: ClassVar[int] = 4

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid = grid_of(given.activity)
        if grid is not None and grid.power_w is not None:
            return _from_samples(given, grid, grid.power_w)
        if grid is not None and grid.disbelieves(Channel.POWER_W):
            return [absent(metric, Reason.UNSOUND_POWER) for metric in self.metrics]
        if given.activity.summary.average_power_w:
            return _from_summary(given)
        if is_dead(given.activity, grid):
            return [absent(metric, Reason.NOTHING_BUT_ZEROS) for metric in self.metrics]
        work = _summary_work(given.activity)
        others = [absent(metric, Reason.NO_POWER) for metric in SCORED]
        return [*others, work or absent(WORK, Reason.NO_POWER)]


def is_dead(activity: Activity, grid: Grid | None) -> bool:
    """Say whether there was a meter that never told of any power: nobody rides so, or trains so."""
    return activity.summary.average_power_w == 0 or (grid is not None and Channel.POWER_W in grid.silent)


def is_modelled(activity: Activity) -> bool:
    """Say whether the provider guessed the power from speed and slope, and says so."""
    summary = activity.summary
    return summary.average_power_w is not None and not summary.power_is_measured


def _summary_method(activity: Activity) -> str:
    return MODELLED if is_modelled(activity) else "summary"


def _from_samples(given: ActivityInput, grid: Grid, power_w: Column) -> Iterable[Measurement]:
    activity = given.activity
    modelled = is_modelled(activity)
    method = MODELLED if modelled else "power"
    readings = present(power_w)
    average_w, highest_w = float(readings.mean()), float(readings.max())
    yield Measurement(key=AVERAGE_POWER.key, value=average_w, method=method, estimated=modelled)
    yield _nonzero(readings, method)
    doubtful = grid.doubts(Channel.POWER_W)
    yield Measurement(
        key=MAX_POWER.key, value=highest_w, method=method, estimated=modelled, doubtful=doubtful
    )
    covered = covers(activity, grid, power_w)
    if modelled:
        yield from _refused(Reason.POWER_NOT_MEASURED)
    else:
        yield from _normalized(given, grid, power_w, covered=covered)
    if covered:
        work_kj = float(readings.sum()) / 1000
        yield Measurement(key=WORK.key, value=work_kj, method=method, estimated=modelled)
    else:
        yield _summary_work(activity) or absent(WORK, Reason.LOW_COVERAGE)


def _nonzero(power_w: Column, method: str) -> Measurement:
    pedalled_s = np.count_nonzero(power_w > 0)
    if pedalled_s == 0:
        return absent(NONZERO_AVERAGE_POWER, Reason.NOTHING_BUT_ZEROS)
    mean_w = float(power_w.sum()) / pedalled_s
    return Measurement(
        key=NONZERO_AVERAGE_POWER.key, value=mean_w, method=method, estimated=method == MODELLED
    )


def _normalized(given: ActivityInput, grid: Grid, power_w: Column, *, covered: bool) -> Iterable[Measurement]:
    normalized_w = normalized(power_w, grid.stretch)
    if normalized_w is None:
        yield from _refused(Reason.TOO_SHORT)
        return
    yield Measurement(key=NORMALIZED_POWER.key, value=normalized_w, method="power")
    threshold_w = given.athlete.thresholds.functional_threshold_power_w
    if threshold_w is None:
        yield absent(INTENSITY_FACTOR, Reason.NO_THRESHOLD_POWER)
        yield absent(TRAINING_STRESS_SCORE, Reason.NO_THRESHOLD_POWER)
        return
    yield Measurement(
        key=INTENSITY_FACTOR.key,
        value=normalized_w / threshold_w,
        method="power",
        thresholds={"functional_threshold_power_w": threshold_w},
    )
    if covered:
        # A second without a reading earns nothing: its load is not known.
        yield _stress(normalized_w, threshold_w, present(power_w).size, method="power")
    else:
        yield _summary_stress(given, threshold_w) or absent(TRAINING_STRESS_SCORE, Reason.LOW_COVERAGE)


def _from_summary(given: ActivityInput) -> Iterable[Measurement]:
    activity = given.activity
    threshold_w = given.athlete.thresholds.functional_threshold_power_w
    missing = Reason.NO_SAMPLES if activity.samples is None else Reason.NO_POWER
    yield Measurement(
        key=AVERAGE_POWER.key,
        value=activity.summary.average_power_w,
        method=_summary_method(activity),
        estimated=True,
    )
    yield _summary_work(activity) or absent(WORK, missing)
    if is_modelled(activity):
        yield from _refused(Reason.POWER_NOT_MEASURED)
        return
    # A service's weighted average is not normalized power (Strava's is xPower): it never passes for it.
    yield absent(NORMALIZED_POWER, missing)
    yield absent(INTENSITY_FACTOR, missing if threshold_w else Reason.NO_THRESHOLD_POWER)
    if threshold_w is None:
        yield absent(TRAINING_STRESS_SCORE, Reason.NO_THRESHOLD_POWER)
    else:
        yield _summary_stress(given, threshold_w) or absent(TRAINING_STRESS_SCORE, Reason.NO_DURATION)


def _summary_stress(given: ActivityInput, threshold_w: float) -> Measurement | None:
    """Estimate the score from a power meter's weighted average, else from its plain average."""
    activity, summary = given.activity, given.activity.summary
    weighted_w = summary.average_power_w if summary.weighted_power_w is None else summary.weighted_power_w
    seconds = spent_s(activity)
    if weighted_w is None or not summary.power_is_measured or seconds <= 0:
        return None
    return _stress(weighted_w, threshold_w, seconds, method="summary")


def _summary_work(activity: Activity) -> Measurement | None:
    work_kj = activity.summary.work_kj
    if work_kj is None:
        return None
    return Measurement(key=WORK.key, value=work_kj, method=_summary_method(activity), estimated=True)


def _stress(power_w: float, threshold_w: float, seconds: float, *, method: str) -> Measurement:
    return Measurement(
        key=TRAINING_STRESS_SCORE.key,
        value=100 * seconds / SECONDS_PER_HOUR * (power_w / threshold_w) ** 2,
        method=method,
        estimated=method == "summary",
        thresholds={"functional_threshold_power_w": threshold_w},
    )


def _refused(reason: Reason) -> Iterable[Measurement]:
    return [absent(metric, reason) for metric in (NORMALIZED_POWER, INTENSITY_FACTOR, TRAINING_STRESS_SCORE)]
