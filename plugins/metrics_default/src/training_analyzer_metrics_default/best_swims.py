"""Best swims: the shortest time for each distance in a pool, by its lengths, and where it began."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Column,
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
        "A length faster than anybody swims, as of a lap key pressed by accident, does not count.",
        "Faster than the world record over 50 m on average: none at all.",
    ),
)


class BestSwims(ActivityMetrics):
    """The fastest 50 m to 3.8 km of a swim in a pool."""

    family: ClassVar[str] = "Swimming"
    metrics: ClassVar[tuple[Metric, ...]] = (BEST_SWIMS,)
    thresholds: ClassVar[frozenset[str]] = frozenset()
    version: ClassVar[int] = 2

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        if given.activity.sport is not Sport.SWIM:
            return []
        found = best_swims(given.activity)
        if not found:
            return [absent(BEST_SWIMS, _lacks_lengths(given.activity))]
        if any(not limits.sound_session_speed(metres / seconds, Sport.SWIM) for seconds, metres, _ in found):
            # The pool is shorter than the watch was told, or it counted turns that were none.
            return [absent(BEST_SWIMS, Reason.UNSOUND_DISTANCE)]
        seconds, metres, starts_s = zip(*found, strict=True)
        curve = Curve(seconds=seconds, values=metres, starts_s=starts_s)
        return [Measurement(key=BEST_SWIMS.key, value=curve, method="lengths")]


def best_swims(activity: Activity) -> list[tuple[float, float, float]]:
    """Return time, distance and beginning of each best, shortest first."""
    moments_s = _moments(activity)
    if not moments_s.size or not activity.pool_length_m:
        return []
    distance_m = activity.pool_length_m * np.repeat(np.arange(moments_s.size / 2 + 1), 2)[1:-1]
    piece = Piece(moments_s, distance_m)
    bests = ((piece.best(wanted_m), wanted_m) for wanted_m in DISTANCES_M)
    return [(best[0], wanted_m, best[1]) for best, wanted_m in bests if best is not None]


def _lacks_lengths(activity: Activity) -> Reason:
    told = activity.pool_length_m and any(one.swum for one in activity.lengths)
    return Reason.UNSOUND_DISTANCE if told and not _moments(activity).size else Reason.NO_LENGTHS


def _moments(activity: Activity) -> Column:
    """Return beginning and end of each length in turn, without lengths that nobody swims so fast."""
    shortest_s = (activity.pool_length_m or 0.0) / limits.fastest_mps(Sport.SWIM)
    swum = sorted(
        (one.start_s, one.elapsed_s) for one in activity.lengths if one.swum and one.elapsed_s >= shortest_s
    )
    moments_s = np.array([moment for start_s, spent_s in swum for moment in (start_s, start_s + spent_s)])
    # Devices write beginnings in whole seconds, and how long it took more finely: a length cannot end
    # after the next has begun. What that leaves no time for was no length.
    moments_s = np.minimum.accumulate(moments_s[::-1])[::-1]
    possible = moments_s[1::2] - moments_s[::2] >= shortest_s
    swum_s: Column = moments_s[np.repeat(possible, 2)]
    return swum_s
