"""The only door to an AI backend: which context may pass, or why none may."""

from training_analyzer.analysis.facts import week_context
from training_analyzer.analysis.week import ActivityFact, WeekInput
from training_analyzer.domain.insight import Context
from training_analyzer.domain.values import Value


class Permission(Value):
    """A context that was made from permitted recordings alone; or None, and the reason."""

    context: Context | None = None
    reason: str = ""


def permitted_context(given: WeekInput) -> Permission:
    """
    Return the context that an AI backend may see.

    Fitness and fatigue rest on every recording of the past, so one forbidden recording taints
    them, and no number can be left out of a total. Hence all recordings must be permitted, or
    nothing passes.
    """
    compared = given.compared()
    permitted = [activity for activity in compared if activity.ai_permitted]
    tainted = given.older_denied + sum(not activity.ai_permitted for activity in given.activities)
    if not tainted:
        return Permission(context=week_context(given))
    if len(permitted) < len(compared):
        return Permission(reason=_partly(permitted, compared))
    return Permission(
        reason=f"fitness and fatigue also rest on {tainted} older "
        f"{'activity' if tainted == 1 else 'activities'} whose terms do not permit AI"
    )


def _partly(permitted: list[ActivityFact], compared: list[ActivityFact]) -> str:
    total = sum(activity.load or 0.0 for activity in compared)
    load = sum(activity.load or 0.0 for activity in permitted)
    share = f" ({100 * load / total:.0f} % of the load)" if total > 0 else ""
    return f"the terms of the source permit AI on {len(permitted)} of {len(compared)} activities{share}"
