"""
What ingestion spends of a provider's quota: simulated days with the real gate, work table, fairness and
plugin, over HTTP against the local Strava.

    python -m benchmarks.requests            # the table of docs/performance.md: some minutes
    python -m benchmarks.requests --short    # one day instead of three
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.strava import ThinAthlete
from training_analyzer import pipeline
from training_analyzer.domain.clock import Clock
from training_analyzer.domain.events import Priority
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.ingestion import connecting, webhooks
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import ActivityChanged
from training_analyzer.settings import PREFIX, Settings
from training_analyzer.storage import athletes, work
from training_analyzer.storage.database import act_as
from training_analyzer.storage.migrating import migrate
from training_analyzer.storage.secrets import KeyRing
from training_analyzer.worker.run import work_on
from training_analyzer_strava.simulator.browser import authorize
from training_analyzer_strava.simulator.interfering import COUNTED
from training_analyzer_strava.simulator.serving import RunningSimulator, running_simulator
from training_analyzer_strava.simulator.settings import Settings as StravaSettings
from training_analyzer_strava.simulator.world import World

MIDNIGHT = datetime(2026, 6, 15, tzinfo=UTC)
ANSWER_S = 0.5
"""How long a request to Strava takes, in simulated time."""
UNIT_S = 0.1
READS_A_DAY, READS_A_QUARTER = 1000, 100
REDIRECT_URI = "http://localhost:8000/callback"


@dataclass
class Worker:
    """One worker process: busy until a moment."""

    queues: tuple[Priority, ...]
    free_at: datetime


@dataclass
class Newcomer:
    athlete_id: UUID
    connected_at: datetime
    first_numbers_at: datetime | None = None
    newest_weeks_at: datetime | None = None
    complete_at: datetime | None = None


@dataclass
class Day:
    """A simulated deployment. Time passes when there is nothing to do."""

    runtime: Runtime
    strava: RunningSimulator
    now: datetime
    workers: list[Worker]
    queues: dict[Priority, list[int]] = field(default_factory=lambda: {"high": [], "low": []})
    newcomers: list[Newcomer] = field(default_factory=list)

    def connect(self, there: int) -> Newcomer:
        source = self.runtime.source("strava")
        with self.runtime.database.transaction() as tx:
            athlete_id = athletes.register(
                tx, email=f"{there}@example.org", password_hash="-", name="", sex=None, birth_year=None
            )
        with self.runtime.database.transaction() as tx:
            act_as(tx, athlete_id)
            url = connecting.begin(tx, source, athlete_id, redirect_uri=REDIRECT_URI, now=self.now)
        query = dict(parse_qsl(urlsplit(authorize(f"{url}&athlete_id={there}")).query))
        with self.runtime.database.transaction() as tx:
            begun = connecting.checked(connecting.take_state(tx, query, now=self.now), "strava")
        grant = connecting.exchange(source, begun, query)
        with self.runtime.database.transaction(athlete_id) as tx:
            _, events = connecting.complete(
                tx,
                source,
                athlete_id,
                grant,
                self.runtime.keys,
                horizon=self.runtime.horizon_of("strava"),
                now=self.now,
            )
            pipeline.record(tx, events, now=self.now)
        self.newcomers.append(Newcomer(athlete_id, self.now))
        return self.newcomers[-1]

    def run(self, until: datetime) -> None:
        """Let the deployment work until a moment."""
        while self.now < until:
            if not self._turn():
                self.now = min(until, self._next_event())

    def run_until_done(self, newcomer: Newcomer, limit: datetime) -> None:
        while newcomer.complete_at is None and self.now < limit:
            if not self._turn():
                self.now = min(limit, self._next_event())

    def _turn(self) -> bool:
        """Ring, and let each free worker take one unit; return whether anything happened."""
        self._ring()
        happened = False
        for worker in self.workers:
            if worker.free_at > self.now:
                continue
            for name in worker.queues:
                if self.queues[name]:
                    unit = self.queues[name].pop(0)
                    asked = len(self.strava.journal.records())
                    work_on(self.runtime, unit)
                    spent = len(self.strava.journal.records()) - asked
                    worker.free_at = self.now + timedelta(seconds=UNIT_S + spent * ANSWER_S)
                    happened = True
                    self._note(worker.free_at)
                    break
        return happened

    def _ring(self) -> None:
        for name in ("high", "low"):
            room = 10 - len(self.queues[name])
            if room > 0:
                with self.runtime.database.transaction() as tx:
                    # What is computed costs no request, and is left out.
                    tx.execute(text("DELETE FROM work WHERE resource IS NULL"))
                    # Nobody answered: a quota was closed when its turn came. By the true time, a
                    # simulated day is over before the bell would be rung again.
                    tx.execute(
                        text("""
                            UPDATE work SET rung_at = NULL
                            WHERE priority = :name AND rung_at IS NOT NULL AND id <> ALL(:waiting)
                        """),
                        {"name": name, "waiting": self.queues[name]},
                    )
                    due = work.ring(tx, name, now=self.now, room=room, patience_s=3600)
                self.queues[name] += due

    def _note(self, at: datetime) -> None:
        for one in self.newcomers:
            if one.complete_at is not None:
                continue
            with self.runtime.database.transaction(one.athlete_id) as tx:
                row = tx.execute(
                    text("""
                        SELECT count(*) AS n,
                               count(*) FILTER (WHERE fetched_at IS NULL AND started_at > :newest)
                                   AS new_left,
                               count(*) FILTER (WHERE fetched_at IS NULL) AS all_left,
                               (SELECT bool_and(done_at IS NOT NULL) FROM listings
                                WHERE purpose IN ('initial', 'history')) AS listed
                        FROM recordings
                    """),
                    {"newest": one.connected_at - timedelta(days=42)},
                ).one()
            if row.n and one.first_numbers_at is None:
                one.first_numbers_at = at
            if row.n and not row.new_left and one.newest_weeks_at is None:
                one.newest_weeks_at = at
            if row.listed and not row.all_left:
                one.complete_at = at

    def _next_event(self) -> datetime:
        with self.runtime.database.transaction() as tx:
            due = tx.execute(
                text("""
                    SELECT least(
                        (SELECT min(not_before) FROM work
                         WHERE state = 'owed' AND not_before > :now AND not_before < 'infinity'),
                        (SELECT min(until) FROM closures WHERE until > :now))
                """),
                {"now": self.now},
            ).scalar()
            assert due is None or isinstance(due, datetime)
        busy = [worker.free_at for worker in self.workers if worker.free_at > self.now]
        return min([*busy, *([due] if due is not None else []), self.now + timedelta(minutes=15)])


@contextmanager
def simulated(servers: EmbeddedServers, world: World, start: datetime, **settings: object) -> Iterator[Day]:
    """A deployment with an empty database, at a moment, with two workers as `up` has them."""
    name = f"bench_{uuid4().hex}"
    superuser = servers.database_superuser_url.replace("+psycopg", "")
    with psycopg.connect(superuser, autocommit=True, dbname="postgres") as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE training_analyzer OWNER training_analyzer_owner").format(
                sql.Identifier(name)
            )
        )
    now = [start]
    wanted = StravaSettings(capacity=10_000)
    with contextlib.ExitStack() as stack:
        strava = stack.enter_context(running_simulator(world, wanted, clock=lambda: now[0]))
        runtime = Runtime(
            Settings(
                plugins=("strava",),
                plugin={
                    "strava": {
                        "client_id": str(strava.settings.client_id),
                        "client_secret": strava.settings.client_secret,
                        "base_url": strava.url,
                        "api_base_url": f"{strava.url}/api/v3",
                    }
                },
                database_url=SecretStr(servers.database_url.replace("/training_analyzer?", f"/{name}?")),
                redis_url=SecretStr(servers.redis_url),
                secret_keys=SecretStr(KeyRing.generate()),
                **settings,  # type: ignore[arg-type]
            )
        )
        stack.callback(runtime.close)
        runtime.clock = Clock(lambda: now[0])
        runtime.redis.flushall()
        day = _Ticking(now, runtime, strava, start)
        yield day


class _Ticking(Day):
    """A day whose clock is also that of the gate and of Strava."""

    def __init__(
        self, now: list[datetime], runtime: Runtime, strava: RunningSimulator, start: datetime
    ) -> None:
        self._now = now
        super().__init__(runtime, strava, start, [Worker(("high",), start), Worker(("high", "low"), start)])

    @property
    def now(self) -> datetime:
        return self._now[0]

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now[0] = moment


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    measured: str
    wanted: str
    holds: bool


def crowd(servers: EmbeddedServers, days: int) -> Iterator[Figure]:
    """
    Twenty histories without end, and newcomers at odd hours.

    The histories have nothing newer than six weeks: the newest weeks are as urgent as a newcomer's, and
    those of twenty athletes at once take a whole day's quota.
    """
    long = [ThinAthlete(n, MIDNIGHT - timedelta(days=50), 2000, timedelta(hours=20)) for n in range(20)]
    hours = [1.3, 4.1, 7.77, 9.9, 13.2, 16.6, 19.4, 23.1]
    arrivals = [MIDNIGHT + timedelta(days=day, hours=hour) for day in range(days) for hour in hours]
    fresh = [ThinAthlete(100 + n, at, 180, timedelta(days=2)) for n, at in enumerate(arrivals)]
    with simulated(servers, World([*long, *fresh]), MIDNIGHT, history_days=1600) as day:
        for one in long:
            day.connect(one.athlete_id)
        old = list(day.newcomers)
        day.newcomers.clear()
        for at, one in zip(arrivals, fresh, strict=True):
            day.run(at)
            day.connect(one.athlete_id)
        day.run(MIDNIGHT + timedelta(days=days))
        records = day.strava.journal.records()
        reads = [one for one in records if one.purpose in COUNTED]
        used = len(reads) / (READS_A_DAY * days)
        refused = sum(one.status == 429 for one in records)
        waits = [
            ((one.first_numbers_at or day.now) - one.connected_at).total_seconds() for one in day.newcomers
        ]
        weeks = [
            ((one.newest_weeks_at or day.now) - one.connected_at).total_seconds() for one in day.newcomers
        ]
        shares = []
        for former in old:
            with day.runtime.database.transaction(former.athlete_id) as tx:
                shares.append(
                    tx.execute(
                        text("SELECT count(*) FROM recordings WHERE fetched_at IS NOT NULL")
                    ).scalar_one()
                )
    yield Figure("quota of reads used, beside endless histories", f"{used:.1%}", "≥ 95 %", used >= 0.95)
    yield Figure("answers of 429", str(refused), "0", refused == 0)
    p95 = quantiles(waits, n=20, method="inclusive")[-1]
    yield Figure("a newcomer's first numbers, 95th percentile", f"{p95:.0f} s", "≤ 60 s", p95 <= 60)
    yield Figure(
        "a newcomer's six weeks with all samples, 95th percentile",
        f"{quantiles(weeks, n=20, method='inclusive')[-1] / 60:.0f} min",
        "",
        True,
    )
    fair = min(shares) / max(shares)
    yield Figure("histories served, least against most", f"{fair:.2f}", "≥ 0.8", fair >= 0.8)


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


MEASURED = """
import os, resource, sys
from sqlalchemy import text
from training_analyzer.runtime import Runtime
from training_analyzer.worker.run import work_on
from training_analyzer.storage import work

runtime = Runtime.read(brief=True)
runtime.keys
highest = 0
for _ in range(int(sys.argv[1])):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        for priority in ("high", "low"):
            with runtime.database.transaction() as tx:
                tx.execute(text("DELETE FROM work WHERE resource IS NULL"))
                due = work.ring(tx, priority, now=runtime.now(), room=1, patience_s=0)
            if due:
                work_on(runtime, due[0])
                break
        runtime.close()
        os._exit(0)
    _, _, usage = os.wait4(child, 0)
    highest = max(highest, usage.ru_maxrss)
print(highest)
"""


def memory(servers: EmbeddedServers) -> Iterator[Figure]:
    """The most that a work-horse takes that lists and fetches a history of 5,000 activities of four hours."""
    start = datetime.now(UTC)
    athlete = ThinAthlete(1, start, 5000, timedelta(hours=17), samples=14_400)
    with simulated(servers, World([athlete]), start, history_days=3650, athletes_limit=1) as day:
        day.connect(athlete.athlete_id)
        settings = day.runtime.settings
        assert settings.database_url
        assert settings.redis_url
        assert settings.secret_keys
        wanted = {
            "PLUGINS": "strava",
            "DATABASE_URL": settings.database_url.get_secret_value(),
            "REDIS_URL": settings.redis_url.get_secret_value(),
            "SECRET_KEYS": settings.secret_keys.get_secret_value(),
            "HISTORY_DAYS": "3650",
            "ATHLETES_LIMIT": "1",
            **{
                f"PLUGIN__STRAVA__{name.upper()}": str(value)
                for name, value in settings.plugin["strava"].items()
            },
        }
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, "60"],
            env={**{n: v for n, v in os.environ.items() if not n.startswith(PREFIX)}}
            | {f"{PREFIX}{name}": value for name, value in wanted.items()},
            capture_output=True,
            text=True,
            check=True,
        )
        purposes = Counter(one.purpose for one in day.strava.journal.records())
    megabytes = int(done.stdout) / 1024
    yield Figure(
        f"memory of a worker: {purposes['list']} lists, {purposes['streams']} streams of 5,000 activities",
        f"{megabytes:.0f} MB",
        "< 150 MB",
        megabytes < 150,
    )


def figures(*, short: bool) -> Iterator[Figure]:
    with EmbeddedServers(ephemeral=True) as servers:
        migrate(servers.database_owner_url, servers.database_url)
        yield from memory(servers)
        yield from alone(servers, (0.1, 14.2) if short else (0.1, 6.2, 12.6, 18.1, 23.7), closed=True)
        yield from alone(servers, (9.05,) if short else (0.1, 9.05, 20.3), closed=False)
        yield from steady(servers)
        yield from crowd(servers, 1 if short else 3)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="one day of the crowd instead of three")
    parser.add_argument("--json", action="store_true", help="for programs")
    given = parser.parse_args()
    found = []
    for one in figures(short=given.short):
        found.append(one)
        sys.stderr.write(f"{one.what}: {one.measured}\n")
    if given.json:
        print(json.dumps([one.__dict__ for one in found], indent=2, ensure_ascii=False))
    else:
        table = Table("figure", "measured", "wanted", "")
        for one in found:
            table.add_row(one.what, one.measured, one.wanted, "" if one.holds else "no")
        Console().print(table)
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
