"""Threshold pace, found in the best efforts of the last 90 days by Riegel's law."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from training_analyzer.sdk import (
    Confidence,
    DetectionInput,
    Evidence,
    MeasuredActivity,
    MetricKey,
    Sport,
    ThresholdDetector,
    ThresholdSuggestion,
)
from training_analyzer_metrics_default.best_efforts import BEST_EFFORTS
from training_analyzer_metrics_default.best_swims import BEST_SWIMS
from training_analyzer_metrics_default.curves import SPEED_CURVE
from training_analyzer_metrics_default.efforts import aged, points_of, spoken
from training_analyzer_metrics_default.threshold_power import ALIKE

EXPONENT: Final = 1.06
"""T2 = T1 (D2 / D1)^1.06: Riegel 1981, American Scientist 69:285."""
HOUR_S: Final = 3600.0
SHORTEST_S, LONGEST_S = 210.0, 13_800.0
"""3.5 to 230 minutes: the range for which Riegel states it."""
FAIR_S: Final = 1200.0
SHORTEST_SWIM_S: Final = 600.0
SHORTEST_POOL_M: Final = 400.0


class ThresholdSpeed(ThresholdDetector):
    """The speed of an hour as hard as can be, where it is above the one that is set."""

    name: ClassVar[str] = "threshold_speed"
    needs: ClassVar[frozenset[MetricKey]] = frozenset({BEST_EFFORTS.key, BEST_SWIMS.key, SPEED_CURVE.key})

    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        for sport, efforts in ((Sport.RUN, _runs), (Sport.SWIM, _swims)):
            implied = [
                (hour_speed(seconds, metres), seconds, metres, one)
                for one in given.activities
                if one.sport is sport
                for seconds, metres in efforts(one)
            ]
            if not implied:
                continue
            speed_mps, seconds, metres, activity = max(implied, key=lambda found: found[0])
            if speed_mps <= (given.athletes[sport].thresholds.threshold_speed_mps or 0.0):
                continue
            borne_out = {one.id for mps, *_, one in implied if mps >= (1 - ALIKE) * speed_mps} - {activity.id}
            sure = sport is Sport.RUN and seconds >= FAIR_S and bool(borne_out)
            explanation, confidence = aged(
                "What your best effort implies for an hour. It holds only if that was as hard as you could.",
                Confidence.MEDIUM if sure else Confidence.LOW,
                activity.day,
                given.today,
            )
            yield ThresholdSuggestion(
                values={"threshold_speed_mps": round(speed_mps, 3)},
                sport=sport,
                valid_from=activity.day,
                method="riegel",
                confidence=confidence,
                explanation=explanation,
                evidence=(
                    Evidence(
                        text=f"{metres / 1000:.2f} km in {spoken(seconds)}",
                        day=activity.day,
                        activity_id=activity.id,
                    ),
                ),
            )


def hour_speed(seconds: float, metres: float) -> float:
    """Return the speed in m/s that an effort implies for an hour."""
    hour_m: float = metres * (HOUR_S / seconds) ** (1 / EXPONENT)
    return hour_m / HOUR_S


def _runs(activity: MeasuredActivity) -> Iterator[tuple[float, float]]:
    for seconds, metres in points_of(activity, BEST_EFFORTS.key):
        if SHORTEST_S <= seconds <= LONGEST_S:
            yield seconds, metres


def _swims(activity: MeasuredActivity) -> Iterator[tuple[float, float]]:
    """By the lengths of a pool; else of ten minutes or more: short bests are mostly the position's noise."""
    for seconds, metres in points_of(activity, BEST_SWIMS.key):
        if metres >= SHORTEST_POOL_M and SHORTEST_S <= seconds <= LONGEST_S:
            yield seconds, metres
    for seconds, speed_mps in points_of(activity, SPEED_CURVE.key):
        if SHORTEST_SWIM_S <= seconds <= LONGEST_S:
            yield seconds, speed_mps * seconds
