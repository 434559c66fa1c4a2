"""Mean-maximal curves: the best power, heart rate and speed for each duration, and where it began."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Column,
    Curve,
    Measurement,
    Metric,
    Shape,
    Sport,
)
from training_analyzer_metrics_default.cleaning import Grid, grid_of, lacks_heart_rate, lacks_power
from training_analyzer_metrics_default.power import is_modelled
from training_analyzer_metrics_default.reasons import Reason, absent

EVERY_SECOND_UP_TO_S: Final = 60
LONGEST_S: Final = 86_400
LONGER_DURATIONS: Final = 120
NAMED_S: Final = (90, 120, 180, 240, 300, 360, 480, 600, 720, 900, 1200, 1500, 1800, 2400, 2700,
                  3600, 5400, 7200, 9000, 10_800, 14_400, 18_000, 21_600, 28_800, 43_200)  # fmt: skip
"""Those that athletes speak of."""


Summable = NDArray[np.int32] | NDArray[np.float64]


def _durations() -> NDArray[np.intp]:
    """Return the durations that every curve has, so that curves of many activities can be combined."""
    longer = np.geomspace(EVERY_SECOND_UP_TO_S, LONGEST_S, LONGER_DURATIONS + 1).round()
    return np.unique([*range(1, EVERY_SECOND_UP_TO_S + 1), *longer, *NAMED_S]).astype(np.intp)


DURATIONS_S: Final = _durations()

_FORMULA: Final = (
    "max over all windows of t seconds of the mean in it, for every t to 60 s and about 120 longer ones; "
    "no window spans a pause or a missing reading"
)
_SOURCE: Final = "definition of the mean-maximal curve; exact at each duration"

POWER_CURVE: Final = Metric(
    key="metrics_default.power_curve",
    title="Power curve",
    unit="W",
    explanation="The highest mean power that you held for each duration.",
    formula=_FORMULA,
    source=_SOURCE,
    shape=Shape.CURVE,
)
HEART_RATE_CURVE: Final = Metric(
    key="metrics_default.heart_rate_curve",
    title="Heart-rate curve",
    unit="bpm",
    explanation="The highest mean heart rate that you had for each duration.",
    formula=_FORMULA,
    source=_SOURCE,
    shape=Shape.CURVE,
)
SPEED_CURVE: Final = Metric(
    key="metrics_default.speed_curve",
    title="Speed curve",
    unit="m/s",
    explanation="The highest mean speed that you held for each duration; 1000 / speed is the pace per km.",
    formula=_FORMULA,
    source=_SOURCE,
    decimals=2,
    shape=Shape.CURVE,
)
WITHOUT_SPEED: Final = frozenset({Sport.STRENGTH, Sport.OTHER})


class CurveMetrics(ActivityMetrics):
    """The curves of power, heart rate and speed."""

    metrics: ClassVar[tuple[Metric, ...]] = (POWER_CURVE, HEART_RATE_CURVE, SPEED_CURVE)

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid, sport = grid_of(given.activity), given.activity.sport
        if grid is None:
            yield from (absent(metric, Reason.NO_SAMPLES) for metric in self.metrics[1:2])
            return
        if grid.power_w is not None and is_modelled(given.activity):
            yield absent(POWER_CURVE, Reason.POWER_NOT_MEASURED)
        elif grid.power_w is not None or sport is Sport.RIDE:
            yield _measured(POWER_CURVE, grid, grid.power_w, "power", lacks_power(grid))
        yield _measured(HEART_RATE_CURVE, grid, grid.heart_rate_bpm, "heart_rate", lacks_heart_rate(grid))
        if sport not in WITHOUT_SPEED:
            yield _measured(SPEED_CURVE, grid, grid.speed_mps, "speed", Reason.NO_SPEED)


@dataclass(frozen=True, slots=True)
class Bests:
    """The best mean of each duration, and the index of the second in which it began."""

    durations_s: tuple[int, ...]
    means: tuple[float, ...]
    starts: tuple[int, ...]


def mean_maximal(readings: Column, stretch: NDArray[np.intp], durations_s: NDArray[np.intp]) -> Bests:
    """Return the best mean of each of the durations that fit into an unbroken stretch."""
    padded, index = _padded(readings, stretch)
    sums = np.zeros(padded.size + 1, padded.dtype)
    np.cumsum(padded, dtype=padded.dtype, out=sums[1:])
    room = np.empty_like(sums)
    fitting: list[int] = durations_s[durations_s <= _longest_run(padded)].tolist()
    means: list[float] = []
    starts: list[int] = []
    for duration in fitting:
        windows = np.subtract(sums[duration:], sums[:-duration], out=room[: sums.size - duration])
        start = int(windows.argmax())
        means.append(float(windows[start]) / duration)
        starts.append(int(index[start]))
    return Bests(tuple(fitting), tuple(means), tuple(starts))


def _measured(
    metric: Metric, grid: Grid, readings: Column | None, method: str, reason: Reason
) -> Measurement:
    if readings is None:
        return absent(metric, reason)
    # Where a reading may stand for many seconds, it says nothing of fewer.
    shortest_s = int(np.ceil(grid.hold_s)) if grid.is_sparse else 1
    bests = mean_maximal(readings, grid.stretch, DURATIONS_S[shortest_s <= DURATIONS_S])
    if not bests.durations_s:
        return absent(metric, Reason.TOO_SHORT)
    curve = Curve(
        seconds=bests.durations_s,
        values=bests.means,
        starts_s=tuple(grid.moment_s[list(bests.starts)].tolist()),
    )
    return Measurement(key=metric.key, value=curve, method=method)


def _padded(readings: Column, stretch: NDArray[np.intp]) -> tuple[Summable, NDArray[np.intp]]:
    """
    Return the readings with each pause and dropout as one entry, so low that no window with it is best.

    And the second that each entry was. Whole numbers are summed as such: exact, and twice as fast.
    """
    present = np.isfinite(readings)
    paused = np.flatnonzero(np.diff(stretch)) + 1
    if present.all() and not paused.size:
        return _narrow(readings), np.arange(readings.size)
    kept = np.flatnonzero(present)
    broken = np.flatnonzero((np.diff(kept) > 1) | (np.diff(stretch[kept]) > 0)) + 1
    lowest = -(2 * np.nansum(readings) + 1)
    padded = np.insert(readings[kept], broken, np.floor(lowest))
    return _narrow(padded), np.insert(kept, broken, kept[np.minimum(broken, kept.size - 1)])


def _narrow(readings: Column) -> Summable:
    if np.abs(readings).sum() < np.iinfo(np.int32).max and (readings == np.floor(readings)).all():
        return readings.astype(np.int32)
    return readings


def _longest_run(padded: Summable) -> int:
    """Return how many entries lie between two of the pauses."""
    breaks = np.flatnonzero(padded < 0)
    return int(np.diff(np.concatenate(([-1], breaks, [padded.size]))).max()) - 1
