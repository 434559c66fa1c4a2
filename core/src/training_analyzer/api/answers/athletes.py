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
    """Stays for as long as the athlete does."""
    email: str
    """With which they log in."""
    name: str
    """What they are called."""
    sex: Sex | None
    """Chooses constants of some metrics; null where it is not known."""
    birth_year: int | None
    """Null where it is not known."""
    created_at: datetime
    """When they registered."""
    style: Style
    """How they want to read: language, units, marks in numbers, tone."""

    @classmethod
    def of(cls, profile: Profile) -> Self:
        return cls.model_validate(profile)


class SessionAnswer(Answer):
    """A session has begun. The token is shown this once; send it as `Authorization: Bearer …`."""

    token: str
    """Send it as `Authorization: Bearer …`."""
    expires_at: datetime
    """Until then it is good, unless the athlete logs out."""


class ThresholdAnswer(Answer):
    """One quantity of the athlete's body, from a day on."""

    id: UUID
    """With which it is changed or removed."""
    name: str
    """A field of `Thresholds`."""
    value: float | list[float]
    """In the unit that the name ends in; of zones, where each above the first begins."""
    valid_from: date
    """The day from which it holds. The first value of a quantity counts before that, too."""
    sport: Sport | None
    """Null: in every sport for which there is no other value."""
    source: str
    """`athlete`, or the plugin whose suggestion the athlete accepted."""
    method: str
    """How that suggestion was found; empty for what the athlete said themselves."""
    providers: tuple[str, ...]
    """Whose data it rests on: where their terms forbid AI, no AI sees what is computed with it."""


class ThresholdList(Answer):
    """Everything that is known of the athlete's body."""

    items: list[ThresholdAnswer]
    """The oldest first."""


class BodyAnswer(Answer):
    """What the calculations know of the athlete on a day, in a sport."""

    day: date
    """The day that was asked for."""
    sport: Sport | None
    """The sport that was asked for; null: what holds in sports without values of their own."""
    sex: Sex | None
    """Chooses constants of some metrics; null where it is not known."""
    birth_year: int | None
    """Some metrics count with the age; null where it is not known."""
    thresholds: Thresholds
    """The value of each quantity that counts on that day."""
    valid_from: dict[str, date]
    """
    The day of each of these values, by name.

    Later than `day`: none was known then, and the first that is known counts.
    """


class SuggestionAnswer(Answer):
    """Thresholds that could hold from a day on. Nothing changes until the athlete accepts them."""

    id: UUID
    """With which it is accepted or dismissed."""
    source: str
    """The plugin that suggests them."""
    origin: Origin
    """Found in training, or told by a provider."""
    values: dict[str, float | list[float]]
    """Quantities that belong together; accepting takes all of them."""
    sport: Sport | None
    """Null: for all sports."""
    valid_from: date
    """The day from which the values would hold."""
    method: str
    """How they were found."""
    confidence: Confidence
    """How sure the source is."""
    explanation: str
    """In words for the athlete."""
    evidence: list[Evidence]
    """What it rests on."""
    status: Status
    """What the athlete did with it."""
    suggested_at: datetime
    """When it was made."""
    decided_at: datetime | None
    """When the athlete decided; null: not yet."""

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
    """What was suggested, and what became of it."""

    items: list[SuggestionAnswer]
    """The newest first."""
