"""
The generated athlete's training: what is done on which day, in a cycle of 26 weeks that ends with a
race.

The cycle is bound to the calendar and the seed, not to the day on which the simulator was started:
whoever starts it tomorrow finds the same activities, and one day more. Three weeks of building are
followed by one of recovery; there is a short illness in the tenth week and a taper before the race
(early June on the bike, early December on foot).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from training_analyzer_strava.simulator.efforts import RACES

WEEKS_IN_CYCLE = 26
RACE_WEEK = 25
ILL_WEEK = 9
MANUAL_WEEKS = (6, 18)
PRIVATE_WEEKS = (3, 11, 19)
CYCLE_OFFSET = 8  # so that race weeks fall into early June and early December
LOAD_OF_WEEK = (
    *(0.40, 0.70, 0.80, 0.90, 0.60),
    *(0.85, 0.95, 1.00, 0.62, 0.80),
    *(0.95, 1.05, 0.65, 0.95, 1.05),
    *(1.12, 0.68, 1.00, 1.08, 1.18),
    *(0.70, 1.05, 1.15, 0.75, 0.55, 0.45),
)
INDOOR_MONTHS = (11, 12, 1, 2)


@dataclass(frozen=True)
class Session:
    """One planned training: what, how hard, how long, and how likely it is done at all."""

    sport: str
    effort: str
    minutes: float
    likely: float
    hour: float
    only_me: bool = False
    manual: bool = False


@dataclass(frozen=True)
class Outing:
    """One training that takes place: a session with its time, its number, and the form of the day."""

    activity_id: int
    start: datetime
    utc_offset_s: int
    session: Session
    minutes: float
    form: float
    """Threshold power and speed on that day, as a fraction of the athlete's best."""

    @property
    def start_local(self) -> datetime:
        """The wall clock at the start, with a false UTC, as Strava writes it."""
        return self.start + timedelta(seconds=self.utc_offset_s)

    @property
    def surely_over(self) -> datetime:
        """An instant at which the outing has ended, with all its breaks."""
        return self.start + timedelta(minutes=self.minutes * 1.5 + 60)


def outings(seed: int, first: date, last: date) -> Iterator[Outing]:
    """Everything the athlete of `seed` does from `first` to `last`, oldest first."""
    week = (first.toordinal() - 1) // 7
    while week * 7 < last.toordinal():
        for outing in _outings_of_week(seed, week):
            if first <= outing.start.date() <= last:
                yield outing
        week += 1


def _outings_of_week(seed: int, week: int) -> Iterator[Outing]:
    random = np.random.default_rng([seed, week])
    cycle, position = divmod(week + CYCLE_OFFSET, WEEKS_IN_CYCLE)
    monday = date.fromordinal(week * 7 + 1)
    form = 0.95 + 0.05 * position / RACE_WEEK
    for weekday, session in enumerate(_sessions(cycle, position, monday)):
        luck, length, minute = random.random(), random.normal(1.0, 0.08), random.uniform(-15, 30)
        if session is None or luck > session.likely:
            continue
        length_of_day = LOAD_OF_WEEK[position] ** 0.7 * float(np.clip(length, 0.8, 1.2))
        if session.effort in RACES:
            length_of_day = 1.0
        day = monday + timedelta(days=weekday)
        offset_s = berlin_offset_s(day)
        local = datetime.combine(day, time(), UTC) + timedelta(
            seconds=round(session.hour * 3600 + minute * 60 + random.integers(60))
        )
        yield Outing(
            activity_id=12_000_000_000 + day.toordinal() * 10_000 + seed % 1000 * 10 + weekday,
            start=local - timedelta(seconds=offset_s),
            utc_offset_s=offset_s,
            session=session,
            minutes=session.minutes * length_of_day,
            form=form,
        )


def _sessions(cycle: int, position: int, monday: date) -> tuple[Session | None, ...]:
    """The sessions from Monday to Sunday of one week of the cycle."""
    indoors = monday.month in INDOOR_MONTHS
    on_foot = bool(cycle % 2)
    if position == ILL_WEEK:
        easy_ride = Session("Ride", "recovery", 70, 1.0, 10.5)
        return Session("Yoga", "still", 40, 1.0, 19.0), None, None, None, None, easy_ride, _long_run(position)
    monday_session = Session("Swim", "swim", 50, 0.55, 12.1)
    tuesday = Session("VirtualRide" if indoors else "Ride", "intervals", 78, 0.82, 18.0)
    wednesday = Session("Run", "easy", 52, 0.72, 6.7, only_me=position in PRIVATE_WEEKS)
    thursday = Session("IndoorRide" if indoors else "Ride", "sweet_spot", 95, 0.66, 18.1)
    friday = Session(
        *(("Yoga", "still", 40) if position % 2 else ("WeightTraining", "strength", 45)), 0.3, 19.4
    )
    saturday = Session("Ride" if position % 6 else "GravelRide", "long", 190, 0.9, 9.0)
    if position % 4 == 0 and position % 8:
        saturday = Session("Hike", "hike", 170, 0.9, 9.5)
    sunday = _long_run(position)
    if position in MANUAL_WEEKS:
        friday = Session("Run", "easy", 35, 1.0, 18.5, manual=True)
    if position == RACE_WEEK:
        thursday = Session("Ride", "recovery", 50, 1.0, 18.1)
        if on_foot:
            sunday = Session("Run", "half_marathon", 91, 1.0, 10.0)
            saturday = Session("Run", "easy", 25, 1.0, 9.5)
        else:
            saturday = Session("Ride", "race", 240, 1.0, 7.0)
    return monday_session, tuesday, wednesday, thursday, friday, saturday, sunday


def _long_run(position: int) -> Session:
    if position in (RACE_WEEK, ILL_WEEK, 0):
        return Session("Run", "recovery", 35, 0.8, 9.6)
    if position % 3 == 0:
        return Session("TrailRun", "endurance", 95, 0.8, 9.3)
    return Session("Run", "endurance", 82, 0.8, 9.5)


def berlin_offset_s(day: date) -> int:
    """
    Central European time's offset from UTC; summer time from the last Sunday of March to that of
    October.
    """
    begins, ends = (_last_sunday(day.year, month) for month in (3, 10))
    return 7200 if begins <= day < ends else 3600


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
