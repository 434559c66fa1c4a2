"""Time in zones of heart rate, power and pace: the athlete's own, else those that a named author draws."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Column,
    Combination,
    Distribution,
    Measurement,
    Metric,
    Shape,
    Sport,
    Thresholds,
)
from training_analyzer_metrics_default.cleaning import grid_of, lacks_heart_rate
from training_analyzer_metrics_default.power import is_modelled
from training_analyzer_metrics_default.reasons import Reason, absent

FRIEL_RIDE: Final = (0.81, 0.90, 0.94, 1.00, 1.03, 1.06)
"""Where zones 2, 3, 4, 5a, 5b and 5c begin, as shares of the threshold heart rate: Friel, cycling."""
FRIEL_RUN: Final = (0.85, 0.90, 0.95, 1.00, 1.03, 1.06)
"""The same for running, as printed in 220 Triathlon."""
EDWARDS_METHOD: Final = "edwards"
EDWARDS: Final = (0.50, 0.60, 0.70, 0.80, 0.90)
"""Where Edwards's zones 1 to 5 begin, as shares of the maximum heart rate: Edwards 1993."""
COGGAN: Final = (0.55, 0.75, 0.90, 1.05, 1.20, 1.50)
"""Where zones 2 to 7 begin, as shares of the functional threshold power: Allen & Coggan."""
FASTER_IS_HARDER: Final = frozenset(
    {Sport.RUN, Sport.SWIM, Sport.WALK, Sport.HIKE, Sport.ROW, Sport.NORDIC_SKI}
)
"""Where zones of pace say something of the effort. On a bicycle the wind has its say."""
PACE: Final = {Sport.RUN: (0.80, 0.87, 0.95, 1.05, 1.19), Sport.SWIM: (0.93, 0.97, 0.99, 1.02, 1.09)}
"""Where zones 2 to 6 begin, as shares of the threshold speed: GoldenCheetah's defaults."""

VENTILATORY_THRESHOLDS: Final = 2

_FORMULA: Final = "seconds with bound[i] <= {0} < bound[i+1]: exactly on a bound belongs to the zone above"

TIME_IN_HEART_RATE_ZONES: Final = Metric(
    key="metrics_default.time_in_heart_rate_zones",
    title="Time in heart-rate zones",
    unit="s",
    explanation="How long your heart rate stayed in each zone while recording.",
    formula=_FORMULA.format("HR"),
    source="the athlete's own; else Friel (% of threshold heart rate); else Edwards 1993 (% of maximum)",
    shape=Shape.DISTRIBUTION,
    combination=Combination.SUM,
    edge_cases=(
        "Exactly on an edge is the zone above.",
        "A second without a reading is in no zone.",
    ),
    elsewhere={
        "Strava": "five zones by shares of the maximum, unless you set your own (from memory)",
        "GoldenCheetah": "the same rule for edges, with Coggan's zones by threshold heart rate",
    },
)
TIME_IN_POWER_ZONES: Final = Metric(
    key="metrics_default.time_in_power_zones",
    title="Time in power zones",
    unit="s",
    explanation="How long your power stayed in each zone while recording.",
    formula=_FORMULA.format("P"),
    source="the athlete's own; else Allen & Coggan 2010 (seven zones, % of functional threshold power)",
    shape=Shape.DISTRIBUTION,
    combination=Combination.SUM,
    edge_cases=(
        "Coasting is in zone 1.",
        "Absent where the service guessed the power.",
    ),
    elsewhere={"GoldenCheetah": "the same seven zones"},
)
TIME_IN_PACE_ZONES: Final = Metric(
    key="metrics_default.time_in_pace_zones",
    title="Time in pace zones",
    unit="s",
    explanation="How long your speed stayed in each zone while you moved.",
    formula=_FORMULA.format("speed in m/s"),
    source="the athlete's own; else GoldenCheetah's six zones (% of threshold speed)",
    shape=Shape.DISTRIBUTION,
    combination=Combination.SUM,
    edge_cases=("Only moving seconds.",),
    elsewhere={"GoldenCheetah": "the same six zones"},
)

OF_VENTILATORY_ZONES: Final = frozenset(
    {"heart_rate_zones_bpm", "first_ventilatory_threshold_bpm", "second_ventilatory_threshold_bpm"}
)
OF_ZONES: Final = frozenset(
    {
        *("heart_rate_zones_bpm", "threshold_heart_rate_bpm", "max_heart_rate_bpm"),
        *("power_zones_w", "functional_threshold_power_w", "pace_zones_mps", "threshold_speed_mps"),
    }
)
"""The thresholds from which zones are drawn."""


@dataclass(frozen=True, slots=True)
class Zones:
    """Where each zone above the first begins, who drew them, and from which thresholds."""

    method: str
    bounds: tuple[float, ...]
    thresholds: dict[str, float] = field(default_factory=dict)


class ZoneMetrics(ActivityMetrics):
    """Seconds in each zone. A second without a reading belongs to no zone."""

    family: ClassVar[str] = "Zones and intensity"
    metrics: ClassVar[tuple[Metric, ...]] = (
        TIME_IN_HEART_RATE_ZONES,
        TIME_IN_POWER_ZONES,
        TIME_IN_PACE_ZONES,
    )
    thresholds: ClassVar[frozenset[str]] = OF_ZONES
    version: ClassVar[int] = 7

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        yield _by_heart_rate(given)
        grid, thresholds, sport = grid_of(given.activity), given.athlete.thresholds, given.activity.sport
        if grid is not None and grid.power_w is not None:
            power_zones = power_zones_of(thresholds)
            if is_modelled(given.activity):
                yield absent(TIME_IN_POWER_ZONES, Reason.POWER_NOT_MEASURED)
            elif power_zones is None:
                yield absent(TIME_IN_POWER_ZONES, Reason.NO_THRESHOLD_POWER)
            else:
                yield _timed(TIME_IN_POWER_ZONES, power_zones, grid.power_w)
        if grid is not None and grid.speed_mps is not None:
            pace_zones = pace_zones_of(thresholds, sport)
            if pace_zones is not None:
                moving = grid.speed_mps if grid.moving is None else grid.speed_mps[grid.moving]
                yield _timed(TIME_IN_PACE_ZONES, pace_zones, moving)
            elif sport in PACE:
                yield absent(TIME_IN_PACE_ZONES, Reason.NO_THRESHOLD_SPEED)


def seconds_between(bounds: tuple[float, ...], readings: Column) -> list[int]:
    """Return the seconds below the first bound, between each two, and from the last one on."""
    # A pass for each of the few bounds is faster than a search for each of the many readings.
    from_each = [int(np.count_nonzero(readings >= bound)) for bound in bounds]
    present = int(np.count_nonzero(np.isfinite(readings)))
    return [longer - shorter for longer, shorter in pairwise([present, *from_each, 0])]


def bounds_of(shares: tuple[float, ...], threshold: float) -> tuple[float, ...]:
    """Return the bounds, free of binary dust: 94 % of 150 is 141, and a reading of 141 is on it."""
    return tuple(round(share * threshold, 6) for share in shares)


def heart_rate_zones_of(thresholds: Thresholds, sport: Sport) -> Zones | None:
    own_bpm = thresholds.heart_rate_zones_bpm
    if own_bpm is not None:
        return Zones("athlete_zones", own_bpm)
    threshold_bpm, max_bpm = thresholds.threshold_heart_rate_bpm, thresholds.max_heart_rate_bpm
    if threshold_bpm is not None:
        shares = FRIEL_RUN if sport is Sport.RUN else FRIEL_RIDE
        return Zones("friel", bounds_of(shares, threshold_bpm), {"threshold_heart_rate_bpm": threshold_bpm})
    if max_bpm is not None:
        return Zones(EDWARDS_METHOD, bounds_of(EDWARDS, max_bpm), {"max_heart_rate_bpm": max_bpm})
    return None


def ventilatory_zones_of(thresholds: Thresholds) -> Zones | Reason:
    """Return the three zones that the two ventilatory thresholds part, or why there are none."""
    first_bpm = thresholds.first_ventilatory_threshold_bpm
    second_bpm = thresholds.second_ventilatory_threshold_bpm
    if first_bpm is not None and second_bpm is not None:
        if first_bpm >= second_bpm:
            return Reason.THRESHOLDS_OUT_OF_ORDER
        used = {
            "first_ventilatory_threshold_bpm": first_bpm,
            "second_ventilatory_threshold_bpm": second_bpm,
        }
        return Zones("ventilatory_thresholds", (first_bpm, second_bpm), used)
    own_bpm = thresholds.heart_rate_zones_bpm
    if own_bpm is None or len(own_bpm) != VENTILATORY_THRESHOLDS:
        return Reason.NO_TWO_THRESHOLDS
    return Zones("athlete_zones", own_bpm)


def power_zones_of(thresholds: Thresholds) -> Zones | None:
    own_w, threshold_w = thresholds.power_zones_w, thresholds.functional_threshold_power_w
    if own_w is not None:
        return Zones("athlete_zones", own_w)
    if threshold_w is None:
        return None
    return Zones("coggan", bounds_of(COGGAN, threshold_w), {"functional_threshold_power_w": threshold_w})


def pace_zones_of(thresholds: Thresholds, sport: Sport) -> Zones | None:
    own_mps, threshold_mps = thresholds.pace_zones_mps, thresholds.threshold_speed_mps
    if own_mps is not None and sport in FASTER_IS_HARDER:
        return Zones("athlete_zones", own_mps)
    if threshold_mps is None or sport not in PACE:
        return None
    return Zones(
        "golden_cheetah", bounds_of(PACE[sport], threshold_mps), {"threshold_speed_mps": threshold_mps}
    )


def _by_heart_rate(given: ActivityInput) -> Measurement:
    grid = grid_of(given.activity)
    readings = None if grid is None else grid.heart_rate_bpm
    if readings is None:
        without_any = grid is None and not given.activity.summary.average_heart_rate_bpm
        reason = Reason.NO_HEART_RATE if without_any else lacks_heart_rate(grid)
        return absent(TIME_IN_HEART_RATE_ZONES, reason)
    zones = heart_rate_zones_of(given.athlete.thresholds, given.activity.sport)
    if zones is None:
        return absent(TIME_IN_HEART_RATE_ZONES, Reason.NO_ZONES)
    return _timed(TIME_IN_HEART_RATE_ZONES, zones, readings)


def _timed(metric: Metric, zones: Zones, readings: Column) -> Measurement:
    seconds = seconds_between(zones.bounds, readings)
    return Measurement(
        key=metric.key,
        value=Distribution(bounds=zones.bounds, seconds=tuple(map(float, seconds))),
        method=zones.method,
        thresholds=zones.thresholds,
    )
