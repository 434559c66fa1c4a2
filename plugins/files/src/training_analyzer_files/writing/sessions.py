"""What FIT and TCX both need to know of a session: its laps without holes, and its pauses."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training_analyzer.sdk import Activity, Channel, Column

_SHORTEST_PAUSE_S: Final = 10.0
_PAUSE_IN_STEPS: Final = 5.0
"""A gap so much longer than this recording's usual steps is a pause, and not a sparse recording."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A gap in which the timer stood still, in seconds since the start."""

    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class WrittenLap:
    """A lap as it is written: `timer_s` is without pauses."""

    begins: float
    ends: float
    timer_s: float
    distance_m: float


def pauses_of(activity: Activity) -> list[Pause]:
    """Return the gaps that are pauses; none where the activity itself counts no pause."""
    if activity.samples is None or activity.elapsed_s - activity.moving_s < 1:
        return []
    seconds = activity.samples.seconds
    steps = np.diff(seconds)
    if not steps.size:
        return []
    longer = np.flatnonzero(steps > max(_SHORTEST_PAUSE_S, _PAUSE_IN_STEPS * float(np.median(steps))))
    return [Pause(float(seconds[at]), float(seconds[at + 1])) for at in longer]


def laps_of(activity: Activity) -> list[WrittenLap]:
    """Return laps that cover the session: those of the activity, else one."""
    stated = {lap.start_s: lap for lap in activity.laps if lap.start_s < activity.elapsed_s}
    begins = sorted({0.0, *stated})
    ends = [*begins[1:], activity.elapsed_s]
    travelled = None if activity.samples is None else activity.samples.get(Channel.DISTANCE_M)
    lengths = [end - begin for begin, end in zip(begins, ends, strict=True)]
    timers = _timers(activity, list(zip(begins, ends, strict=True)))
    return [
        WrittenLap(
            begin,
            begin + length,
            timer_s,
            _distance(activity, stated[begin].distance_m if begin in stated else None, begin, end, travelled)
            if len(begins) > 1
            else activity.distance_m or 0.0,
        )
        for begin, end, length, timer_s in zip(begins, ends, lengths, timers, strict=True)
    ]


def _timers(activity: Activity, spans: list[tuple[float, float]]) -> list[float]:
    """Return the time of each lap without pauses; together they are the moving time."""
    stood_s = max(activity.elapsed_s - activity.moving_s, 0.0)
    pauses = pauses_of(activity)
    gaps_s = sum(pause.ends - pause.begins for pause in pauses)
    if not gaps_s:  # nobody knows where: everywhere alike
        share = stood_s / activity.elapsed_s if activity.elapsed_s else 0.0
        return [(end - begin) * (1 - share) for begin, end in spans]
    share = stood_s / gaps_s
    return [
        max(
            end
            - begin
            - share * sum(max(0.0, min(end, pause.ends) - max(begin, pause.begins)) for pause in pauses),
            0.0,
        )
        for begin, end in spans
    ]


def _distance(
    activity: Activity, stated: float | None, begin: float, end: float, travelled: Column | None
) -> float:
    if stated is not None:
        return stated
    if travelled is None or activity.samples is None:
        return 0.0
    known = ~np.isnan(travelled)
    at = np.interp([begin, end], activity.samples.seconds[known], travelled[known])
    return float(max(at[1] - at[0], 0.0))
