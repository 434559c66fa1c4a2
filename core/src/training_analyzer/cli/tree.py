"""The processes of `up`: our direct children, started again when they die, and ended before we end."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from training_analyzer.embedded.supervisor import describe_ending

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
    Children with this environment, leashed to us: see `leash`.

    Each leads a session of its own, so that Ctrl-C in a terminal reaches us alone, and we decide the
    order in which things end. `hurry` is asked while we wait for them.
    """

    def __init__(self, environment: Mapping[str, str], *, hurry: Callable[[], bool]) -> None:
        self._environment = environment
        self._hurry = hurry
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        self._leash, self._our_end = os.pipe()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stop()
        finally:
            os.close(self._our_end)  # a work-horse whose worker had to be killed ends now
            os.close(self._leash)

    def start(self, name: str, *arguments: str, inherited: tuple[int, ...] = ()) -> None:
        """Start our own program with these arguments, and keep it running."""
        command = (sys.executable, "-m", "training_analyzer.cli", *arguments, "--leashed")
        child = Child(name, command, inherited)
        self._children.append(child)
        self._launch(child)

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
            stdin=self._leash,
            stdout=subprocess.DEVNULL,  # what a child has to say goes to the log
            env=self._environment,
            pass_fds=child.inherited,
            start_new_session=True,
        )
        child.started_at = time.monotonic()
        LOGGER.debug("%s runs as process %d", child.name, child.process.pid)

    def _plan_restart(self, child: Child, now: float) -> None:
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
