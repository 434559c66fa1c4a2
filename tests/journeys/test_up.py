"""`training-analyzer up` as a deployer runs it: one process tree, which leaves nothing behind."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.conftest import Deployment
from tests.waiting import PATIENCE_S, until
from training_analyzer.embedded import running_servers
from training_analyzer.queue import Doorbell
from training_analyzer.runtime import Runtime
from training_analyzer.settings import PREFIX
from training_analyzer.storage import work
from training_analyzer.storage.work import Owed

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "training_analyzer.cli"]
STOPPED_S = 100.0
"""Less than the longest unit of work: nothing that is under way holds up the end."""
LOOK_EVERY_S = 0.25
"""To look is a process of its own, and many look at once."""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that also the unprivileged user of a root's servers may enter, unlike `tmp_path`."""
    with tempfile.TemporaryDirectory(prefix="up-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


class Up:
    """A running `up`, and everything that belongs to it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.data = folder / "data"
        own = {"DATA_DIRECTORY": str(self.data), "API_PORT": "0"}
        self.environment = environment | {f"{PREFIX}{name}": value for name, value in own.items()}
        self.folder = folder
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            [*COMMAND, "up"],
            env=self.environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said: dict[str, str] = {}
        self.logged: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._readers = [
            threading.Thread(target=self._read_output, daemon=True),
            threading.Thread(target=self._read_log, daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        self._family: set[int] = set()

    def _read_output(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        self.logged += self.process.stderr

    def await_ready(self) -> None:
        while "Ready" not in self.said:
            with contextlib.suppress(queue.Empty):
                topic, _, news = self._lines.get(timeout=0.1).partition(" ")
                self.said[topic] = news.strip()
            assert self.process.poll() is None, self.logged
            assert time.monotonic() < self.started_at + PATIENCE_S, self.logged
        until(lambda: len(self.workers()) == 2, "the workers were not started", look_every_s=LOOK_EVERY_S)

    @property
    def url(self) -> str:
        return self.said["API"]

    def get(self, path: str) -> int:
        return httpx.get(f"{self.url}{path}", timeout=PATIENCE_S, trust_env=False).status_code

    def pids(self, *words: str) -> set[int]:
        """Return our processes whose command line holds all these words, also those that lost their parent."""
        lines = processes()
        self._family = {pid for pid in self._family if pid in lines} | {self.process.pid}
        while more := {pid for pid, (parent, _) in lines.items() if parent in self._family} - self._family:
            self._family |= more
        return {p for p in self._family if p in lines and all(word in lines[p][1] for word in words)}

    def workers(self) -> set[int]:
        return self.pids("training_analyzer.cli worker")

    def end(self, number: signal.Signals) -> float:
        """Signal as a supervisor does; return how long it took until nothing was left."""
        self.pids()
        asked_at = time.monotonic()
        if number == signal.SIGINT:
            os.killpg(self.process.pid, number)  # a terminal signals its whole foreground group
        else:
            self.process.send_signal(number)
        self.process.wait(PATIENCE_S)
        self.await_nothing_left()
        return time.monotonic() - asked_at

    def await_nothing_left(self) -> None:
        """Wait until all our processes have ended, and what they had to say is in `logged`."""
        until(lambda: not self.pids(), lambda: f"left behind: {self.pids()}", look_every_s=LOOK_EVERY_S)
        for reader in self._readers:
            reader.join()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.await_nothing_left()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


StartUp = Callable[..., Up]


@pytest.fixture
def start_up(place: Path) -> Iterator[StartUp]:
    with contextlib.ExitStack() as stack:

        def start(environment: dict[str, str] | None = None) -> Up:
            up = Up(place, dict(os.environ) if environment is None else environment)
            stack.callback(up.close)
            return up

        yield start


def processes() -> dict[int, tuple[int, str]]:
    """Each living process's parent and command line."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()]
    return {int(row[0]): (int(row[1]), row[3]) for row in rows if not row[2].startswith("Z")}


def test_it_is_ready_soon_keeps_itself_running_and_ends_when_asked(start_up: StartUp) -> None:
    up = start_up()
    up.await_ready()
    assert up.get("/api/v1/health/ready") == 200
    assert up.get("/docs") == 200
    assert str(up.data) in up.said["PostgreSQL"]

    second = subprocess.run(
        [*COMMAND, "up"], env=up.environment, cwd=up.folder, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"is in use by process {up.process.pid}" in second.stderr
    checked = subprocess.run(
        [*COMMAND, "check"], env=up.environment, cwd=up.folder, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout

    killed = up.workers()
    (api,) = up.pids("training_analyzer.cli api")
    for pid in (*killed, api):
        os.kill(pid, signal.SIGKILL)
    assert up.get("/api/v1/health/live") == 200, "whoever asks meanwhile is answered a little later"
    until(lambda: len(up.workers() - killed) == 2, "no workers came back", look_every_s=LOOK_EVERY_S)

    assert up.end(signal.SIGINT) < STOPPED_S
    assert up.process.returncode == 0
    expected = ("Embedded servers are ready", "is started again in", "asked again to end")
    assert [line for line in up.logged if not any(words in line for words in expected)] == []
    deaths = [line for line in up.logged if "is started again in" in line]
    assert sum("killed by SIGKILL" in line for line in deaths) == len(deaths) == 3, up.logged


def test_killed_it_leaves_nothing_behind_and_the_next_ends_with_its_database(start_up: StartUp) -> None:
    up = start_up()
    up.await_ready()
    assert len(up.pids()) > 8
    write(up, "CREATE TABLE public.rides AS SELECT 1")
    assert up.end(signal.SIGKILL) < STOPPED_S

    again = start_up()
    again.await_ready()
    write(again, "DROP TABLE public.rides")
    again.pids()
    os.kill(int((again.data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]), signal.SIGQUIT)
    again.process.wait(PATIENCE_S)
    again.await_nothing_left()
    assert again.process.returncode == 1
    assert "PostgreSQL ended by itself" in "".join(again.logged)
    assert "Traceback" not in "".join(again.logged)


def write(up: Up, statement: str) -> None:
    running = running_servers(up.data)
    assert running is not None
    with psycopg.connect(running.database_owner_url.replace("+psycopg", "")) as connection:
        connection.execute(statement)


def test_a_stop_while_it_starts_is_clean(start_up: StartUp) -> None:
    up = start_up()
    until(lambda: up.pids("valkey-server"), "no server was started", look_every_s=LOOK_EVERY_S)
    assert up.end(signal.SIGTERM) < STOPPED_S
    assert up.process.returncode == 0
    assert "Traceback" not in "".join(up.logged)


def test_on_external_servers_a_unit_at_work_ends_with_the_killed_tree(
    start_up: StartUp, deployment: Deployment, runtime: Runtime, athlete_id: UUID
) -> None:
    up = start_up(deployment.environment())
    up.await_ready()
    assert not up.pids("leash.py"), "servers of its own were started"
    with runtime.database.transaction() as tx:
        work.owe(tx, [Owed(kind="list", subject="1", athlete_id=athlete_id, priority="high")])
        (unit,) = work.ring(tx, "high", now=runtime.now(), room=1, patience_s=0)
    with psycopg.connect(deployment.database_owner_url.replace("+psycopg", "")) as connection:
        connection.execute("LOCK TABLE work IN ACCESS EXCLUSIVE MODE")  # whoever claims has to wait
        before = up.workers()
        Doorbell(runtime.redis).ring("high", [unit])
        until(lambda: up.workers() - before, "no work-horse was started", look_every_s=LOOK_EVERY_S)
        assert up.end(signal.SIGKILL) < STOPPED_S


def test_a_unit_that_takes_too_long_does_not_hold_up_the_end(
    start_up: StartUp, deployment: Deployment, runtime: Runtime, athlete_id: UUID
) -> None:
    up = start_up(deployment.environment())
    up.await_ready()
    with psycopg.connect(deployment.database_owner_url.replace("+psycopg", "")) as connection:
        connection.execute("LOCK TABLE work IN ACCESS EXCLUSIVE MODE")
        before = up.workers()
        Doorbell(runtime.redis).ring("low", [1])
        until(lambda: up.workers() - before, "no work-horse was started", look_every_s=LOOK_EVERY_S)
        assert up.end(signal.SIGTERM) < STOPPED_S
    assert up.process.returncode == 0
    assert any("asked again to end" in line for line in up.logged)
