"""What lies above critical power: the work, and how far the anaerobic reserve W' was emptied."""

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
from training_analyzer_metrics_default.cleaning import CLOCK_JUMP_S, Grid, covers, grid_of, lacks_power
from training_analyzer_metrics_default.filters import fading_sum
from training_analyzer_metrics_default.power import is_modelled
from training_analyzer_metrics_default.reasons import Reason, absent

WORK_ABOVE_CRITICAL_POWER: Final = Metric(
    key="metrics_default.work_above_critical_power",
    title="Work above critical power",
    unit="kJ",
    explanation="The energy that you spent above the power that you could hold for long.",
    formula="sum of max(P - CP, 0) * 1 s / 1000",
    source="Skiba et al. 2012, doi:10.1249/MSS.0b013e3182517a80",
    decimals=1,
    combination=Combination.SUM,
    edge_cases=("A second without a reading adds nothing.",),
    elsewhere={"GoldenCheetah": "the same"},
)
LOWEST_RESERVE: Final = Metric(
    key="metrics_default.lowest_anaerobic_reserve",
    title="Lowest anaerobic reserve (W'bal)",
    unit="kJ",
    explanation="How much of your reserve above critical power was left at the worst moment; "
    "below zero, critical power or W' is set too low.",
    formula="P < CP: W += (CP - P) * (W' - W) / W' * 1 s; else W -= (P - CP) * 1 s; the lowest W",
    source="Skiba et al. 2015, doi:10.1007/s00421-014-3050-3 (differential form)",
    decimals=1,
    edge_cases=(
        "Below zero it is shown as it is, and marked: critical power or W' is set too low.",
        "In a pause the reserve comes back as at 0 W.",
        "Needs power in 90 % of the moving time.",
    ),
    elsewhere={"GoldenCheetah": "shows the integral form, with a time constant in whole seconds"},
)
LOWEST_RESERVE_INTEGRAL: Final = Metric(
    key="metrics_default.lowest_anaerobic_reserve_integral",
    title="Lowest anaerobic reserve (W'bal, integral)",
    unit="kJ",
    explanation="The same by the older model, in which the reserve comes back at one pace throughout.",
    formula="E = E * e^(-1/tau) + max(P - CP, 0) * 1 s; tau = 546 e^(-0.01 (CP - mean of P below CP)) + 316; "
    "the lowest W' - E",
    source="Skiba et al. 2012, doi:10.1249/MSS.0b013e3182517a80",
    decimals=1,
    edge_cases=(
        "One time constant for the whole session, from its mean power below critical power.",
        "Below zero it is shown as it is, and marked.",
    ),
    elsewhere={"GoldenCheetah": "the same model, its time constant cut to whole seconds: some joules apart"},
)


class CriticalPowerMetrics(ActivityMetrics):
    """Work above critical power, and the lowest W'bal by both models. For rides, and where there is power."""

    family: ClassVar[str] = "Power"
    metrics: ClassVar[tuple[Metric, ...]] = (
        WORK_ABOVE_CRITICAL_POWER,
        LOWEST_RESERVE,
        LOWEST_RESERVE_INTEGRAL,
    )
    thresholds: ClassVar[frozenset[str]] = frozenset({"critical_power_w", "anaerobic_capacity_j"})
    version: ClassVar[int] = 4

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid = grid_of(given.activity)
        power_w = None if grid is None else grid.power_w
        if grid is None or power_w is None:
            if given.activity.sport is not Sport.RIDE:
                return []
            return [absent(metric, lacks_power(grid)) for metric in self.metrics]
        if is_modelled(given.activity):
            return [absent(metric, Reason.POWER_NOT_MEASURED) for metric in self.metrics]
        if not covers(given.activity, grid, power_w):
            return [absent(metric, Reason.LOW_COVERAGE) for metric in self.metrics]
        return _measured(given, grid, power_w)


def _measured(given: ActivityInput, grid: Grid, power_w: Column) -> Iterable[Measurement]:
    critical_w = given.athlete.thresholds.critical_power_w
    capacity_j = given.athlete.thresholds.anaerobic_capacity_j
    if critical_w is None:
        for metric in CriticalPowerMetrics.metrics:
            yield absent(metric, Reason.NO_CRITICAL_POWER)
        return
    # A second without a reading neither spends nor restores: what it did is not known.
    above_w = power_w - critical_w
    above_w[np.isnan(above_w)] = 0.0
    yield Measurement(
        key=WORK_ABOVE_CRITICAL_POWER.key,
        value=float(np.maximum(above_w, 0).sum()) / 1000,
        method="power",
        thresholds={"critical_power_w": critical_w},
    )
    if capacity_j is None:
        yield absent(LOWEST_RESERVE, Reason.NO_ANAEROBIC_CAPACITY)
        yield absent(LOWEST_RESERVE_INTEGRAL, Reason.NO_ANAEROBIC_CAPACITY)
        return
    thresholds = {"critical_power_w": critical_w, "anaerobic_capacity_j": capacity_j}
    for metric, method, spent_j in (
        (LOWEST_RESERVE, "differential", most_spent_differential(above_w, grid, critical_w, capacity_j)),
        (LOWEST_RESERVE_INTEGRAL, "integral", most_spent_integral(above_w, grid)),
    ):
        below_zero = spent_j > capacity_j
        yield Measurement(
            key=metric.key,
            value=(capacity_j - spent_j) / 1000,
            method=f"{method}_below_zero" if below_zero else method,
            estimated=below_zero,
            thresholds=thresholds,
        )


def most_spent_differential(above_w: Column, grid: Grid, critical_w: float, capacity_j: float) -> float:
    """Return the most of W' that was spent at a moment, in J. In a pause it comes back as at 0 W."""
    kept = np.maximum(1 + np.minimum(above_w, 0.0) / capacity_j, 0.0)
    kept_at_rest = max(0.0, 1 - critical_w / capacity_j)
    return _most_spent(np.maximum(above_w, 0.0), kept, kept_at_rest, grid)


def most_spent_integral(above_w: Column, grid: Grid) -> float:
    """Return the same for the integral form, as a recurrence: one multiplication a second."""
    seconds_below = np.count_nonzero(above_w < 0)
    below_w = float(-np.minimum(above_w, 0.0).sum()) / seconds_below if seconds_below else 0.0
    kept = math.exp(-1 / (546 * math.exp(-0.01 * below_w) + 316))
    return _most_spent(np.maximum(above_w, 0.0), np.full_like(above_w, kept), kept, grid)


def _most_spent(gained_j: Column, kept: Column, kept_at_rest: float, grid: Grid) -> float:
    """Return the highest point of: what was spent before, as far as it is kept, and what this second adds."""
    if grid.stretch[0] != grid.stretch[-1]:
        starts = np.flatnonzero(np.diff(grid.stretch)) + 1
        pauses_s = grid.moment_s[starts] - grid.moment_s[starts - 1] - 1
        if grid.clock_jumps_s:
            pauses_s[pauses_s > CLOCK_JUMP_S] = 0.0
        kept = kept.copy()
        kept[starts] *= kept_at_rest ** np.maximum(pauses_s, 0.0)
    return float(fading_sum(gained_j, kept).max())
