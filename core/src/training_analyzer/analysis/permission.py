"""Which context an AI backend may see, or why it may see none: the terms of the data decide."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

from training_analyzer.analysis.advice import advice_of_the_day
from training_analyzer.analysis.contexts import WEEK, Subject, build_context
from training_analyzer.analysis.facts.making import hours, load
from training_analyzer.analysis.facts.month import TWO_MONTHS_DAYS
from training_analyzer.analysis.training import Session, Training
from training_analyzer.domain.insight import Context, InsightKind, Stance
from training_analyzer.domain.style import Style
from training_analyzer.domain.values import Value

MIN_SHARE: Final = 0.9
"""Below this share of the load, or of the time, what is left out is too much for the rest to be true."""
FITNESS_HORIZON_DAYS: Final = 126
"""Three time constants of fitness: what lies further back weighs less than 5 %."""


class Permission(Value):
    """A context that was made from permitted recordings alone; or None, and the reason."""

    context: Context | None = None
    reason: str = ""


def permitted_context(given: Training, subject: Subject = WEEK, style: Style | None = None) -> Permission:
    """
    Return the context that an AI backend may see.

    Where every recording permits it, that is the whole. Where some do not, it is made again from
    the others alone, fitness and fatigue too, and says what it covers: no number is ever left out
    of a total. Below nine tenths of the load, or of the time, nothing passes; nor where loads and zones
    rest on a threshold that comes from what is denied; nor where the rest would advise otherwise than to
    ease off, as the whole does, or to build, as it does not; nor where all sessions of the last day are
    denied, which may not be over and would pass for a day of rest.
    """
    denied = given.older_denied + sum(not session.ai_permitted for session in given.sessions)
    if not denied and not given.denied_thresholds:
        return Permission(context=build_context(given, subject, style))
    window = given.last(max(FITNESS_HORIZON_DAYS, TWO_MONTHS_DAYS))
    permitted = [session for session in window if session.ai_permitted]
    share = _load_share(permitted, window)
    if min(share, _time_share(permitted, window)) < MIN_SHARE:
        return Permission(reason=_partly(permitted, window))
    if given.denied_thresholds:
        return Permission(reason=_borrowed(given.denied_thresholds))
    if given.permitted_series is None:
        return Permission(
            reason=f"fitness and fatigue also rest on {denied} "
            f"{'activity' if denied == 1 else 'activities'} whose terms do not permit AI"
        )
    if subject.kind is InsightKind.ACTIVITY and not _is_permitted(given, subject.key):
        return Permission(reason="the terms of this session's source do not permit AI")
    rest = _without_denied(given, permitted, window, share)
    if _misleads(given, rest, subject):
        return Permission(reason="what the terms do not permit AI to see changes the advice of the day")
    if subject.kind is not InsightKind.ACTIVITY and _ends_denied(given):
        return Permission(
            reason="the terms do not permit AI to see any session of the last day, "
            "which would pass for a day of rest"
        )
    return Permission(context=build_context(rest, subject, style))


def _misleads(given: Training, rest: Training, subject: Subject) -> bool:
    """Return whether the rest misses that the day asks to ease off, or asks to build by itself."""
    day = given.last_day
    if subject.kind is InsightKind.ACTIVITY:
        day = next(session.local_date for session in given.sessions if session.key == subject.key)
    whole, part = (
        advice.rule.stance if advice else Stance.NONE
        for advice in (advice_of_the_day(some.until(day)) for some in (given, rest))
    )
    return whole is not part and (whole is Stance.EASE or part is Stance.BUILD)


def _without_denied(
    given: Training, permitted: Sequence[Session], window: Sequence[Session], share: float
) -> Training:
    """Return the training as it would be if the permitted sessions were all there are."""
    series = given.permitted_series or {}
    # Even when training began may only be known from a recording that forbids it.
    began = min((one.first_day for one in series.values()), default=given.last_day)
    return dataclasses.replace(
        given,
        sessions=[session for session in given.sessions if session.ai_permitted],
        series=series,
        history_days=(given.last_day - began).days + 1,
        threshold_age_days=given.permitted_threshold_age_days,
        covered=(len(permitted), len(window), share),
    )


def _is_permitted(given: Training, key: str) -> bool:
    return any(session.key == key and session.ai_permitted for session in given.sessions)


def _ends_denied(given: Training) -> bool:
    """Return whether the last day has sessions, and none that is permitted."""
    return bool(given.last(1)) and not any(session.ai_permitted for session in given.last(1))


def _load_share(some: Sequence[Session], all_of_them: Sequence[Session]) -> float:
    """Return the share of the load; of the time where there is no load."""
    total = load(all_of_them)
    return load(some) / total if total > 0 else _time_share(some, all_of_them)


def _time_share(some: Sequence[Session], all_of_them: Sequence[Session]) -> float:
    """Return the share of the time; where there is no time either, all or nothing."""
    total = hours(all_of_them)
    return hours(some) / total if total > 0 else float(len(some) == len(all_of_them))


def _borrowed(denied: Mapping[str, str]) -> str:
    name, whose = next(iter(denied.items()))
    return (
        f"loads and zones rest on {name}, which comes from data of {whose}, whose terms do not permit AI; "
        "the athlete can say the value in their own name"
    )


def _partly(permitted: Sequence[Session], window: Sequence[Session]) -> str:
    total, time = load(window), 100 * _time_share(permitted, window)
    of_load = f"{100 * load(permitted) / total:.0f} % of the load, " if total > 0 else ""
    share = f" ({of_load}{time:.0f} % of the time)"
    return f"the terms of the source permit AI on {len(permitted)} of {len(window)} activities{share}"
