"""One load for each activity, on one scale: an hour at threshold is 100, however it was measured."""

from collections.abc import Iterable
from typing import ClassVar, Final

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Combination,
    Measurement,
    Metric,
    MetricKey,
    Sport,
)
from training_analyzer_metrics_default.heart_rate import HEART_RATE_TRAINING_STRESS
from training_analyzer_metrics_default.impulses import perceived_exertion
from training_analyzer_metrics_default.power import SECONDS_PER_HOUR, TRAINING_STRESS_SCORE
from training_analyzer_metrics_default.reasons import Reason, absent, as_absent
from training_analyzer_metrics_default.running import RUNNING_STRESS
from training_analyzer_metrics_default.session import spent_s
from training_analyzer_metrics_default.swimming import SWIM_STRESS

LOAD: Final = Metric(
    key="metrics_default.load",
    title="Load",
    unit="",
    explanation="What the session cost you, by the best measure at hand: one hour at your threshold is 100.",
    formula="the first of load_power, load_pace, load_heart_rate, load_rpe and load_duration that the sport "
    "deserves; measured through 90 % of the moving time before any summary",
    source="Coggan 2003, pp. 8-11; TrainingPeaks (rTSS, sTSS); Banister 1991, p. 408; the order: ours",
    combination=Combination.SUM,
    edge_cases=(
        "The method names the candidate that was chosen.",
        "A power meter that reads zero throughout is none: the next channel counts.",
        "A channel counts where it covers 90 % of the moving time; any summary comes after it.",
        "Loads from summaries, feelings and durations are marked as estimates.",
    ),
    elsewhere={
        "GoldenCheetah": "leaves the choice to you",
        "TrainingPeaks": "the order that you set (from memory)",
    },
)
LOAD_POWER: Final = Metric(
    key="metrics_default.load_power",
    title="Load by power",
    unit="",
    explanation="The load as your power meter measured it.",
    formula="training stress score",
    source="Coggan 2003, USA Cycling chapter, pp. 8-11",
    combination=Combination.SUM,
    edge_cases=("As training stress score.",),
)
LOAD_PACE: Final = Metric(
    key="metrics_default.load_pace",
    title="Load by pace",
    unit="",
    explanation="The load as your pace measured it, on runs and swims.",
    formula="running training stress, or swim training stress",
    source="TrainingPeaks (rTSS, sTSS)",
    combination=Combination.SUM,
    edge_cases=("Runs and swims only.",),
)
LOAD_HEART_RATE: Final = Metric(
    key="metrics_default.load_heart_rate",
    title="Load by heart rate",
    unit="",
    explanation="The load as your heart rate measured it.",
    formula="heart-rate training stress",
    source="Banister 1991, p. 408, scaled to one hour at threshold",
    combination=Combination.SUM,
    edge_cases=("As heart-rate training stress.",),
)
LOAD_RPE: Final = Metric(
    key="metrics_default.load_rpe",
    title="Load by feeling",
    unit="",
    explanation="The load as you felt it.",
    formula="100 * hours * (perceived exertion / 7)^2",
    source="ours: an hour that feels like 7 of 10 is 100; after Foster 2001",
    combination=Combination.SUM,
    edge_cases=("Always an estimate: 7 of 10 for an hour at threshold is our guess.",),
)
LOAD_DURATION: Final = Metric(
    key="metrics_default.load_duration",
    title="Load by duration",
    unit="",
    explanation="The load of an easy session that lasted as long.",
    formula="100 * hours * IF^2 with an assumed easy intensity IF for the sport",
    source="ours",
    combination=Combination.SUM,
    edge_cases=("Always an estimate: what an easy session of the sport costs is our guess.",),
)

POWER: Final = "power"
PACE: Final = "pace"
HEART_RATE: Final = "heart_rate"
RPE: Final = "rpe"
DURATION: Final = "duration"
CANDIDATES: Final = {
    POWER: LOAD_POWER,
    PACE: LOAD_PACE,
    HEART_RATE: LOAD_HEART_RATE,
    RPE: LOAD_RPE,
    DURATION: LOAD_DURATION,
}
PREFERENCE: Final = {
    Sport.RIDE: (POWER, HEART_RATE),
    Sport.RUN: (PACE, POWER, HEART_RATE),
    Sport.SWIM: (PACE, HEART_RATE),
}
PREFERENCE_OF_OTHERS: Final = (HEART_RATE,)
"""What measures each sport best comes first; elsewhere power and pace say little about the athlete."""
PACE_STRESS: Final = {Sport.RUN: RUNNING_STRESS.key, Sport.SWIM: SWIM_STRESS.key}

THRESHOLD_RPE: Final = 7.0
"""How an hour at threshold feels, of 10 (ours)."""
EASY_INTENSITY: Final = 0.65
"""An easy, steady session, as a share of threshold (ours)."""
SPORT_FACTOR: Final = {
    Sport.RIDE: 1.0,
    Sport.RUN: 1.1,
    Sport.SWIM: 1.0,
    Sport.ROW: 1.0,
    Sport.NORDIC_SKI: 1.1,
    Sport.HIKE: 0.8,
    Sport.WALK: 0.6,
    Sport.STRENGTH: 0.7,
    Sport.ALPINE_SKI: 0.7,
    Sport.OTHER: 0.8,
}
"""How hard an easy session of the sport is against an easy ride (ours; a guess, and marked as one)."""


class LoadMetrics(ActivityMetrics):
    """The one load of an activity, and every candidate for it. It is there whenever the activity lasted."""

    family: ClassVar[str] = "Load"
    metrics: ClassVar[tuple[Metric, ...]] = (LOAD, *CANDIDATES.values())
    needs: ClassVar[frozenset[MetricKey]] = frozenset(
        {TRAINING_STRESS_SCORE.key, RUNNING_STRESS.key, SWIM_STRESS.key, HEART_RATE_TRAINING_STRESS.key}
    )
    thresholds: ClassVar[frozenset[str]] = frozenset()
    version: ClassVar[int] = 4

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        candidates = {channel: _candidate(given, channel) for channel in CANDIDATES}
        yield _chosen(given.activity.sport, candidates)
        # A sport without pace, or without power, has no such candidate.
        yield from (candidate for candidate in candidates.values() if candidate is not None)


def _candidate(given: ActivityInput, channel: str) -> Measurement | None:
    sport = given.activity.sport
    match channel:
        case "power":
            return _of(LOAD_POWER, given.known.get(TRAINING_STRESS_SCORE.key))
        case "pace":
            return _of(LOAD_PACE, given.known.get(PACE_STRESS[sport])) if sport in PACE_STRESS else None
        case "heart_rate":
            return _of(LOAD_HEART_RATE, given.known.get(HEART_RATE_TRAINING_STRESS.key))
        case "rpe":
            return _by_feeling(given)
    return _by_duration(given)


def _chosen(sport: Sport, candidates: dict[str, Measurement | None]) -> Measurement:
    there = {
        channel: candidate
        for channel, candidate in candidates.items()
        if candidate is not None and candidate.value is not None
    }
    measured = [channel for channel in PREFERENCE.get(sport, PREFERENCE_OF_OTHERS) if channel in there]
    # Samples of any channel come before a summary of any channel; a sensor's summary before a feeling.
    measured.sort(key=lambda channel: _is_summary(there[channel]))
    order = [*measured, *(channel for channel in (RPE, DURATION) if channel in there)]
    if not order:
        return absent(LOAD, Reason.NO_DURATION)
    channel = order[0]
    chosen = there[channel]
    return Measurement(
        key=LOAD.key,
        value=chosen.value,
        method=f"{channel}_summary" if _is_summary(chosen) else channel,
        estimated=chosen.estimated,
        thresholds=chosen.thresholds,
    )


def _is_summary(measured: Measurement) -> bool:
    return measured.method.startswith("summary")


def _of(metric: Metric, stress: Measurement | None) -> Measurement:
    if stress is None or stress.value is None:
        return as_absent(metric, stress)
    return Measurement(
        key=metric.key,
        value=stress.value,
        method=stress.method,
        estimated=stress.estimated,
        thresholds=stress.thresholds,
    )


def _by_feeling(given: ActivityInput) -> Measurement:
    felt, hours = perceived_exertion(given), spent_s(given.activity) / SECONDS_PER_HOUR
    if felt is None:
        return absent(LOAD_RPE, Reason.NO_PERCEIVED_EXERTION)
    if hours <= 0:
        return absent(LOAD_RPE, Reason.NO_DURATION)
    return Measurement(
        key=LOAD_RPE.key,
        value=100 * hours * (felt / THRESHOLD_RPE) ** 2,
        method="perceived_exertion",
        estimated=True,
    )


def _by_duration(given: ActivityInput) -> Measurement:
    hours = spent_s(given.activity) / SECONDS_PER_HOUR
    if hours <= 0:
        return absent(LOAD_DURATION, Reason.NO_DURATION)
    intensity = EASY_INTENSITY * SPORT_FACTOR[given.activity.sport]
    return Measurement(
        key=LOAD_DURATION.key, value=100 * hours * intensity**2, method="duration", estimated=True
    )
