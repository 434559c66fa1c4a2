"""Believing: which readings of a sensor are sound, what was dropped of the others, and why."""

from dataclasses import dataclass, field
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
    ALTITUDE_JUMP = "altitude_jump"
    CLOCK_JUMP = "clock_jump"


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many readings of a channel were not believed, and why. `channel` is None for the clock."""

    channel: Channel | None
    fault: Fault
    readings: int


@dataclass(frozen=True, slots=True)
class Notes:
    """What cleaning does, written down on the way."""

    dropped: list[Dropped] = field(default_factory=list)
    silent: set[Channel] = field(default_factory=set)
    bridged_s: dict[Channel, int] = field(default_factory=dict)

    def drop(self, channel: Channel | None, fault: Fault, readings: int) -> None:
        if readings:
            self.dropped.append(Dropped(channel, fault, readings))

    def is_silent(self, channel: Channel, readings: Column) -> bool:
        """Say, and note, whether a sensor was there and told nothing."""
        if channel not in SILENT_AT_ZERO or (readings > 0).any() or not (readings == 0).any():
            return False
        self.silent.add(channel)
        return True


def believed(samples: Samples, channel: Channel, sport: Sport, notes: Notes) -> Column | None:
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
    notes.drop(channel, Fault.ZERO, int(zero.sum()))
    notes.drop(channel, Fault.TOO_LOW, int(((readings < lowest) & ~zero).sum()))
    notes.drop(channel, Fault.TOO_HIGH, too_high)
    kept = int(sound.sum())
    if too_high > limits.UNBELIEVABLE_SHARE * (kept + too_high):
        notes.dropped.append(Dropped(channel, Fault.UNBELIEVABLE, kept))  # also where it kept none
        return None
    return np.where(sound, readings, np.nan) if kept else None
