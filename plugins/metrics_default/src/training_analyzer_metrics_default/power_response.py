"""More from a power meter: Skiba's xPower and BikeScore, variability, and power per kilogram."""

from collections.abc import Iterable
from typing import ClassVar, Final

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
from training_analyzer_metrics_default.cleaning import Grid, covers, grid_of, lacks_power, present
from training_analyzer_metrics_default.filters import exponential_average
from training_analyzer_metrics_default.normalizing import fourth_power_mean
from training_analyzer_metrics_default.power import (
    AVERAGE_POWER,
    NORMALIZED_POWER,
    SECONDS_PER_HOUR,
    WORK,
    is_modelled,
)
from training_analyzer_metrics_default.reasons import Reason, absent, as_absent

TIME_CONSTANT_S: Final = 25
"""Skiba: the weight of a second is dt / (25 s + dt)."""

_SKIBA: Final = "Skiba 2006, BikeScore; 25 s exponential average"

XPOWER: Final = Metric(
    key="metrics_default.xpower",
    title="xPower",
    unit="W",
    explanation="Skiba's counterpart of normalized power; Strava shows it as weighted average power.",
    formula="(mean of s^4)^(1/4), s += (P - s) / 26 every second, from 0",
    source=_SKIBA,
    edge_cases=("The average starts from 0, as published, and goes on behind a pause where it stood.",),
    elsewhere={
        "Strava": "weighted average power: the same, in whole watts",
        "GoldenCheetah": "fades through pauses; at recording intervals other than 1 s, another time constant",
    },
)
RELATIVE_INTENSITY: Final = Metric(
    key="metrics_default.relative_intensity",
    title="Relative intensity",
    unit="",
    explanation="Your xPower against your critical power.",
    formula="xPower / critical power",
    source=_SKIBA,
    decimals=2,
    edge_cases=("Absent without a critical power.",),
    elsewhere={"GoldenCheetah": "the same, from its own xPower"},
)
BIKE_SCORE: Final = Metric(
    key="metrics_default.bike_score",
    title="BikeScore",
    unit="",
    explanation="Skiba's counterpart of the training stress score: about 100 for an hour at critical power.",
    formula="100 * hours with power * relative intensity^2",
    source=_SKIBA,
    combination=Combination.SUM,
    edge_cases=("Needs power in 90 % of the moving time.",),
    elsewhere={"GoldenCheetah": "the same, from its own xPower"},
)
VARIABILITY_INDEX: Final = Metric(
    key="metrics_default.variability_index",
    title="Variability index",
    unit="",
    explanation="How uneven your power was: 1 is perfectly even.",
    formula="normalized power / average power",
    source="Allen & Coggan 2010, Training and Racing with a Power Meter",
    decimals=2,
    edge_cases=("Absent where the average is 0.",),
    elsewhere={"GoldenCheetah": "with its own normalized power, a little lower"},
)
POWER_PER_KG: Final = Metric(
    key="metrics_default.power_per_kg",
    title="Power per kilogram",
    unit="W/kg",
    explanation="Your average power for each kilogram that you weighed.",
    formula="average power / weight",
    source="arithmetic",
    decimals=2,
    combination=Combination.MEAN,
    edge_cases=("By your weight on that day.",),
)
NORMALIZED_POWER_PER_KG: Final = Metric(
    key="metrics_default.normalized_power_per_kg",
    title="Normalized power per kilogram",
    unit="W/kg",
    explanation="Your normalized power for each kilogram that you weighed.",
    formula="normalized power / weight",
    source="arithmetic",
    decimals=2,
    edge_cases=("By your weight on that day.",),
)
WORK_PER_KG: Final = Metric(
    key="metrics_default.work_per_kg",
    title="Work per kilogram",
    unit="kJ/kg",
    explanation="The energy that you spent for each kilogram that you weighed.",
    formula="work / weight",
    source="arithmetic",
    decimals=1,
    combination=Combination.SUM,
    edge_cases=("By your weight on that day.",),
)

SKIBA: Final = (XPOWER, RELATIVE_INTENSITY, BIKE_SCORE)


class PowerResponseMetrics(ActivityMetrics):
    """xPower, BikeScore, variability and power per kilogram. For rides, and where there is power."""

    family: ClassVar[str] = "Power"
    metrics: ClassVar[tuple[Metric, ...]] = (
        *SKIBA,
        VARIABILITY_INDEX,
        POWER_PER_KG,
        NORMALIZED_POWER_PER_KG,
        WORK_PER_KG,
    )
    needs: ClassVar[frozenset[MetricKey]] = frozenset({AVERAGE_POWER.key, NORMALIZED_POWER.key, WORK.key})
    thresholds: ClassVar[frozenset[str]] = frozenset({"critical_power_w", "weight_kg"})
    version: ClassVar[int] = 3

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid = grid_of(given.activity)
        power_w = None if grid is None else grid.power_w
        if power_w is None and given.activity.sport is not Sport.RIDE:
            return
        yield from _skiba(given, grid, power_w)
        yield _variability(given)
        for metric, of in (
            (POWER_PER_KG, AVERAGE_POWER),
            (NORMALIZED_POWER_PER_KG, NORMALIZED_POWER),
            (WORK_PER_KG, WORK),
        ):
            yield _per_kg(given, metric, of)


def xpower_w(power_w: Column) -> float:
    """
    Return xPower of power at 1 Hz.

    Pauses and missing readings are left out and the average goes on behind them where it stood,
    so that a pause does not change the intensity.
    """
    smoothed = exponential_average(present(power_w), 1 / (TIME_CONSTANT_S + 1))
    return fourth_power_mean(smoothed)


def _skiba(given: ActivityInput, grid: Grid | None, power_w: Column | None) -> Iterable[Measurement]:
    if grid is None or power_w is None:
        yield from (absent(metric, lacks_power(grid)) for metric in SKIBA)
        return
    if is_modelled(given.activity):
        yield from (absent(metric, Reason.POWER_NOT_MEASURED) for metric in SKIBA)
        return
    weighted_w = xpower_w(power_w)
    yield Measurement(key=XPOWER.key, value=weighted_w, method="power")
    critical_w = given.athlete.thresholds.critical_power_w
    if critical_w is None:
        yield absent(RELATIVE_INTENSITY, Reason.NO_CRITICAL_POWER)
        yield absent(BIKE_SCORE, Reason.NO_CRITICAL_POWER)
        return
    thresholds = {"critical_power_w": critical_w}
    intensity = weighted_w / critical_w
    yield Measurement(key=RELATIVE_INTENSITY.key, value=intensity, method="power", thresholds=thresholds)
    if not covers(given.activity, grid, power_w):
        yield absent(BIKE_SCORE, Reason.LOW_COVERAGE)
        return
    hours = present(power_w).size / SECONDS_PER_HOUR
    yield Measurement(
        key=BIKE_SCORE.key, value=100 * hours * intensity**2, method="power", thresholds=thresholds
    )


def _variability(given: ActivityInput) -> Measurement:
    normalized, average = given.known.get(NORMALIZED_POWER.key), given.known.get(AVERAGE_POWER.key)
    if normalized is None or not isinstance(normalized.value, float):
        return as_absent(VARIABILITY_INDEX, normalized)
    if average is None or not isinstance(average.value, float) or average.value == 0:
        return absent(VARIABILITY_INDEX, Reason.NOTHING_BUT_ZEROS)
    return Measurement(
        key=VARIABILITY_INDEX.key, value=normalized.value / average.value, method=normalized.method
    )


def _per_kg(given: ActivityInput, metric: Metric, of: Metric) -> Measurement:
    whole = given.known.get(of.key)
    if whole is None or not isinstance(whole.value, float):
        return as_absent(metric, whole)
    weight_kg = given.athlete.thresholds.weight_kg
    if weight_kg is None:
        return absent(metric, Reason.NO_WEIGHT)
    return Measurement(
        key=metric.key,
        value=whole.value / weight_kg,
        method=whole.method,
        estimated=whole.estimated,
        thresholds={"weight_kg": weight_kg},
    )
