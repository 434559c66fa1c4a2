"""A deployment of real processes on servers of its own, and a local Strava that counts what it is asked."""

import contextlib
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx
import psycopg
import redis

from benchmarks.strava import ThinAthlete
from tests.faults.proxy import Network, network_to
from tests.faults.starter import Starter, end
from tests.waiting import PATIENCE_S, lives, until
from training_analyzer import pipeline
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.ingestion import connecting, webhooks
from training_analyzer.ingestion.planning import list_again
from training_analyzer.runtime import Runtime
from training_analyzer.settings import PREFIX, Settings
from training_analyzer.storage import athletes, connections
from training_analyzer.storage.database import act_as
from training_analyzer.storage.migrating import migrate
from training_analyzer.storage.secrets import KeyRing
from training_analyzer_strava.simulator.browser import authorize
from training_analyzer_strava.simulator.serving import RunningSimulator, running_simulator
from training_analyzer_strava.simulator.settings import Limit
from training_analyzer_strava.simulator.settings import Settings as StravaSettings
from training_analyzer_strava.simulator.stream_bodies import streams_body, wanted_keys
from training_analyzer_strava.simulator.world import World
from training_analyzer_strava.streams import KEYS

NIGHT: Final = datetime(2026, 6, 15, 1, 0, 30, tzinfo=UTC)
"""When the athletes sleep: nothing new happens by itself while a test runs."""
SPEED: Final = 10
SECRET: Final = "an-address-that-nobody-guesses"
LEASE_S: Final = 2
REDIRECT_URI: Final = "http://localhost:8000/callback"


@dataclass
class Process:
    """One of our processes: started again whenever it ends, as a supervisor would."""

    name: str
    arguments: tuple[str, ...]
    pid: int | None = None
    restarts: int = 0


@dataclass(frozen=True)
class Connected:
    """An athlete here, and who they are at Strava."""

    athlete_id: UUID
    connection_id: UUID
    there: int


class Stage:
    """Everything that a test may break. Use `stage()`."""

    def __init__(
        self, folder: Path, strava: RunningSimulator, network: Network, speed: int, **settings: str
    ) -> None:
        self.folder, self.strava, self.network, self.speed = folder, strava, network, speed
        self.random = random.Random(7)
        self.accidents = 0
        """How many requests may have been cut off, and so may be asked again."""
        self._stack = contextlib.ExitStack()
        self._processes: list[Process] = []
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._keys = KeyRing.generate()
        self._extra = settings
        self._began = datetime.now(UTC)
        self._port = _free_port()  # the same again after a restart: Strava knows it
        self.postgres = self._start_postgres()
        self._database_url = self.postgres.database_url
        """The same after each restart, and known also in between, when processes are started again."""
        self.valkey = EmbeddedServers(folder / "valkey", postgres=False)
        self.valkey.__enter__()
        migrate(self.postgres.database_owner_url, self.postgres.database_url)
        self.log = (folder / "log").open("ab")
        self._starter = Starter(folder, self.log)
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        self._supervisor.start()

    def clock(self) -> datetime:
        return NIGHT + (datetime.now(UTC) - self._began) * self.speed

    @property
    def settings(self) -> dict[str, str]:
        return {
            "PLUGINS": "strava",
            "DATABASE_URL": self._database_url,
            "REDIS_URL": self.valkey.redis_url,
            "SECRET_KEYS": self._keys,
            "PLUGIN__STRAVA__CLIENT_ID": str(self.strava.settings.client_id),
            "PLUGIN__STRAVA__CLIENT_SECRET": self.strava.settings.client_secret,
            "PLUGIN__STRAVA__BASE_URL": self.network.url,
            "PLUGIN__STRAVA__API_BASE_URL": f"{self.network.url}/api/v3",
            "INITIAL_DAYS": "10",
            "HISTORY_DAYS": "30",
            "OVERLAP_DAYS": "30",
            "SYNC_EVERY_MINUTES": "10000",
            "LEASE_SECONDS": str(LEASE_S),
            "AS_OF": NIGHT.isoformat(),
            "AS_OF_BEGAN": self._began.isoformat(),
            "AS_OF_SPEED": str(self.speed),
            "LOG_LEVEL": "warning",
            "API_PORT": str(self._port),
            "WEBHOOK_SECRET": SECRET,
            **self._extra,
        }

    @property
    def environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return outside | {f"{PREFIX}{name}": value for name, value in self.settings.items()}

    @contextmanager
    def runtime(self) -> Iterator[Runtime]:
        """Yield a runtime of this process, as a command has it."""
        with _environment(self.environment):
            runtime = Runtime(Settings.read(), brief=True)
        try:
            yield runtime
        finally:
            runtime.close()

    def start(self, *arguments: str) -> Process:
        started = Process(" ".join(arguments), arguments)
        with self._lock:
            self._processes.append(started)
            self._launch(started)
        return started

    def start_working(self, workers: int = 2) -> None:
        self.start("dispatcher")
        for number in range(workers):
            self.start("worker", "--queues", "high" if number == 0 else "high,low")

    def start_listening(self) -> None:
        """Start the API, and let Strava tell it what athletes do."""
        self.start("api")
        self.await_api()
        with self.runtime() as runtime:
            callback_url = f"http://127.0.0.1:{self._port}/webhooks/strava/{SECRET}"
            webhooks.subscribe(runtime.database, runtime.source("strava"), callback_url)

    def await_api(self) -> None:
        until(self._answers, lambda: f"the API does not answer\n{self.tail()}")

    def _answers(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(
                f"http://127.0.0.1:{self._port}/health/live", timeout=PATIENCE_S, trust_env=False
            ).is_success
        return False

    def rides(self, who: Connected) -> list[int]:
        """Return the numbers of the athlete's activities at Strava, newest first."""
        return [
            one.activity_id
            for one in self.strava.simulation.world.athlete(who.there).activities(self.strava.clock())
        ]

    def kill(self, name: str, *, with_children: bool = True) -> None:
        """`kill -9` the process of this name, or one whose name begins so; and its work-horse with it."""
        with self._lock:
            named = [one for one in self._processes if one.name == name]
            victim = self.random.choice(
                named or [one for one in self._processes if one.name.startswith(name)]
            )
            assert victim.pid is not None
            family = [victim.pid, *(_children(victim.pid) if with_children else [])]
        for pid in family:
            end(pid)
        self.accidents += 1

    def empty_redis(self) -> None:
        with redis.Redis.from_url(self.valkey.redis_url) as client:
            client.flushall()

    def crash_postgres(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does, and start it on the same data."""
        pid_file = self.folder / "postgres" / "postgres" / "postmaster.pid"
        pid = int(pid_file.read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not lives(pid), "PostgreSQL did not stop")
        self._restart_postgres()

    def restart_postgres(self) -> None:
        self._restart_postgres()

    def _restart_postgres(self) -> None:
        self.postgres.__exit__(None, None, None)
        self.accidents += 4  # whoever was at work may have to do it again
        self.postgres = self._start_postgres()
        assert self.postgres.database_url == self._database_url

    def _start_postgres(self) -> EmbeddedServers:
        servers = EmbeddedServers(self.folder / "postgres", valkey=False)
        servers.__enter__()
        return servers

    def connect(self, number: int = 0) -> Connected:
        """Let an athlete register and consent, as in a browser."""
        there = self.strava.simulation.world.athletes[number].athlete_id
        with self.runtime() as runtime:
            with runtime.database.transaction() as tx:
                athlete_id = athletes.register(
                    tx, email=f"{there}@example.org", password_hash="-", name="", sex=None, birth_year=None
                )
            source, now = runtime.source("strava"), runtime.now()
            with runtime.database.transaction() as tx:
                act_as(tx, athlete_id)
                url = connecting.begin(tx, source, athlete_id, redirect_uri=REDIRECT_URI, now=now)
            back = authorize(f"{url}&athlete_id={there}")
            query = dict(parse_qsl(urlsplit(back).query))
            with runtime.database.transaction() as tx:
                begun = connecting.checked(connecting.take_state(tx, query, now=now), "strava")
            grant = connecting.exchange(source, begun, query)
            with runtime.database.transaction(athlete_id) as tx:
                connection_id, events = connecting.complete(
                    tx,
                    source,
                    athlete_id,
                    grant,
                    runtime.keys,
                    horizon=runtime.horizon_of("strava"),
                    now=now,
                )
                pipeline.record(tx, events, now=now)
        return Connected(athlete_id, connection_id, there)

    def come_back(self, address: str) -> httpx.Response:
        """Bring the API what a consent page sent a browser back with."""
        return httpx.get(
            f"http://127.0.0.1:{self._port}/api/v1/connections/strava/callback?{urlsplit(address).query}",
            timeout=PATIENCE_S,
            trust_env=False,
        )

    def sync(self, who: Connected) -> None:
        with self.runtime() as runtime, runtime.database.transaction(who.athlete_id) as tx:
            connection = connections.find(tx, who.connection_id)
            assert connection is not None
            now = runtime.now()
            pipeline.record(
                tx, [list_again(tx, connection, "recent", runtime.horizon_of("strava"), now=now)], now=now
            )

    def ask(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Read as the owner of the tables, whom no policy binds."""
        with psycopg.connect(self.postgres.database_owner_url.replace("+psycopg", "")) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def left(self) -> list[tuple[Any, ...]]:
        """Return what is still to be done now; not what is planned for later."""
        return self.ask(
            """
            SELECT kind, subject, priority, lease_until::text, not_before::text, last_error, failures, waits
            FROM work
            WHERE state = 'owed' AND kind <> 'explain'
              AND (lease_until IS NOT NULL OR not_before <= %s OR last_error IS NOT NULL)
            """,
            self.clock(),
        )

    def settle(self) -> None:
        """Wait until nothing is owed any more. Second looks at what seems to be gone come at once."""
        self._work_off()
        while self._hasten_second_looks():
            self._work_off()

    def _work_off(self) -> None:
        until(lambda: not self.left(), lambda: f"left: {self.left()}\n{self.tail()}", look_every_s=0.1)

    def _hasten_second_looks(self) -> bool:
        return bool(
            self.ask(
                """
                UPDATE work SET not_before = %s
                WHERE kind = 'look_again' AND state = 'owed' AND not_before > %s RETURNING id
                """,
                self.clock(),
                self.clock(),
            )
        )

    def tail(self) -> str:
        self.log.flush()
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def assert_complete(self, who: Connected) -> None:
        """The stored set is the simulator's: nothing lost, nothing twice, every byte the same."""
        assert self.ask("SELECT kind, last_error FROM work WHERE state = 'parked'") == []
        assert self.ask("SELECT external_id, problem FROM recordings WHERE problem IS NOT NULL") == []
        assert self.ask("SELECT reason FROM rejections WHERE athlete_id = %s", who.athlete_id) == []
        (since,) = self.ask("SELECT min(since) FROM listings WHERE connection_id = %s", who.connection_id)[0]
        source = self.strava.simulation.world.athlete(who.there)
        there = {
            str(one.activity_id): source.activity_summary(one.activity_id)
            for one in source.activities(self.strava.clock())
            if one.start_epoch_s >= since.timestamp()
        }
        stored: dict[str, dict[str, str]] = {}
        for external_id, kind, sha256 in self.ask(
            """
            SELECT r.external_id, d.kind, d.sha256 FROM recordings r
            LEFT JOIN documents d ON d.recording_id = r.id AND d.replaced_at IS NULL
            WHERE r.athlete_id = %s
            """,
            who.athlete_id,
        ):
            assert kind not in stored.setdefault(external_id, {}), "a document twice"
            stored[external_id][kind] = sha256
        assert stored.keys() == there.keys(), (
            f"lost {sorted(there.keys() - stored.keys())}, too many {sorted(stored.keys() - there.keys())}, "
            f"of {len(there)}; listed {self.ask('SELECT purpose, since, until, listed, done_at FROM listings')}"
        )
        for external_id, summary in there.items():
            assert stored[external_id].get("summary") == hashlib.sha256(summary).hexdigest()
            keys = wanted_keys(",".join(KEYS))
            streams = source.activity_streams(int(external_id), keys)
            expected = streams and hashlib.sha256(streams_body(streams, keys, by_type=True)).hexdigest()
            assert stored[external_id].get("streams") == expected, external_id
        ((translated,),) = self.ask(
            "SELECT count(*) FROM recordings WHERE athlete_id = %s AND activity_id IS NULL", who.athlete_id
        )
        assert translated == 0

    def assert_frugal(self) -> None:
        """No request over a limit, and none repeated but those that an accident cut off."""
        records = self.strava.journal.records()
        assert [one for one in records if one.status == 429] == []
        repeats = Counter(one.path for one in records if one.purpose == "streams")
        assert sum(repeats.values()) - len(repeats) <= self.accidents + self.network.met

    def close(self) -> None:
        self._ended.set()
        self._supervisor.join()
        for one in self._processes:
            if one.pid is not None:
                for pid in (*_children(one.pid), one.pid):
                    end(pid)
        self._starter.close()
        self.postgres.__exit__(None, None, None)
        self.valkey.__exit__(None, None, None)
        self.log.close()

    def _launch(self, one: Process) -> None:
        one.pid = self._starter.start(one.arguments, self.environment)

    def _supervise(self) -> None:
        while not self._ended.wait(0.2):
            with self._lock:
                for one in self._processes:
                    if one.pid is not None and not lives(one.pid):
                        one.restarts += 1
                        self._launch(one)


@contextmanager
def stage(
    *, athletes_there: int = 1, read_limit: Limit | None = None, speed: int = SPEED, **settings: str
) -> Iterator[Stage]:
    """Yield a stage with so many athletes at Strava; its clock runs `speed` times as fast as ours."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o711)
    limit = read_limit or Limit(100_000, 1_000_000)
    wanted = StravaSettings(capacity=100, read_limit=limit, overall_limit=limit, webhook_limit_s=30)
    began: list[Stage] = []
    world = World(
        ThinAthlete(number, NIGHT, 60, timedelta(hours=17), by_hand=True) for number in range(athletes_there)
    )
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        strava = stack.enter_context(
            running_simulator(world, wanted, clock=lambda: began[0].clock() if began else NIGHT)
        )
        network = stack.enter_context(network_to(strava.url))
        made = Stage(folder, strava, network, speed, **settings)
        began.append(made)
        stack.callback(made.close)
        yield made


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    former = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(former)


def _free_port() -> int:
    """Below those that systems give to whoever asks for any: nobody gets it while our process is dead."""
    while True:
        port = random.SystemRandom().randrange(12_000, 30_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    return [
        int(child) for child, parent in (line.split() for line in listed.splitlines()) if int(parent) == pid
    ]
