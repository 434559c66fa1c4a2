"""The facts of one session, beside the sessions of its sport in the twelve weeks before."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median

from training_analyzer.analysis.facts.making import (
    SECONDS_PER_HOUR,
    SPORTS_WITH_DISTANCE,
    intensity_shares,
    load,
    number,
    percent,
    points,
    record,
    typical,
)
from training_analyzer.analysis.facts.week import RECORD_DAYS, break_facts, coverage_facts
from training_analyzer.analysis.training import WEEK_DAYS, Measure, Role, Session, Training
from training_analyzer.domain.insight import Fact

BASELINE_DAYS = 84
MIN_BASELINE = 5
"""Of fewer sessions of a sport none is usual."""
SIMILAR = 0.4
"""A session is compared in efficiency with those whose time differs by at most this share. Our choice."""
AS_LARGE = 0.95
"""From this share on another session was as long: two minutes make no longest run. Our choice."""
STEADY_S = 2700
LOOKED_BACK_DAYS = 364
FLAT_DECOUPLING = 1.5


def activity_facts(given: Training, session: Session) -> tuple[Fact, ...]:
    """Return the session's facts in a fixed order. `given` ends with the session."""
    usual = [
        other for other in given.last(BASELINE_DAYS) if other is not session and other.sport is session.sport
    ]
    return (
        *_size(session, usual),
        *_rank(given, session),
        *_zones(session),
        *_endurance(session, usual),
        *_circumstances(given, session),
        *record([session], [other for other in given.last(RECORD_DAYS) if other is not session]),
        number("history_days", given.history_days, "days"),
        number("estimated_share", 100.0 if session.estimated else 0.0, "%"),
        *coverage_facts(given),
    )


def _size(session: Session, usual: list[Session]) -> Iterator[Fact]:
    hours = session.moving_s / SECONDS_PER_HOUR
    yield number("session_time", hours, "h", decimals=1)
    if session.load is not None:
        yield number("session_load", session.load)
    if session.distance_m and session.sport in SPORTS_WITH_DISTANCE:
        yield number("session_distance", session.distance_m / 1000, "km", decimals=1)
    yield number("sessions_compared", len(usual), "sessions")
    if len(usual) < MIN_BASELINE:
        return
    yield number("session_shorter_share", _share_below(session, usual, lambda one: one.moving_s), "%")
    loaded = [other for other in usual if other.load is not None]
    if session.load is not None and len(loaded) >= MIN_BASELINE:
        yield number("session_lighter_share", _share_below(session, loaded, lambda one: one.load or 0.0), "%")
    usual_hours = median(other.moving_s for other in usual) / SECONDS_PER_HOUR
    if usual_hours > 0:
        yield number("session_time_usual", usual_hours, "h", decimals=1)
        yield percent("session_time_change", hours, usual_hours)
    loads = [other.load for other in usual if other.load is not None]
    if session.load is not None and len(loads) >= MIN_BASELINE and (usual_load := median(loads)) > 0:
        yield number("session_load_usual", usual_load)
        yield percent("session_load_change", session.load, usual_load)
        if hours > 0 and usual_hours > 0:
            yield percent("session_intensity_change", session.load / hours, usual_load / usual_hours)


def _share_below(session: Session, usual: Sequence[Session], size: Callable[[Session], float]) -> float:
    """Return the share of the others that were clearly smaller, in per cent."""
    return 100 * sum(size(other) < AS_LARGE * size(session) for other in usual) / len(usual)


def _rank(given: Training, session: Session) -> Iterator[Fact]:
    """Yield for how many weeks no session of the sport was as long, and none carried as much load."""
    others = [
        other
        for other in given.last(LOOKED_BACK_DAYS)
        if other is not session and other.sport is session.sport
    ]
    if len(others) < MIN_BASELINE:
        return
    sizes: tuple[tuple[str, Callable[[Session], float]], ...] = (
        ("weeks_since_longer", lambda one: one.moving_s),
        ("weeks_since_heavier", lambda one: one.load or 0.0),
    )
    for fact_id, size in sizes:
        as_large = [other.local_date for other in others if size(other) >= AS_LARGE * size(session) > 0]
        since = (session.local_date - max(as_large)).days if as_large else given.history_days
        yield number(fact_id, min(since, LOOKED_BACK_DAYS) // WEEK_DAYS, "weeks")


def _zones(session: Session) -> Iterator[Fact]:
    shares = intensity_shares([session])
    if shares is not None:
        for name, share in zip(("easy", "moderate", "hard"), shares, strict=True):
            yield number(f"session_{name}_share", share, "%")


def _endurance(session: Session, usual: list[Session]) -> Iterator[Fact]:
    steady = [other for other in usual if other.moving_s >= STEADY_S]
    drift = session.measures.get(Measure.DECOUPLING)
    if drift is not None and session.moving_s >= STEADY_S:
        yield number("session_decoupling", drift, "%", decimals=1)
        typical_drift = typical(steady, Measure.DECOUPLING, at_least=MIN_BASELINE)
        if typical_drift is not None:
            yield number("session_decoupling_usual", typical_drift, "%", decimals=1)
            yield points(
                "session_decoupling_change", drift, typical_drift, decimals=1, flat_below=FLAT_DECOUPLING
            )
    similar = [
        other for other in usual if abs(other.moving_s - session.moving_s) <= SIMILAR * session.moving_s
    ]
    gain, gain_usual = (
        session.measures.get(Measure.EFFICIENCY),
        typical(similar, Measure.EFFICIENCY, at_least=MIN_BASELINE),
    )
    if gain is not None and gain_usual:
        yield percent("session_efficiency_change", gain, gain_usual)


def _circumstances(given: Training, session: Session) -> Iterator[Fact]:
    form = given.value(Role.FORM)
    if form is not None:
        yield number("form_before", form)
    earlier = [other.local_date for other in given.sessions if other is not session]
    if earlier:
        yield number("days_since_previous", (session.local_date - max(earlier)).days, "days")
    yield from break_facts(given)
    week = given.last(WEEK_DAYS)
    if session.load and len(week) > 1 and load(week) > 0:
        yield number("session_week_share", 100 * session.load / load(week), "%")
