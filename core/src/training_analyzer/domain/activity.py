"""What an athlete did: one session, in SI units, whoever recorded it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, field_validator

from training_analyzer.domain.sport import Sport
from training_analyzer.domain.values import Value

UNMEASURED = {"samples", "title", "description", "private", "device", "gear", "utc_offset_is_guessed"}
"""What no metric looks at, or what has a digest of its own: it makes no number stale."""
EARLIEST_YEAR = 1970
"""Devices whose clock was never set begin here, or earlier."""


class Channel(StrEnum):
    """A quantity recorded through a session. The unit is part of the name."""

    DISTANCE_M = "distance_m"
    SPEED_MPS = "speed_mps"
    HEART_RATE_BPM = "heart_rate_bpm"
    POWER_W = "power_w"
    CADENCE_RPM = "cadence_rpm"
    ALTITUDE_M = "altitude_m"
    LATITUDE_DEG = "latitude_deg"
    LONGITUDE_DEG = "longitude_deg"
    TEMPERATURE_C = "temperature_c"
    MOVING = "moving"
    """1 while the recording service holds that the athlete moved, else 0."""


Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """
    Readings in columns: every channel is as long as `seconds`.

    `seconds`: shape (n,), strictly increasing, since the start of the activity. A step of more
    than one second is a recording that is sparse or was paused; nothing is filled in.
    `channels`: shape (n,) each; NaN where a reading is missing. Missing is never zero, and zero
    watts are data. `left_out`: how many samples the provider's plugin left out so that time
    increases. Raises ValueError where the columns do not agree.
    """

    seconds: Column
    channels: Mapping[Channel, Column] = field(default_factory=dict)
    left_out: int = 0

    def __post_init__(self) -> None:
        seconds = _column(self.seconds)
        if seconds.size and not (np.isfinite(seconds).all() and (seconds[1:] > seconds[:-1]).all()):
            raise ValueError("seconds must be finite and strictly increasing")
        channels = {Channel(name): _column(readings) for name, readings in self.channels.items()}
        for name, readings in channels.items():
            if readings.shape != seconds.shape:
                raise ValueError(f"{name} has {readings.size} readings for {seconds.size} seconds")
        object.__setattr__(self, "seconds", seconds)
        object.__setattr__(self, "channels", channels)

    def __len__(self) -> int:
        return int(self.seconds.size)

    @property
    def nbytes(self) -> int:
        """What the columns take of memory."""
        return self.seconds.nbytes + sum(readings.nbytes for readings in self.channels.values())

    def get(self, channel: Channel) -> Column | None:
        """Return the channel, or None where it is absent or holds no reading at all."""
        readings = self.channels.get(channel)
        return None if readings is None or _is_void(readings) else readings

    def digest(self) -> str:
        """Return a hash that differs where any reading differs."""
        state = hashlib.sha256(self.seconds.data)
        for name in sorted(self.channels):
            state.update(name.encode())
            state.update(self.channels[name].data)
        if self.left_out:
            state.update(f"left out: {self.left_out}".encode())
        return state.hexdigest()


def _is_void(readings: Column) -> bool:
    """Say whether there is no reading at all. The first one mostly tells."""
    return bool((readings.size == 0 or np.isnan(readings[0])) and np.isnan(readings).all())


def _column(readings: Column) -> Column:
    column = np.array(readings, dtype=np.float64)
    if column.ndim != 1:
        raise ValueError("a channel is one column")
    column.flags.writeable = False
    return column


MOST: Final = 1e9
"""No quantity of a session comes near: in metres, 25 times around the Earth. Sums of such stay finite."""
LONGEST_S: Final = 366 * 86_400.0
"""Who says that a session lasted longer had a wrong clock. Some are left running for weeks."""
Quantity = Annotated[float, Field(ge=0, le=MOST)]
Duration = Annotated[float, Field(ge=0, le=LONGEST_S)]

LONGEST_LINE: Final = 500
LONGEST_TEXT: Final = 20_000
"""Letters; what people write of a session is shorter. The rest is cut off."""


def _storable(most: int) -> BeforeValidator:
    """Leave out of a text what no database holds, so that a strange letter costs no session."""

    def cleaned(text: object) -> object:
        if not isinstance(text, str):
            return text
        return text[:most].replace("\0", "").encode("utf-8", errors="replace").decode("utf-8")

    return BeforeValidator(cleaned)


Line = Annotated[str, _storable(LONGEST_LINE)]
Text = Annotated[str, _storable(LONGEST_TEXT)]


class Lap(Value):
    """A part of a session, as the device or the athlete cut it."""

    start_s: Duration
    elapsed_s: Duration
    distance_m: Quantity | None = None


class SwimStroke(StrEnum):
    """How a length was swum. Devices guess it from the movement of the arm."""

    FREESTYLE = "freestyle"
    BACKSTROKE = "backstroke"
    BREASTSTROKE = "breaststroke"
    BUTTERFLY = "butterfly"
    DRILL = "drill"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class PoolLength(Value):
    """One length of a pool, or a rest at the wall (`swum` False). SWOLF is its seconds and strokes."""

    start_s: Duration
    elapsed_s: Duration
    swum: bool = True
    strokes: int | None = None
    stroke: SwimStroke = SwimStroke.UNKNOWN


class Summary(Value):
    """
    What the device or the provider itself says of the whole session. None where it says nothing.

    Kept as theirs: they have their own formulas and thresholds. A metric of ours says so where it
    is made from one of these.
    """

    average_heart_rate_bpm: Quantity | None = None
    max_heart_rate_bpm: Quantity | None = None
    average_power_w: Quantity | None = None
    weighted_power_w: Quantity | None = None
    """The provider's own weighted average, whatever its definition. Strava's is xPower, not NP."""
    power_is_measured: bool = False
    """From a power meter, not estimated from speed and slope."""
    work_kj: Quantity | None = None
    average_cadence_rpm: Quantity | None = None
    calories_kcal: Quantity | None = None
    perceived_exertion: Quantity | None = None
    normalized_power_w: Quantity | None = None
    """As the device computed it. Its definition is Coggan's, but for dropouts and pauses."""
    max_power_w: Quantity | None = None
    training_stress_score: Quantity | None = None
    """From the threshold that was set on the device."""
    intensity_factor: Quantity | None = None
    functional_threshold_power_w: Quantity | None = None
    """What was set on the device: what its score and factor rest on. Not what we hold to be true."""
    max_speed_mps: Quantity | None = None
    max_cadence_rpm: Quantity | None = None
    descent_m: Quantity | None = None
    strokes: Quantity | None = None
    """Of a swim or of rowing, over the whole session."""
    aerobic_training_effect: Quantity | None = None
    anaerobic_training_effect: Quantity | None = None


class Activity(Value):
    """
    One training session. Raises ValueError where a quantity is below zero, or beyond what any session has.

    `started_at` is true UTC; `utc_offset_s` makes it local. `elapsed_s` counts pauses, `moving_s`
    does not. `sport_name` is the provider's own word for the sport. `utc_offset_is_guessed`: nobody
    said what the local time was, and `utc_offset_s` is what the place suggests, or 0. `lengths` are
    those of a pool of `pool_length_m`, where the device counted them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    sport: Sport
    sport_name: Line = ""
    title: Line = ""
    description: Text = ""
    started_at: AwareDatetime
    utc_offset_s: int = 0
    utc_offset_is_guessed: bool = False
    elapsed_s: Duration
    moving_s: Duration
    distance_m: Quantity | None = None
    ascent_m: Quantity | None = None
    indoor: bool = False
    manual: bool = False
    private: bool = False
    device: Line = ""
    gear: Line = ""
    """The bicycle or the shoes, in the athlete's or the provider's own words."""
    pool_length_m: Quantity | None = None
    summary: Summary = Summary()
    laps: tuple[Lap, ...] = ()
    lengths: tuple[PoolLength, ...] = ()
    samples: Samples | None = None

    @field_validator("started_at")
    @classmethod
    def _is_of_this_age(cls, started_at: datetime) -> datetime:
        if started_at.year < EARLIEST_YEAR:
            raise ValueError(f"a session that began before {EARLIEST_YEAR} has a wrong clock")
        return started_at

    @property
    def local_date(self) -> date:
        """The day on the athlete's own calendar on which the session began."""
        return (self.started_at + timedelta(seconds=self.utc_offset_s)).date()

    def fingerprint(self) -> str:
        """Return a hash of everything that a metric may look at: not of titles, kudos or privacy."""
        looked_at = self.model_dump_json(exclude=UNMEASURED)
        state = hashlib.sha256(looked_at.encode())
        if self.samples is not None:
            state.update(self.samples.digest().encode())
        return state.hexdigest()
