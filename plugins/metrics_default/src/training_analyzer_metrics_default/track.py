"""Distance over time without jumps of the position: what best efforts, speed and slopes are made from."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import Column, Sport
from training_analyzer_metrics_default import limits

POOL_M: Final = 50.0
"""A pool swimmer's distance grows by a whole length at once: that is no jump, and no speed."""
SETBACK_M: Final = 5.0
"""A distance that falls by more begins anew; by less, it is noise, and counts as standing (ours)."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """
    Distance at each moment at which there was a reading. Columns of shape (n,).

    `distance_m`: never falls, and does not grow where the position jumped.
    `piece`: rises by one at each jump: nothing is measured across one.
    """

    moment_s: Column
    distance_m: Column
    piece: NDArray[np.intp]
    jumps: int

    def at(self, moments_s: Column) -> Column:
        """Return the distance at these moments, on a straight line between the readings."""
        if moments_s is self.moment_s:
            return self.distance_m
        distance_m: Column = np.interp(moments_s, self.moment_s, self.distance_m)
        return distance_m

    def jump_within(self, moments_s: Column) -> NDArray[np.bool_]:
        """Return for each second that begins at a moment whether the position jumped in it."""
        before = np.searchsorted(self.moment_s, moments_s, side="right") - 1
        after = np.searchsorted(self.moment_s, moments_s + 1, side="left")
        last = self.piece.size - 1
        jumped: NDArray[np.bool_] = (
            self.piece[np.clip(before, 0, last)] != self.piece[np.clip(after, 0, last)]
        )
        return jumped


def track_of(seconds: Column, distance_m: Column | None, sport: Sport, hold_s: float) -> Track | None:
    """
    Return the track of a recorded distance, or None where there are no two readings.

    `hold_s`: a longer step between readings is a pause.
    """
    if distance_m is None:
        return None
    present = np.isfinite(distance_m)
    whole = np.count_nonzero(present) == present.size
    moment_s, reading_m = (seconds, distance_m) if whole else (seconds[present], distance_m[present])
    if moment_s.size < 2:  # noqa: PLR2004 - a step needs two
        return None
    step_m, farthest_m = reading_m[1:] - reading_m[:-1], moment_s[1:] - moment_s[:-1]
    farthest_m *= limits.fastest_mps(sport)
    if sport is Sport.SWIM:
        farthest_m += POOL_M
    jumped = (step_m > farthest_m) | (step_m < -SETBACK_M)
    jumps = int(np.count_nonzero(jumped))
    piece = np.zeros(moment_s.size, dtype=np.intp)
    if jumps:
        np.cumsum(jumped, out=piece[1:])
        step_m[jumped] = 0.0
    grown_m = np.zeros(moment_s.size)
    np.cumsum(np.maximum(step_m, 0.0), out=grown_m[1:])
    if sport is Sport.SWIM:
        grown_m = _spread(moment_s, grown_m, hold_s)
    return Track(moment_s=moment_s, distance_m=grown_m, piece=piece, jumps=jumps)


def _spread(moment_s: Column, grown_m: Column, hold_s: float) -> Column:
    """
    Let a length that is told at its end have been swum since the one before, or since the pause.

    Only where the step is faster than anybody swims: a distance that grows steadily stays as it is.
    """
    step_m, step_s = np.diff(grown_m), np.diff(moment_s)
    fastest_mps = limits.fastest_mps(Sport.SWIM)
    told = np.flatnonzero(step_m > fastest_mps * step_s)
    if not told.size:
        return grown_m
    before = latest(np.append(True, step_m > 0))[told]
    resumed = latest(np.append(True, (step_m > 0) | (step_s > hold_s)))[told]
    # A length that is told just behind a pause was swum before it.
    hasty = step_m[told] > fastest_mps * (moment_s[told + 1] - moment_s[resumed])
    begun = np.where(hasty, before, resumed)
    nested = np.zeros(moment_s.size + 1, dtype=np.intp)
    np.add.at(nested, begun + 1, 1)
    np.add.at(nested, told + 1, -1)
    known = np.cumsum(nested)[:-1] == 0
    spread_m: Column = np.interp(moment_s, moment_s[known], grown_m[known])
    return spread_m


def latest(happens: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return for each reading the last one up to it at which it happens."""
    last: NDArray[np.intp] = np.maximum.accumulate(np.where(happens, np.arange(happens.size), 0))
    return last
