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
    kind: str
    media_type: str
    size: int
    sha256: str


class RecordingAnswer(Answer):
    """One provider's record of a session."""

    id: int
    provider: str
    external_id: str
    leads: bool
    """The activity's numbers are made from this one."""
    started_at: datetime
    active_s: float | None
    channels: list[Channel]
    """What it recorded; empty where only a summary is known."""
    documents: list[DocumentAnswer] | None


class MeasurementAnswer(Answer):
    """One metric of an activity: a value, or the reason why there is none."""

    value: float | Curve | Distribution | None = None
    reason: str | None = None
    method: str | None = None
    estimated: bool
    thresholds: dict[str, float] | None = None
    version: int
    doubtful: bool | None = None
    """True where the recording holds readings that cannot be true: it stands, but is no record."""


class ActivityAnswer(Answer):
    """One training session, in SI units."""

    id: UUID
    sport: Sport
    sport_name: str
    title: str
    description: str
    started_at: datetime
    local_date: date
    utc_offset_s: int
    utc_offset_is_guessed: bool
    """Nobody said what the local time was: it is what the place suggests, or UTC."""
    elapsed_s: float
    moving_s: float
    distance_m: float | None
    ascent_m: float | None
    indoor: bool
    manual: bool
    private: bool
    device: str
    gear: str
    pool_length_m: float | None
    pool_lengths: int | None
    """How many lengths were swum, where the device counted them."""
    reported: dict[str, float | bool]
    """What the device or the provider itself says of the whole: its own formulas, its own thresholds."""
    has_samples: bool
    sources: list[str]
    recordings: list[RecordingAnswer] | None
    measurements: dict[str, MeasurementAnswer]


class RegroupedAnswer(Answer):
    """What was asked for is done; what follows from it is measured in the background."""

    activity_id: UUID
    """The activity that is left. One that was split off appears once it is measured."""
    activity: str
    """Where to read it."""


class ActivityPage(Answer):
    """Activities, newest first."""

    items: list[ActivityAnswer]
    next_cursor: str | None
    """Pass it as `cursor` for the next page; None on the last one."""
