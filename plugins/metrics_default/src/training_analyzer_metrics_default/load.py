"""One load for each activity, on one scale: an hour at threshold is 100, however it was measured."""

from collections.abc import Iterable
from typing import ClassVar, Final

from training_analyzer.sdk import ActivityInput, ActivityMetrics, Measurement, Metric, MetricKey, Sport
from training_analyzer_metrics_default.heart_rate import HEART_RATE_TRAINING_STRESS
from training_analyzer_metrics_default.power import SECONDS_PER_HOUR, TRAINING_STRESS_SCORE
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.session import spent_s

LOAD: Final = Metric(
    key="metrics_default.load",
    title="Load",
    unit="",
    explanation="What the session cost you, by the best measure at hand: one hour at your threshold is 100.",
    formula="training stress score, else heart-rate training stress, else 100 * hours * IF^2 "
    "with an assumed easy intensity IF for the sport",
    source="Coggan 2003, pp. 8-11; Banister 1991, p. 408; assumed intensities: ours",
)

POWER: Final = ("power", TRAINING_STRESS_SCORE.key)
HEART_RATE: Final = ("heart_rate", HEART_RATE_TRAINING_STRESS.key)
DEFAULT_PREFERENCE: Final = (HEART_RATE,)
PREFERENCE: Final = {
    Sport.RIDE: (POWER, HEART_RATE),
    Sport.RUN: (POWER, HEART_RATE),
}
"""What measures each sport best comes first; elsewhere power says little about the athlete."""

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
    """The one load of an activity. It is there whenever the activity lasted."""

    metrics: ClassVar[tuple[Metric, ...]] = (LOAD,)
    needs: ClassVar[frozenset[MetricKey]] = frozenset(
        {TRAINING_STRESS_SCORE.key, HEART_RATE_TRAINING_STRESS.key}
    )

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        candidates = [
            (channel, measured)
            for channel, key in PREFERENCE.get(given.activity.sport, DEFAULT_PREFERENCE)
            if (measured := given.known.get(key)) is not None and measured.value is not None
        ]
        # Samples of any channel come before a summary of any channel.
        candidates.sort(key=lambda candidate: _is_summary(candidate[1]))
        if candidates:
            return [_chosen(*candidates[0])]
        return [_by_duration(given)]


def _is_summary(measured: Measurement) -> bool:
    return measured.method.startswith("summary")


def _chosen(channel: str, measured: Measurement) -> Measurement:
    return Measurement(
        key=LOAD.key,
        value=measured.value,
        method=f"{channel}_summary" if _is_summary(measured) else channel,
        estimated=measured.estimated,
        thresholds=measured.thresholds,
    )


def _by_duration(given: ActivityInput) -> Measurement:
    activity = given.activity
    hours = spent_s(activity) / SECONDS_PER_HOUR
    if hours <= 0:
        return absent(LOAD, Reason.NO_DURATION)
    intensity = EASY_INTENSITY * SPORT_FACTOR[activity.sport]
    return Measurement(key=LOAD.key, value=100 * hours * intensity**2, method="duration", estimated=True)
