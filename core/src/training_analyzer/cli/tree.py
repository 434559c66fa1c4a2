"""The processes of `up`: our direct children, started again when they die, and ended before we end."""

import contextlib
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Final, Self

from training_analyzer.cli import leash

LOGGER = logging.getLogger(__name__)

FIRST_DELAY_S: Final = 0.2
LONGEST_DELAY_S: Final = 10.0
GOOD_RUN_S: Final = 30.0
"""A child that ran so long did start well: its end is a new misfortune."""
WARM_S: Final = 5.0
"""For units and requests at hand to come to their end."""
COLD_S: Final = 1.5
"""For a worker that was asked a second time to end its work-horse and itself."""
POLL_S: Final = 0.05


@dataclass(slots=True)
class Child:
    """One process of ours, running or waiting to be started again."""

    name: str
    command: tuple[str, ...]
    inherited: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    start_at: float = 0
    delay_s: float = field(default=FIRST_DELAY_S)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Tree:
    """
    Children on a leash that we hold: see `leash`. `hurry` is asked while we wait for their end.

    Each leads a session of its own, so that Ctrl-C in a terminal reaches us alone, and we decide the
    order in which things end.
    """

    def __init__(self, *, hurry: Callable[[], bool]) -> None:
        self._hurry = hurry
        self._children: list[Child] = []
        self._leashes: list[IO[bytes]] = []
        self._word: bytes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stop()
        finally:
            # a work-horse whose worker was killed is still on its worker's leash, and ends now
            for ours in self._leashes:
                ours.close()

    def start(self, name: str, *arguments: str, inherited: tuple[int, ...] = ()) -> None:
        """Start our own program with these arguments, and keep it running."""
        command = (sys.executable, "-m", "training_analyzer.cli", *arguments, "--leashed")
        child = Child(name, command, inherited)
        self._children.append(child)
        self._launch(child)

    def inform(self, settings: Mapping[str, str]) -> None:
        """Tell all children, those to come too, these environment variables: until then, they wait."""
        self._word = leash.word(settings)
        for child in self._children:
            self._tell(child)

    def tend(self) -> None:
        """Start again what has died, after a while that grows as long as it does not help."""
        now = time.monotonic()
        for child in self._children:
            if child.runs:
                continue
            if child.process is not None:
                self._plan_restart(child, now)
            elif now >= child.start_at:
                self._launch(child)

    def _launch(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,  # what a child has to say goes to the log
            pass_fds=child.inherited,
            start_new_session=True,
        )
        assert child.process.stdin is not None
        self._leashes.append(child.process.stdin)
        child.started_at = time.monotonic()
        self._tell(child)
        LOGGER.debug("%s runs as process %d", child.name, child.process.pid)

    def _tell(self, child: Child) -> None:
        if self._word is not None and child.process is not None and child.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it has ended, and is started again
                child.process.stdin.write(self._word)
                child.process.stdin.flush()

    def _plan_restart(self, child: Child, now: float) -> None:
        from training_analyzer.embedded.supervisor import describe_ending  # slow to import, rarely needed

        assert child.process is not None
        if now - child.started_at > GOOD_RUN_S:
            child.delay_s = FIRST_DELAY_S
        ending = describe_ending(child.process.returncode)
        LOGGER.warning("%s ended (%s) and is started again in %.1f s", child.name, ending, child.delay_s)
        child.process, child.start_at = None, now + child.delay_s
        child.delay_s = min(child.delay_s * 2, LONGEST_DELAY_S)

    def _stop(self) -> None:
        for ask, patience_s in ((signal.SIGTERM, WARM_S), (signal.SIGTERM, COLD_S), (signal.SIGKILL, None)):
            for child in self._running():
                assert child.process is not None
                child.process.send_signal(ask)
            if self._await_end(patience_s):
                return

    def _await_end(self, patience_s: float | None) -> bool:
        asked_at = time.monotonic()
        while self._running():
            waited_s = time.monotonic() - asked_at
            # RQ takes a second signal within a second for an echo of the first
            if patience_s is not None and (waited_s > patience_s or (self._hurry() and waited_s > 1)):
                names = ", ".join(child.name for child in self._running())
                LOGGER.warning("Still at work, and asked again to end: %s", names)
                return False
            time.sleep(POLL_S)
        return True

    def _running(self) -> list[Child]:
        return [child for child in self._children if child.runs]
