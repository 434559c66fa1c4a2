"""Best efforts: the shortest time for each distance that runners speak of, and where it began."""

from collections.abc import Iterable
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Channel,
    Column,
    Combination,
    Curve,
    Measurement,
    Metric,
    Shape,
    Sport,
)
from training_analyzer_metrics_default import limits
from training_analyzer_metrics_default.cleaning import CLOCK_JUMP_S, grid_of
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.track import Track

DISTANCES_M: Final = (400.0, 804.672, 1000.0, 1609.344, 3218.688, 5000.0, 10_000.0, 15_000.0, 16_093.44,
                      20_000.0, 21_097.5, 30_000.0, 42_195.0)  # fmt: skip
"""400 m, 1/2 mile, 1 km, 1 and 2 miles, 5, 10, 15 km, 10 miles, 20 km, half marathon, 30 km, marathon."""

ROUNDING_M: Final = 1e-6

BEST_EFFORTS: Final = Metric(
    key="metrics_default.best_efforts",
    title="Best efforts",
    unit="m",
    explanation="Your shortest time for each distance from 400 m to the marathon, pauses included.",
    formula="min of T(d + D) - T(d) over all d, T on straight lines between readings; the curve has "
    "the times as its seconds and the distances as its values",
    source="definition; elapsed time counts, as in a race",
    shape=Shape.CURVE,
    combination=Combination.SHORTEST,
    edge_cases=(
        "Elapsed time counts, pauses too, as in a race.",
        "None spans a jump of the position or of the clock; such a run holds no record.",
        "Faster than the world record over 400 m on average: none at all.",
    ),
    elsewhere={
        "Strava": "whole seconds, from a finer stream: within 1.5 s or 0.5 % on a marathon",
        "GoldenCheetah": "from its pace curve, along time and not distance",
    },
)


class BestEfforts(ActivityMetrics):
    """The fastest 400 m to marathon of a run. None spans a jump of the position."""

    family: ClassVar[str] = "Running"
    metrics: ClassVar[tuple[Metric, ...]] = (BEST_EFFORTS,)
    thresholds: ClassVar[frozenset[str]] = frozenset()
    version: ClassVar[int] = 2

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        if given.activity.sport is not Sport.RUN:
            return []
        grid = grid_of(given.activity)
        if grid is None:
            return [absent(BEST_EFFORTS, Reason.NO_SAMPLES)]
        if grid.track is None:
            return [absent(BEST_EFFORTS, Reason.NO_DISTANCE)]
        found = best_efforts(grid.track)
        if not found:
            return [absent(BEST_EFFORTS, Reason.TOO_SHORT_FOR_EFFORTS)]
        if any(not limits.sound_session_speed(metres / seconds, Sport.RUN) for seconds, metres, _ in found):
            # Faster than any record: somebody rode a bicycle, or a car.
            return [absent(BEST_EFFORTS, Reason.UNSOUND_DISTANCE)]
        seconds, metres, starts_s = zip(*found, strict=True)
        curve = Curve(seconds=seconds, values=metres, starts_s=starts_s)
        doubtful = grid.doubts(Channel.DISTANCE_M)
        return [Measurement(key=BEST_EFFORTS.key, value=curve, method="distance", doubtful=doubtful)]


def best_efforts(track: Track) -> list[tuple[float, float, float]]:
    """Return time, distance and beginning of each best, shortest first."""
    pieces = _pieces(track)
    found: list[tuple[float, float, float]] = []
    for wanted_m in DISTANCES_M:
        bests = [best for piece in pieces if (best := piece.best(wanted_m)) is not None]
        if bests:
            time_s, start_s = min(bests)
            found.append((time_s, wanted_m, start_s))
    return found


def _pieces(track: Track) -> list["Piece"]:
    """Return the unbroken parts that are long enough. A clock that was set breaks as a jump does."""
    breaks = (np.diff(track.piece) > 0) | (np.diff(track.moment_s) > CLOCK_JUMP_S)
    bounds = [0, *(np.flatnonzero(breaks) + 1).tolist(), track.moment_s.size]
    return [
        Piece(track.moment_s[first:end], track.distance_m[first:end])
        for first, end in pairwise(bounds)
        if track.distance_m[end - 1] - track.distance_m[first] >= DISTANCES_M[0]
    ]


class Piece:
    """
    An unbroken part of a track.

    Somebody who stood reached a distance at one moment and left it at another. The shortest time
    for a distance begins or ends at a reading, since time is straight in between.
    """

    def __init__(self, moment_s: Column, distance_m: Column) -> None:
        self._moment_s = moment_s
        self._at_m = distance_m
        self._step_s = np.diff(moment_s)
        self._from_end_s, self._from_end_m = moment_s[::-1].copy(), -distance_m[::-1]

    def best(self, wanted_m: float) -> tuple[float, float] | None:
        """Return the shortest time for the distance and when it began; None where the piece is shorter."""
        at_m, moment_s = self._at_m, self._moment_s
        # Rounding of a sum must not cost the one effort that is exactly as long as the piece.
        from_here = int(np.searchsorted(at_m, at_m[-1] - wanted_m + ROUNDING_M, side="right"))
        if from_here == 0:
            return None
        begun_s = moment_s[:from_here]
        forward_s = self._reached(np.minimum(at_m[:from_here] + wanted_m, at_m[-1])) - begun_s
        ahead = int(forward_s.argmin())
        # Who begins between two readings saves at most the step between them.
        hopeful = np.flatnonzero(forward_s - self._step_s[:from_here] <= forward_s[ahead])
        first = np.searchsorted(at_m, at_m[hopeful[0]] + wanted_m - ROUNDING_M, side="left")
        last = np.searchsorted(at_m, at_m[hopeful[-1] + 1] + wanted_m + ROUNDING_M, side="right")
        ends = slice(first, last + 1)  # with the next, since there may be none between
        before_s = self._left(np.maximum(at_m[ends] - wanted_m, at_m[0]))
        backward_s = moment_s[ends] - before_s
        back = int(backward_s.argmin())
        return min(
            (float(forward_s[ahead]), float(begun_s[ahead])),
            (float(backward_s[back]), float(before_s[back])),
        )

    def _left(self, wanted_m: Column) -> Column:
        """Return when these distances were last left: of equal distances, `interp` takes the last."""
        return np.interp(wanted_m, self._at_m, self._moment_s)

    def _reached(self, wanted_m: Column) -> Column:
        """Return when these distances were first reached: the same, seen from the end."""
        return np.interp(-wanted_m, self._from_end_m, self._from_end_s)
