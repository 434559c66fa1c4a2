"""Slopes, and what running up or down them is worth on the flat."""

from typing import Final

import numpy as np

from training_analyzer.sdk import Column
from training_analyzer_metrics_default.settings import GapModel

WINDOW_M: Final = 50.0
"""A slope is taken from 25 m behind to 25 m ahead: over less, an altitude in whole metres is noise (ours)."""
STEEPEST: Final = 0.45
"""Minetti measured between -45 and 45 %; steeper counts as that."""

STRAVA: Final = (
    (-45, -30, -25, -20, -15, -10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10, 15, 20, 25, 30, 45),
    (2.096, 1.495, 1.273, 1.081, 0.941, 0.876, 0.876, 0.891, 0.918, 0.960, 1.0, 1.055, 1.135, 1.228, 1.337,
     1.459, 1.846, 2.297, 2.727, 3.158, 4.286),
)  # fmt: skip
"""Slope in %, factor on speed: equal heart rates, Robb 2017; read off Strava's curve by specialsauce."""
TRAININGPEAKS: Final = (
    (-25, -20, -15, -10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10, 15, 20, 25, 30),
    (1.28, 1.067, 0.921, 0.857, 0.856, 0.870, 0.897, 0.941, 1.0, 1.074, 1.162, 1.266, 1.383, 1.514, 1.905,
     2.365, 2.874, 3.429),
)  # fmt: skip
"""The same for normalized graded pace, read off TrainingPeaks by specialsauce."""
MINETTI: Final = (155.4, -30.4, -43.3, 46.3, 19.5, 3.6)
"""J per kg and m as a polynomial of the slope: Minetti 2002, doi:10.1152/japplphysiol.01177.2001."""


def slope_of(altitude_m: Column, distance_m: Column) -> Column:
    """Return the slope at each reading as a share of one; NaN where the altitude is."""
    known = np.isfinite(altitude_m)
    at_m = distance_m
    whole = np.count_nonzero(known) == known.size
    if not whole:
        at_m, altitude_m = at_m[known], altitude_m[known]
    behind_m = np.maximum(distance_m - WINDOW_M / 2, at_m[0])
    ahead_m = np.minimum(distance_m + WINDOW_M / 2, at_m[-1])
    span_m = ahead_m - behind_m
    rise_m = np.interp(ahead_m, at_m, altitude_m) - np.interp(behind_m, at_m, altitude_m)
    # Over less than a metre there is no telling: somebody stood still.
    slope: Column = np.divide(rise_m, span_m, out=np.zeros_like(rise_m), where=span_m >= 1)
    if not whole:
        slope[~known] = np.nan
    np.maximum(slope, -STEEPEST, out=slope)
    np.minimum(slope, STEEPEST, out=slope)
    return slope


def factor_of(slope: Column, model: GapModel) -> Column:
    """Return by how much speed on the slope has to be multiplied for equal effort on the flat."""
    if model is GapModel.MINETTI:
        return np.asarray(np.polyval(MINETTI, slope), dtype=np.float64) / MINETTI[-1]
    return np.interp(100 * slope, *STRAVA)


def trainingpeaks_factor_of(slope: Column) -> Column:
    return np.interp(100 * slope, *TRAININGPEAKS)
