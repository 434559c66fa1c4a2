"""Activities as detectors see them: with curves, and nothing else, made up on the spot."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import count
from uuid import UUID

from training_analyzer.sdk import (
    Athlete,
    Curve,
    DetectionInput,
    MeasuredActivity,
    Measurement,
    Sport,
    Thresholds,
    ThresholdSuggestion,
)
from training_analyzer_metrics_default.best_efforts import BEST_EFFORTS
from training_analyzer_metrics_default.best_swims import BEST_SWIMS
from training_analyzer_metrics_default.curves import DURATIONS_S, HEART_RATE_CURVE, POWER_CURVE, SPEED_CURVE

TODAY = date(2026, 6, 15)
numbers = count(1)


def activity(
    sport: Sport = Sport.RIDE, days_ago: int = 3, **curves: Mapping[float, float]
) -> MeasuredActivity:
    keys = {
        "power": POWER_CURVE,
        "heart_rate": HEART_RATE_CURVE,
        "speed": SPEED_CURVE,
        "efforts": BEST_EFFORTS,
        "swims": BEST_SWIMS,
    }
    return MeasuredActivity(
        UUID(int=next(numbers)),
        sport,
        TODAY - timedelta(days=days_ago),
        3600,
        {
            keys[name].key: Measurement(
                key=keys[name].key,
                value=Curve(
                    seconds=tuple(curve), values=tuple(curve.values()), starts_s=tuple(0.0 for _ in curve)
                ),
            )
            for name, curve in curves.items()
        },
    )


def given_of(*activities: MeasuredActivity, **known: float) -> DetectionInput:
    athlete = Athlete(thresholds=Thresholds.model_validate(known))
    return DetectionInput(TODAY, activities, {one.sport: athlete for one in activities})


def only(found: Iterable[ThresholdSuggestion]) -> ThresholdSuggestion:
    (one,) = found
    return one


def held(function: Callable[[float], float], *, up_to_s: float = 86_400) -> dict[float, float]:
    return {float(s): function(float(s)) for s in DURATIONS_S if s <= up_to_s}


def hyperbola(critical_w: float = 250, capacity_j: float = 20_000) -> Callable[[float], float]:
    return lambda seconds: critical_w + capacity_j / seconds
