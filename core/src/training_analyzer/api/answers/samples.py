"""The samples of a recording, in columns."""

from datetime import datetime
from typing import Final

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.activity import Channel

UNITS: Final = {
    Channel.DISTANCE_M: "m",
    Channel.SPEED_MPS: "m/s",
    Channel.HEART_RATE_BPM: "bpm",
    Channel.POWER_W: "W",
    Channel.CADENCE_RPM: "rpm",
    Channel.ALTITUDE_M: "m",
    Channel.LATITUDE_DEG: "°",
    Channel.LONGITUDE_DEG: "°",
    Channel.TEMPERATURE_C: "°C",
    Channel.MOVING: "",
}


class SampledRecording(Answer):
    """Which recording of the activity the samples are of."""

    id: int
    """One of the activity's `recordings`."""
    provider: str
    """Where it came from."""
    external_id: str
    """As the provider names it."""
    started_at: datetime
    """`seconds` count from here."""
    left_out: int
    """Samples out of order that are not among these: the last of each moment was kept."""


class ChannelAnswer(Answer):
    """One quantity as it was recorded, uncleaned."""

    unit: str
    """Of the values."""
    values: list[float | None]
    """As many as there are `seconds`. Null where a reading is missing, which is never zero."""


class SamplesAnswer(Answer):
    """Samples in columns."""

    recording: SampledRecording
    """The one that they are of."""
    resolution_s: int | None
    """Each point has the mean of the readings in so many seconds, from its own on. Null: as recorded."""
    seconds: list[float]
    """Since the start. A longer step is a pause, or nothing was recorded: nothing is filled in."""
    channels: dict[Channel, ChannelAnswer]
    """By the name of the channel, which ends in its unit."""
