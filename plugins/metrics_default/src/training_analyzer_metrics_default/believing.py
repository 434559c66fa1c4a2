"""Believing: which readings of a sensor are sound, what was dropped of the others, and why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from training_analyzer.sdk import Channel, Column, Samples, Sport
from training_analyzer_metrics_default import limits

SILENT_AT_ZERO: Final = frozenset({Channel.POWER_W, Channel.SPEED_MPS})
"""
Channels that tell nothing where every reading is zero: a meter that is paired and dead, a trainer
without a sensor of speed. One zero among other readings is coasting, or standing.
"""


class Fault(StrEnum):
    """Why readings were not believed."""

    ZERO = "zero"
    """A heart rate of zero: how devices write that there is none."""
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    """A spike."""
    UNBELIEVABLE = "unbelievable"
    """Sound by themselves, of a sensor that too often sent what cannot be true."""
    POSITION_JUMP = "position_jump"
    CLOCK_JUMP = "clock_jump"


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many readings of a channel were not believed, and why. `channel` is None for the clock."""

    channel: Channel | None
    fault: Fault
    readings: int


def believed(samples: Samples, channel: Channel, sport: Sport, dropped: list[Dropped]) -> Column | None:
    """Return the sound readings, NaN in place of all others, and note what was dropped."""
    readings, allowed = samples.get(channel), limits.of(channel, sport)
    if readings is None or allowed is None:
        return readings
    lowest, highest = allowed
    if readings.min() >= lowest and readings.max() <= highest:  # neither is a number where one is missing
        return readings
    sound = (readings >= lowest) & (readings <= highest)
    zero = readings == 0 if lowest > 0 else np.zeros_like(sound)
    too_high = int((readings > highest).sum())
    faults = {
        Fault.ZERO: int(zero.sum()),
        Fault.TOO_LOW: int(((readings < lowest) & ~zero).sum()),
        Fault.TOO_HIGH: too_high,
    }
    dropped += [Dropped(channel, fault, count) for fault, count in faults.items() if count]
    kept = int(sound.sum())
    if too_high > limits.UNBELIEVABLE_SHARE * (kept + too_high):
        dropped.append(Dropped(channel, Fault.UNBELIEVABLE, kept))
        return None
    return np.where(sound, readings, np.nan) if kept else None


def is_silent(channel: Channel, readings: Column) -> bool:
    """Say whether the sensor was there and told nothing."""
    return channel in SILENT_AT_ZERO and not (readings > 0).any() and bool((readings == 0).any())
