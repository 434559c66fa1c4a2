"""
Explaining as work: after new data, which insights are worth writing; then each of them, one by one.

A unit's subject is the athlete alone, to look what is worth it, or `athlete/kind/key`, to write it. What
has no key and the athlete asks for has `asked` in its place.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from training_analyzer.analysis import explaining, obtaining
from training_analyzer.analysis.contexts import Subject
from training_analyzer.analysis.training import Training
from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import Event, InsightOwed, InsightPostponed, InsightWritten
from training_analyzer.domain.insight import Insight, InsightKind
from training_analyzer.domain.style import Style
from training_analyzer.pipeline import ASKED
from training_analyzer.processing import days
from training_analyzer.runtime import Runtime
from training_analyzer.storage import activities, athletes, insights, work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Claim
from training_analyzer.worker.results import NotYet, Store

STILL_ARRIVING = timedelta(seconds=5)
WORTH_WAITING_FOR = timedelta(days=7)
"""Nobody waits for longer for what an AI would have said: the rules have the last word. Our choice."""


def explain(runtime: Runtime, claim: Claim) -> Store:
    """Look what is worth writing, or write it."""
    athlete, _, about = claim.subject.partition("/")
    athlete_id = UUID(athlete)
    if not about:
        return _look(runtime, athlete_id)
    kind, _, key = about.partition("/")
    if key == ASKED:
        return _write(runtime, athlete_id, InsightKind(kind), "", is_asked=True)
    return _write(runtime, athlete_id, InsightKind(kind), key)


def _look(runtime: Runtime, athlete_id: UUID) -> Store:
    now = runtime.now()
    with runtime.database.transaction(athlete_id) as tx:
        _wait_for_arrivals(tx, athlete_id, now)
        today, _ = days.today(tx, athlete_id, now)
        training, style = runtime.training_of(tx, athlete_id, today), _style(tx, athlete_id)
        if training is None:
            return lambda _: ()
        kinds = runtime.settings.insight_kinds
        subjects = list(
            explaining.worth_writing(training, kinds, style, lambda subject: _former(tx, athlete_id, subject))
        )
    return lambda _: [
        InsightOwed(athlete_id=athlete_id, kind=subject.kind, key=subject.key) for subject in subjects
    ]


def _write(
    runtime: Runtime, athlete_id: UUID, kind: InsightKind, key: str, *, is_asked: bool = False
) -> Store:
    now = runtime.now()
    with runtime.database.transaction(athlete_id) as tx:
        _wait_for_arrivals(tx, athlete_id, now)
        subject = _subject(tx, kind, key)
        day = _day(tx, athlete_id, subject, now)
        training = runtime.training_of(tx, athlete_id, day)
        if training is None:
            if not is_asked and kind is not InsightKind.QUESTION:
                return lambda _: ()  # it is gone since the unit was owed
            # Who asks before anything has arrived is told so, and not left without an answer.
            training = Training.nothing(day)
        style = _style(tx, athlete_id)
        question = explaining.question_about(training, subject, style, runtime.backends)
        former = _former(tx, athlete_id, subject)
    if question is None:
        raise Missing("the session is gone")
    if not explaining.is_due(former, question):
        return lambda _: ()
    interval = timedelta(minutes=runtime.settings.insight_interval_minutes)
    until = explaining.waits_until(former, question, interval=interval)
    if until is not None and now < until:
        raise NotYet(until, f"the insight of this {kind} is recent, or what keeps an AI from it has to pass")
    obtained = _obtained(runtime, athlete_id, question)
    waits_since = None if former is None else _waits_since(former, question.key)
    better_after = obtained.insight.better_after
    if waits_since is not None and now - waits_since > WORTH_WAITING_FOR:
        better_after = None
    # What was written of the same facts before may have answered another asking of the same question.
    mine = obtained.insight.model_copy(update={"subject": key, "better_after": better_after})
    obtained = replace(obtained, insight=mine)

    def store(tx: Transaction) -> Iterable[Event]:
        insight_id = obtaining.keep(tx, athlete_id, obtained, now=runtime.now())
        if insight_id is not None:
            yield InsightWritten(athlete_id=athlete_id, insight_id=insight_id)
        if better_after is not None:
            subject = f"{athlete_id}/{kind}/{key}".rstrip("/")
            yield InsightPostponed(athlete_id=athlete_id, subject=subject, until=better_after)

    return store


def _obtained(runtime: Runtime, athlete_id: UUID, question: explaining.Question) -> obtaining.Obtained:
    """Return what was written about the same facts, or write it. Raises NotYet where another writes it."""
    deadline_s = runtime.ai_terms.deadline_s
    try:
        return obtaining.obtain(
            runtime.database,
            athlete_id,
            question.key,
            lambda gate: explaining.explain(
                question, runtime.backends, gate, runtime.now, deadline_s=deadline_s
            ),
            terms=runtime.ai_terms,
            now=runtime.now,
        )
    except obtaining.InFlight as other:
        raise NotYet(runtime.now() + timedelta(seconds=other.wait_s), str(other)) from other


def _waits_since(former: Insight, cache_key: str) -> datetime | None:
    """Return since when something that passes has kept an AI from writing; None where nothing has."""
    if former.stale_since is not None:
        return former.stale_since
    return former.written_at if former.cache_key == cache_key and former.better_after else None


def _subject(tx: Transaction, kind: InsightKind, key: str) -> Subject:
    if kind is not InsightKind.QUESTION:
        return Subject(kind, key)
    question = insights.asked(tx, UUID(key))
    if question is None:
        raise Missing("the question is gone")
    return Subject(kind, key, question)


def _day(tx: Transaction, athlete_id: UUID, subject: Subject, now: datetime) -> date:
    """Return the day up to which training is looked at: a session is judged by what was known with it."""
    if subject.kind is not InsightKind.ACTIVITY:
        today, _ = days.today(tx, athlete_id, now)
        return today
    day = activities.day_of(tx, UUID(subject.key))
    if day is None:
        raise Missing("the session is gone")
    return day


def _style(tx: Transaction, athlete_id: UUID) -> Style:
    profile = athletes.profile(tx, athlete_id)
    if profile is None:
        raise Missing("the athlete is gone")
    return profile.style


def _former(tx: Transaction, athlete_id: UUID, subject: Subject) -> Insight | None:
    return insights.newest(tx, athlete_id, subject.kind, subject=subject.key)


def _wait_for_arrivals(tx: Transaction, athlete_id: UUID, now: datetime) -> None:
    """Raise NotYet while work of the athlete's onboarding is owed that is not waiting for a quota."""
    if work.is_arriving(tx, athlete_id, now=now):
        raise NotYet(now + STILL_ARRIVING, "the newest weeks are still arriving")
