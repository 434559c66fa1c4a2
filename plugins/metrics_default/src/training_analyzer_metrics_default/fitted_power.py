"""Critical power and W', fitted to the best efforts of the last 90 days."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Column,
    Confidence,
    DetectionInput,
    Evidence,
    MeasuredActivity,
    MetricKey,
    Sport,
    ThresholdDetector,
    ThresholdSuggestion,
)
from training_analyzer_metrics_default.curves import POWER_CURVE
from training_analyzer_metrics_default.efforts import PowerEffort, power_efforts
from training_analyzer_metrics_default.power_duration import FIT_S, FITS, Fit

PINNED_FIT: Final = "work_time_linear"
"""The fit that is suggested; the others stand beside it as evidence."""
FITTED_S: Final = (120, 180, 240, 300, 360, 480, 600, 720, 900, 1200)
SHORT_S: Final = 300
LONG_S: Final = 720
"""Without an effort on both sides of these, a line through the rest says nothing."""
FEWEST_EFFORTS: Final = 3
REST_SHARE: Final = 0.85
"""
What adds less than this share of the longest effort's power was added by rest (ours). By the curve, what
follows the first minutes of an effort is ridden at critical power: at more than nine tenths of the best 12.
"""
SURE_ERROR, FAIR_ERROR = 0.02, 0.05
"""How far efforts may lie from the fitted curve for high and for medium confidence (ours)."""


class CriticalPower(ThresholdDetector):
    """Critical power and W' from the best of 2 to 20 minutes, by one fit; two others beside it."""

    name: ClassVar[str] = "critical_power"
    needs: ClassVar[frozenset[MetricKey]] = frozenset({POWER_CURVE.key})

    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        efforts = best_efforts([one for one in given.activities if one.sport is Sport.RIDE])
        if not _suffice(efforts):
            return
        seconds: Column = np.array([effort.seconds for effort in efforts])
        power_w: Column = np.array([effort.power_w for effort in efforts])
        fits = {method: fit(seconds, power_w) for method, fit in FITS.items()}
        fit = fits[PINNED_FIT]
        if not fit.is_sound:
            return
        yield ThresholdSuggestion(
            values={
                "critical_power_w": round(fit.critical_power_w),
                "anaerobic_capacity_j": float(round(fit.anaerobic_capacity_j, -2)),
            },
            sport=Sport.RIDE,
            valid_from=max(effort.day for effort in efforts),
            method=PINNED_FIT,
            confidence=_of_fit(fit, activities=len({effort.activity_id for effort in efforts})),
            explanation="Fitted to your best efforts of 2 to 20 minutes. It holds only if these were "
            "as hard as you could.",
            evidence=(
                *(effort.evidence for effort in efforts),
                *(
                    Evidence(
                        text=f"by {method}: {other.critical_power_w:.0f} W "
                        f"and {other.anaerobic_capacity_j / 1000:.1f} kJ"
                    )
                    for method, other in fits.items()
                    if method != PINNED_FIT
                ),
            ),
        )


def best_efforts(activities: Iterable[MeasuredActivity]) -> list[PowerEffort]:
    """
    Return the best of each fitted duration, without those that are only a part of an effort, or more.

    The best 5 minutes of an hour that was ridden evenly are no effort of 5 minutes: a duration counts
    only where its best is above that of every longer one. Nor are 3 hard minutes and an easy one an effort
    of 4.
    """
    fitted = [[one for one in power_efforts(activity) if one.seconds in FITTED_S] for activity in activities]
    _, longest_w = max(((one.seconds, one.power_w) for each in fitted for one in each), default=(0.0, 0.0))
    rest_w = REST_SHARE * longest_w
    bests: dict[float, PowerEffort] = {}
    for each in fitted:
        for effort in each:
            best = bests.get(effort.seconds)
            if (best is None or effort.power_w > best.power_w) and not any(
                _is_with_rest(effort, shorter, rest_w) for shorter in each
            ):
                bests[effort.seconds] = effort
    kept: list[PowerEffort] = []
    for seconds in sorted(bests, reverse=True):
        if not kept or bests[seconds].power_w > kept[-1].power_w:
            kept.append(bests[seconds])
    return kept[::-1]


def _is_with_rest(effort: PowerEffort, shorter: PowerEffort, rest_w: float) -> bool:
    """Say whether an effort is a shorter one of the same activity, and rest."""
    added_s = effort.seconds - shorter.seconds
    if added_s <= 0 or effort.start_s is None or shorter.start_s is None:
        return False
    added_w = (effort.power_w * effort.seconds - shorter.power_w * shorter.seconds) / added_s
    return added_w < rest_w and 0 <= shorter.start_s - effort.start_s <= added_s


def _suffice(efforts: list[PowerEffort]) -> bool:
    places = {(effort.activity_id, effort.start_s) for effort in efforts}
    return (
        len(places) >= FEWEST_EFFORTS
        and any(FIT_S[0] <= effort.seconds <= SHORT_S for effort in efforts)
        and any(LONG_S <= effort.seconds <= FIT_S[1] for effort in efforts)
    )


def _of_fit(fit: Fit, *, activities: int) -> Confidence:
    # The bests of a single ride lie on a curve, too, where none of them was as hard as could be.
    if fit.error <= SURE_ERROR and activities > 1:
        return Confidence.HIGH
    return Confidence.MEDIUM if fit.error <= FAIR_ERROR else Confidence.LOW
