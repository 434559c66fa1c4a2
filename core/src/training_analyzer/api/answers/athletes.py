"""The athlete, their sessions and what is known of their body."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.athlete import Evidence, Sex, Thresholds
from training_analyzer.domain.insight import Confidence
from training_analyzer.domain.sport import Sport
from training_analyzer.domain.style import Style
from training_analyzer.storage.athletes import Profile
from training_analyzer.storage.suggestions import Origin, Status, StoredSuggestion


class ProfileAnswer(Answer):
    """The athlete who is logged in."""

    id: UUID
    email: str
    name: str
    sex: Sex | None
    birth_year: int | None
    created_at: datetime
    style: Style
    """How they want to read: language, units, marks in numbers, tone."""

    @classmethod
    def of(cls, profile: Profile) -> Self:
        return cls.model_validate(profile)


class SessionAnswer(Answer):
    """A session has begun. The token is shown this once; send it as `Authorization: Bearer …`."""

    token: str
    expires_at: datetime


class ThresholdAnswer(Answer):
    """One quantity of the athlete's body, from a day on."""

    id: UUID
    name: str
    value: float | list[float]
    valid_from: date
    sport: Sport | None
    """None: in every sport for which there is no other value."""
    source: str
    """`athlete`, or the plugin whose suggestion the athlete accepted."""
    method: str
    """How that suggestion was found; empty for what the athlete said themselves."""
    providers: tuple[str, ...]
    """Whose data it rests on: where their terms forbid AI, no AI sees what is computed with it."""


class BodyAnswer(Answer):
    """What the calculations know of the athlete on a day, in a sport."""

    day: date
    sport: Sport | None
    sex: Sex | None
    birth_year: int | None
    thresholds: Thresholds


class SuggestionAnswer(Answer):
    """Thresholds that could hold from a day on. Nothing changes until the athlete accepts them."""

    id: UUID
    source: str
    """The plugin that suggests them."""
    origin: Origin
    """Found in training, or told by a provider."""
    values: dict[str, float | list[float]]
    """Quantities that belong together; accepting takes all of them."""
    sport: Sport | None
    valid_from: date
    method: str
    confidence: Confidence
    explanation: str
    evidence: list[Evidence]
    status: Status
    suggested_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, stored: StoredSuggestion) -> Self:
        return cls(
            id=stored.id,
            source=stored.source,
            origin=stored.origin,
            status=stored.status,
            suggested_at=stored.suggested_at,
            decided_at=stored.decided_at,
            **stored.suggestion.model_dump(),
        )


class SuggestionList(Answer):
    items: list[SuggestionAnswer]
