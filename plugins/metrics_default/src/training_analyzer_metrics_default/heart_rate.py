"""Heart rate and what it says of the effort: Banister's TRIMP, and the load that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Athlete,
    Channel,
    Column,
    Combination,
    Measurement,
    Metric,
    Sex,
)
from training_analyzer_metrics_default.cleaning import covers, grid_of, present
from training_analyzer_metrics_default.limits import sound_heart_rate
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.session import spent_s

BANISTER: Final = {Sex.MALE: (0.64, 1.92), Sex.FEMALE: (0.86, 1.67)}
"""Factor and exponent, by sex: Banister 1991, p. 408."""
SEX_UNKNOWN_EXPONENT: Final = (1.92 + 1.67) / 2
"""For ratios only, in which the factor cancels: the middle of the two (ours)."""
DEFAULT_THRESHOLD_RESERVE: Final = 0.85
"""Where no threshold is known: the share of the heart-rate reserve that stands in for it (Elevate)."""

AVERAGE_HEART_RATE: Final = Metric(
    key="metrics_default.average_heart_rate",
    title="Average heart rate",
    unit="bpm",
    explanation="Your mean heart rate while recording, pauses left out.",
    formula="mean of HR over recorded seconds with a reading",
    source="arithmetic mean, weighted by time",
    combination=Combination.MEAN,
    edge_cases=(
        "A heart rate of zero is no reading.",
        "Above 230 or below 25 it is no reading; where a tenth is too high, all are none.",
    ),
    elsewhere={
        "Strava": "the same, within 0.05 bpm on the ride compared",
        "Garmin": "the same, within half a beat",
    },
)
MAX_HEART_RATE: Final = Metric(
    key="metrics_default.max_heart_rate",
    title="Highest heart rate",
    unit="bpm",
    explanation="The highest heart rate that your sensor saw in this session.",
    formula="max of HR",
    source="arithmetic",
    combination=Combination.HIGHEST,
    edge_cases=("Readings above 230 are not it. No record, where there were such beside it.",),
    elsewhere={"Strava": "the same"},
)
TRIMP: Final = Metric(
    key="metrics_default.trimp",
    title="Training impulse",
    unit="",
    explanation="Minutes of effort, weighted by how high your heart rate stood between rest and maximum.",
    formula="sum of minutes * x * c * e^(k x), x = (HR - rest) / (max - rest) within 0..1; "
    "men c 0.64, k 1.92; women c 0.86, k 1.67",
    source="Banister 1991, p. 408; Morton et al. 1990, doi:10.1152/jappl.1990.69.3.1171",
    combination=Combination.SUM,
    edge_cases=(
        "Each second by itself, never the average.",
        "Below rest counts 0, above maximum as the maximum.",
        "A second without a reading earns nothing. Below 90 % of the moving time a summary stands in.",
        "Absent without your sex: the factor differs by a third.",
    ),
    elsewhere={
        "GoldenCheetah": "of the average heart rate: 7 % lower on a real ride; women get the factor of men",
        "Strava": "not shown; its relative effort is another formula, unpublished (from memory)",
    },
)
HEART_RATE_TRAINING_STRESS: Final = Metric(
    key="metrics_default.heart_rate_training_stress",
    title="Heart-rate training stress",
    unit="",
    explanation="What the session cost, measured by heart rate: an hour at your threshold heart rate is 100.",
    formula="100 * TRIMP / TRIMP of one hour at the threshold heart rate",
    source="Banister 1991, p. 408, scaled to one hour at threshold, as GoldenCheetah and Elevate do",
    combination=Combination.SUM,
    edge_cases=(
        "Without a threshold heart rate, rest + 0.85 of the reserve stands in, and it is marked.",
        "Without your sex, the exponent between the two, and it is marked: the factor cancels.",
    ),
    elsewhere={
        "TrainingPeaks": "hrTSS: points for each hour in a zone, after Friel's table (from memory)",
        "GoldenCheetah": "TRIMP(100): the same ratio, of the average heart rate",
    },
)


class HeartRateMetrics(ActivityMetrics):
    """Average and highest heart rate, training impulse, and heart-rate training stress."""

    family: ClassVar[str] = "Heart rate"
    metrics: ClassVar[tuple[Metric, ...]] = (
        AVERAGE_HEART_RATE,
        MAX_HEART_RATE,
        TRIMP,
        HEART_RATE_TRAINING_STRESS,
    )

    thresholds: ClassVar[frozenset[str]] = frozenset(
        {"threshold_heart_rate_bpm", "max_heart_rate_bpm", "resting_heart_rate_bpm"}
    )
    version: ClassVar[int] = 4

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid = grid_of(given.activity)
        if grid is not None and grid.disbelieves(Channel.HEART_RATE_BPM):
            yield from (absent(metric, Reason.UNSOUND_HEART_RATE) for metric in self.metrics)
            return
        yield from _rates(given.activity)
        effort = _effort(given.activity)
        if isinstance(effort, Reason):
            yield absent(TRIMP, effort)
            yield absent(HEART_RATE_TRAINING_STRESS, effort)
            return
        reserve = reserve_of(given.athlete)
        if isinstance(reserve, Reason):
            yield absent(TRIMP, reserve)
            yield absent(HEART_RATE_TRAINING_STRESS, reserve)
            return
        minutes = _weighted_minutes(effort, reserve, _exponent_of(given.athlete.sex))
        yield _impulse(minutes, effort, reserve, given.athlete.sex)
        yield _stress(minutes, effort, reserve, given.athlete)


@dataclass(frozen=True, slots=True)
class Effort:
    """Heart rates, and for how long each was held."""

    heart_rate_bpm: Column
    minutes_each: float
    method: str

    @property
    def estimated(self) -> bool:
        return self.method == "summary"


@dataclass(frozen=True, slots=True)
class Reserve:
    """The athlete's heart rate between rest and maximum."""

    resting_bpm: float
    max_bpm: float

    def share(self, heart_rate_bpm: Column) -> Column:
        share = (heart_rate_bpm - self.resting_bpm) / (self.max_bpm - self.resting_bpm)
        np.maximum(share, 0.0, out=share)
        np.minimum(share, 1.0, out=share)
        return share

    def thresholds(self) -> dict[str, float]:
        return {"resting_heart_rate_bpm": self.resting_bpm, "max_heart_rate_bpm": self.max_bpm}


def _rates(activity: Activity) -> Iterable[Measurement]:
    grid = grid_of(activity)
    if grid is not None and grid.heart_rate_bpm is not None:
        readings = present(grid.heart_rate_bpm)
        mean_bpm, highest_bpm = float(readings.mean()), float(readings.max())
        yield Measurement(key=AVERAGE_HEART_RATE.key, value=mean_bpm, method="heart_rate")
        doubtful = grid.doubts(Channel.HEART_RATE_BPM)
        yield Measurement(key=MAX_HEART_RATE.key, value=highest_bpm, method="heart_rate", doubtful=doubtful)
        return
    summary = activity.summary
    for metric, bpm in (
        (AVERAGE_HEART_RATE, sound_heart_rate(summary.average_heart_rate_bpm)),
        (MAX_HEART_RATE, sound_heart_rate(summary.max_heart_rate_bpm)),
    ):
        if bpm is None:
            yield absent(metric, Reason.NO_HEART_RATE)
        else:
            yield Measurement(key=metric.key, value=bpm, method="summary", estimated=True)


def _effort(activity: Activity) -> Effort | Reason:
    """Return the samples where they cover the session, else the summary's average."""
    grid = grid_of(activity)
    readings = None if grid is None else grid.heart_rate_bpm
    if grid is not None and readings is not None and covers(activity, grid, readings):
        return Effort(present(readings), minutes_each=1 / 60, method="heart_rate")
    average_bpm = sound_heart_rate(activity.summary.average_heart_rate_bpm)
    if average_bpm is None:
        return Reason.NO_HEART_RATE if readings is None else Reason.LOW_COVERAGE
    minutes = spent_s(activity) / 60
    if minutes <= 0:
        return Reason.NO_DURATION
    return Effort(np.array([average_bpm]), minutes_each=minutes, method="summary")


def reserve_of(athlete: Athlete) -> Reserve | Reason:
    resting_bpm, max_bpm = athlete.thresholds.resting_heart_rate_bpm, athlete.thresholds.max_heart_rate_bpm
    if max_bpm is None:
        return Reason.NO_MAX_HEART_RATE
    if resting_bpm is None:
        return Reason.NO_RESTING_HEART_RATE
    if max_bpm <= resting_bpm:
        return Reason.THRESHOLDS_OUT_OF_ORDER
    return Reserve(resting_bpm, max_bpm)


def _impulse(minutes: float, effort: Effort, reserve: Reserve, sex: Sex | None) -> Measurement:
    if sex is None:
        return absent(TRIMP, Reason.NO_SEX)
    factor, _ = BANISTER[sex]
    return Measurement(
        key=TRIMP.key,
        value=factor * minutes,
        method=effort.method,
        estimated=effort.estimated,
        thresholds=reserve.thresholds(),
    )


def _stress(minutes: float, effort: Effort, reserve: Reserve, athlete: Athlete) -> Measurement:
    threshold_bpm = athlete.thresholds.threshold_heart_rate_bpm
    assumed_bpm = reserve.resting_bpm + DEFAULT_THRESHOLD_RESERVE * (reserve.max_bpm - reserve.resting_bpm)
    at_bpm = assumed_bpm if threshold_bpm is None else threshold_bpm
    if not reserve.resting_bpm < at_bpm <= reserve.max_bpm:
        return absent(HEART_RATE_TRAINING_STRESS, Reason.THRESHOLDS_OUT_OF_ORDER)
    hour_at_threshold = Effort(np.array([at_bpm]), minutes_each=60, method="")
    minutes_of_hour = _weighted_minutes(hour_at_threshold, reserve, _exponent_of(athlete.sex))
    assumptions = ["default_threshold"] * (threshold_bpm is None) + ["unknown_sex"] * (athlete.sex is None)
    return Measurement(
        key=HEART_RATE_TRAINING_STRESS.key,
        value=100 * minutes / minutes_of_hour,
        method="_".join([effort.method, *assumptions]),
        estimated=effort.estimated or bool(assumptions),
        thresholds={**reserve.thresholds(), "threshold_heart_rate_bpm": at_bpm},
    )


def _exponent_of(sex: Sex | None) -> float:
    return SEX_UNKNOWN_EXPONENT if sex is None else BANISTER[sex][1]


def _weighted_minutes(effort: Effort, reserve: Reserve, exponent: float) -> float:
    """Return the training impulse without its factor: each sample by itself, never the average."""
    share = reserve.share(effort.heart_rate_bpm)
    weights = exponent * share
    np.exp(weights, out=weights)
    weights *= share
    return float(weights.sum()) * effort.minutes_each
