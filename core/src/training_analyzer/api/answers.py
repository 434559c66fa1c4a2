"""
What the API answers with. The OpenAPI document is made from these models.

Activities and days come out of PostgreSQL as JSON text and are sent as they are; a test holds real
answers against the models.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from training_analyzer.domain.activity import Sport
from training_analyzer.domain.athlete import Sex
from training_analyzer.domain.insight import Confidence, Fact, Insight, Observation
from training_analyzer.domain.metric import Curve, Distribution, Metric
from training_analyzer.domain.rights import DataRights
from training_analyzer.registry.report import PluginState
from training_analyzer.storage.athletes import Profile
from training_analyzer.storage.connections import StoredConnection


class Answer(BaseModel):
    """The base of every answer: it holds what it declares, and nothing else."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class FieldProblem(Answer):
    """What is wrong with one part of a request."""

    in_: Annotated[str, Field(alias="in")]
    """`body`, `query`, `path` or `header`."""
    pointer: str
    """A JSON pointer into it."""
    detail: str


class ProblemDocument(BaseModel):
    """Why a request was not answered, and what to do (RFC 9457)."""

    type: str
    """`urn:training-analyzer:problem:…`: a name that programs may rely on."""
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    code: str | None = None


class ProfileAnswer(Answer):
    """The athlete who is logged in."""

    id: UUID
    email: str
    name: str
    sex: Sex | None
    birth_year: int | None
    created_at: datetime

    @classmethod
    def of(cls, profile: Profile) -> Self:
        return cls.model_validate(profile)


class SessionAnswer(Answer):
    """A session has begun. The token is shown this once; send it as `Authorization: Bearer …`."""

    token: str
    expires_at: datetime


class ThresholdAnswer(Answer):
    """One quantity of the athlete's body, from a day on."""

    name: str
    value: float | list[float]
    valid_from: date
    sport: Sport | None
    """None: in every sport for which there is no other value."""
    source: str


class ProviderAnswer(Answer):
    """A service that activities can come from."""

    name: str
    title: str
    homepage: str
    connectable: bool
    """Whether an athlete connects it by consent in a browser: `POST /connections`."""
    rights: DataRights
    """What may be done here with its data."""
    ai_permitted_by_terms: bool
    """Where this differs from `rights.ai`, whoever runs this server has departed from the terms."""
    attribution: str


class ProviderList(Answer):
    items: list[ProviderAnswer]


class ConsentAnswer(Answer):
    """Where to send the athlete's browser."""

    provider: str
    authorization_url: str
    expires_at: datetime


class ConnectionAnswer(Answer):
    """An athlete's account at a provider."""

    id: UUID
    provider: str
    account_id: str
    status: Literal["active", "reconnect"]
    problem: str | None
    """What the athlete has to do; None where all is well."""
    scopes: list[str]
    created_at: datetime

    @classmethod
    def of(cls, connection: StoredConnection) -> Self:
        return cls.model_validate(connection)


class ConnectionList(Answer):
    items: list[ConnectionAnswer]


class ListingProgress(Answer):
    """A window of activities that the provider is asked for."""

    since: datetime
    until: datetime
    listed: int
    done: bool


class RecordingProgress(Answer):
    """How many recordings there are, and how complete they are."""

    since: datetime | None
    recordings: int
    complete: int
    """With everything that the provider holds of them."""
    without_more: int
    """Of which the provider holds no more than the list says."""
    parked: int
    """That could not be read. They are kept, and tried again when something changes."""


class AllRecordings(Answer):
    initial: RecordingProgress
    """Of the newest weeks."""
    all: RecordingProgress
    """Of everything that is listed, the newest weeks included."""


class OwedUnits(Answer):
    kind: str
    priority: Literal["high", "low"]
    units: int


class QuotaProgress(Answer):
    """How much of a quota the whole server has used in its current window."""

    name: str
    limit: int
    used: int
    window_s: int
    resets_at: datetime


class ParkedUnit(Answer):
    """A unit of work that was given up, and why."""

    kind: str
    failures: int
    reason: str


class ProgressAnswer(Answer):
    """How far a connection has come."""

    connection_id: UUID
    provider: str
    status: Literal["active", "reconnect"]
    problem: str | None
    summaries_complete: bool
    """Every activity of the year is listed."""
    initial_complete: bool
    """The newest weeks are listed, and everything that the provider holds of them is here."""
    listings: dict[str, ListingProgress]
    """By purpose: `initial`, `history`, `recent`."""
    recordings: AllRecordings
    requests: dict[str, int]
    """Spent on this connection, by purpose."""
    owed: list[OwedUnits]
    """Of the athlete's work."""
    quota: list[QuotaProgress] | None
    """None where it cannot be told now."""
    opens_at: datetime | None
    """When the provider's quota opens again; None where it is open."""
    parked: list[ParkedUnit]
    rejected: list[str]
    """Why records of the provider were not taken for activities."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen that is worth waiting for."""
        return self.status != "active" or (self.summaries_complete and self.initial_complete)


class SyncAnswer(Answer):
    """The newest activities will be listed."""

    connection_id: UUID
    progress: str
    """Where to look."""


class DocumentAnswer(Answer):
    """Something as the provider sent it: `GET /documents/{id}` has its bytes."""

    id: int
    kind: str
    media_type: str
    size: int
    sha256: str


class RecordingAnswer(Answer):
    """One provider's record of a session."""

    provider: str
    external_id: str
    documents: list[DocumentAnswer] | None


class MeasurementAnswer(Answer):
    """One metric of an activity: a value, or the reason why there is none."""

    value: float | Curve | Distribution | None = None
    reason: str | None = None
    method: str | None = None
    estimated: bool
    thresholds: dict[str, float] | None = None
    version: int


class ActivityAnswer(Answer):
    """One training session, in SI units."""

    id: UUID
    sport: Sport
    sport_name: str
    title: str
    started_at: datetime
    local_date: date
    utc_offset_s: int
    elapsed_s: float
    moving_s: float
    distance_m: float | None
    ascent_m: float | None
    indoor: bool
    manual: bool
    private: bool
    device: str
    has_samples: bool
    sources: list[str]
    recordings: list[RecordingAnswer] | None
    measurements: dict[str, MeasurementAnswer]


class ActivityPage(Answer):
    """Activities, newest first."""

    items: list[ActivityAnswer]
    next_cursor: str | None
    """Pass it as `cursor` for the next page; None on the last one."""


class SeriesAnswer(Answer):
    """One entry for each day."""

    values: list[float | None]
    """None where there is no value."""
    estimated: list[float | None]
    """The share of the value, between 0 and 1, that rests on estimates."""


class DaysAnswer(Answer):
    """Daily series, in columns."""

    days: list[date]
    series: dict[str, SeriesAnswer]


class MetricAnswer(Metric):
    """What a number means."""

    of: Literal["activity", "day"]
    """`activity`: in the measurements of activities; `day`: in `GET /days`."""


class MetricList(Answer):
    items: list[MetricAnswer]


class FactAnswer(Fact):
    """A number that an insight rests on, and how it is written."""

    written: str


class InsightAnswer(Answer):
    """What was written about a stretch of training."""

    id: UUID
    kind: Literal["week"]
    first_day: date
    last_day: date
    headline: str
    observations: tuple[Observation, ...]
    recommendation: str
    caveats: tuple[str, ...]
    confidence: Confidence
    backend: str
    model: str
    cost_usd: float
    written_at: datetime
    notes: tuple[str, ...]
    facts: list[FactAnswer]

    @classmethod
    def of(cls, insight_id: UUID, insight: Insight) -> Self:
        facts = [FactAnswer(**fact.model_dump(), written=fact.text) for fact in insight.facts]
        shown = insight.model_dump(include=set(cls.model_fields) - {"id", "facts"})
        return cls(id=insight_id, facts=facts, **shown)


class InsightList(Answer):
    items: list[InsightAnswer]


class PluginAnswer(Answer):
    """What became of a plugin."""

    name: str
    state: PluginState
    distribution: str | None
    version: str | None
    provides: list[str]
    problem: str | None


class PluginList(Answer):
    items: list[PluginAnswer]


class LiveAnswer(Answer):
    status: Literal["live"] = "live"


class Check(Answer):
    """One thing that the service needs."""

    ok: bool
    detail: str


class ReadyAnswer(Answer):
    status: Literal["ready"] = "ready"
    checks: Mapping[str, Check]


Responses = dict[int | str, dict[str, Any]]
