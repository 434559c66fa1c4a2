"""What was written about a stretch of training."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.insight import Attempt, Confidence, Fact, Insight, InsightKind, Observation


class FactAnswer(Fact):
    """A number that an insight rests on, and how it is written."""

    written: str


class InsightAnswer(Answer):
    """What was written about a stretch of training."""

    id: UUID
    kind: InsightKind
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

    @classmethod
    def of(cls, insight_id: UUID, insight: Insight) -> Self:
        facts = [FactAnswer(**fact.model_dump(), written=fact.text) for fact in insight.facts]
        shown = insight.model_dump(include=set(cls.model_fields) - {"id", "facts"})
        return cls(id=insight_id, facts=facts, **shown)


class InsightList(Answer):
    items: list[InsightAnswer]
