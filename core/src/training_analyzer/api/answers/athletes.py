"""The athlete, their sessions and what is known of their body."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.activity import Sport
from training_analyzer.domain.athlete import Sex
from training_analyzer.storage.athletes import Profile


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
