"""What cleaning did to a recording: what it left out, what it let hold, and what stayed missing."""

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from training_analyzer.sdk import (
    ActivityInput,
    ActivityMetrics,
    Channel,
    Column,
    Combination,
    Measurement,
    Metric,
)
from training_analyzer_metrics_default.believing import Fault
from training_analyzer_metrics_default.cleaning import Grid, grid_of

_SOURCE: Final = "ours; the limits are in this plugin's README"


def _metric(name: str, title: str, unit: str, explanation: str, formula: str) -> Metric:
    return Metric(
        key=f"metrics_default.{name}",
        title=title,
        unit=unit,
        explanation=explanation,
        formula=formula,
        source=_SOURCE,
        combination=Combination.SUM,
        edge_cases=("Left out where it would be 0.",),
    )


DROPPED_READINGS: Final = Metric(
    key="metrics_default.dropped_readings",
    title="Readings not believed",
    unit="readings",
    explanation="How many readings of your sensors cannot be true and were left out.",
    formula="count of readings out of range, spikes, and jumps of the position, the altitude and the clock",
    source=_SOURCE,
    combination=Combination.SUM,
    edge_cases=("A heart rate of zero is not among them: it says that there is none.",),
)
PAUSED_TIME: Final = _metric(
    "paused_time", "Paused time", "s", "How long the recording stood still.", "elapsed time - recording time"
)
HELD_TIME: Final = _metric(
    "held_time",
    "Seconds without a sample",
    "s",
    "Seconds in which your device recorded nothing, and the sample before them held.",
    "count of seconds inside unbroken stretches in which no sample lies",
)
REPEATED_SAMPLES: Final = _metric(
    "repeated_samples",
    "Samples out of order",
    "samples",
    "Samples whose time repeated or ran backward: the last of each moment was kept.",
    "count of samples that are not later than all before them",
)
POSITION_JUMPS: Final = _metric(
    "position_jumps",
    "Jumps of the position",
    "jumps",
    "How often your position moved faster than anybody can.",
    "count of steps of the distance that are too long for their time, or go back",
)
CLOCK_JUMPS: Final = _metric(
    "clock_jumps",
    "Jumps of the clock",
    "jumps",
    "How often the clock was set by more than a day while you recorded.",
    "count of steps of more than a day",
)
CLOCK_JUMP_TIME: Final = _metric(
    "clock_jump_time",
    "Time that the clock jumped",
    "s",
    "By how much the clock was set while you recorded; it counts nowhere as time.",
    "sum of the steps of more than a day",
)

CHANNELS: Final = {
    Channel.POWER_W: ("power", "Power"),
    Channel.HEART_RATE_BPM: ("heart_rate", "Heart rate"),
    Channel.CADENCE_RPM: ("cadence", "Cadence"),
    Channel.SPEED_MPS: ("speed", "Speed"),
    Channel.ALTITUDE_M: ("altitude", "Altitude"),
}
DROPPED: Final = {
    channel: _metric(
        f"dropped_{name}_readings",
        f"{title} not believed",
        "readings",
        f"How many readings of {title.lower()} cannot be true; the method says in what way.",
        "count of readings out of range, and of jumps; all of them, where more than a tenth is too high",
    )
    for channel, (name, title) in CHANNELS.items()
}
HELD: Final = {
    channel: _metric(
        f"held_{name}_time",
        f"{title} held",
        "s",
        f"Seconds in which the last reading of {title.lower()} held over a short dropout.",
        "count of seconds with a sample and no believed reading, between two readings of at most 5 s apart",
    )
    for channel, (name, title) in CHANNELS.items()
    if channel is not Channel.ALTITUDE_M  # lies on straight lines
}
MISSING: Final = {
    channel: _metric(
        f"missing_{name}_time",
        f"{title} missing",
        "s",
        f"Recorded seconds without a reading of {title.lower()}: nothing was filled in.",
        "count of recorded seconds without a reading, where there is any",
    )
    for channel, (name, title) in CHANNELS.items()
}


class CleaningMetrics(ActivityMetrics):
    """What became of readings that could not be taken as they were. What never happened is left out."""

    family: ClassVar[str] = "Session"
    metrics: ClassVar[tuple[Metric, ...]] = (
        DROPPED_READINGS,
        PAUSED_TIME,
        HELD_TIME,
        REPEATED_SAMPLES,
        POSITION_JUMPS,
        CLOCK_JUMPS,
        CLOCK_JUMP_TIME,
        *DROPPED.values(),
        *HELD.values(),
        *MISSING.values(),
    )
    thresholds: ClassVar[frozenset[str]] = frozenset()
    version: ClassVar[int] = 6

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        grid = grid_of(given.activity)
        if grid is None:
            return
        unsound = [one for one in grid.dropped if one.fault is not Fault.ZERO]
        total = float(sum(one.readings for one in unsound))
        yield Measurement(key=DROPPED_READINGS.key, value=total, method="samples")
        jumps = {
            fault: sum(one.readings for one in unsound if one.fault is fault)
            for fault in (Fault.POSITION_JUMP, Fault.CLOCK_JUMP)
        }
        yield from _seen(PAUSED_TIME, grid.elapsed_s - grid.recorded_s, "not_filled")
        yield from _seen(HELD_TIME, grid.held_s, "held")
        yield from _seen(REPEATED_SAMPLES, 0 if given.samples is None else given.samples.left_out, "left_out")
        yield from _seen(POSITION_JUMPS, jumps[Fault.POSITION_JUMP], "not_spanned")
        yield from _seen(CLOCK_JUMPS, jumps[Fault.CLOCK_JUMP], "left_out")
        yield from _seen(CLOCK_JUMP_TIME, grid.clock_jumps_s, "left_out")
        for channel in CHANNELS:
            faults = [one for one in unsound if one.channel is channel]
            why = "_and_".join(one.fault.value for one in faults)
            yield from _seen(DROPPED[channel], sum(one.readings for one in faults), why)
            if channel in HELD:
                yield from _seen(HELD[channel], grid.bridged_s.get(channel, 0), "held")
            yield from _seen(MISSING[channel], _missing_s(grid, channel), "not_filled")


def _missing_s(grid: Grid, channel: Channel) -> int:
    readings: Column | None = getattr(grid, channel.value)
    return 0 if readings is None else int(np.count_nonzero(np.isnan(readings)))


def _seen(metric: Metric, quantity: float, method: str) -> Iterable[Measurement]:
    if quantity > 0:
        yield Measurement(key=metric.key, value=float(quantity), method=method)
