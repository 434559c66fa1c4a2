"""
Power and duration: critical power and W' from best efforts, and threshold power from one of them.

Three fits of one hyperbola, because the same efforts give different numbers under each: which error is
made small decides which efforts weigh most. A number without its fit is no number.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from training_analyzer.sdk import Column

FIT_S: Final = (120, 1200)
"""Efforts from 2 to 20 minutes: GoldenCheetah's range, in which the two-parameter model holds."""
SOUND_CRITICAL_POWER_W: Final = (100.0, 1000.0)
SOUND_CAPACITY_J: Final = (1000.0, 60_000.0)
"""Outside, the efforts were not maximal. The lower bounds are GoldenCheetah's; 60 kJ is ours."""

SHAPE_CAPACITY_S: Final = 80.0
"""W' / CP of the fixed shape, in s: 20 kJ at 250 W (ours)."""
SHAPE_PEAK: Final = 4.0
"""Peak power / CP of the fixed shape (ours). With it, the best 20 minutes are 104 % of the hour."""
SHAPE_S: Final = (300, 3600)
"""Efforts of 5 minutes to an hour tell of threshold power; shorter ones tell of W'."""
HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Fit:
    """Critical power, W', and how far the efforts lie from the curve: root mean square, as a share."""

    critical_power_w: float
    anaerobic_capacity_j: float
    error: float

    @property
    def is_sound(self) -> bool:
        lowest_w, highest_w = SOUND_CRITICAL_POWER_W
        lowest_j, highest_j = SOUND_CAPACITY_J
        return (
            lowest_w < self.critical_power_w < highest_w and lowest_j < self.anaerobic_capacity_j < highest_j
        )


def work_time_linear(seconds: Column, power_w: Column) -> Fit:
    """W = CP t + W', least squares in work: long efforts weigh most. Moritani et al. 1981."""
    slope, intercept = np.polyfit(seconds, power_w * seconds, 1)
    return _fit(float(slope), float(intercept), seconds, power_w)


def power_inverse_time(seconds: Column, power_w: Column) -> Fit:
    """P = CP + W' / t, least squares in power: short efforts weigh most. Whipp et al. 1982."""
    slope, intercept = np.polyfit(1 / seconds, power_w, 1)
    return _fit(float(intercept), float(slope), seconds, power_w)


def time_nonlinear(seconds: Column, power_w: Column) -> Fit:
    """
    T = W' / (P - CP), least squares in time. Monod & Scherrer 1965, as Gaesser et al. 1995 fit it.

    For each CP, the best W' has a closed form; so one number is searched for, between 0 and the lowest
    power, ever more finely.
    """
    low, high = 0.0, float(power_w.min()) * (1 - 1e-9)
    for _ in range(8):
        candidates_w = np.linspace(low, high, 65)
        inverse = 1 / (power_w[None, :] - candidates_w[:, None])
        capacities_j = (inverse @ seconds) / (inverse * inverse).sum(axis=1)
        errors = ((seconds - capacities_j[:, None] * inverse) ** 2).sum(axis=1)
        best = int(errors.argmin())
        low, high = candidates_w[max(best - 1, 0)], candidates_w[min(best + 1, candidates_w.size - 1)]
    return _fit(float(candidates_w[best]), float(capacities_j[best]), seconds, power_w)


FITS: Final[Mapping[str, Callable[[Column, Column], Fit]]] = {
    "work_time_linear": work_time_linear,
    "power_inverse_time": power_inverse_time,
    "time_nonlinear": time_nonlinear,
}


def threshold_power(seconds: Column, power_w: Column) -> Column:
    """
    Return the power of an hour that each effort implies, on a curve of fixed shape.

    Morton's three-parameter curve P = CP + W' / (t + W' / (Pmax - CP)) (Morton 1996, Ergonomics 39:611),
    with W' and Pmax in a fixed ratio to CP; so one effort tells all of it.
    """
    return power_w * _shape(np.array(float(HOUR_S))) / _shape(seconds)


def _shape(seconds: Column) -> Column:
    """Return the power of each duration, where CP is 1."""
    shape: Column = 1 + SHAPE_CAPACITY_S / (seconds + SHAPE_CAPACITY_S / (SHAPE_PEAK - 1))
    return shape


def _fit(critical_w: float, capacity_j: float, seconds: Column, power_w: Column) -> Fit:
    modelled_w = critical_w + capacity_j / seconds
    error = float(np.sqrt(np.mean(((modelled_w - power_w) / power_w) ** 2)))
    return Fit(critical_w, capacity_j, error)
