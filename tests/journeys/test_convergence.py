"""
Whatever athletes do at Strava while we list, fetch and listen: in the end we hold what Strava holds.

The local Strava and our API talk over real HTTP; PostgreSQL and Valkey are real. `test_any_story` lets
hypothesis make up what happens, and in which order.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import pytest
import uvicorn
from pydantic import SecretStr
from sqlalchemy import text

from tests.conftest import Deployment, StoppedClock
from tests.waiting import PATIENCE_S
from training_analyzer import pipeline
from training_analyzer.api.app import create_app
from training_analyzer.domain.events import QueueName
from training_analyzer.ingestion import connecting, webhooks
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, connections, documents, erasing, recordings, work
from training_analyzer.worker.run import work_on
from training_analyzer_strava.simulator.browser import authorize
from training_analyzer_strava.simulator.generated import generated_world
from training_analyzer_strava.simulator.serving import RunningSimulator, running_simulator
from training_analyzer_strava.simulator.settings import Limit, Settings
from training_analyzer_strava.simulator.stream_bodies import streams_body, wanted_keys
from training_analyzer_strava.simulator.webhooks import Manner
from training_analyzer_strava.simulator.world import World
from training_analyzer_strava.streams import KEYS

pytestmark = pytest.mark.slow

START: Final = datetime(2026, 6, 15, 12, 0, 30, tzinfo=UTC)
HISTORY_DAYS: Final = 16
SECRET: Final = "an-address-that-nobody-guesses"
QUEUES: Final[tuple[QueueName, ...]] = ("high", "low")
PLENTY: Final = Limit(100_000, 1_000_000)


@dataclass
class Stage:
    """One athlete, Strava, and us."""

    runtime: Runtime
    strava: RunningSimulator
    clock: StoppedClock
    athlete_id: UUID
    connection_id: UUID

    def due(self, at_most: int) -> list[int]:
        """Ring for what is owed now."""
        with self.runtime.database.transaction() as tx:
            return [
                unit
                for queue in QUEUES
                for unit in work.ring(tx, queue, now=self.runtime.now(), room=at_most, patience_s=0)
            ][:at_most]

    def work_off(self, at_most: int | None = None) -> None:
        """Do everything that is owed now, or so many units of it."""
        while due := self.due(at_most or 500):
            for unit in due:
                work_on(self.runtime, unit)
            if at_most is not None:
                return

    def there(self) -> dict[int, int]:
        """Return what Strava shows of the athlete's last days, by number: when it began."""
        athlete = self.strava.simulation.world.athletes[0]
        since = (self.clock.moment - timedelta(days=HISTORY_DAYS - 3)).timestamp()
        return {
            row.activity_id: row.start_epoch_s
            for row in athlete.activities(self.strava.clock())
            if row.start_epoch_s >= since
        }

    def act(self, action: str, choice: int) -> None:
        """Let the athlete do something, to one of the activities that are there."""
        actions = self.strava.actions
        numbers = sorted(self.there())
        number = numbers[choice % len(numbers)] if numbers else 0
        match action:
            case "upload":
                actions.upload(start=self.clock.moment - timedelta(days=1 + choice % 10, minutes=choice))
            case "rename" if number:
                actions.edit(number, {"name": f"Renamed {choice}"})
            case "correct" if number:
                actions.edit(number, {"distance": 1000.0 + choice})
            case "crop" if number:
                actions.crop(number, 300 + choice)
            case "hide" | "show" if number:
                actions.hide(number, only_me=action == "hide")
            case "delete" if number:
                actions.delete(number)
        self.clock.advance(seconds=2)

    def believe(self) -> None:
        """Let the time pass after which it is believed that an activity is gone."""
        self.clock.advance(seconds=3600)
        self.work_off()

    def compare(self) -> None:
        """Fail unless we hold exactly what Strava shows, byte for byte, and no activity besides."""
        there = self.there()
        athlete = self.strava.simulation.world.athletes[0]
        with self.runtime.database.transaction(self.athlete_id) as tx:
            here = {
                int(row.external_id): row.id
                for row in tx.execute(text("SELECT id, external_id, started_at FROM recordings"))
                if row.started_at.timestamp()
                >= (self.clock.moment - timedelta(days=HISTORY_DAYS - 3)).timestamp()
            }
            assert here.keys() == there.keys()
            for number, recording_id in here.items():
                stored = {one.kind: one.body for one in documents.current(tx, recording_id)}
                assert stored.get("summary", athlete.activity_summary(number)) == athlete.activity_summary(
                    number
                )
                streams = athlete.activity_streams(number, KEYS)
                if streams is not None:
                    wanted = streams_body(streams, wanted_keys(",".join(KEYS)), by_type=True)
                    assert stored.get("streams") == wanted, f"streams of {number}"
            unsorted, empty = tx.execute(
                text("""
                    SELECT (SELECT count(*) FROM recordings WHERE activity_id IS NULL),
                           (SELECT count(*) FROM activities a
                            WHERE NOT EXISTS (SELECT FROM recordings r WHERE r.activity_id = a.id))
                """)
            ).one()
            parked = work.parked_of(tx, self.athlete_id)
        # Two recordings of one time are one activity: there may be fewer, and none without a recording.
        assert (unsorted, empty) == (0, 0)
        assert parked == []


@contextmanager
def served(runtime: Runtime, listener: socket.socket) -> Iterator[None]:
    """Serve our API from a thread."""
    config = uvicorn.Config(
        create_app(runtime), log_config=None, lifespan="off", access_log=False, timeout_keep_alive=600
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def staged(
    deployment: Deployment, world: World, *, start: datetime = START, page_size: int = 5, **settings: object
) -> Iterator[Stage]:
    """Connect an athlete of a new local Strava, which knows where to call us."""
    clock = StoppedClock()
    clock.moment = start
    application = 10_000 + uuid4().int % 1_000_000  # each has a quota of its own
    patient = Settings(
        client_id=application,
        read_limit=PLENTY,
        overall_limit=PLENTY,
        webhook_limit_s=PATIENCE_S,
        webhook_pause_s=0,
    )
    with running_simulator(world, patient, lambda: clock.moment) as strava, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        runtime = Runtime(
            deployment.settings(
                plugins=("strava",),
                plugin={
                    "strava": {
                        "client_id": str(application),
                        "client_secret": strava.settings.client_secret,
                        "base_url": strava.url,
                        "api_base_url": f"{strava.url}/api/v3",
                        "page_size": str(page_size),
                        "read_day_limit": "1000000",
                        "read_quarter_hour_limit": "100000",
                        "overall_day_limit": "1000000",
                        "overall_quarter_hour_limit": "100000",
                    }
                },
                webhook_secret=SecretStr(SECRET),
                **{"initial_days": 6, "history_days": HISTORY_DAYS, "overlap_days": 3, **settings},
            )
        )
        runtime.clock = clock
        with served(runtime, listener):
            port = listener.getsockname()[1]
            source = runtime.source("strava")
            webhooks.subscribe(runtime.database, source, f"http://127.0.0.1:{port}/webhooks/strava/{SECRET}")
            with runtime.database.transaction() as tx:
                athlete_id = athletes.register(
                    tx, email=f"{uuid4()}@example.org", password_hash="-", name="", sex=None, birth_year=None
                )
            connection_id = connect_account(runtime, athlete_id)
            try:
                yield Stage(runtime, strava, clock, athlete_id, connection_id)
            finally:  # the next example's athlete has the same account
                with runtime.database.transaction(athlete_id) as tx:
                    erasing.erase_athlete(tx, athlete_id)
        runtime.close()


def connect_account(runtime: Runtime, athlete_id: UUID) -> UUID:
    """Let the athlete consent, for the first time or again, as in a browser."""
    source = runtime.source("strava")
    now = runtime.now()
    redirect_uri = "http://localhost/callback"
    with runtime.database.transaction(athlete_id) as tx:
        url = connecting.begin(tx, source, athlete_id, redirect_uri=redirect_uri, now=now)
    query: dict[str, Any] = dict(parse_qsl(urlsplit(authorize(url)).query))
    with runtime.database.transaction() as tx:
        begun = connecting.checked(connecting.take_state(tx, query, now=now), "strava")
    grant = connecting.exchange(source, begun, query)
    with runtime.database.transaction(athlete_id) as tx:
        connection_id, events = connecting.complete(
            tx, source, athlete_id, grant, runtime.keys, horizon=runtime.horizon, now=now
        )
        pipeline.record(tx, events, now=now)
    return connection_id


@pytest.fixture(scope="module")
def world() -> World:
    return generated_world(5, START)


def test_deletions_and_uploads_in_the_middle_of_paging_lose_nothing(
    deployment: Deployment, world: World
) -> None:
    with staged(deployment, world) as stage:
        actions, interference = stage.strava.actions, stage.strava.interference
        numbers = sorted(stage.there())
        for place, number in enumerate(numbers[::4], start=1):
            interference.after("list", place, lambda number=number: actions.delete(number))  # type: ignore[misc]
            began = stage.clock.moment - timedelta(days=place)
            interference.after("list", place, lambda began=began: actions.upload(start=began))  # type: ignore[misc]
        stage.strava.webhooks.manner = Manner("lose")
        stage.work_off()
        with stage.runtime.database.transaction(stage.athlete_id) as tx:
            here = {int(row) for row in tx.execute(text("SELECT external_id FROM recordings")).scalars()}
        assert set(numbers) - set(numbers[::4]) <= here, "what was there all the time is listed"
        for _ in range(2):
            stage.clock.advance(days=1, seconds=60)
            stage.work_off()
        stage.believe()
        stage.compare()


def test_who_leaves_at_strava_is_gone_here(deployment: Deployment, world: World) -> None:
    with staged(deployment, world) as stage:
        stage.work_off()
        stage.strava.actions.deauthorize()
        assert stage.strava.webhooks.drain(PATIENCE_S)
        stage.work_off()
        with stage.runtime.database.transaction(stage.athlete_id) as tx:
            connection = connections.find(tx, stage.connection_id)
            left = recordings.tally(tx, stage.connection_id, since=START - timedelta(days=999))
            days = tx.execute(text("SELECT count(*) FROM days")).scalar()
        assert connection is not None
        assert connection.status == "reconnect"
        assert (left.recordings, days) == (0, 0)


def test_a_new_activity_costs_two_requests(deployment: Deployment, world: World) -> None:
    with staged(deployment, world) as stage:
        stage.work_off()
        before = stage.strava.journal.summary()["by_purpose"]
        for days_ago in (1, 2, 9):
            stage.strava.actions.upload(start=stage.clock.moment - timedelta(days=days_ago))
        assert stage.strava.webhooks.drain(PATIENCE_S)
        stage.work_off()
        after = stage.strava.journal.summary()["by_purpose"]
        spent = {
            name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)
        }
        assert spent == {"detail": 3, "streams": 3}
        assert all(len(one.statuses) == 1 for one in stage.strava.webhooks.deliveries), "answered in time"
        stage.compare()
