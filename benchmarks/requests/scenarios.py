"""Days that deployments have: a newcomer beside long histories, a rush, one athlete alone, a steady group."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from uuid import UUID

from benchmarks.requests.deployment import ANSWER_S, UNIT_S, Day, Newcomer, simulated
from benchmarks.requests.figures import Figure
from benchmarks.strava import ThinAthlete
from training_analyzer import pipeline
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.ingestion import webhooks
from training_analyzer.sdk import ActivityChanged
from training_analyzer.storage import connections
from training_analyzer_strava.simulator.interfering import COUNTED
from training_analyzer_strava.simulator.world import World

MIDNIGHT = datetime(2026, 6, 15, tzinfo=UTC)
READS_A_DAY, READS_A_QUARTER = 1000, 100


def crowd(servers: EmbeddedServers, days: int) -> Iterator[Figure]:
    """
    Twenty histories that take more than a week, and newcomers at odd hours.

    The histories have nothing newer than six weeks: what is urgent is what newcomers bring.
    """
    long = [ThinAthlete(n, MIDNIGHT - timedelta(days=50), 400, timedelta(hours=20)) for n in range(20)]
    hours = [1.3, 4.1, 7.77, 9.9, 13.2, 16.6, 19.4, 23.1]
    arrivals = [MIDNIGHT + timedelta(days=day, hours=hour) for day in range(days) for hour in hours]
    fresh = [ThinAthlete(100 + n, at, 180, timedelta(days=2)) for n, at in enumerate(arrivals)]
    with simulated(servers, World([*long, *fresh]), MIDNIGHT, history_days=1600) as day:
        for one in long:
            day.connect(one.athlete_id)
        former = list(day.newcomers)
        newcomers = _arrive(day, list(zip(arrivals, fresh, strict=True)))
        day.run(MIDNIGHT + timedelta(days=days))
        yield from _of_quota(day, days, "beside endless histories")
        yield _first_numbers(day, newcomers, "beside endless histories")
        yield Figure(
            "a newcomer's six weeks with all samples, 95th percentile",
            f"{_p95([_waited(day, one, one.newest_weeks_at) for one in newcomers]) / 60:.0f} min",
            "",
            True,
        )
        yield _fairness(day, former)


def rush(servers: EmbeddedServers) -> Iterator[Figure]:
    """
    Twenty athletes connect at once, each with fifty urgent activities: more than a day's quota.

    Whoever comes later finds the day's quota gone, but for what is held back for first lists.
    """
    begin = MIDNIGHT + timedelta(hours=8)
    at_once = [
        (begin + timedelta(seconds=20 * n), ThinAthlete(n, begin, 55, timedelta(hours=20))) for n in range(20)
    ]
    hours = [0.4, 0.42, 0.9, 2.2, 4.24, 6.3, 6.49, 9.1, 11.3, 13.33, 15.2, 15.7]
    later = [
        (
            begin + timedelta(hours=hour),
            ThinAthlete(100 + n, begin + timedelta(hours=hour), 30, timedelta(days=2)),
        )
        for n, hour in enumerate(hours)
    ]
    world = World([one for _, one in (*at_once, *later)])
    with simulated(servers, world, begin) as day:
        first = _arrive(day, at_once)
        others = _arrive(day, later)
        day.run(MIDNIGHT + timedelta(days=1))
        yield from _of_quota(day, 1, "when 20 athletes connect at once")
        yield _first_numbers(day, first, "20 who connect within seven minutes")
        yield _first_numbers(day, others, "those who come later that day")


def _arrive(day: Day, arrivals: Sequence[tuple[datetime, ThinAthlete]]) -> list[Newcomer]:
    """Let athletes connect, each at their moment."""
    found = []
    for at, one in arrivals:
        day.run(at)
        found.append(day.connect(one.athlete_id))
    return found


def _of_quota(day: Day, days: int, when: str) -> Iterator[Figure]:
    records = day.strava.journal.records()
    used = sum(one.purpose in COUNTED for one in records) / (READS_A_DAY * days)
    refused = sum(one.status == 429 for one in records)
    yield Figure(f"quota of reads used, {when}", f"{used:.1%}", "≥ 95 %", used >= 0.95)
    yield Figure(f"answers of 429, {when}", str(refused), "0", refused == 0)


def _first_numbers(day: Day, newcomers: Sequence[Newcomer], who: str) -> Figure:
    seconds = _p95([_waited(day, one, one.first_numbers_at) for one in newcomers])
    return Figure(f"first numbers, 95th percentile: {who}", f"{seconds:.0f} s", "≤ 60 s", seconds <= 60)


def _fairness(day: Day, athlete_ids: Sequence[UUID]) -> Figure:
    """How alike histories are served: all of them wait all the time, so a turn of each is one request."""
    served = []
    for athlete_id in athlete_ids:
        with day.runtime.database.transaction(athlete_id) as tx:
            (connection,) = connections.of_athlete(tx, athlete_id)
            served.append(sum(connections.requests_spent(tx, connection.id).values()))
    fewest, most = min(served), max(served)
    return Figure(
        "requests for each history that waits, the fewest and the most",
        f"{fewest} and {most}",
        "≤ 2 apart",
        most - fewest <= 2,
    )


def _waited(day: Day, one: Newcomer, until: datetime | None) -> float:
    """Return the seconds since they connected; what has not come yet counts as coming now."""
    return ((until or day.now) - one.connected_at).total_seconds()


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1]


def alone(servers: EmbeddedServers, hours: tuple[float, ...], *, closed: bool) -> Iterator[Figure]:
    """One athlete's year, at several hours of the day, against what the windows permit."""
    worst, spent, year = 0.0, 0.0, 0
    for hour in hours:
        start = MIDNIGHT + timedelta(hours=hour)
        athlete = ThinAthlete(1, start, 186, timedelta(hours=47))
        limit = {"athletes_limit": 1} if closed else {}
        with simulated(servers, World([athlete]), start, **limit) as day:
            newcomer = day.connect(athlete.athlete_id)
            day.run_until_done(newcomer, start + timedelta(days=2))
            records = [one for one in day.strava.journal.records() if one.purpose in COUNTED]
            lists = [one for one in records if one.purpose == "list"]
        year = max(year, len(lists))
        took = (newcomer.complete_at or day.now) - start
        worst = max(worst, took.total_seconds() / _permitted(start, len(records)))
        spent = max(spent, len(records) / 186)
    who = "one athlete, registration closed" if closed else "one athlete, registration open"
    yield Figure(
        f"a year's history against what the windows permit: {who}",
        f"{worst:.2f}x",
        "≤ 1.2x" if closed else "≤ 1.5x",
        worst <= (1.2 if closed else 1.5),
    )
    if closed:
        yield Figure("requests for each activity of a year (186)", f"{spent:.3f}", "≤ 1.03", spent <= 1.03)
        yield Figure("lists for a year of fitness", str(year), "≤ 4", year <= 4)


def steady(servers: EmbeddedServers) -> Iterator[Figure]:
    """Eight athletes whose histories are here: two days on which each uploads something, and is told of."""
    athletes_there = [ThinAthlete(n, MIDNIGHT, 30, timedelta(hours=40)) for n in range(8)]
    with simulated(servers, World(athletes_there), MIDNIGHT) as day:
        for one in athletes_there:
            day.connect(one.athlete_id)
        day.run(MIDNIGHT + timedelta(days=1))
        before = Counter(one.purpose for one in day.strava.journal.records())
        source = day.runtime.source("strava")
        for hours in (31, 55):
            day.run(MIDNIGHT + timedelta(hours=hours))
            for one in athletes_there:
                number = day.strava.actions.upload(start=day.now - timedelta(hours=2), athlete=one.athlete_id)
                told = ActivityChanged(account_id=str(one.athlete_id), external_id=str(number))
                with day.runtime.database.transaction() as tx:
                    events = webhooks.receive(tx, source, told, now=day.now)
                    pipeline.record(tx, events, now=day.now)
        day.run(MIDNIGHT + timedelta(days=3))
        spent = Counter(one.purpose for one in day.strava.journal.records())
        spent.subtract(before)
    each = (spent["detail"] + spent["streams"]) / (2 * len(athletes_there))
    yield Figure("requests for each new activity, by webhook", f"{each:.2f}", "≤ 2.2", 1 < each <= 2.2)
    listed = spent["list"] / (2 * READS_A_DAY)
    yield Figure("listing again: share of the day's quota", f"{listed:.1%}", "≤ 5 %", 0 < listed <= 0.05)


def _permitted(start: datetime, requests: int) -> float:
    """The seconds that so many requests take at best: by the windows, and by two workers."""
    left, moment = requests, start
    while left > READS_A_QUARTER:
        left -= READS_A_QUARTER
        moment = datetime.fromtimestamp((moment.timestamp() // 900 + 1) * 900, UTC)
    return (moment - start).total_seconds() + left * (ANSWER_S + UNIT_S)
