"""How facts are made, and the sums that they are made from."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Literal

from training_analyzer.analysis.language.texts import ENGLISH
from training_analyzer.analysis.training import Best, Measure, Session
from training_analyzer.domain.insight import Fact
from training_analyzer.domain.sport import Sport

# Below these a change is called flat. Our choice: training varies by more from week to week anyway.
FLAT_PERCENT = 5.0
FLAT_POINTS = 1.0

MIN_LOAD_COMPARED = 20.0
"""A usual week below this is hardly training: a percentage of it would be large and mean nothing."""
MIN_HOURS_COMPARED = 0.5
MIN_SHARE_MEASURED = 0.5
"""Zones of less than half the time would describe the sessions that happen to have them."""

SPORTS_WITH_DISTANCE = (Sport.RIDE, Sport.RUN, Sport.SWIM)
SECONDS_PER_HOUR = 3600


def number(fact_id: str, value: float, unit: str = "", decimals: int = 0) -> Fact:
    return Fact(id=fact_id, label=ENGLISH.facts[fact_id], value=value, unit=unit, decimals=decimals)


def percent(fact_id: str, now: float, usual: float) -> Fact:
    """Return by how much `now` differs from `usual`, which is not 0."""
    return _change(fact_id, 100 * (now - usual) / usual, unit="%", flat_below=FLAT_PERCENT)


def points(
    fact_id: str,
    now: float,
    earlier: float,
    *,
    unit: str = "points",
    decimals: int = 0,
    flat_below: float = FLAT_POINTS,
) -> Fact:
    return _change(fact_id, now - earlier, unit=unit, decimals=decimals, flat_below=flat_below)


def _change(fact_id: str, change: float, *, unit: str, flat_below: float, decimals: int = 0) -> Fact:
    """Return a change as its size and its direction: nobody writes "down -18%"."""
    direction: Literal["up", "down", "flat"] = "up" if change > 0 else "down"
    if abs(change) < flat_below:
        direction = "flat"
    return Fact(
        id=fact_id,
        label=ENGLISH.facts[fact_id],
        value=abs(change),
        unit=unit,
        decimals=decimals,
        direction=direction,
    )


def hours(sessions: Iterable[Session]) -> float:
    return sum(session.moving_s for session in sessions) / SECONDS_PER_HOUR


def load(sessions: Iterable[Session]) -> float:
    return sum(session.load or 0.0 for session in sessions)


def longest_hours(sessions: Iterable[Session]) -> float:
    return max((session.moving_s for session in sessions), default=0.0) / SECONDS_PER_HOUR


def of_sport(sessions: Iterable[Session], sport: Sport) -> list[Session]:
    return [session for session in sessions if session.sport is sport]


def kilometres(sessions: Iterable[Session], sport: Sport) -> float:
    return sum(session.distance_m or 0.0 for session in of_sport(sessions, sport)) / 1000


def training_days(sessions: Iterable[Session]) -> int:
    return len({session.local_date for session in sessions})


def load_per_hour(sessions: Iterable[Session]) -> float | None:
    loaded = [session for session in sessions if session.load is not None]
    spent, total = hours(loaded), load(loaded)
    return total / spent if spent >= MIN_HOURS_COMPARED and total > 0 else None


def estimated_share(sessions: Iterable[Session]) -> float:
    """Return the share of the load that rests on estimates."""
    total = estimated = 0.0
    for session in sessions:
        total += session.load or 0.0
        estimated += (session.load or 0.0) if session.estimated else 0.0
    return estimated / total if total > 0 else 0.0


def unknown_share(sessions: Sequence[Session]) -> float:
    """Return the share of the time of which no load is known."""
    total = hours(sessions)
    return hours(session for session in sessions if session.load is None) / total if total > 0 else 0.0


ZONES = (Measure.EASY_S, Measure.MODERATE_S, Measure.HARD_S)


def intensity_shares(sessions: Sequence[Session]) -> tuple[float, float, float] | None:
    """Return how many per cent of the time were easy, moderate and hard; None where too little is known."""
    measured = [session for session in sessions if all(zone in session.measures for zone in ZONES)]
    seconds = [sum(session.measures[zone] for session in measured) for zone in ZONES]
    total = sum(seconds)
    if total < MIN_HOURS_COMPARED * SECONDS_PER_HOUR or hours(measured) < MIN_SHARE_MEASURED * hours(
        sessions
    ):
        return None
    easy, moderate, hard = (100 * part / total for part in seconds)
    return easy, moderate, hard


def typical(sessions: Iterable[Session], measure: Measure, *, at_least: int) -> float | None:
    """Return the median of a measure, where enough sessions have it."""
    values = [session.measures[measure] for session in sessions if measure in session.measures]
    return median(values) if len(values) >= at_least else None


TIMED = (Best.RUN_5K, Best.RUN_10K, Best.RUN_HALF)
"""Lower is better."""
MIN_GAIN_PERCENT = 1.0
"""Below this a best is within what power meters and GPS err by. Our choice."""
MIN_OTHERS = 5
"""A best of fewer sessions than these is the best because there are few."""


def record(now: Sequence[Session], before: Sequence[Session]) -> Iterator[Fact]:
    """Yield the greatest new best of `now` against those before: what it is, what it was, the gain."""
    gains: list[tuple[float, Best, float, float]] = []
    for best in Best:
        new, old = (
            [session.bests[best] for session in some if best in session.bests] for some in (now, before)
        )
        if not new or len(old) < MIN_OTHERS:
            continue
        pick = min if best in TIMED else max
        value, former = pick(new), pick(old)
        if value <= 0 or former <= 0:
            continue
        gain = 100 * (former / value - 1 if best in TIMED else value / former - 1)
        gains.append((gain, best, value, former))
    if not gains or (top := max(gains))[0] < MIN_GAIN_PERCENT:
        return
    gain, best, value, former = top
    yield effort(f"best_{best}", best, value)
    yield effort(f"best_{best}_before", best, former)
    yield _change("record_gain", gain, unit="%", decimals=1, flat_below=0)


def effort(fact_id: str, best: Best, value: float) -> Fact:
    """Return a fact of an effort, from seconds or watts."""
    return number(fact_id, value / 60, "min", decimals=1) if best in TIMED else number(fact_id, value, "W")
