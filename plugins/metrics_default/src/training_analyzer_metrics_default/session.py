"""The session as a whole: how long, how far and how fast."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.sdk import (
    LONGEST_SESSION_S,
    Activity,
    ActivityInput,
    ActivityMetrics,
    Channel,
    Combination,
    Measurement,
    Metric,
    Sport,
)
from training_analyzer_metrics_default import limits
from training_analyzer_metrics_default.cleaning import SUFFICIENT_COVERAGE, Grid, grid_of, slowest_mps
from training_analyzer_metrics_default.reasons import Reason, absent

ELAPSED_TIME: Final = Metric(
    key="metrics_default.elapsed_time",
    title="Elapsed time",
    unit="s",
    explanation="From start to end, pauses included.",
    formula="last moment - first moment + 1 s, without jumps of the clock",
    source="TrainingPeaks help 223730607 (terms)",
    combination=Combination.SUM,
    edge_cases=(
        "A clock that was set while recording, by more than a day, adds nothing.",
        "A pause of more than a day is one where the service's elapsed time has it in it.",
        "Files without an elapsed time of their own (GPX, TCX, some FIT) count such a step as a pause.",
        "Without samples it is what the service says; over 14 days it is absent.",
    ),
)
RECORDING_TIME: Final = Metric(
    key="metrics_default.recording_time",
    title="Recording time",
    unit="s",
    explanation="How long your device recorded: standing included, pauses not.",
    formula="sum of the seconds inside unbroken stretches",
    source="TrainingPeaks help 223730607 (terms)",
    combination=Combination.SUM,
    edge_cases=(
        "A step of more than 5 s between readings is a pause.",
        "Where a device records sparsely: of more than four times its median step, 30 s at most.",
        "The last reading before a pause counts for one second.",
    ),
    elsewhere={
        "Garmin": "timer time: the same, to about 0.5 %",
        "GoldenCheetah": "workout duration includes gaps unless they are taken out by hand",
    },
)
MOVING_TIME: Final = Metric(
    key="metrics_default.moving_time",
    title="Moving time",
    unit="s",
    explanation="How long you moved while recording.",
    formula="sum of seconds that the service calls moving; else with speed >= 0.894 m/s (ride), "
    "0.417 (run), 0.139 (swim), 0.083 (other)",
    source="WKO (2 mph); Elevate's thresholds for the other sports",
    combination=Combination.SUM,
    edge_cases=(
        "Where the service tells second by second whether you moved, that counts.",
        "A speed sensor that reads zero throughout tells nothing: then it is what the service says.",
        "So it is where the samples, or their speeds, cover less than 90 % of the session.",
        "What they lack otherwise counts as moving.",
        "So does what a speed sensor that dropped to zero reads as standing while the distance grows on.",
        "Where the distance could not be covered at the highest speed read: what the service says.",
    ),
    elsewhere={"GoldenCheetah": "time with speed above 0 or cadence above 0"},
)
PEDALLING_TIME: Final = Metric(
    key="metrics_default.pedalling_time",
    title="Pedalling time",
    unit="s",
    explanation="How long you turned the pedals.",
    formula="sum of seconds with cadence > 0",
    source="TrainingPeaks help 223730607 (terms)",
    combination=Combination.SUM,
    edge_cases=("Absent without a cadence sensor; missing cadence is not coasting.",),
)
AVERAGE_SPEED: Final = Metric(
    key="metrics_default.average_speed",
    title="Average speed",
    unit="km/h",
    explanation="Your mean speed while moving.",
    formula="3.6 * distance / moving time, without jumps of the position",
    source="arithmetic",
    decimals=1,
    combination=Combination.MEAN,
    edge_cases=(
        "By the service's distance, unless the position jumped: then by what is left without the jumps.",
        "Stops do not count, whether or not you paused the device.",
        "Absent where nobody is so fast.",
    ),
)

DEVIATION: Final = 1.1
"""A service's distance may be so much longer than a sensor's (ours)."""


class SessionMetrics(ActivityMetrics):
    """Elapsed, recording, moving and pedalling time, and average speed."""

    family: ClassVar[str] = "Session"
    metrics: ClassVar[tuple[Metric, ...]] = (
        ELAPSED_TIME,
        RECORDING_TIME,
        MOVING_TIME,
        PEDALLING_TIME,
        AVERAGE_SPEED,
    )
    thresholds: ClassVar[frozenset[str]] = frozenset()
    version: ClassVar[int] = 8

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        activity, grid = given.activity, grid_of(given.activity)
        yield _elapsed(activity, grid)
        yield _recording(grid)
        yield _moving(activity, grid)
        if activity.sport is Sport.RIDE:
            yield _pedalling(grid)
        yield _speed(activity, grid)


def spent_s(activity: Activity) -> float:
    """Return the time on the move, else the elapsed time; 0 where neither can be true."""
    grid = grid_of(activity)
    if grid is not None and grid.clock_jumps_s:
        # What the provider made of a clock that jumped is worth nothing.
        return float(grid.recorded_s if grid.moving is None else np.count_nonzero(grid.moving))
    seconds = activity.moving_s or activity.elapsed_s
    return seconds if seconds <= LONGEST_SESSION_S else 0.0


def moved_s(activity: Activity) -> float:
    """
    Return the time on the move: by the samples where they tell of the whole session, else as `spent_s`.

    What devices call their time has the stops in it at which nobody paused them.
    """
    grid = grid_of(activity)
    return spent_s(activity) if grid is None else _moved_by_samples_s(activity, grid) or spent_s(activity)


def _moved_by_samples_s(activity: Activity, grid: Grid) -> float | None:
    """Return the session without the seconds that are known to have been standing; None where too few are."""
    if grid.moving is None or grid.recorded_s < SUFFICIENT_COVERAGE * activity.moving_s:
        return None
    told = activity.samples is not None and activity.samples.get(Channel.MOVING) is not None
    standing, fastest_mps = ~grid.moving, np.inf
    if not told and grid.speed_mps is not None:
        known = np.isfinite(grid.speed_mps)
        if known.mean() < SUFFICIENT_COVERAGE:
            return None
        standing &= known & ~_going_on(grid, standing, activity.sport)
        fastest_mps = DEVIATION * float(np.nanmax(grid.speed_mps))
    seconds = max(activity.moving_s, grid.recorded_s) - float(np.count_nonzero(standing))
    return seconds if (_distance_m(activity, grid) or 0.0) <= fastest_mps * seconds else None


def _going_on(grid: Grid, standing: NDArray[np.bool_], sport: Sport) -> NDArray[np.bool_]:
    """Return the seconds of each row of such in which the distance grew as on the move: a sensor dropped."""
    # A length of a pool that is told at its end may have been spread over the rest before it.
    if grid.distance_m is None or sport is Sport.SWIM:
        return np.zeros_like(standing)
    paused = np.diff(grid.stretch) > 0
    grown_m = np.append(np.where(paused, 0.0, np.diff(grid.distance_m)), 0.0)
    row = np.append(0, np.cumsum(paused | (standing[1:] != standing[:-1])))
    # Of the whole row, since a distance may lag behind somebody who has just stopped.
    along_mps = np.bincount(row, weights=grown_m) / np.bincount(row)
    going_on: NDArray[np.bool_] = along_mps[row] >= slowest_mps(sport)
    return going_on


def session_speed(activity: Activity) -> float | Reason:
    """Return the average speed on the move in m/s, or why there is none to be believed."""
    grid, seconds = grid_of(activity), moved_s(activity)
    distance_m = _distance_m(activity, grid)
    if not distance_m:
        return Reason.NO_DISTANCE
    if seconds <= 0:
        return Reason.NO_DURATION
    speed_mps = distance_m / seconds
    return speed_mps if limits.sound_session_speed(speed_mps, activity.sport) else Reason.UNSOUND_DISTANCE


def _distance_m(activity: Activity, grid: Grid | None) -> float | None:
    track = None if grid is None else grid.track
    if track is not None and (track.jumps or activity.distance_m is None):
        return float(track.distance_m[-1])
    return activity.distance_m


def _elapsed(activity: Activity, grid: Grid | None) -> Measurement:
    if grid is not None:
        return Measurement(key=ELAPSED_TIME.key, value=grid.elapsed_s, method="samples")
    if 0 < activity.elapsed_s <= LONGEST_SESSION_S:
        return Measurement(key=ELAPSED_TIME.key, value=activity.elapsed_s, method="summary")
    return absent(ELAPSED_TIME, Reason.NO_DURATION)


def _recording(grid: Grid | None) -> Measurement:
    if grid is None:
        return absent(RECORDING_TIME, Reason.NO_SAMPLES)
    return Measurement(key=RECORDING_TIME.key, value=float(grid.recorded_s), method="samples")


def _moving(activity: Activity, grid: Grid | None) -> Measurement:
    by_samples_s = None if grid is None else _moved_by_samples_s(activity, grid)
    if by_samples_s is not None:
        return Measurement(key=MOVING_TIME.key, value=by_samples_s, method="samples")
    seconds = spent_s(activity)
    if seconds <= 0 or activity.moving_s <= 0:
        return absent(MOVING_TIME, Reason.NO_DURATION)
    return Measurement(key=MOVING_TIME.key, value=seconds, method="summary")


def _pedalling(grid: Grid | None) -> Measurement:
    if grid is None:
        return absent(PEDALLING_TIME, Reason.NO_SAMPLES)
    if grid.cadence_rpm is None:
        return absent(PEDALLING_TIME, Reason.NO_CADENCE)
    pedalling = float(np.count_nonzero(grid.cadence_rpm > 0))
    return Measurement(key=PEDALLING_TIME.key, value=pedalling, method="cadence")


def _speed(activity: Activity, grid: Grid | None) -> Measurement:
    speed_mps = session_speed(activity)
    if isinstance(speed_mps, Reason):
        return absent(AVERAGE_SPEED, speed_mps)
    own = grid is not None and (
        (grid.track is not None and bool(grid.track.jumps)) or bool(_moved_by_samples_s(activity, grid))
    )
    return Measurement(key=AVERAGE_SPEED.key, value=3.6 * speed_mps, method="samples" if own else "summary")
