"""`training-analyzer up`: everything in one process tree, with servers of its own where no URL is set."""

import http.client
import logging
import signal
import socket
import time
from types import FrameType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import typer

from training_analyzer.cli import leash, logs
from training_analyzer.cli.listening import address, listen

if TYPE_CHECKING:
    from training_analyzer.cli.ground import Ground

LOGGER = logging.getLogger(__name__)

POLL_S: Final = 0.1
READY_PATH: Final = "/api/v1/health/ready"
CHILDREN: Final = (
    ("The dispatcher", ("dispatcher",)),
    ("The worker for high", ("worker", "--queues", "high")),
    ("The worker for high and low", ("worker", "--queues", "high,low")),
)
"""One worker keeps itself free for what is urgent, however much there is to do."""


class Stop:
    """SIGTERM and Ctrl-C: they interrupt while we start; once all is up, they are counted."""

    def __init__(self) -> None:
        self.asked = 0
        self._interrupts = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    def count_only(self) -> None:
        self._interrupts = False

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1
        if self._interrupts:
            self.count_only()  # the clean-up that follows must not be interrupted
            raise KeyboardInterrupt


def up(*, leashed: leash.Leashed = False) -> None:
    """
    Run everything: API, dispatcher and workers, with PostgreSQL and Valkey of its own where no URL is set.

    Ctrl-C or SIGTERM ends all of it in good order; a second one hurries.
    """
    stop = Stop()
    if leashed:
        leash.watch(leash.end_in_order)
    settings = logs.settings()
    try:
        from training_analyzer.cli.ground import prepared

        with prepared(settings) as ground, listen(settings.api_host, settings.api_port) as listener:
            for name, news in ground.news:
                say(name, news)
            stop.count_only()
            _run(ground, listener, stop)
    except KeyboardInterrupt:
        LOGGER.debug("asked to end before all was up")
    say("Stopped", "nothing runs any more")


def _run(ground: "Ground", listener: socket.socket, stop: Stop) -> None:
    """Keep everything running until somebody asks for the end. Raises ServerDied."""
    from training_analyzer.cli.tree import Tree

    url = address(listener)
    environment = ground.environment(listener.getsockname()[1])
    with Tree(environment, hurry=lambda: stop.asked > 1) as tree:
        descriptor = listener.fileno()
        tree.start("The API", "api", "--descriptor", str(descriptor), inherited=(descriptor,))
        for name, arguments in CHILDREN:
            tree.start(name, *arguments)
        ready = False
        while not stop.asked:
            ground.check()
            tree.tend()
            if not ready and answers(url):
                ready = True
                say(
                    "API",
                    url if ground.settings.public_url is None else f"{url}, {ground.settings.public_url}",
                )
                say("Docs", f"{url}/docs")
                say("Ready", "Ctrl-C ends everything")
            time.sleep(POLL_S)
        say("Stopping", "what is at work comes to its end first")


def answers(url: str) -> bool:
    """Whether the API says that it is ready."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=1)
    try:
        connection.request("GET", READY_PATH)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False  # it is still starting
    finally:
        connection.close()


def say(topic: str, news: str) -> None:
    typer.echo(f"{topic:<11} {news}")
