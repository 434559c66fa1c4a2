"""Intensity: how long the session was easy, moderate and hard, and how polarized that is."""

import math
from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Column,
    Combination,
    Measurement,
    Metric,
    Sport,
)
from training_analyzer_metrics_default.cleaning import Grid, covers, grid_of
from training_analyzer_metrics_default.power import is_modelled
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.zones import (
    EDWARDS_METHOD,
    OF_VENTILATORY_ZONES,
    OF_ZONES,
    Zones,
    heart_rate_zones_of,
    pace_zones_of,
    power_zones_of,
    seconds_between,
    ventilatory_zones_of,
)

MIDDLE_ZONE: Final = 3
"""Zones 1 and 2 are easy, 3 and 4 moderate, 5 and above hard; of three zones, each is one."""
HARD_ZONE: Final = 5
THREE_ZONES: Final = 3
PACE_CHANNEL: Final = "pace"

_FORMULA: Final = (
    "seconds in {0}, by power (ride), pace (run, swim), else heart rate; of three zones, your own or those "
    "of VT1 and VT2, each is one"
)
_SOURCE: Final = (
    "three zones as in Seiler & Kjerland 2006, doi:10.1111/j.1600-0838.2004.00418.x; merged: ours"
)

LOW_INTENSITY_TIME: Final = Metric(
    key="metrics_default.low_intensity_time",
    title="Easy time",
    unit="s",
    explanation="How long the session was easy: you could have gone on for hours.",
    formula=_FORMULA.format("zones 1 and 2"),
    source=_SOURCE,
    combination=Combination.SUM,
    edge_cases=(
        "By the first channel of the sport's order that has zones and covers 90 % of the moving time.",
        "By pace, only moving seconds.",
    ),
    elsewhere={"GoldenCheetah": "three zones of its own, HI to HIII, for each channel by itself"},
)
MODERATE_INTENSITY_TIME: Final = Metric(
    key="metrics_default.moderate_intensity_time",
    title="Moderate time",
    unit="s",
    explanation="How long the session was between easy and hard.",
    formula=_FORMULA.format("zones 3 and 4"),
    source=_SOURCE,
    combination=Combination.SUM,
    edge_cases=("As easy time.",),
)
HIGH_INTENSITY_TIME: Final = Metric(
    key="metrics_default.high_intensity_time",
    title="Hard time",
    unit="s",
    explanation="How long the session was hard: above your threshold.",
    formula=_FORMULA.format("zones 5 and above"),
    source=_SOURCE,
    combination=Combination.SUM,
    edge_cases=("As easy time.",),
)
POLARIZATION_INDEX: Final = Metric(
    key="metrics_default.polarization_index",
    title="Polarization index",
    unit="",
    explanation="Above 2, the session was both easy and hard, and little in between.",
    formula="log10(f1 / f2 * f3 * 100), shares of easy, moderate and hard time; f3 = 0: 0; "
    "f2 = 0: f2 = 0.01 and f1 less 0.01; f3 > f1: absent",
    source="Treff et al. 2019, doi:10.3389/fphys.2019.00707",
    decimals=2,
    edge_cases=(
        "Not defined where more was done hard than easy.",
        "Where nothing was hard, it is 0.",
    ),
)

TIMES: Final = (LOW_INTENSITY_TIME, MODERATE_INTENSITY_TIME, HIGH_INTENSITY_TIME)


class IntensityMetrics(ActivityMetrics):
    """Easy, moderate and hard time, from the first channel that covers the session and has zones."""

    family: ClassVar[str] = "Zones and intensity"
    metrics: ClassVar[tuple[Metric, ...]] = (*TIMES, POLARIZATION_INDEX)
    thresholds: ClassVar[frozenset[str]] = OF_ZONES | OF_VENTILATORY_ZONES
    version: ClassVar[int] = 7

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid = grid_of(given.activity)
        if grid is None:
            return [absent(metric, Reason.NO_SAMPLES) for metric in self.metrics]
        for channel, zones, readings in _channels(given, grid):
            if zones is None or readings is None or not covers(given.activity, grid, readings):
                continue
            # A heart works while somebody stands; a pace is of those who move.
            standing = channel == PACE_CHANNEL and grid.moving is not None
            in_zones = seconds_between(zones.bounds, readings[grid.moving] if standing else readings)
            if zones.method == EDWARDS_METHOD:
                in_zones = [in_zones[0] + in_zones[1], *in_zones[2:]]  # below zone 1 is easy too
            seconds = three_parts(in_zones)
            if seconds is not None and sum(seconds) > 0:
                return _measured(seconds, f"{channel}_{zones.method}", zones)
        return [absent(metric, Reason.NO_INTENSITY_ZONES) for metric in self.metrics]


def three_parts(seconds: list[int]) -> tuple[int, int, int] | None:
    """Return easy, moderate and hard seconds of those in each zone; None where the zones have no hard one."""
    if len(seconds) == THREE_ZONES:
        return seconds[0], seconds[1], seconds[2]
    if len(seconds) < HARD_ZONE:
        return None
    return (
        sum(seconds[: MIDDLE_ZONE - 1]),
        sum(seconds[MIDDLE_ZONE - 1 : HARD_ZONE - 1]),
        sum(seconds[HARD_ZONE - 1 :]),
    )


def polarization_indices(easy: Column, moderate: Column, hard: Column) -> Column:
    """Return the index of each day's shares of easy, moderate and hard time; NaN where it is not defined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        indices: Column = np.multiply(easy, hard)
        indices /= moderate
        # Not `log10`, which takes twice as long.
        np.log(indices, out=indices)
        indices *= 1 / math.log(10)
        indices += 2  # shares are multiplied by 100
        without_middle = moderate == 0
        indices[without_middle] = np.log10((easy[without_middle] - 0.01) / 0.01 * hard[without_middle] * 100)
    indices[hard > easy] = np.nan
    indices[hard == 0] = 0.0
    return indices


def _channels(given: ActivityInput, grid: Grid) -> Iterable[tuple[str, Zones | None, Column | None]]:
    """Yield the channels in the order that the sport deserves."""
    thresholds, sport = given.athlete.thresholds, given.activity.sport
    if sport in {Sport.RUN, Sport.SWIM}:
        yield PACE_CHANNEL, pace_zones_of(thresholds, sport), grid.speed_mps
    if sport in {Sport.RIDE, Sport.RUN} and not is_modelled(given.activity):
        yield "power", power_zones_of(thresholds), grid.power_w
    by_breath = ventilatory_zones_of(thresholds)
    # Two thresholds of breathing draw these three zones by definition; all others are merged.
    zones = heart_rate_zones_of(thresholds, sport) if isinstance(by_breath, Reason) else by_breath
    yield "heart_rate", zones, grid.heart_rate_bpm


def _measured(seconds: tuple[int, int, int], method: str, zones: Zones) -> list[Measurement]:
    shares = np.array(seconds, dtype=np.float64)[:, None] / sum(seconds)
    index = float(polarization_indices(*shares)[0])
    times = [
        Measurement(key=metric.key, value=float(spent_s), method=method, thresholds=zones.thresholds)
        for metric, spent_s in zip(TIMES, seconds, strict=True)
    ]
    if math.isnan(index):
        return [*times, absent(POLARIZATION_INDEX, Reason.HARDER_THAN_EASY)]
    return [
        *times,
        Measurement(key=POLARIZATION_INDEX.key, value=index, method=method, thresholds=zones.thresholds),
    ]
