"""
A simulator that runs: in a thread for tests and demonstrations, or in the foreground for the command.

    with running_simulator(generated_world(seed=1)) as simulator:
        httpx.get(simulator.url)

The port is bound before the server starts, so that the address is known and nobody else can take it.
"""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from training_analyzer_strava.simulator.actions import Actions
from training_analyzer_strava.simulator.app import app_of
from training_analyzer_strava.simulator.clock import Clock, MovableClock, system_clock
from training_analyzer_strava.simulator.interfering import Interference
from training_analyzer_strava.simulator.journal import Journal
from training_analyzer_strava.simulator.settings import Settings
from training_analyzer_strava.simulator.simulation import Simulation, new_simulation
from training_analyzer_strava.simulator.webhooks import Webhooks
from training_analyzer_strava.simulator.world import World

START_WITHIN_S = 60.0
POLL_S = 0.005
BACKLOG = 128


class _BrokenOffOnPurpose(logging.Filter):
    """Keeps quiet about answers without an end: a fault on demand makes them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "without completing response" not in record.getMessage()


QUIET = _BrokenOffOnPurpose()


@dataclass(frozen=True)
class RunningSimulator:
    """A simulator that answers at `url`; its clock and its journal are at hand."""

    url: str
    simulation: Simulation

    @property
    def clock(self) -> MovableClock:
        return self.simulation.clock

    @property
    def journal(self) -> Journal:
        return self.simulation.journal

    @property
    def actions(self) -> Actions:
        return self.simulation.actions

    @property
    def webhooks(self) -> Webhooks:
        return self.simulation.webhooks

    @property
    def interference(self) -> Interference:
        return self.simulation.interference

    @property
    def settings(self) -> Settings:
        return self.simulation.settings


@contextmanager
def running_simulator(
    world: World,
    settings: Settings | None = None,
    clock: Clock = system_clock,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[RunningSimulator]:
    """Serve `world` from a thread of this process; it has stopped when the block ends."""
    simulation = new_simulation(world, settings, clock)
    bound = bind(host, port)
    server = server_of(app_of(simulation))
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [bound]}, name="simulated-strava", daemon=True
    )
    try:
        thread.start()
        _wait_until_started(server, thread)
        yield RunningSimulator(address_of(bound), simulation)
    finally:
        server.should_exit = True
        thread.join(START_WITHIN_S)
        bound.close()
        simulation.webhooks.close()


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens at the address; port 0 stands for any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)  # so that nobody is refused who comes before the server has started
    except OSError:
        bound.close()
        raise
    return bound


def address_of(bound: socket.socket) -> str:
    """The address of a bound socket, as clients write it."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_of(app: ASGIApp) -> uvicorn.Server:
    """A server that prints nothing and tells no time of its own: the simulator's clock may show another."""
    logging.getLogger("uvicorn.error").addFilter(QUIET)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            date_header=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=600,  # nobody finds a connection closed just when they use it again
        )
    )


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline_s = time.monotonic() + START_WITHIN_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline_s:
            raise RuntimeError("The simulated Strava did not start; its log says why.")
        time.sleep(POLL_S)
