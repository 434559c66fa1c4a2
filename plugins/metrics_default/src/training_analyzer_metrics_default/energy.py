"""Calories: what the device says, else from work, else from heart rate, else from the sport alone."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Athlete,
    Combination,
    Measurement,
    Metric,
    MetricKey,
    Sex,
    Sport,
)
from training_analyzer_metrics_default.cleaning import covers, grid_of, present
from training_analyzer_metrics_default.power import MODELLED, SECONDS_PER_HOUR, WORK
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.session import spent_s

KJ_PER_KCAL: Final = 4.184
KEYTEL: Final = {Sex.MALE: (-55.0969, 0.6309, 0.1988, 0.2017), Sex.FEMALE: (-20.4022, 0.4472, -0.1263, 0.074)}
"""
kJ a minute: constant, per bpm, per kg, per year of age. The weight of women counts negatively.
Keytel et al. 2005, doi:10.1080/02640410470001730089.
"""
MET: Final = {
    Sport.RIDE: 7.5,
    Sport.RUN: 9.8,
    Sport.SWIM: 6.0,
    Sport.WALK: 3.5,
    Sport.HIKE: 6.0,
    Sport.ROW: 7.0,
    Sport.NORDIC_SKI: 6.8,
    Sport.ALPINE_SKI: 5.3,
    Sport.STRENGTH: 3.5,
}
"""kcal per kg and hour, moderate effort: Ainsworth et al. 2011, doi:10.1249/MSS.0b013e31821ece12."""
MET_OTHERS: Final = 4.0

CALORIES: Final = Metric(
    key="metrics_default.calories",
    title="Calories",
    unit="kcal",
    explanation="About how much energy your body used.",
    formula="the device's; else work in kJ * 1.0 (24 % efficiency); else sum over seconds of Keytel's "
    "a + b HR + c kg + d age, never below 0; else MET * kg * hours",
    source="Keytel et al. 2005, doi:10.1080/02640410470001730089; "
    "Ainsworth et al. 2011, doi:10.1249/MSS.0b013e31821ece12",
    combination=Combination.SUM,
    edge_cases=(
        "What the device says comes first.",
        "From heart rate it needs sex, weight and birth year; from the sport alone, weight.",
        "Heart rate and sport give estimates.",
    ),
    elsewhere={"GoldenCheetah": "gives women's weight a man's sign in Keytel's equation"},
)


class EnergyMetrics(ActivityMetrics):
    """Calories, by the best measure at hand; the method says which."""

    family: ClassVar[str] = "Climbing and energy"
    metrics: ClassVar[tuple[Metric, ...]] = (CALORIES,)
    needs: ClassVar[frozenset[MetricKey]] = frozenset({WORK.key})
    thresholds: ClassVar[frozenset[str]] = frozenset({"weight_kg"})
    version: ClassVar[int] = 2

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        said_kcal = given.activity.summary.calories_kcal
        if said_kcal:
            return [Measurement(key=CALORIES.key, value=said_kcal, method="device")]
        return [_by_work(given) or _by_heart_rate(given) or _by_sport(given.activity, given.athlete)]


def _by_work(given: ActivityInput) -> Measurement | None:
    work = given.known.get(WORK.key)
    if given.activity.sport is not Sport.RIDE or work is None or not isinstance(work.value, float):
        return None  # 24 % is the efficiency of a cyclist
    if work.method == MODELLED or work.value <= 0:
        return None
    return Measurement(key=CALORIES.key, value=work.value, method="power", estimated=work.estimated)


def _by_heart_rate(given: ActivityInput) -> Measurement | None:
    activity, athlete, grid = given.activity, given.athlete, grid_of(given.activity)
    weight_kg, birth_year = athlete.thresholds.weight_kg, athlete.birth_year
    if grid is None or grid.heart_rate_bpm is None or not covers(activity, grid, grid.heart_rate_bpm):
        return None
    if athlete.sex is None or weight_kg is None or birth_year is None:
        return None
    constant, per_bpm, per_kg, per_year = KEYTEL[athlete.sex]
    age = activity.local_date.year - birth_year
    kj_per_min = constant + per_bpm * present(grid.heart_rate_bpm) + per_kg * weight_kg + per_year * age
    kcal = float(np.maximum(kj_per_min, 0).sum()) / 60 / KJ_PER_KCAL
    return Measurement(
        key=CALORIES.key,
        value=kcal,
        method="heart_rate",
        estimated=True,
        thresholds={"weight_kg": weight_kg},
    )


def _by_sport(activity: Activity, athlete: Athlete) -> Measurement:
    weight_kg, seconds = athlete.thresholds.weight_kg, spent_s(activity)
    if weight_kg is None:
        return absent(CALORIES, Reason.NO_WEIGHT)
    if seconds <= 0:
        return absent(CALORIES, Reason.NO_DURATION)
    return Measurement(
        key=CALORIES.key,
        value=MET.get(activity.sport, MET_OTHERS) * weight_kg * seconds / SECONDS_PER_HOUR,
        method="met",
        estimated=True,
        thresholds={"weight_kg": weight_kg},
    )
