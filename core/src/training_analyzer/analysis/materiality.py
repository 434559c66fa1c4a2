"""
Whether a new insight is worth writing: what has to change before anybody is told anything new.

Windows roll on from day to day, and most of their numbers with them. What counts is whether what was
said still holds: its rules, the numbers in its sentences, and the recordings that it was made from.
That there has been no training is said once.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from training_analyzer.domain.insight import Context, Fact, Insight, InsightKind
from training_analyzer.domain.style import Style

WORTH_AGAIN: Final = timedelta(days=7)
"""After so long the same is worth saying of other days."""
CORRECTED: Final = 0.05
"""The same days have another load from this share on: less comes of rounding. Our choice."""
COUNTS: Final = ("sessions_week", "sessions_month")
SIZES: Final = ("load_week", "load_usual", "load_month", "load_month_before", "time_week", "time_month")
"""What says of the same days the same, unless a recording or a threshold has changed."""
SINCE_LAST: Final = "days_since_last"
OF_A_SESSION: Final = ("session_load", "session_time")
MOVED: Final = 0.25
"""A number that is spoken of has moved by this share of it: weeks differ by less anyway. Our choice."""
MOVED_BY: Final = {"%": 10.0, "points": 3.0, "days": 7.0, "rest days": 1.5, "hard days": 2.0, "weeks": 2.0}
"""Shares, points of fitness and what is counted in days have moved by as much. Our choice."""
FITNESS_MOVED_BY: Final = 3.0
"""Fitness moves slowly: a quarter of it takes a month. Our choice."""
BALANCE_MOVED_BY: Final = 10.0
"""An ordinary week holds as much; and where form leaves its band, other rules hold. Our choice."""
SCORES_MOVED_BY: Final = {
    "fitness": FITNESS_MOVED_BY,
    # Differences, which lie around 0, so that a share of them means nothing.
    **dict.fromkeys(("form", "form_usual", "form_lowest"), BALANCE_MOVED_BY),
}
"""What has no unit, and is counted in points of load a day all the same."""


def what_is_new(former: Insight | None, context: Context, style: Style, then: tuple[Fact, ...] = ()) -> str:
    """
    Return what makes a new insight worth writing; empty where nothing does.

    `then`: what is known today of the days that the former insight is about, where `context` is about
    later ones.
    """
    if former is None:
        return "there is none yet"
    if former.style != style:
        return "the athlete wants to read otherwise"
    if context.last_day < former.last_day:
        return "a session is gone"  # with which a day had begun that is not over
    if not context.sessions and former.coverage is not None and not former.coverage.activities:
        return "another session is the last" if _another_is_last(former, context) else ""
    if {rule.id for rule in former.rules} != {rule.id for rule in context.rules}:
        return "other rules hold"
    if former.advised_by != (context.advised.id if context.advised else ""):
        return "the day asks for something else"
    return _what_has_changed(former, context, then)


def _what_has_changed(former: Insight, context: Context, then: tuple[Fact, ...]) -> str:
    before, now = _values(former.facts), _values(context.facts)
    if context.kind is InsightKind.ACTIVITY:
        return "the session has changed" if any(_corrected(before, now, OF_A_SESSION)) else ""
    known = now if former.last_day == context.last_day else _values(then)
    if any(_is_gone(before, known)):
        return "a session is gone"
    if any(_corrected(before, known, SIZES)):
        return "the load has changed"
    spoken = {fact_id for rule in context.rules for fact_id in rule.facts}
    if any(_has_moved(before[fact_id], now[fact_id]) for fact_id in spoken & before.keys() & now.keys()):
        return "the numbers have moved"
    return "a week has passed" if context.last_day - former.last_day >= WORTH_AGAIN else ""


def _another_is_last(former: Insight, context: Context) -> bool:
    """Whether an old session has come or gone, so that the days without any were counted from another."""
    before, now = (_values(facts).get(SINCE_LAST) for facts in (former.facts, context.facts))
    if before is None or now is None:
        return before is not now
    return now.value - before.value != (context.last_day - former.last_day).days


def _values(facts: tuple[Fact, ...]) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts}


def _is_gone(before: dict[str, Fact], now: dict[str, Fact]) -> Iterator[bool]:
    return (now[fact_id].value < before[fact_id].value for fact_id in COUNTS if fact_id in {*before} & {*now})


def _corrected(before: dict[str, Fact], now: dict[str, Fact], fact_ids: tuple[str, ...]) -> Iterator[bool]:
    for fact_id in fact_ids:
        if fact_id in before and fact_id in now:
            was, is_now = before[fact_id].value, now[fact_id].value
            yield abs(is_now - was) > CORRECTED * max(abs(was), 1.0)


def _has_moved(before: Fact, now: Fact) -> bool:
    if {before.direction, now.direction} == {"up", "down"}:
        return True
    if now.id.startswith("best_") and not now.id.endswith("_before"):
        return before.number != now.number
    by = SCORES_MOVED_BY.get(now.id, MOVED_BY.get(now.unit))
    return abs(now.value - before.value) >= (MOVED * max(abs(before.value), 1.0) if by is None else by)
