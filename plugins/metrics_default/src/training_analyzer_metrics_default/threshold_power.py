"""Threshold power and critical power, found in the best efforts of the last 90 days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

import numpy as np

from training_analyzer.sdk import (
    Column,
    Confidence,
    Curve,
    DetectionInput,
    Evidence,
    MeasuredActivity,
    MetricKey,
    Sport,
    ThresholdDetector,
    ThresholdSuggestion,
)
from training_analyzer_metrics_default.curves import POWER_CURVE
from training_analyzer_metrics_default.efforts import aged, spoken
from training_analyzer_metrics_default.power_duration import FIT_S, FITS, SHAPE_S, Fit, threshold_power

PINNED_FIT: Final = "work_time_linear"
"""The fit that is suggested; the others stand beside it as evidence."""
FITTED_S: Final = (120, 180, 240, 300, 360, 480, 600, 720, 900, 1200)
SHORT_S: Final = 300
LONG_S: Final = 720
"""Without an effort on both sides of these, a line through the rest says nothing."""
FEWEST_EFFORTS: Final = 3
SURE_ERROR, FAIR_ERROR = 0.02, 0.05
"""How far efforts may lie from the fitted curve for high and for medium confidence (ours)."""
LONG_EFFORT_S: Final = 1200
FAIR_EFFORT_S: Final = 600
ALIKE: Final = 0.05
"""An activity that implies a threshold within this share of the best one bears it out (ours)."""


@dataclass(frozen=True, slots=True)
class Effort:
    """The best of one duration, and where it was."""

    seconds: float
    power_w: float
    activity_id: UUID
    day: date
    start_s: float | None

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            text=f"{spoken(self.seconds)} at {self.power_w:.0f} W",
            day=self.day,
            activity_id=self.activity_id,
            start_s=self.start_s,
        )


class ThresholdPower(ThresholdDetector):
    """
    What the best effort of 5 minutes to an hour implies for the hour.

    A threshold can only be found where somebody went hard: so it is suggested when it is above the one
    that is set, and a lower one never is. It does not decay: after six weeks it is said to be old.
    """

    name: ClassVar[str] = "threshold_power"
    needs: ClassVar[frozenset[MetricKey]] = frozenset({POWER_CURVE.key})

    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        for sport in (Sport.RIDE, Sport.RUN, Sport.ROW):
            yield from self._of_sport(given, sport)

    def _of_sport(self, given: DetectionInput, sport: Sport) -> Iterator[ThresholdSuggestion]:
        implied = [
            best
            for activity in given.activities
            if activity.sport is sport and (best := _best_implied(activity)) is not None
        ]
        if not implied:
            return
        threshold_w, effort = max(implied, key=lambda one: one[0])
        known_w = given.athletes[sport].thresholds.functional_threshold_power_w
        if known_w is not None and threshold_w <= known_w:
            return
        others = sum(one >= (1 - ALIKE) * threshold_w for one, _ in implied) - 1
        explanation, confidence = aged(
            f"Your best effort of {spoken(effort.seconds)} implies this power for an hour, "
            "on a power curve of usual shape.",
            _confidence(effort.seconds, others),
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


def best_efforts(activities: Iterable[MeasuredActivity]) -> list[Effort]:
    """
    Return the best of each fitted duration, without those that a longer effort contains.

    The best 5 minutes of an hour that was ridden evenly are no effort of 5 minutes: a duration counts
    only where its best is above that of every longer one.
    """
    bests: dict[float, Effort] = {}
    for activity in activities:
        for effort in efforts_of(activity):
            best = bests.get(effort.seconds)
            if effort.seconds in FITTED_S and (best is None or effort.power_w > best.power_w):
                bests[effort.seconds] = effort
    kept: list[Effort] = []
    for seconds in sorted(bests, reverse=True):
        if not kept or bests[seconds].power_w > kept[-1].power_w:
            kept.append(bests[seconds])
    return kept[::-1]


def efforts_of(activity: MeasuredActivity) -> Iterator[Effort]:
    """Yield each duration of the activity's power curve."""
    measured = activity.measurements.get(POWER_CURVE.key)
    if measured is None or not isinstance(measured.value, Curve):
        return
    curve = measured.value
    starts = curve.starts_s or (None,) * len(curve.values)
    for seconds, power_w, start_s in zip(curve.seconds, curve.values, starts, strict=True):
        yield Effort(seconds, power_w, activity.id, activity.day, start_s)


def _best_implied(activity: MeasuredActivity) -> tuple[float, Effort] | None:
    shortest_s, longest_s = SHAPE_S
    efforts = [one for one in efforts_of(activity) if shortest_s <= one.seconds <= longest_s and one.power_w]
    if not efforts:
        return None
    implied_w = threshold_power(
        np.array([effort.seconds for effort in efforts]), np.array([effort.power_w for effort in efforts])
    )
    best = int(implied_w.argmax())
    return float(implied_w[best]), efforts[best]


def _suffice(efforts: list[Effort]) -> bool:
    places = {(effort.activity_id, effort.start_s) for effort in efforts}
    return (
        len(places) >= FEWEST_EFFORTS
        and any(FIT_S[0] <= effort.seconds <= SHORT_S for effort in efforts)
        and any(LONG_S <= effort.seconds <= FIT_S[1] for effort in efforts)
    )


def _confidence(effort_s: float, borne_out_by: int) -> Confidence:
    if effort_s >= LONG_EFFORT_S and borne_out_by:
        return Confidence.HIGH
    return Confidence.MEDIUM if effort_s >= FAIR_EFFORT_S or borne_out_by else Confidence.LOW


def _of_fit(fit: Fit, *, activities: int) -> Confidence:
    # The bests of a single ride lie on a curve, too, where none of them was as hard as could be.
    if fit.error <= SURE_ERROR and activities > 1:
        return Confidence.HIGH
    return Confidence.MEDIUM if fit.error <= FAIR_ERROR else Confidence.LOW
