"""A simulated deployment: the real gate, work table, fairness and plugin, over HTTP to the local Strava."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import text

from training_analyzer import pipeline
from training_analyzer.domain.clock import Clock
from training_analyzer.domain.events import QueueName
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.ingestion import connecting
from training_analyzer.runtime import Runtime
from training_analyzer.settings import Settings
from training_analyzer.storage import athletes, work
from training_analyzer.storage.database import act_as
from training_analyzer.storage.secrets import KeyRing
from training_analyzer.worker.run import work_on
from training_analyzer_strava.simulator.browser import authorize
from training_analyzer_strava.simulator.serving import RunningSimulator, running_simulator
from training_analyzer_strava.simulator.settings import Settings as StravaSettings
from training_analyzer_strava.simulator.world import World

ANSWER_S = 0.5
"""How long a request to Strava takes, in simulated time."""
UNIT_S = 0.1
MEASURE_S = 1.0
"""What measuring a first list takes at most, on a busy machine."""
REDIRECT_URI = "http://localhost:8000/callback"


@dataclass
class Worker:
    """One worker process: busy until a moment."""

    queues: tuple[QueueName, ...]
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
    queues: dict[QueueName, list[int]] = field(default_factory=lambda: {"high": [], "low": []})
    newcomers: dict[UUID, Newcomer] = field(default_factory=dict)

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
        self.newcomers[athlete_id] = Newcomer(athlete_id, self.now)
        return self.newcomers[athlete_id]

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
                    worker.free_at = self.now + self._work_on(self.queues[name].pop(0))
                    happened = True
                    break
        return happened

    def _work_on(self, unit: int) -> timedelta:
        """Do a unit; return how long it took, in simulated time."""
        with self.runtime.database.transaction() as tx:
            found = tx.execute(
                text("SELECT kind, athlete_id FROM work WHERE id = :id"), {"id": unit}
            ).one_or_none()
        if found is None:
            return timedelta(seconds=UNIT_S)
        asked = len(self.strava.journal.records())
        work_on(self.runtime, unit)
        spent = len(self.strava.journal.records()) - asked
        took = timedelta(seconds=spent * ANSWER_S + (MEASURE_S if found.kind == "measure" else UNIT_S))
        newcomer = self.newcomers.get(found.athlete_id)
        if newcomer is not None and newcomer.complete_at is None:
            self._note(newcomer, self.now + took)
        return took

    def _ring(self) -> None:
        names: tuple[QueueName, ...] = ("high", "low")
        with self.runtime.database.transaction() as tx:
            # What is computed costs no request, and is left out; but for a newcomer's first numbers.
            tx.execute(text("DELETE FROM work WHERE resource IS NULL AND priority <> 'first'"))
        for name in names:
            room = 10 - len(self.queues[name])
            if room > 0:
                with self.runtime.database.transaction() as tx:
                    # Nobody answered: a quota was closed when its turn came. By the true time, a
                    # simulated day is over before the bell would be rung again.
                    tx.execute(
                        text("""
                            UPDATE work SET rung_at = NULL
                            WHERE priority = ANY(:priorities) AND rung_at IS NOT NULL
                              AND id <> ALL(:waiting)
                        """),
                        {"priorities": list(work.WAITS_IN[name]), "waiting": self.queues[name]},
                    )
                    due = work.ring(tx, name, now=self.now, room=room, patience_s=3600)
                self.queues[name] += due

    def _note(self, one: Newcomer, at: datetime) -> None:
        """Note how far a newcomer has come."""
        with self.runtime.database.transaction(one.athlete_id) as tx:
            row = tx.execute(
                text("""
                    SELECT count(*) AS n,
                           count(*) FILTER (WHERE fetched_at IS NULL AND started_at > :newest) AS new_left,
                           count(*) FILTER (WHERE fetched_at IS NULL) AS all_left,
                           EXISTS (SELECT FROM days) AS has_numbers,
                           (SELECT bool_and(done_at IS NOT NULL) FROM listings
                            WHERE purpose IN ('initial', 'history')) AS listed
                    FROM recordings
                """),
                {"newest": one.connected_at - timedelta(days=42)},
            ).one()
        if row.has_numbers and one.first_numbers_at is None:
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
                plugins=("strava", "metrics_default"),
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
