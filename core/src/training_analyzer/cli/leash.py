"""
A process that ends when whoever started it is gone, however that one ended.

Standard input is the leash: a pipe whose other end only the starter holds, so that its death, even by
`kill -9`, is an end of file here. A work-horse of RQ leads a process group of its own and outlives its
worker; it inherits standard input, and so the leash, too. (The servers have leashes of their own: they
need a clean-up, and cannot watch for themselves.)
"""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

STANDARD_INPUT = 0
AT_ONCE = 65536
"""Bytes: what a pipe holds."""

Leashed = Annotated[
    bool,
    typer.Option("--leashed", hidden=True, help="End when standard input ends."),
]


def word(settings: Mapping[str, str]) -> bytes:
    """Return what a starter says first: environment variables that it may know only after the start."""
    return json.dumps(settings).encode() + b"\n"


def take() -> None:
    """Put our starter's word into the environment; from then on, end when the starter does."""
    heard = b""
    while not heard.endswith(b"\n"):
        piece = _read()
        if not piece:
            end_now()
        heard += piece
    os.environ.update(json.loads(heard))
    watch(end_now)


def watch(end: Callable[[], None]) -> None:
    """Call `end`, in a thread, when standard input ends. Threads do not survive a fork: watch again there."""

    def wait() -> None:
        while _read():
            pass
        end()

    threading.Thread(target=wait, name="leash", daemon=True).start()


def end_now() -> None:
    """End without a last word: the servers are ending, too, and PostgreSQL knows what is owed."""
    os._exit(1)


def end_in_order() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _read() -> bytes:
    with contextlib.suppress(OSError):  # no standard input at all: nobody holds us
        return os.read(STANDARD_INPUT, AT_ONCE)
    return b""
