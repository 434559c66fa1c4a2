"""Mean-maximal curves: the best power, heart rate and speed for each duration, and where it began."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Channel,
    Column,
    Combination,
    Curve,
    Measurement,
    Metric,
    MetricKey,
    Shape,
    Sport,
    SupportsFullCurves,
)
from training_analyzer_metrics_default.cleaning import (
    Grid,
    grid_of,
    lacks_heart_rate,
    lacks_power,
    lacks_speed,
)
from training_analyzer_metrics_default.power import is_modelled
from training_analyzer_metrics_default.reasons import Reason, absent

EVERY_SECOND_UP_TO_S: Final = 60
LONGEST_S: Final = 86_400
LONGER_DURATIONS: Final = 120
NAMED_S: Final = (90, 120, 180, 240, 300, 360, 480, 600, 720, 900, 1200, 1500, 1800, 2400, 2700,
                  3600, 5400, 7200, 9000, 10_800, 14_400, 18_000, 21_600, 28_800, 43_200)  # fmt: skip
"""Those that athletes speak of."""

MILLIMETRES: Final = 1000
"""In a metre: devices write speeds in whole mm/s, and services in tenths of m/s."""
ROUNDING: Final = 1e-9

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
    combination=Combination.HIGHEST,
    edge_cases=(
        "No window spans a pause or a missing reading.",
        "Not monotone: three minutes may be better than two, where two never fit the intervals.",
        "A device that records sparsely has no durations below its longest step.",
        "Beside spikes it is no record.",
    ),
    elsewhere={"GoldenCheetah": "fills pauses of up to an hour with zeros, and has fewer durations"},
)
HEART_RATE_CURVE: Final = Metric(
    key="metrics_default.heart_rate_curve",
    title="Heart-rate curve",
    unit="bpm",
    explanation="The highest mean heart rate that you had for each duration.",
    formula=_FORMULA,
    source=_SOURCE,
    shape=Shape.CURVE,
    combination=Combination.HIGHEST,
    edge_cases=("As the power curve.",),
    elsewhere={"GoldenCheetah": "as its power curve"},
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
    combination=Combination.HIGHEST,
    edge_cases=(
        "In seconds without a speed, or where it is zero throughout, from the distance.",
        "A length of a pool that is told at its end was swum since the one before.",
        "None spans a jump of the position.",
    ),
    elsewhere={"GoldenCheetah": "pace curve: along time too"},
)
WITHOUT_SPEED: Final = frozenset({Sport.STRENGTH, Sport.OTHER})


class CurveMetrics(ActivityMetrics, SupportsFullCurves):
    """
    The curves of power, heart rate and speed.

    Doubtful, and so no record, where the channel's sensor also sent what cannot be true.
    """

    family: ClassVar[str] = "Curves"
    metrics: ClassVar[tuple[Metric, ...]] = (POWER_CURVE, HEART_RATE_CURVE, SPEED_CURVE)
    thresholds: ClassVar[frozenset[str]] = frozenset()
    version: ClassVar[int] = 6

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        return _curves(given, self.metrics, DURATIONS_S)

    def full_curve(self, given: ActivityInput, key: MetricKey) -> Measurement:
        wanted = next(metric for metric in self.metrics if metric.key == key)
        grid = grid_of(given.activity)
        durations_s = np.arange(1, 1 if grid is None else grid.recorded_s + 1)
        made = list(_curves(given, (wanted,), durations_s))
        return made[0] if made else absent(wanted, Reason.NO_SAMPLES)


@dataclass(frozen=True, slots=True)
class Bests:
    """The best mean of each duration, and the index of the second in which it began."""

    durations_s: tuple[int, ...]
    means: tuple[float, ...]
    starts: tuple[int, ...]


def mean_maximal(readings: Column, stretch: NDArray[np.intp], durations_s: NDArray[np.intp]) -> Bests:
    """
    Return the best mean of each of the durations that fit into an unbroken stretch.

    `readings`: none below zero; NaN where there is none.
    """
    padded, index, per_unit = _padded(readings, stretch)
    sums = np.zeros(padded.size + 1, padded.dtype)
    np.cumsum(padded, dtype=padded.dtype, out=sums[1:])
    fitting = durations_s[durations_s <= (padded.size if index is None else _longest_run(padded))]
    first = np.array(
        [(sums[duration:] - sums[:-duration]).argmax() for duration in fitting.tolist()], dtype=np.intp
    )
    means = (sums[first + fitting] - sums[first]) / (per_unit * fitting)
    starts = first if index is None else index[first]
    return Bests(tuple(fitting.tolist()), tuple(means.tolist()), tuple(starts.tolist()))


def _curves(
    given: ActivityInput, wanted: tuple[Metric, ...], durations_s: NDArray[np.intp]
) -> Iterable[Measurement]:
    grid, sport = grid_of(given.activity), given.activity.sport
    if grid is None:
        yield from (absent(metric, Reason.NO_SAMPLES) for metric in wanted if metric is HEART_RATE_CURVE)
        return
    for metric in wanted:
        if metric is POWER_CURVE and grid.power_w is not None and is_modelled(given.activity):
            yield absent(POWER_CURVE, Reason.POWER_NOT_MEASURED)
        elif metric is POWER_CURVE and (grid.power_w is not None or sport is Sport.RIDE):
            yield _measured(metric, grid, Channel.POWER_W, durations_s)
        elif metric is HEART_RATE_CURVE:
            yield _measured(metric, grid, Channel.HEART_RATE_BPM, durations_s)
        elif metric is SPEED_CURVE and sport not in WITHOUT_SPEED:
            yield _measured(metric, grid, Channel.SPEED_MPS, durations_s)


def _measured(metric: Metric, grid: Grid, channel: Channel, durations_s: NDArray[np.intp]) -> Measurement:
    readings, method, reason = {
        Channel.POWER_W: (grid.power_w, "power", lacks_power(grid)),
        Channel.HEART_RATE_BPM: (grid.heart_rate_bpm, "heart_rate", lacks_heart_rate(grid)),
        Channel.SPEED_MPS: (grid.speed_mps, "speed", lacks_speed(grid)),
    }[channel]
    if readings is None:
        return absent(metric, reason)
    # Where a reading may stand for many seconds, it says nothing of fewer.
    shortest_s = int(np.ceil(grid.hold_s)) if grid.is_sparse else 1
    bests = mean_maximal(readings, grid.stretch, durations_s[shortest_s <= durations_s])
    if not bests.durations_s:
        return absent(metric, Reason.TOO_SHORT)
    curve = Curve(
        seconds=bests.durations_s,
        values=bests.means,
        starts_s=tuple(grid.moment_s[list(bests.starts)].tolist()),
    )
    return Measurement(key=metric.key, value=curve, method=method, doubtful=grid.doubts(channel))


def _padded(readings: Column, stretch: NDArray[np.intp]) -> tuple[Summable, NDArray[np.intp] | None, int]:
    """
    Return the readings with each pause and dropout as one entry, so low that no window with it is best.

    And the second that each entry was, None where there is no pause and no dropout; and how many of its
    units make one of the reading's.
    """
    total = float(readings.sum())
    if np.isfinite(total) and stretch[0] == stretch[-1]:
        narrow, per_unit = _narrow(readings, total)
        return narrow, None, per_unit
    kept = np.flatnonzero(np.isfinite(readings))
    broken = np.flatnonzero((np.diff(kept) > 1) | (np.diff(stretch[kept]) > 0)) + 1
    lowest = np.floor(-(2 * np.nansum(readings) + 1))
    with_breaks = np.insert(readings[kept], broken, lowest)
    narrow, per_unit = _narrow(with_breaks, float(np.abs(with_breaks).sum()))
    return narrow, np.insert(kept, broken, kept[np.minimum(broken, kept.size - 1)]), per_unit


def _narrow(readings: Column, total: float) -> tuple[Summable, int]:
    """
    Return whole numbers as such: their sums are exact, and take half the time. Speeds come in mm/s.

    `total`: of all readings, each without its sign.
    """
    largest = np.iinfo(np.int32).max
    if total < largest:
        whole = readings.astype(np.int32)
        if (whole == readings).all():
            return whole, 1
    if MILLIMETRES * total < largest:
        scaled = MILLIMETRES * readings
        nearest = np.rint(scaled)
        scaled -= nearest
        if np.abs(scaled, out=scaled).max() < ROUNDING:
            return nearest.astype(np.int32), MILLIMETRES
    return readings, 1


def _longest_run(padded: Summable) -> int:
    """Return how many entries lie between two of the pauses."""
    breaks = np.flatnonzero(padded < 0)
    return int(np.diff(np.concatenate(([-1], breaks, [padded.size]))).max()) - 1
