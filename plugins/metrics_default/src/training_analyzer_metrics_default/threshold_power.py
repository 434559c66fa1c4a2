"""Threshold power, found in the best efforts of the last 90 days."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Confidence,
    DetectionInput,
    MeasuredActivity,
    MetricKey,
    Sport,
    ThresholdDetector,
    ThresholdSuggestion,
)
from training_analyzer_metrics_default.curves import HEART_RATE_CURVE, POWER_CURVE
from training_analyzer_metrics_default.efforts import PowerEffort, aged, points_of, power_efforts, spoken
from training_analyzer_metrics_default.power_duration import SHAPE_S, threshold_power
from training_analyzer_metrics_default.threshold_heart_rate import HARD_SHARE, highest_bpm

LONG_EFFORT_S: Final = 1200
FAIR_EFFORT_S: Final = 600
SHORT_EFFORT_S: Final = 300
ALIKE: Final = 0.05
"""
What implies a threshold within this share of the best bears it out (ours). The best 5 minutes of an even
ride imply 14 % less than its best 20.
"""

Implied = tuple[float, PowerEffort]


class ThresholdPower(ThresholdDetector):
    """
    What the best effort of 5 minutes to an hour implies for the hour.

    A threshold can only be found where somebody went hard: so it is suggested when it is above the one
    that is set, and a lower one never is. Where none is set, heart rate has to tell that it was hard, or
    efforts short and long that lie on one curve; else nobody can be sure. It does not decay: after six
    weeks it is said to be old.
    """

    name: ClassVar[str] = "threshold_power"
    needs: ClassVar[frozenset[MetricKey]] = frozenset({POWER_CURVE.key})
    beside: ClassVar[frozenset[MetricKey]] = frozenset({HEART_RATE_CURVE.key})

    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        for sport in (Sport.RIDE, Sport.RUN, Sport.ROW):
            yield from self._of_sport(given, sport)

    def _of_sport(self, given: DetectionInput, sport: Sport) -> Iterator[ThresholdSuggestion]:
        of_sport = [one for one in given.activities if one.sport is sport]
        implied = [of_one for one in of_sport if (of_one := _implied(one))]
        if not implied:
            return
        threshold_w, effort = max((_best(of_one) for of_one in implied), key=_watts)
        known_w = given.athletes[sport].thresholds.functional_threshold_power_w
        if known_w is not None and threshold_w <= known_w:
            return
        alike_w = (1 - ALIKE) * threshold_w
        was_hard = known_w is not None or _was_hard(given, of_sport, effort)
        confidence = _confidence(
            effort.seconds,
            was_hard=was_hard,
            is_on_curve=_is_on_curve(implied, alike_w),
            borne_out=sum(_best(of_one)[0] >= alike_w for of_one in implied) > 1,
        )
        explanation, confidence = aged(
            f"Your best effort of {spoken(effort.seconds)} implies this power for an hour, "
            "on a power curve of usual shape."
            + ("" if was_hard else " It holds only if that was as hard as you could."),
            confidence,
            effort.day,
            given.today,
        )
        yield ThresholdSuggestion(
            values={"functional_threshold_power_w": round(threshold_w)},
            sport=sport,
            valid_from=effort.day,
            method="morton_shape",
            confidence=confidence,
            explanation=explanation,
            evidence=(effort.evidence,),
        )


def _implied(activity: MeasuredActivity) -> list[Implied]:
    """Return the threshold that each of the activity's efforts implies, with the effort."""
    shortest_s, longest_s = SHAPE_S
    efforts = [
        one for one in power_efforts(activity) if shortest_s <= one.seconds <= longest_s and one.power_w
    ]
    implied_w = threshold_power(
        np.array([effort.seconds for effort in efforts]), np.array([effort.power_w for effort in efforts])
    )
    return list(zip(implied_w.tolist(), efforts, strict=True))


def _watts(implied: Implied) -> float:
    return implied[0]


def _best(of_one: Sequence[Implied]) -> Implied:
    return max(of_one, key=_watts)


def _was_hard(given: DetectionInput, of_sport: Sequence[MeasuredActivity], effort: PowerEffort) -> bool:
    """Say whether the heart beat as high for so long as it does in a hard effort."""
    (activity,) = (one for one in of_sport if one.id == effort.activity_id)
    bpm = dict(points_of(activity, HEART_RATE_CURVE.key)).get(effort.seconds)
    return bpm is not None and bpm >= HARD_SHARE * highest_bpm(given, of_sport)


def _is_on_curve(implied: Sequence[Sequence[Implied]], alike_w: float) -> bool:
    """Say whether short and long efforts imply the same, as those of an even ride never do."""
    seconds = [effort.seconds for of_one in implied for watts, effort in of_one if watts >= alike_w]
    return min(seconds) <= SHORT_EFFORT_S and max(seconds) >= LONG_EFFORT_S


def _confidence(effort_s: float, *, was_hard: bool, is_on_curve: bool, borne_out: bool) -> Confidence:
    if not (was_hard or is_on_curve):
        return Confidence.LOW
    if was_hard and borne_out and effort_s >= LONG_EFFORT_S:
        return Confidence.HIGH
    return Confidence.MEDIUM if borne_out or effort_s >= FAIR_EFFORT_S else Confidence.LOW
