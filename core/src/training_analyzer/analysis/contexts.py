"""
The context builder: the only door through which anything gets from training to words.

A context holds numbers with ids, fired rules, and, for a question, the athlete's own cleaned words.
No name, title, place, date, device or reading can be in it, because none is in `Training`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from training_analyzer.analysis.advice import KINDS, DayAdvice, advice_of_the_day, coverage_of
from training_analyzer.analysis.facts.activity import activity_facts
from training_analyzer.analysis.facts.month import MONTH_DAYS, TWO_MONTHS_DAYS
from training_analyzer.analysis.facts.question import all_facts, question_facts
from training_analyzer.analysis.questions import MEDICAL, cleaned, topics_of
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.analysis.rules.engine import Fired, fire
from training_analyzer.analysis.training import WEEK_DAYS, Session, Training
from training_analyzer.domain.insight import Context, Coverage, Fact, InsightKind, Stance
from training_analyzer.domain.sport import Sport
from training_analyzer.domain.style import Language, Style, Units

KILOMETRES_PER_MILE: Final = 1.609344
METRES_PER_FOOT: Final = 0.3048
_IMPERIAL: Final = {"km": ("mi", 1 / KILOMETRES_PER_MILE), "m": ("ft", 1 / METRES_PER_FOOT)}


OF_KIND: Final = {kind: (facts_of, compared) for kind, facts_of, compared in KINDS}
DAYS: Final = {InsightKind.WEEK: WEEK_DAYS, InsightKind.STATE: 1, InsightKind.MONTH: MONTH_DAYS}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an insight is to be about. `key`: of a session or a stored question; never a fact."""

    kind: InsightKind
    key: str = ""
    question: str = ""


WEEK: Final = Subject(InsightKind.WEEK)


def build_context(given: Training, subject: Subject = WEEK, style: Style | None = None) -> Context | None:
    """
    Return everything that may be said about the subject; None where there is no such session.

    Made from every session in `given`: what an AI backend may see is decided by `permission`.
    """
    style = style or Style()
    match subject.kind:
        case InsightKind.ACTIVITY:
            return _of_session(given, subject, style)
        case InsightKind.QUESTION:
            return _of_question(given, subject, style)
    facts_of, compared = OF_KIND[subject.kind]
    sessions = given.last(compared)
    coverage = coverage_of(given, sessions)
    facts = facts_of(given)
    day = advice_of_the_day(given)
    fired = fire(facts, subject.kind, coverage, day=day.rule if day else None)
    ground = _Ground(given, subject, style, DAYS[subject.kind], day, sessions)
    return _context(ground, facts, fired, coverage)


def week_context(given: Training, style: Style | None = None) -> Context:
    """Return everything that may be said about the week."""
    context = build_context(given, WEEK, style)
    assert context is not None
    return context


def in_units(fact: Fact, units: Units) -> Fact:
    """Return the fact in the athlete's system: the same id, another number."""
    if units is Units.METRIC or fact.unit not in _IMPERIAL:
        return fact
    unit, factor = _IMPERIAL[fact.unit]
    return fact.model_copy(update={"value": fact.value * factor, "unit": unit})


def _of_session(given: Training, subject: Subject, style: Style) -> Context | None:
    found = given.as_of(subject.key)
    if found is None:
        return None
    then, session = found
    facts = activity_facts(then, session)
    coverage = coverage_of(then, [session])
    # Both of two sessions on one day are told the same.
    day = advice_of_the_day(given.until(session.local_date))
    fired = fire(facts, subject.kind, coverage, day=day.rule if day else None)
    return _context(_Ground(then, subject, style, 1, day, [session]), facts, fired, coverage)


def _of_question(given: Training, subject: Subject, style: Style) -> Context:
    question = cleaned(subject.question)
    topics = topics_of(question, style.language)
    known = all_facts(given)
    sessions = given.last(TWO_MONTHS_DAYS)
    coverage = coverage_of(given, sessions)
    day = advice_of_the_day(given)
    fired = fire(known.values(), subject.kind, coverage, topics=topics, day=day.rule if day else None)
    spoken = [fact_id for rule in fired.rules for fact_id in rule.facts]
    facts = () if MEDICAL in topics else question_facts(known, topics, spoken)
    ground = _Ground(given, subject, style, MONTH_DAYS, day, sessions)
    context = _context(ground, facts, fired, coverage)
    return context.model_copy(update={"question": question})


@dataclass(frozen=True, slots=True)
class _Ground:
    """On what a context is built."""

    given: Training
    subject: Subject
    style: Style
    days: int
    advice: DayAdvice | None
    sessions: Sequence[Session]
    """Of which the facts speak."""


def _context(ground: _Ground, facts: tuple[Fact, ...], fired: Fired, coverage: Coverage) -> Context:
    if fired.day and ground.advice:
        mentioned = placeholders(fired.day.reason) - {fact.id for fact in facts}
        facts += tuple(fact for fact in ground.advice.facts if fact.id in mentioned)
    return Context(
        kind=ground.subject.kind,
        subject=ground.subject.key,
        first_day=ground.given.last_day - timedelta(days=ground.days - 1),
        last_day=ground.given.last_day,
        # Rules compare metric numbers; whoever reads, athlete or model, gets the athlete's units.
        facts=tuple(in_units(fact, ground.style.units) for fact in facts),
        rules=fired.rules,
        suppressed=fired.suppressed,
        day=fired.day,
        stance=ground.advice.rule.stance if ground.advice else Stance.NONE,
        coverage=coverage,
        sessions=len(ground.sessions),
        sport=_only_sport(ground.sessions),
        units=ground.style.units,
    )


def _only_sport(sessions: Sequence[Session]) -> Sport | None:
    sports = {session.sport for session in sessions}
    return sports.pop() if len(sports) == 1 and Sport.OTHER not in sports else None


def is_medical(context: Context, language: Language) -> bool:
    """Return whether the context is a question about health, which gets a fixed answer."""
    return context.kind is InsightKind.QUESTION and MEDICAL in topics_of(context.question, language)
