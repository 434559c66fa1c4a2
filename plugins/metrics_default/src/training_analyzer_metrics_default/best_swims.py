"""Best swims: the shortest time for each distance in a pool, by its lengths, and where it began."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Combination,
    Curve,
    Measurement,
    Metric,
    Shape,
    Sport,
)
from training_analyzer_metrics_default import limits
from training_analyzer_metrics_default.best_efforts import Piece
from training_analyzer_metrics_default.reasons import Reason, absent

DISTANCES_M: Final = (50.0, 100.0, 200.0, 400.0, 800.0, 1000.0, 1500.0, 1900.0, 3800.0)
"""Those of races in pools, of tests, and of half and full triathlons over long distances."""

BEST_SWIMS: Final = Metric(
    key="metrics_default.best_swims",
    title="Best swims",
    unit="m",
    explanation="Your shortest time for each distance from 50 m to 3.8 km in a pool, rests included.",
    formula="min of T(d + D) - T(d) over all d, T on straight lines between the ends of lengths; the "
    "curve has the times as its seconds and the distances as its values",
    source="definition; elapsed time counts, as in a race",
    shape=Shape.CURVE,
    combination=Combination.SHORTEST,
    edge_cases=(
        "From the lengths that your watch counts; without them there is none.",
        "Elapsed time counts, rests at the wall too.",
        "Faster than the world record over 50 m on average: none at all.",
    ),
)


class BestSwims(ActivityMetrics):
    """The fastest 50 m to 3.8 km of a swim in a pool."""

    family: ClassVar[str] = "Swimming"
    metrics: ClassVar[tuple[Metric, ...]] = (BEST_SWIMS,)
    thresholds: ClassVar[frozenset[str]] = frozenset()

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        if given.activity.sport is not Sport.SWIM:
            return []
        found = best_swims(given.activity)
        if not found:
            return [absent(BEST_SWIMS, Reason.NO_LENGTHS)]
        if any(not limits.sound_session_speed(metres / seconds, Sport.SWIM) for seconds, metres, _ in found):
            # The pool is shorter than the watch was told, or it counted turns that were none.
            return [absent(BEST_SWIMS, Reason.UNSOUND_DISTANCE)]
        seconds, metres, starts_s = zip(*found, strict=True)
        curve = Curve(seconds=seconds, values=metres, starts_s=starts_s)
        return [Measurement(key=BEST_SWIMS.key, value=curve, method="lengths")]


def best_swims(activity: Activity) -> list[tuple[float, float, float]]:
    """Return time, distance and beginning of each best, shortest first."""
    swum = sorted((one for one in activity.lengths if one.swum), key=lambda length: length.start_s)
    if not swum or not activity.pool_length_m:
        return []
    # Devices write beginnings in whole seconds, and how long it took more finely: a length cannot end
    # after the next has begun.
    moments_s = np.array([moment for one in swum for moment in (one.start_s, one.start_s + one.elapsed_s)])
    moments_s = np.minimum.accumulate(moments_s[::-1])[::-1]
    distance_m = activity.pool_length_m * np.repeat(np.arange(len(swum) + 1.0), 2)[1:-1]
    piece = Piece(moments_s, distance_m)
    bests = ((piece.best(wanted_m), wanted_m) for wanted_m in DISTANCES_M)
    return [(best[0], wanted_m, best[1]) for best, wanted_m in bests if best is not None]
