"""From stored numbers to a stored insight: gather the facts, ask who may be asked, keep what was written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from training_analyzer.analysis.asking import Gate
from training_analyzer.analysis.facts import week_context
from training_analyzer.analysis.permission import Permission, permitted_context
from training_analyzer.analysis.week import COMPARED_DAYS, ActivityFact, Role, WeekInput
from training_analyzer.analysis.writing import cache_key, write
from training_analyzer.domain.insight import Context, Insight, InsightKind
from training_analyzer.domain.metric import DailySeries, MetricKey
from training_analyzer.domain.rights import DataRights, combine
from training_analyzer.sdk import InsightBackend
from training_analyzer.storage import activities, days, insights
from training_analyzer.storage.activities import ActivityBrief
from training_analyzer.storage.database import Transaction

KIND: Final = InsightKind.WEEK
LONG_AGO: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which metrics play which part in an insight."""

    activity_load: MetricKey
    series: Mapping[Role, MetricKey]

    @classmethod
    def of_plugin(cls, plugin: str) -> "Meaning":
        """Take the metrics of one plugin, by the names that the field gives them."""
        return cls(
            activity_load=f"{plugin}.load",
            series={
                Role.LOAD: f"{plugin}.daily_load",
                Role.FITNESS: f"{plugin}.fitness",
                Role.FATIGUE: f"{plugin}.fatigue",
                Role.FORM: f"{plugin}.form",
            },
        )


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that an insight will be written from, and the key under which it is cached."""

    context: Context
    permission: Permission
    key: str


def gather(
    tx: Transaction,
    athlete_id: UUID,
    meaning: Meaning,
    rights: Mapping[str, DataRights],
    backends: Sequence[InsightBackend],
    *,
    today: date,
) -> Question | None:
    """Return what there is to say of the week that ends today; None before the first activity."""
    span = days.span(tx, athlete_id)
    if span is None or span[0] > today:
        return None
    # All activities, not only the compared ones: fitness rests on each of them.
    briefs = activities.briefs(tx, athlete_id, meaning.activity_load, since=LONG_AGO)
    given = week_input(briefs, _series(tx, athlete_id, meaning, today), rights, first=span[0], today=today)
    context, permission = week_context(given), permitted_context(given)
    return Question(context, permission, cache_key(context, permission, backends))


def week_input(
    briefs: Sequence[ActivityBrief],
    series: Mapping[Role, DailySeries],
    rights: Mapping[str, DataRights],
    *,
    first: date,
    today: date,
) -> WeekInput:
    """Turn rows into the input of the facts. An activity of an unknown source is not permitted."""
    border = today - timedelta(days=COMPARED_DAYS)
    facts = [(_fact(brief, rights), brief.local_date) for brief in briefs if brief.local_date <= today]
    return WeekInput(
        last_day=today,
        series=series,
        activities=[fact for fact, day in facts if day > border],
        history_days=(today - first).days + 1,
        older_denied=sum(not fact.ai_permitted for fact, day in facts if day <= border),
    )


def newest_of_week(tx: Transaction, athlete_id: UUID, question: Question) -> Insight | None:
    return insights.newest(tx, athlete_id, KIND, last_day=question.context.last_day)


def explain(
    question: Question,
    backends: Sequence[InsightBackend],
    gate: Gate,
    now: Callable[[], datetime],
    *,
    deadline_s: float,
) -> Insight:
    """Write the insight. This may take as long as the backends do, and always succeeds."""
    return write(question.context, question.permission, backends, gate=gate, now=now(), deadline_s=deadline_s)


def _fact(brief: ActivityBrief, rights: Mapping[str, DataRights]) -> ActivityFact:
    known = bool(brief.sources) and all(source in rights for source in brief.sources)
    return ActivityFact(
        sport=brief.sport,
        local_date=brief.local_date,
        moving_s=brief.moving_s,
        distance_m=brief.distance_m,
        load=brief.value,
        estimated=brief.estimated,
        ai_permitted=known and combine(rights[source] for source in brief.sources).ai,
    )


def _series(tx: Transaction, athlete_id: UUID, meaning: Meaning, today: date) -> dict[Role, DailySeries]:
    first = today - timedelta(days=2 * COMPARED_DAYS)
    columns = days.columns(tx, athlete_id, list(meaning.series.values()), first=first, last=today)
    return {
        role: DailySeries(key=key, first_day=first, values=columns[key])
        for role, key in meaning.series.items()
    }
