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
    """Rounded, with its unit, in the athlete's language and format."""

    @classmethod
    def of(cls, fact: Fact, style: Style) -> Self:
        told = fact.model_dump() | {"label": catalogue_of(style.language).facts.get(fact.id, fact.label)}
        return cls(**told, written=written(fact, style))


class RuleAnswer(Answer):
    """A rule that held, and on whose authority."""

    id: str
    """Names the rule."""
    version: int
    """Raised where it holds in other cases than before."""
    severity: Literal["info", "notice", "warning"]
    """A warning is said before all else."""
    facts: tuple[str, ...]
    """The ids of the facts that it looked at."""
    source: str
    """Author, year and page, or who says so."""


class FeedbackAnswer(Answer):
    """What the athlete thinks of one observation."""

    observation: int
    """Which one, from 0."""
    helpful: bool
    """False: it was of no help."""
    comment: str
    """In the athlete's own words; no model sees it."""
    given_at: datetime
    """When it was given last."""


class InsightAnswer(Answer):
    """What was written about a stretch of training."""

    id: UUID
    """Another one is written under another id."""
    kind: InsightKind
    """What it is about: an activity, the state of today, a week, a month, a question."""
    subject: str
    """The activity or the question that it is about; empty for the others."""
    first_day: date
    """The first day that it speaks of."""
    last_day: date
    """Today once it has a session, else the day before: a day that has just begun is no day of rest."""
    question: str
    """The athlete's own; empty for other kinds."""
    headline: str
    """One sentence that says what matters most."""
    observations: tuple[Observation, ...]
    """What is worth saying, each with the facts that it rests on."""
    recommendation: str
    """What to do next; empty where nothing is to be said."""
    advised_by: str
    """The rule whose advice it is. On one day, no insight advises against another."""
    caveats: tuple[str, ...]
    """What makes it less sure."""
    confidence: Confidence
    """Set by code from coverage and history, never by a model."""
    backend: str
    """Who wrote it: a plugin, or `rules`."""
    model: str
    """The model that answered; empty where the rules wrote."""
    usage: Usage
    """In tokens; nothing where the rules wrote."""
    cost_usd: float
    """By the prices that this server knows."""
    written_at: datetime
    """When it was written."""
    style: Style
    """The language, units and tone that it is written in."""
    notes: tuple[str, ...]
    """Why it was written this way: which backend failed or was not asked, and why."""
    stale_since: datetime | None
    """Since when the facts are others, where an AI was kept from writing about them; null: it is fresh."""
    stale_because: str
    """Why no AI wrote again since; empty where it is fresh."""
    better_after: datetime | None
    """When an AI is asked again, where the rules wrote because it could not be asked."""
    attempts: tuple[Attempt, ...]
    """Every request to a backend that was made for it, with its cost."""
    prompt_version: str
    """Which instructions the model was given; empty where none was asked."""
    facts: list[FactAnswer]
    """The numbers that it may mention. It holds no others."""
    rules: list[RuleAnswer]
    """What held, and on whose authority."""
    suppressed: tuple[Suppressed, ...]
    """Rules that held and were left out, and because of which other."""
    coverage: Coverage | None
    """How much of the training it speaks of; null where there was none."""
    feedback: list[FeedbackAnswer]
    """What the athlete thinks of its observations."""

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
    """At most `limit`."""
    next_cursor: str | None
    """Pass it as `cursor` for the next page; null on the last one."""


class InsightOwedAnswer(Answer):
    """What stands about the subject that was asked for, and whether another is written."""

    kind: InsightKind
    """The one that was asked for."""
    subject: str
    """The activity or the question that it is about; empty for the others."""
    insight: UUID | None
    """The one that stands; null where there is none yet."""
    due: bool
    """Another is written: look for one with another id. False: nothing has changed, and none comes."""
    not_before: datetime | None
    """
    Where another is due: when it is written, because the last one is recent; null: as soon as may be.
    Where none is: when an AI is asked again that could not be asked, which more asking does not hasten;
    Null: not until something changes.
    """
