"""The API behind a real server on a free port, and athletes who have logged in."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from tests.conftest import NOW, StoppedClock
from tests.databases import Databases
from tests.fakes.provider import FakeService
from training_analyzer.api.app import create_app
from training_analyzer.api.security import new_token
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, connections

LogIn = Callable[[UUID], httpx.Client]


@pytest.fixture
def app(runtime: Runtime) -> FastAPI:
    return create_app(runtime)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits for 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", ws="none", timeout_keep_alive=600
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.001)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def visit(address: str) -> Iterator[Callable[..., httpx.Client]]:
    """Make clients of the API; with a token they are somebody."""
    clients: list[httpx.Client] = []

    def made(token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Over http there is nothing to verify, and to read all certificates takes longer than most requests.
        clients.append(
            httpx.Client(
                base_url=f"{address}/api/v1", headers=headers, trust_env=False, verify=False, timeout=60
            )
        )
        return clients[-1]

    yield made
    for client in clients:
        client.close()


@pytest.fixture
def http(visit: Callable[..., httpx.Client]) -> httpx.Client:
    """A client who has not logged in."""
    return visit()


@pytest.fixture
def log_in(runtime: Runtime, visit: Callable[..., httpx.Client]) -> LogIn:
    """Log an athlete in without the third of a second that hashing a password takes."""

    def logged_in(athlete_id: UUID) -> httpx.Client:
        token = new_token()
        with runtime.database.transaction(athlete_id) as tx:
            expires_at = runtime.now() + timedelta(days=1)
            athletes.open_session(tx, athlete_id, token, expires_at=expires_at)
        return visit(token)

    return logged_in


@pytest.fixture
def ann(log_in: LogIn, athlete_id: UUID) -> httpx.Client:
    """The athlete of the other fixtures, logged in."""
    return log_in(athlete_id)


@pytest.fixture
def bob(log_in: LogIn, runtime: Runtime) -> httpx.Client:
    """Another athlete, logged in."""
    with runtime.database.transaction() as tx:
        bobs_id = athletes.register(
            tx, email="bob@example.org", password_hash="-", name="Bob", sex=None, birth_year=None
        )
    return log_in(bobs_id)


@pytest.fixture
def connection_id(connect: Callable[[], UUID]) -> UUID:
    """Ann's connection, of which nothing has arrived yet."""
    return connect()


@pytest.fixture
def trained(
    runtime: Runtime,
    service: FakeService,
    athlete_id: UUID,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    databases: Databases,
) -> UUID:
    """
    Ann's connection, of which everything has arrived: 50 rides, days, and an insight.

    Made once; whoever else connects does so afterwards.
    """
    for days_ago in range(0, 100, 2):
        service.add(days_ago, NOW)
    plugins = (*runtime.registry.providers, *runtime.registry.backends)
    installed = "/".join((*plugins, runtime.plan.whole_digest))
    if databases.put_back(installed):
        clock.advance(seconds=6)
    else:
        connect()
        work_off()
        clock.advance(seconds=6)
        work_off()
        databases.keep(installed)
    with runtime.database.transaction(athlete_id) as tx:
        (connection,) = connections.of_athlete(tx, athlete_id)
    return connection.id
