"""
The advice of the day: which way all insights of one day point, decided once.

Each kind of insight looks at facts of its own. Left to themselves, the month would ask for an easier week
while the week says that nothing has to change. So the gravest rule of all kinds that tells to ease off or
to build decides for all of them, and whatever points elsewhere gives no advice that day. To build decides
only where no word of caution weighs as much.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from training_analyzer.analysis.facts.activity import activity_facts
from training_analyzer.analysis.facts.making import estimated_share, unknown_share
from training_analyzer.analysis.facts.month import TWO_MONTHS_DAYS, month_facts
from training_analyzer.analysis.facts.state import state_facts
from training_analyzer.analysis.facts.week import week_facts
from training_analyzer.analysis.rules.engine import deciding, fire
from training_analyzer.analysis.training import COMPARED_DAYS, Session, Training
from training_analyzer.domain.insight import Coverage, Fact, FiredRule, InsightKind

KINDS: Final = (
    (InsightKind.WEEK, week_facts, COMPARED_DAYS),
    (InsightKind.STATE, state_facts, COMPARED_DAYS),
    (InsightKind.MONTH, month_facts, TWO_MONTHS_DAYS),
)
"""Those whose period ends with the day, their facts, and how many days these rest on."""


@dataclass(frozen=True, slots=True)
class DayAdvice:
    """The rule that decides for all insights of a day, and the facts that it speaks of."""

    rule: FiredRule
    facts: tuple[Fact, ...]


def advice_of_the_day(given: Training) -> DayAdvice | None:
    """Return what decides for the last day; None where no rule tells to ease off or to build."""
    spoken = [day for day in _spoken(given) if day.rule.advice and not day.rule.caveat]
    decides = deciding(day.rule for day in spoken)
    return next((day for day in spoken if day.rule is decides), None)


def coverage_of(given: Training, compared: Sequence[Session]) -> Coverage:
    """Return what the facts rest on."""
    covered, known, share = given.covered or (len(compared), len(compared), 1.0)
    return Coverage(
        activities=known,
        activities_covered=covered,
        load_share=share,
        estimated_share=estimated_share(compared),
        history_days=given.history_days,
        unknown_share=unknown_share(compared),
    )


def _spoken(given: Training) -> Iterator[DayAdvice]:
    """Yield what each kind would say by itself, and what is to be said of the day's sessions."""
    for kind, facts_of, compared in KINDS:
        facts = facts_of(given)
        for rule in fire(facts, kind, coverage_of(given, given.last(compared))).rules:
            yield DayAdvice(rule, facts)
    for session in given.last(1):
        found = given.as_of(session.key)
        facts = () if found is None else activity_facts(*found)
        for rule in fire(facts, InsightKind.ACTIVITY, coverage_of(given, [session])).rules:
            yield DayAdvice(rule, facts)
