"""Time in heart-rate zones: the athlete's own, else those that a named author draws."""

from collections.abc import Iterable
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Distribution,
    Measurement,
    Metric,
    Shape,
    Sport,
    Thresholds,
)
from training_analyzer_metrics_default.cleaning import grid_of
from training_analyzer_metrics_default.reasons import Reason, absent

FRIEL_RIDE: Final = (0.81, 0.90, 0.94, 1.00, 1.03, 1.06)
"""Where zones 2, 3, 4, 5a, 5b and 5c begin, as shares of the threshold heart rate: Friel, cycling."""
FRIEL_RUN: Final = (0.85, 0.90, 0.95, 1.00, 1.03, 1.06)
"""The same for running, as printed in 220 Triathlon."""
EDWARDS: Final = (0.50, 0.60, 0.70, 0.80, 0.90)
"""Where Edwards's zones 1 to 5 begin, as shares of the maximum heart rate: Edwards 1993."""

TIME_IN_HEART_RATE_ZONES: Final = Metric(
    key="metrics_default.time_in_heart_rate_zones",
    title="Time in heart-rate zones",
    unit="s",
    explanation="How long your heart rate stayed in each zone while recording.",
    formula="seconds with bound[i] <= HR < bound[i+1]: exactly on a bound belongs to the zone above",
    source="the athlete's own; else Friel (% of threshold heart rate); else Edwards 1993 (% of maximum)",
    shape=Shape.DISTRIBUTION,
)


class ZoneMetrics(ActivityMetrics):
    """Seconds in each heart-rate zone. A second without a reading belongs to no zone."""

    metrics: ClassVar[tuple[Metric, ...]] = (TIME_IN_HEART_RATE_ZONES,)

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid = grid_of(given.activity)
        readings = None if grid is None else grid.heart_rate_bpm
        if readings is None:
            has_summary = given.activity.samples is None and given.activity.summary.average_heart_rate_bpm
            reason = Reason.NO_SAMPLES if has_summary else Reason.NO_HEART_RATE
            return [absent(TIME_IN_HEART_RATE_ZONES, reason)]
        zones = _zones(given.athlete.thresholds, given.activity.sport)
        if zones is None:
            return [absent(TIME_IN_HEART_RATE_ZONES, Reason.NO_ZONES)]
        method, bounds_bpm, thresholds = zones
        zone = np.searchsorted(bounds_bpm, readings[np.isfinite(readings)], side="right")
        seconds = np.bincount(zone, minlength=len(bounds_bpm) + 1)
        return [
            Measurement(
                key=TIME_IN_HEART_RATE_ZONES.key,
                value=Distribution(bounds=bounds_bpm, seconds=tuple(seconds.astype(float).tolist())),
                method=method,
                thresholds=thresholds,
            )
        ]


def _zones(thresholds: Thresholds, sport: Sport) -> tuple[str, tuple[float, ...], dict[str, float]] | None:
    """Return the method, the bounds and the thresholds that they were made from."""
    own_bpm = thresholds.heart_rate_zones_bpm
    if own_bpm and all(lower < upper for lower, upper in pairwise(own_bpm)):
        return "athlete_zones", own_bpm, {}
    threshold_bpm, max_bpm = thresholds.threshold_heart_rate_bpm, thresholds.max_heart_rate_bpm
    if threshold_bpm is not None:
        method, shares = ("friel_run", FRIEL_RUN) if sport is Sport.RUN else ("friel_ride", FRIEL_RIDE)
        bounds_bpm = _bounds(shares, threshold_bpm)
        return method, bounds_bpm, {"threshold_heart_rate_bpm": threshold_bpm}
    if max_bpm is not None:
        bounds_bpm = _bounds(EDWARDS, max_bpm)
        return "edwards", bounds_bpm, {"max_heart_rate_bpm": max_bpm}
    return None


def _bounds(shares: tuple[float, ...], of_bpm: float) -> tuple[float, ...]:
    """Return the bounds, free of binary dust: 94 % of 150 is 141, and a reading of 141 is on it."""
    return tuple(round(share * of_bpm, 6) for share in shares)
