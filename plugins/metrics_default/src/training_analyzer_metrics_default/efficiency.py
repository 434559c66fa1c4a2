"""Efficiency and drift: what power and speed a heartbeat gave, and how that changed from half to half."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Column,
    Combination,
    Measurement,
    Metric,
    MetricKey,
    Sport,
)
from training_analyzer_metrics_default.cleaning import (
    Grid,
    covers,
    grid_of,
    lacks_heart_rate,
    lacks_power,
    lacks_speed,
    present,
)
from training_analyzer_metrics_default.heart_rate import AVERAGE_HEART_RATE
from training_analyzer_metrics_default.normalizing import normalized
from training_analyzer_metrics_default.power import NORMALIZED_POWER, is_modelled
from training_analyzer_metrics_default.reasons import Reason, absent, as_absent
from training_analyzer_metrics_default.running import METRES_PER_KM, NORMALIZED_GRADED_PACE
from training_analyzer_metrics_default.settings import GapModel
from training_analyzer_metrics_default.slopes import factor_of

SHORTEST_S: Final = 1200
"""Before 20 minutes on the move, the heart is still finding its rate (ours)."""

_FRIEL: Final = "Friel, The Cyclist's Training Bible; TrainingPeaks help 204071724"

EFFICIENCY_FACTOR: Final = Metric(
    key="metrics_default.efficiency_factor",
    title="Efficiency factor",
    unit="W/bpm",
    explanation="How much normalized power each beat per minute gave: it rises as you get fitter.",
    formula="normalized power / average heart rate",
    source=_FRIEL,
    decimals=2,
    combination=Combination.MEAN,
    edge_cases=("Needs heart rate in 90 % of the moving time.",),
    elsewhere={
        "GoldenCheetah": "the same, with its own normalized power",
        "TrainingPeaks": "the same: by normalized power",
    },
)
PACE_EFFICIENCY_FACTOR: Final = Metric(
    key="metrics_default.pace_efficiency_factor",
    title="Efficiency factor by pace",
    unit="m/beat",
    explanation="How far on the flat each heartbeat carried you, by normalized graded pace.",
    formula="normalized graded speed in m/min / average heart rate",
    source=_FRIEL + "; in metres, not in yards",
    decimals=2,
    combination=Combination.MEAN,
    edge_cases=("Needs heart rate in 90 % of the moving time.",),
    elsewhere={"TrainingPeaks": "in yards: 1.094 times as much", "GoldenCheetah": "in yards, from xPace"},
)
HEART_RATE_EFFICIENCY: Final = Metric(
    key="metrics_default.heart_rate_efficiency",
    title="Metres per heartbeat",
    unit="m/beat",
    explanation="How far each heartbeat carried you.",
    formula="mean speed in m/min / mean heart rate, over moving seconds with both",
    source="arithmetic",
    decimals=2,
    combination=Combination.MEAN,
    edge_cases=("Only moving seconds with both readings.",),
)
DECOUPLING: Final = Metric(
    key="metrics_default.decoupling",
    title="Decoupling of power and heart rate",
    unit="%",
    explanation="How much less power a heartbeat gave in the second half: below 5 % your endurance held.",
    formula="100 * (E1 - E2) / E1, E = normalized power / mean heart rate of a half of the recorded time",
    source=_FRIEL,
    decimals=1,
    edge_cases=(
        "Halves of the recorded time; only seconds with both readings.",
        "Absent below 20 minutes on the move.",
    ),
    elsewhere={"TrainingPeaks": "Pw:Hr, the same", "GoldenCheetah": "by mean power (see there)"},
)
DECOUPLING_MEAN: Final = Metric(
    key="metrics_default.decoupling_by_mean_power",
    title="Decoupling by mean power",
    unit="%",
    explanation="The same with plain mean power, as GoldenCheetah shows it.",
    formula="100 * (E1 - E2) / E1, E = mean power / mean heart rate of a half of the recorded time",
    source="GoldenCheetah (aerobic decoupling)",
    decimals=1,
    edge_cases=("As decoupling. The two differ by some points on uneven rides.",),
    elsewhere={"GoldenCheetah": "aerobic decoupling: this form"},
)
SPEED_DECOUPLING: Final = Metric(
    key="metrics_default.speed_decoupling",
    title="Decoupling of pace and heart rate",
    unit="%",
    explanation="How much less far a heartbeat carried you in the second half; on a run, hills count.",
    formula="100 * (E1 - E2) / E1, E = mean speed / mean heart rate of a half, over moving seconds "
    "with both; on a run with altitude, the grade-adjusted speed",
    source=_FRIEL,
    decimals=1,
    edge_cases=(
        "On a run with altitude the grade-adjusted speed.",
        "Standing is left out.",
        "Absent below 20 minutes on the move.",
    ),
    elsewhere={"TrainingPeaks": "Pa:Hr, by normalized graded pace"},
)

Effort = Callable[[Column, NDArray[np.intp]], float | None]
BY_SPEED: Final = frozenset({Sport.RUN, Sport.WALK, Sport.HIKE, Sport.ROW, Sport.NORDIC_SKI})
"""Where speed says what the effort was. On a bicycle the wind has its say."""


class EfficiencyMetrics(ActivityMetrics):
    """Power and metres for each heartbeat, and their drift: positive where the heart had to work harder."""

    family: ClassVar[str] = "Efficiency"
    metrics: ClassVar[tuple[Metric, ...]] = (
        EFFICIENCY_FACTOR,
        PACE_EFFICIENCY_FACTOR,
        HEART_RATE_EFFICIENCY,
        DECOUPLING,
        DECOUPLING_MEAN,
        SPEED_DECOUPLING,
    )
    needs: ClassVar[frozenset[MetricKey]] = frozenset(
        {NORMALIZED_POWER.key, NORMALIZED_GRADED_PACE.key, AVERAGE_HEART_RATE.key}
    )

    def __init__(self, gap_model: GapModel = GapModel.STRAVA) -> None:
        self._gap_model = gap_model

    thresholds: ClassVar[frozenset[str]] = frozenset()
    version: ClassVar[int] = 7

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid, sport = grid_of(given.activity), given.activity.sport
        heart_rate_bpm = None if grid is None else grid.heart_rate_bpm
        if sport is Sport.RIDE or (grid is not None and grid.power_w is not None):
            yield _factor(given, EFFICIENCY_FACTOR, NORMALIZED_POWER, lambda power_w: power_w)
            yield from _power_drift(given, grid, heart_rate_bpm)
        if sport is Sport.RUN:
            yield _factor(
                given, PACE_EFFICIENCY_FACTOR, NORMALIZED_GRADED_PACE, lambda pace: 60 * METRES_PER_KM / pace
            )
        if sport in BY_SPEED:
            yield from self._by_speed(given, grid, heart_rate_bpm)

    def _by_speed(
        self, given: ActivityInput, grid: Grid | None, heart_rate_bpm: Column | None
    ) -> Iterable[Measurement]:
        both = (HEART_RATE_EFFICIENCY, SPEED_DECOUPLING)
        if grid is None or heart_rate_bpm is None or grid.speed_mps is None:
            reason = lacks_heart_rate(grid) if heart_rate_bpm is None else lacks_speed(grid)
            yield from (absent(metric, reason) for metric in both)
            return
        speed_mps = np.where(np.isfinite(heart_rate_bpm), grid.speed_mps, np.nan)
        covered = covers(given.activity, grid, speed_mps)  # a device's own time has the standing in it
        if grid.moving is not None:
            speed_mps[~grid.moving] = np.nan
        paired_bpm = heart_rate_bpm[np.isfinite(speed_mps)]
        if not paired_bpm.size or not covered:
            yield from (absent(metric, Reason.LOW_COVERAGE) for metric in both)
            return
        metres_per_beat = float(60 * present(speed_mps).mean() / paired_bpm.mean())
        yield Measurement(key=HEART_RATE_EFFICIENCY.key, value=metres_per_beat, method="speed")
        slope = grid.slope if given.activity.sport is Sport.RUN else None
        if slope is not None:
            speed_mps *= factor_of(slope, self._gap_model)
        drift = drift_of(halves_of(grid, speed_mps, heart_rate_bpm), _mean)
        yield _drifted(SPEED_DECOUPLING, drift, "speed" if slope is None else "graded_speed")


@dataclass(frozen=True, slots=True)
class Half:
    """A half of the recorded time: the effort of seconds with both readings, NaN in the others."""

    effort: Column
    stretch: NDArray[np.intp]
    mean_heart_rate_bpm: float | None
    """None: no second has both."""


def halves_of(grid: Grid, effort: Column, heart_rate_bpm: Column) -> list[Half]:
    """Return the two halves; none where they would be too short to compare."""
    moving_s = grid.recorded_s if grid.moving is None else np.count_nonzero(grid.moving)
    if moving_s < SHORTEST_S:
        return []
    paired = np.isfinite(effort) & np.isfinite(heart_rate_bpm)
    whole = np.count_nonzero(paired) == paired.size
    if not whole:
        effort = np.where(paired, effort, np.nan)
    middle = grid.recorded_s // 2
    halves: list[Half] = []
    for part in (slice(0, middle), slice(middle, None)):
        beats = heart_rate_bpm[part] if whole else heart_rate_bpm[part][paired[part]]
        halves.append(Half(effort[part], grid.stretch[part], float(beats.mean()) if beats.size else None))
    return halves


def drift_of(halves: list[Half], summed: Effort) -> float | Reason:
    """Return by how many percent the effort per heartbeat fell from the first half to the second."""
    per_beat: list[float] = []
    for half in halves:
        if half.mean_heart_rate_bpm is None:
            return Reason.TOO_SHORT_TO_DRIFT
        strength = summed(half.effort, half.stretch)
        if strength is None:
            return Reason.TOO_SHORT
        per_beat.append(strength / half.mean_heart_rate_bpm)
    if not per_beat:
        return Reason.TOO_SHORT_TO_DRIFT
    if per_beat[0] <= 0:
        return Reason.NOTHING_BUT_ZEROS
    return 100 * (per_beat[0] - per_beat[1]) / per_beat[0]


def _mean(effort: Column, stretch: NDArray[np.intp]) -> float:  # noqa: ARG001 - one signature for all
    return float(present(effort).mean())


def _power_drift(
    given: ActivityInput, grid: Grid | None, heart_rate_bpm: Column | None
) -> Iterable[Measurement]:
    both = (DECOUPLING, DECOUPLING_MEAN)
    power_w = None if grid is None else grid.power_w
    if grid is None or power_w is None:
        yield from (absent(metric, lacks_power(grid)) for metric in both)
        return
    if is_modelled(given.activity):
        yield from (absent(metric, Reason.POWER_NOT_MEASURED) for metric in both)
        return
    if heart_rate_bpm is None:
        yield from (absent(metric, lacks_heart_rate(grid)) for metric in both)
        return
    halves = halves_of(grid, power_w, heart_rate_bpm)
    yield _drifted(DECOUPLING, drift_of(halves, normalized), "normalized_power")
    yield _drifted(DECOUPLING_MEAN, drift_of(halves, _mean), "mean_power")


def _drifted(metric: Metric, drift: float | Reason, method: str) -> Measurement:
    if isinstance(drift, Reason):
        return absent(metric, drift)
    return Measurement(key=metric.key, value=drift, method=method)


def _factor(
    given: ActivityInput, metric: Metric, of: Metric, per_minute: Callable[[float], float]
) -> Measurement:
    effort, heart = given.known.get(of.key), given.known.get(AVERAGE_HEART_RATE.key)
    if effort is None or not isinstance(effort.value, float):
        return as_absent(metric, effort)
    if heart is None or not isinstance(heart.value, float):
        return as_absent(metric, heart)
    grid = grid_of(given.activity)
    if grid is not None and (
        grid.heart_rate_bpm is None or not covers(given.activity, grid, grid.heart_rate_bpm)
    ):
        return absent(metric, Reason.LOW_COVERAGE)
    return Measurement(
        key=metric.key,
        value=per_minute(effort.value) / heart.value,
        method=effort.method,
        estimated=effort.estimated or heart.estimated,
    )
