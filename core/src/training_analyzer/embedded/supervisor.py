"""
One server as our child, which dies with us however we die.

Each server runs under its own `leash` (see there): our direct child, in its own session, so that Ctrl-C in
a terminal reaches us and not the servers, which must outlive our clean shutdown by a moment.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from training_analyzer.embedded.descriptors import OwnDescriptor
from training_analyzer.embedded.directory import Site
from training_analyzer.embedded.errors import ServerDied
from training_analyzer.embedded.leash import Orders

LOGGER = logging.getLogger(__name__)
LEASH = Path(__file__).with_name("leash.py")
PATIENCE_S = 10.0
"""How long a clean stop may take before it becomes an abort."""
LOG_TAIL_LINES = 20
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""All that the servers see: variables such as PGDATA or PGOPTIONS must not reach them."""


@dataclass(frozen=True)
class Program:
    """What to run: `stop` asks it to end in good order, `abort` to end at once without losing data."""

    name: str
    command: tuple[str, ...]
    log_file: Path
    stop: signal.Signals
    abort: signal.Signals


class Supervised:
    """A program that runs, or ran, under a leash of ours."""

    def __init__(self, program: Program, site: Site) -> None:
        """Start it; it and all its children hold the site's `running` lock until the last has ended."""
        self.program = program
        account = site.account
        orders: Orders = {
            "stop": program.stop,
            "abort": program.abort,
            "patience_s": PATIENCE_S,
            "user": [account.user_id, account.group_id] if account else None,
            "remove_if_orphaned": [str(path) for path in site.remove_if_orphaned],
        }
        theirs, ours = os.pipe()
        self._pipe = OwnDescriptor(ours)
        self._owner_pid = os.getpid()
        try:
            with program.log_file.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(LEASH), json.dumps(orders), *program.command],
                    stdin=theirs,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=ENVIRONMENT,
                    pass_fds=[site.running.fileno()],
                    start_new_session=True,
                )
        except BaseException:
            self._pipe.close()
            raise
        finally:
            os.close(theirs)
        LOGGER.debug("%s runs under leash %d", program.name, self._process.pid)

    @property
    def leash_pid(self) -> int:
        return self._process.pid

    def check(self) -> None:
        """Raise `ServerDied` if the program has ended."""
        code = self._process.poll()
        if code is not None:
            raise ServerDied(self.program.name, describe_ending(code), self.program.log_file, self.log_tail())

    def wait(self, timeout_s: float) -> int:
        """Wait for a program that ends by itself; give its exit code."""
        return self._process.wait(timeout_s)

    def log_tail(self) -> str:
        text = self.program.log_file.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-LOG_TAIL_LINES:])

    def request_stop(self) -> None:
        """Ask for a clean end, without waiting for it."""
        if self._pipe.is_open and self._owner_pid == os.getpid() and self._process.poll() is None:
            try:
                os.write(self._pipe.fileno(), b"s")
            except BrokenPipeError:
                LOGGER.debug("%s ended before it was asked to", self.program.name)

    def stop(self) -> None:
        """End the program and wait until it has ended."""
        if self._owner_pid != os.getpid():
            return  # a forked copy of the owner owns nothing
        self.request_stop()
        try:
            self._process.wait(PATIENCE_S + 10)
        except subprocess.TimeoutExpired:
            LOGGER.warning("%s did not end when asked; killing it", self.program.name)
            self._process.kill()
            self._process.wait()
        finally:
            self._pipe.close()


def describe_ending(code: int) -> str:
    """Say in words how a leash ended: killed itself, or passing on how its server ended."""
    number = -code if code < 0 else code - 128
    try:
        return f"killed by {signal.Signals(number).name}"
    except ValueError:
        return f"exit code {code}"
