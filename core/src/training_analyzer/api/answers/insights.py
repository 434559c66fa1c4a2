"""What was written about a stretch of training, and what the athlete thinks of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from training_analyzer.analysis.language.numbers import written
from training_analyzer.analysis.language.texts import catalogue_of
from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.insight import (
    Attempt,
    Confidence,
    Coverage,
    Fact,
    Insight,
    InsightKind,
    Observation,
    Suppressed,
    Usage,
)
from training_analyzer.domain.style import Style
from training_analyzer.storage.insights import Feedback


class FactAnswer(Fact):
    """A number that an insight rests on, and how it is written in the athlete's language and format."""

    written: str

    @classmethod
    def of(cls, fact: Fact, style: Style) -> Self:
        told = fact.model_dump() | {"label": catalogue_of(style.language).facts.get(fact.id, fact.label)}
        return cls(**told, written=written(fact, style))


class RuleAnswer(Answer):
    """A rule that held, and on whose authority."""

    id: str
    version: int
    severity: Literal["info", "notice", "warning"]
    facts: tuple[str, ...]
    source: str


class FeedbackAnswer(Answer):
    """What the athlete thinks of one observation."""

    observation: int
    helpful: bool
    comment: str
    given_at: datetime


class InsightAnswer(Answer):
    """What was written about a stretch of training."""

    id: UUID
    kind: InsightKind
    subject: str
    """The activity or the question that it is about; empty for the others."""
    first_day: date
    last_day: date
    """Today once it has a session, else the day before: a day that has just begun is no day of rest."""
    question: str
    headline: str
    observations: tuple[Observation, ...]
    recommendation: str
    advised_by: str
    """The rule whose advice it is. On one day, no insight advises against another."""
    caveats: tuple[str, ...]
    confidence: Confidence
    backend: str
    model: str
    usage: Usage
    cost_usd: float
    written_at: datetime
    style: Style
    notes: tuple[str, ...]
    """Why it was written this way: which backend failed or was not asked, and why."""
    stale_since: datetime | None
    """Since when the facts are others, where an AI was kept from writing about them; None: it is fresh."""
    stale_because: str
    better_after: datetime | None
    """When an AI is asked again, where the rules wrote because it could not be asked."""
    attempts: tuple[Attempt, ...]
    """Every request to a backend that was made for it, with its cost."""
    prompt_version: str
    facts: list[FactAnswer]
    rules: list[RuleAnswer]
    suppressed: tuple[Suppressed, ...]
    """Rules that held and were left out, and because of which other."""
    coverage: Coverage | None
    feedback: list[FeedbackAnswer]

    @classmethod
    def of(cls, insight_id: UUID, insight: Insight, feedback: Mapping[int, Feedback] | None = None) -> Self:
        made_here = {"id", "facts", "rules", "feedback"}
        return cls(
            id=insight_id,
            facts=[FactAnswer.of(fact, insight.style) for fact in insight.facts],
            rules=[RuleAnswer.model_validate(rule) for rule in insight.rules],
            feedback=[FeedbackAnswer.model_validate(one) for one in (feedback or {}).values()],
            **insight.model_dump(include=set(cls.model_fields) - made_here),
        )


class InsightPage(Answer):
    """Insights, newest period first."""

    items: list[InsightAnswer]
    next_cursor: str | None
    """Pass it as `cursor` for the next page; None on the last one."""


class InsightOwedAnswer(Answer):
    """What stands about the subject that was asked for, and whether another is written."""

    kind: InsightKind
    subject: str
    """The activity or the question that it is about; empty for the others."""
    insight: UUID | None
    """The one that stands; None where there is none yet."""
    due: bool
    """Another is written: look for one with another id. False: nothing has changed, and none comes."""
    not_before: datetime | None
    """
    Where another is due: when it is written, because the last one is recent; None: as soon as may be.
    Where none is: when an AI is asked again that could not be asked, which more asking does not hasten;
    None: not until something changes.
    """
