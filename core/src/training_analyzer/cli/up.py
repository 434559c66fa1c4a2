"""`training-analyzer up`: everything in one process tree, with servers of its own where no URL is set."""

import http.client
import logging
import signal
import socket
import time
from contextlib import ExitStack
from types import FrameType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import typer

from training_analyzer.cli import leash, logs
from training_analyzer.cli.listening import address, listen
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.settings import Settings

if TYPE_CHECKING:
    from training_analyzer.cli.ground import Ground
    from training_analyzer.cli.tree import Tree

LOGGER = logging.getLogger(__name__)

POLL_S: Final = 0.1
ANSWER_S: Final = 2.0
"""On a busy machine an answer takes its time; while it starts, the end that somebody asks for does, too."""
READY_PATH: Final = "/api/v1/health/ready"
HEAD_START_S: Final = 5.0
"""Processes that import at the same time are in each other's way: the API goes first."""
OTHERS: Final = (
    ("The dispatcher", ("dispatcher",)),
    # one worker keeps itself free for what is urgent, however much there is to do
    ("The worker for high", ("worker", "--queues", "high")),
    ("The worker for high and low", ("worker", "--queues", "high,low")),
)


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
        _run(settings, stop)
    except KeyboardInterrupt:
        LOGGER.debug("asked to end before all was up")
    say("Stopped", "nothing runs any more")


def _run(settings: Settings, stop: Stop) -> None:
    """Get everything up, in the order that is quickest, and keep it so. Raises what prevents it."""
    from training_analyzer.cli.tree import Tree

    # The processes end first, although what they stand on is ready later than they are started.
    with ExitStack() as below, Tree(hurry=lambda: stop.asked > 1) as tree:
        listener = _listen(settings)
        if not isinstance(listener, ConfigurationError):
            below.enter_context(listener)
            # Starting is mostly importing: the API does so while we get the servers ready.
            number = str(listener.fileno())
            tree.start("The API", "api", "--descriptor", number, inherited=(listener.fileno(),))
        from training_analyzer.cli.ground import prepared

        ground = below.enter_context(prepared(settings))
        if isinstance(listener, ConfigurationError):
            raise listener  # only now: where another `up` runs here, the data directory has said so
        for name, news in ground.news:
            say(name, news)
        tree.inform(ground.environment(listener.getsockname()[1]))
        stop.count_only()
        _tend(tree, ground, address(listener), stop)
        say("Stopping", "what is at work comes to its end first")


def _tend(tree: "Tree", ground: "Ground", url: str, stop: Stop) -> None:
    """Start the others, say when all is ready, and keep it running until somebody asks for the end."""
    head_start_until = time.monotonic() + HEAD_START_S
    others_started = ready = False
    while not stop.asked:
        ground.check()
        tree.tend()
        became_ready = not ready and answers(url)
        ready = ready or became_ready
        if not others_started and (ready or time.monotonic() > head_start_until):
            others_started = True
            for name, arguments in OTHERS:
                tree.start(name, *arguments)
            if ground.settings.watch_folder is not None:
                tree.start("The watch on the folder", "watch")
        if became_ready:
            _say_ready(url, ground.settings.public_url)
        time.sleep(POLL_S)


def _listen(settings: Settings) -> socket.socket | ConfigurationError:
    try:
        return listen(settings.api_host, settings.api_port)
    except ConfigurationError as error:
        return error


def _say_ready(url: str, public_url: str | None) -> None:
    say("API", url if public_url is None else f"{url}, for browsers {public_url}")
    say("Docs", f"{url}/docs")
    say("Ready", "Ctrl-C ends everything")


def answers(url: str) -> bool:
    """Whether the API says that it is ready."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=ANSWER_S)
    try:
        connection.request("GET", READY_PATH)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False  # it is still starting
    finally:
        connection.close()


def say(topic: str, news: str) -> None:
    typer.echo(f"{topic:<11} {news}")
