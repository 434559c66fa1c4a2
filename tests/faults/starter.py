"""Starts our processes in a moment: one process has imported everything, and forks whenever it is asked."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

STARTER: Final = """
import json, os, signal, sys
import rq.serializers, uvicorn
import training_analyzer.api.app, training_analyzer.cli.unit_worker, training_analyzer.worker.run
import training_analyzer.worker.dispatcher, training_analyzer_strava.plugin
from training_analyzer import cli

signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone, without being asked after
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child:
        print(child, flush=True)
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["training-analyzer", *asked["arguments"]]
    cli.main()
"""


class Starter:
    """Starts commands of ours: each a process and a session of its own, with its own environment."""

    def __init__(self, folder: Path, log: IO[bytes]) -> None:
        self._starter = subprocess.Popen(
            [sys.executable, "-c", STARTER],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )

    def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
        """Return the number of the process."""
        assert self._starter.stdin
        assert self._starter.stdout
        asked = {"arguments": list(arguments), "environment": dict(environment)}
        self._starter.stdin.write(json.dumps(asked) + "\n")
        self._starter.stdin.flush()
        return int(self._starter.stdout.readline())

    def close(self) -> None:
        """End the starter. Whom it has started lives on."""
        with self._starter:
            self._starter.kill()


def end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
