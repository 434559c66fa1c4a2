"""Whether a new insight is worth writing: what has to change before anybody is told anything new."""

from datetime import timedelta
from typing import Final

from training_analyzer.domain.insight import Context, Fact, Insight, InsightKind
from training_analyzer.domain.style import Style

FORM_POINTS: Final = 3.0
"""Form moves by less than this from one day to the next without anything having happened. Our choice."""
WORTH_AGAIN_DAYS: Final = {InsightKind.WEEK: 7, InsightKind.MONTH: 7, InsightKind.STATE: 7}
LOAD_SHARE: Final = 0.05


def what_is_new(former: Insight | None, context: Context, style: Style) -> str:
    """Return what makes a new insight worth writing; empty where nothing does."""
    if former is None:
        return "there is none yet"
    if former.style != style:
        return "the athlete wants to read otherwise"
    if {rule.id for rule in former.rules} != {rule.id for rule in context.rules}:
        return "other rules hold"
    if former.advised_by != (context.advised.id if context.advised else ""):
        return "the day asks for something else"
    if context.kind is InsightKind.ACTIVITY:
        return "the session has changed" if _moved(former, context, "session_load") else ""
    if _newest_session(former.facts, former) < _newest_session(context.facts, context):
        return "there is a new session"
    if former.last_day == context.last_day and any(
        _moved(former, context, fact_id) for fact_id in ("load_week", "load_month")
    ):
        return "the load has changed"
    if abs(_value(former.facts, "form") - _value(context.facts, "form")) >= FORM_POINTS:
        return "form has moved"
    if context.last_day - former.last_day >= timedelta(days=WORTH_AGAIN_DAYS.get(context.kind, 7)):
        return "a week has passed"
    return ""


def _newest_session(facts: tuple[Fact, ...], of: Insight | Context) -> float:
    """Return a number that grows with the day of the newest session; the same for the same day."""
    return of.last_day.toordinal() - _value(facts, "days_since_last", unknown=float(of.last_day.toordinal()))


def _moved(former: Insight, context: Context, fact_id: str) -> bool:
    before, now = _value(former.facts, fact_id), _value(context.facts, fact_id)
    return abs(now - before) > LOAD_SHARE * max(abs(before), 1.0)


def _value(facts: tuple[Fact, ...], fact_id: str, *, unknown: float = 0.0) -> float:
    return next((fact.value for fact in facts if fact.id == fact_id), unknown)
