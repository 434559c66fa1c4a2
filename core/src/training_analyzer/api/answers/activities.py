"""Activities, what they were made from and what was measured of them."""

from datetime import date, datetime
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.activity import Channel
from training_analyzer.domain.metric import Curve, Distribution
from training_analyzer.domain.sport import Sport


class DocumentAnswer(Answer):
    """Something as the provider sent it: `GET /documents/{id}` has its bytes."""

    id: int
    """`GET /documents/{id}` has its bytes."""
    kind: str
    """What it is in the provider's plugin: a summary, streams, a file."""
    media_type: str
    """Of the bytes, as the plugin says."""
    size: int
    """In bytes."""
    sha256: str
    """Of the bytes, in hexadecimal."""


class RecordingAnswer(Answer):
    """One provider's record of a session."""

    id: int
    """With which it can lead, be split off or be deleted."""
    provider: str
    """Where it came from."""
    external_id: str
    """As the provider names it."""
    leads: bool
    """The activity's numbers are made from this one."""
    started_at: datetime
    """Its first reading, in UTC."""
    active_s: float | None
    """What was recorded, without longer gaps; null before it is measured."""
    channels: list[Channel]
    """What it recorded; empty where only a summary is known."""
    documents: list[DocumentAnswer] | None
    """The current ones, as they were received; null where none is kept."""


class MeasurementAnswer(Answer):
    """One metric of an activity: a value, or the reason why there is none."""

    value: float | Curve | Distribution | None = None
    """A number, a curve or the time in zones. Left out where there is none."""
    reason: str | None = None
    """Why there is no value. Left out where there is one."""
    method: str | None = None
    """How it was made, where there is more than one way."""
    estimated: bool
    """It rests on an estimate, not on what was measured."""
    thresholds: dict[str, float] | None = None
    """The athlete's thresholds that it was made with."""
    version: int
    """Of the calculator that made it."""
    doubtful: bool | None = None
    """True where the recording holds readings that cannot be true: it stands, but is no record."""


class ActivityAnswer(Answer):
    """One training session, in SI units."""

    id: UUID
    """Stays when recordings join the activity or its numbers are made again."""
    sport: Sport
    """One of ours, whatever the provider calls it."""
    sport_name: str
    """The provider's own word for the sport."""
    title: str
    """As the athlete or the provider called it; empty where nobody did."""
    description: str
    """In the athlete's own words; empty where there are none."""
    started_at: datetime
    """In UTC."""
    local_date: date
    """The day on the athlete's own calendar on which it began."""
    utc_offset_s: int
    """Seconds that local time is ahead of UTC."""
    utc_offset_is_guessed: bool
    """Nobody said what the local time was: it is what the place suggests, or UTC."""
    elapsed_s: float
    """From beginning to end, pauses included."""
    moving_s: float
    """Without pauses."""
    distance_m: float | None
    """Null where no distance is known."""
    ascent_m: float | None
    """As the device or the provider counted it; null where neither did."""
    indoor: bool
    """On a trainer, a treadmill or in a pool."""
    manual: bool
    """Entered by hand: there is no recording behind it."""
    private: bool
    """At least one of its recordings is marked private where it came from."""
    device: str
    """What recorded it; empty where that is not known."""
    gear: str
    """The bicycle or the shoes, in the athlete's or the provider's words."""
    pool_length_m: float | None
    """Of a swim in a pool; else null."""
    pool_lengths: int | None
    """How many lengths were swum, where the device counted them."""
    reported: dict[str, float | bool]
    """What the device or the provider itself says of the whole: its own formulas, its own thresholds."""
    has_samples: bool
    """`GET /activities/{id}/samples` has readings."""
    sources: list[str]
    """The providers whose recordings the numbers were made from."""
    recordings: list[RecordingAnswer] | None
    """Everything that was recorded of this session, whoever did."""
    measurements: dict[str, MeasurementAnswer]
    """By the key of the metric: `GET /metrics` says what each means."""


class RegroupedAnswer(Answer):
    """What was asked for is done; what follows from it is measured in the background."""

    activity_id: UUID
    """The activity that is left. One that was split off appears once it is measured."""
    activity: str
    """Where to read it."""


class ActivityPage(Answer):
    """Activities, newest first."""

    items: list[ActivityAnswer]
    """At most `limit`."""
    next_cursor: str | None
    """Pass it as `cursor` for the next page; null on the last one."""
