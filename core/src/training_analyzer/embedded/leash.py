"""
A small program that runs a server and ends it when the process that asked for it is gone.

    python -I -S leash.py ORDERS COMMAND…

ORDERS is JSON (see `Orders`). Standard input is the leash: a pipe whose other end only the owner holds.

    a byte arrives, or SIGTERM    stop cleanly: `stop`, after `patience_s` `abort`, then SIGKILL
    end of file                   the owner died, however it died: `abort`, then SIGKILL;
                                  then remove what the owner can no longer remove
    the server ends by itself     exit with its code

A pipe works on every platform and whichever thread of the owner started us. What it cannot cover is our own
`kill -9`; for that the server carries Linux's parent-death signal, which is reliable here because this
program has one thread only. Elsewhere such a server lives on, and the next start says so.
The file stands alone (only the standard library): it runs before and without the rest of the package.
"""

import json
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import NoReturn, TypedDict

LAST_GRACE_S = 5.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h
OWNER_PIPE = 0
HEARD = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Orders(TypedDict):
    """What the owner asks for; `user` is [uid, gid] to run the server as, or None to stay who we are."""

    stop: int
    abort: int
    patience_s: float
    user: list[int] | None
    remove_if_orphaned: list[str]


Escalation = Iterator[tuple[int, float]]


def stopping(orders: Orders) -> Escalation:
    yield orders["stop"], orders["patience_s"]
    yield from aborting(orders)


def aborting(orders: Orders) -> Escalation:
    yield orders["abort"], LAST_GRACE_S
    while True:
        yield signal.SIGKILL, LAST_GRACE_S


def become_server(
    orders: Orders, command: list[str], leash_pid: int, die_with_parent: Callable[[], None]
) -> NoReturn:
    """Turn this forked child into the server."""
    try:
        for number in (*HEARD, signal.SIGPIPE):  # Python ignores the last, and exec would pass that on
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
        os.dup2(os.open(os.devnull, os.O_RDONLY), OWNER_PIPE)
        os.umask(0o077)
        if orders["user"] is not None:
            user_id, group_id = orders["user"]
            os.setgroups([])
            os.setgid(group_id)
            os.setuid(user_id)
        die_with_parent()  # after setuid, which clears it
        if os.getppid() != leash_pid:
            os._exit(0)
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error}\n")
        sys.stderr.flush()
    os._exit(127)


def parent_death_signal(number: int) -> Callable[[], None]:
    """Prepare a function that asks Linux for this signal when our parent dies; elsewhere it does nothing."""
    if sys.platform != "linux":
        return lambda: None
    # loaded now: after setuid, Python's own files may be out of reach
    import ctypes

    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        if prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")

    return ask


def hear_signals() -> int:
    """Give a descriptor from which the numbers of the signals that concern us can be read."""
    hearing, telling = os.pipe()
    os.set_blocking(telling, False)
    signal.set_wakeup_fd(telling, warn_on_full_buffer=False)
    for number in HEARD:
        signal.signal(number, lambda _number, _frame: None)
    return hearing


def watch(server_pid: int, orders: Orders, heard: int) -> tuple[int, bool]:
    """Wait for the server's end, bring it about when asked; give its exit code and whether the owner died."""
    listening = [heard, OWNER_PIPE]
    escalation: Escalation | None = None
    next_step_at = 0.0
    while True:
        pid, status = os.waitpid(server_pid, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            return (code if code >= 0 else 128 - code), OWNER_PIPE not in listening
        if escalation is not None and time.monotonic() >= next_step_at:
            number, grace_s = next(escalation)
            os.kill(server_pid, number)
            next_step_at = time.monotonic() + grace_s
        timeout_s = None if escalation is None else max(0.0, next_step_at - time.monotonic())
        ready, _, _ = select.select(listening, [], [], timeout_s)
        stop_wanted = heard in ready and any(number != signal.SIGCHLD for number in os.read(heard, 64))
        if OWNER_PIPE in ready:
            stop_wanted = True
            if not os.read(OWNER_PIPE, 64):
                listening.remove(OWNER_PIPE)
                escalation, next_step_at = aborting(orders), 0.0
        if stop_wanted and escalation is None:
            escalation, next_step_at = stopping(orders), 0.0


def main(arguments: list[str]) -> int:
    orders: Orders = json.loads(arguments[0])
    heard = hear_signals()
    die_with_parent = parent_death_signal(orders["abort"])
    leash_pid = os.getpid()
    # held back until the child has dropped our handlers: it would swallow a signal that comes before exec
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    server_pid = os.fork()
    if server_pid == 0:
        become_server(orders, arguments[1:], leash_pid, die_with_parent)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
    code, orphaned = watch(server_pid, orders, heard)
    if orphaned:
        for path in orders["remove_if_orphaned"]:
            shutil.rmtree(path, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
