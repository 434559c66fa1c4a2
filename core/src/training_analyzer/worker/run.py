"""
One unit of work, from claim to end: the function that jobs name.

A job carries the id of a unit. Whether the unit is still owed, due and nobody's is decided by
PostgreSQL; so a bell that rings twice, too late or for nothing does no harm.
"""

import ctypes
import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, assert_never, get_args

from training_analyzer import pipeline
from training_analyzer.domain.errors import ConfigurationError, Superseded, TrainingAnalyzerError
from training_analyzer.domain.events import Event, Priority
from training_analyzer.ingestion import disconnecting
from training_analyzer.queue import JOB_TIMEOUT_S, UnitTimedOut
from training_analyzer.quota.proxies import certificates
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import PluginError
from training_analyzer.storage import work
from training_analyzer.storage.database import Database, Transaction
from training_analyzer.storage.work import Claim
from training_analyzer.worker import outages
from training_analyzer.worker.handlers import HANDLERS
from training_analyzer.worker.policy import (
    MAX_FAILURES,
    Disconnect,
    Drop,
    Outlast,
    Park,
    TryAgain,
    Wait,
    judge,
)
from training_analyzer.worker.requesting import AccessLost, BadAnswer, keep_answer
from training_analyzer.worker.results import NotYet, Store

LOGGER = logging.getLogger(__name__)

FOR_ATHLETES: Final = (PluginError, TrainingAnalyzerError, TimeoutError)
"""Errors that plugins and we raise on purpose: what they say may be read by whom they are about."""

RENEW_EVERY_S: Final = 10.0

NEW_BEFORE_A_LOOK: Final = 20_000
"""More than a recording of five hours has places, each of which is a list."""

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
"""As glibc's `malloc.h` numbers its options."""
KEPT_BYTES: Final = 64 * 2**20
"""So much of freed memory a process may keep."""
LARGE_BYTES: Final = 4 * 2**20
"""What is as large goes back to the system by itself: whole documents, channels of weeks."""

_runtime: Runtime | None = None


def prepare(runtime: Runtime) -> None:
    """Keep what every unit needs, made once before the worker forks."""
    global _runtime  # noqa: PLW0603 - RQ calls a function by name: this is the only way to hand it something
    _runtime = runtime
    try:
        certificates()
    except OSError as error:
        LOGGER.warning("No service can be reached by https; is SSL_CERT_FILE as it should be? %s", error)
    keep_what_is_loaded()


def keep_what_is_loaded() -> None:
    """
    Spare the collector of garbage what lives as long as the process.

    To read a recording makes lists by the ten thousand, and each time the collector would look through all
    modules once more; in a child, it would copy their memory too. These lists are no garbage, and it need
    not look for any among them: that took a seventh of recomputing a year.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_BEFORE_A_LOOK, *gc.get_threshold()[1:])
    _keep_what_is_freed()


def _keep_what_is_freed() -> None:
    """
    Spare the system the memory that is given back and taken again a moment later.

    Columns of numbers come and go by the hundred, and each of their pages that has to be had anew costs
    some microseconds: on a virtual machine, more than the sums. Where the C library is another than glibc,
    it stays as it is.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_TRIM_THRESHOLD, KEPT_BYTES)
        set_option(M_MMAP_THRESHOLD, LARGE_BYTES)


def run_unit(work_id: int) -> None:
    """Do a unit of work, if it is owed. RQ calls this in a process of its own."""
    if _runtime is None:
        prepare(Runtime.read(brief=True))
    assert _runtime is not None
    try:
        work_on(_runtime, work_id)
    finally:
        _runtime.close()


def work_on(runtime: Runtime, work_id: int, *, lease_s: float | None = None) -> None:
    """Claim the unit, do it, and settle it. `lease_s` None: as the settings say."""
    lease_s = runtime.settings.lease_seconds if lease_s is None else lease_s
    with runtime.database.transaction() as tx:
        claim = work.claim(tx, work_id, now=runtime.now(), lease_s=lease_s)
    if claim is None:
        return
    if claim.failures >= MAX_FAILURES:
        why = f"ended its worker, or failed, {claim.failures} times in a row"
        with runtime.database.transaction(claim.athlete_id) as tx:
            work.park(tx, claim, why=why)
            work.note(tx, claim, why)  # in place of what an error said some time ago
        return
    try:
        _do(runtime, claim, lease_s)
    except Superseded as superseded:
        LOGGER.warning("%s; what was done here is not stored", superseded)


def _do(runtime: Runtime, claim: Claim, lease_s: float) -> None:
    try:
        with _renewed(runtime.database, claim, lease_s):
            store = HANDLERS[claim.kind](runtime, claim)
            _finish(runtime, claim, store)
        outages.answered(runtime.database, claim, None, now=runtime.now())
    except Superseded:
        raise
    except NotYet as reason:
        with runtime.database.transaction(claim.athlete_id) as tx:
            work.release(tx, claim, until=reason.until, why=str(reason))
            if reason.refusal is not None:
                work.note(tx, claim, f"{reason}: {reason.refusal}")
        outages.answered(runtime.database, claim, None, now=runtime.now())
    except UnitTimedOut:
        _settle_failure(runtime, claim, TimeoutError(f"it took longer than {JOB_TIMEOUT_S} s"))
    except Exception as error:  # noqa: BLE001 - whatever happens is judged by one table
        _settle_failure(runtime, claim, error)


def _finish(runtime: Runtime, claim: Claim, store: Store) -> None:
    with runtime.database.transaction(claim.athlete_id) as tx:
        events = list(store(tx))
        work.hold(tx, claim)
        work.calm(tx, claim)
        pipeline.record(tx, events, now=runtime.now())
        work.finish(tx, claim)


def _settle_failure(runtime: Runtime, claim: Claim, error: Exception) -> None:
    now = runtime.now()
    # `work` is read across athletes: there, an error is its kind. What it says is the athlete's.
    kind = type(error.error if isinstance(error, BadAnswer) else error).__name__
    why = f"{kind}: {error}"
    verdict = judge(error, failures=claim.failures, waits=claim.waits, now=now)
    with runtime.database.transaction(claim.athlete_id) as tx:
        match verdict:
            case Wait(until):
                if claim.resource is not None:
                    # What is urgent may not, nothing less urgent may either.
                    priorities = [one for one in get_args(Priority) if one >= claim.priority]
                    work.close(tx, claim.resource, priorities, until=until, why=kind)
                if isinstance(error, ConfigurationError):
                    LOGGER.error("%s %s waits for a setting: %s", claim.kind, claim.subject, why)
                work.release(tx, claim, until=until, why=kind)
            case Outlast(at):
                LOGGER.warning("%s %s waits for its service: %s", claim.kind, claim.subject, why)
                work.wait(tx, claim, until=at, why=kind)
                outages.unanswered(tx, claim, error, now=now)
            case TryAgain(at):
                LOGGER.warning("%s %s will be tried again: %s", claim.kind, claim.subject, why)
                work.fail(tx, claim, until=at, why=kind)
            case Park():
                LOGGER.error("%s %s is parked: %s", claim.kind, claim.subject, why, exc_info=error)
                work.park(tx, claim, why=kind)
                keep_answer(tx, error, now=now)
            case Disconnect():
                LOGGER.warning("%s %s: the athlete has to reconnect: %s", claim.kind, claim.subject, why)
                pipeline.record(tx, _disconnect(runtime, tx, error), now=now)
                work.finish(tx, claim)
            case Drop():
                work.finish(tx, claim)
            case _:
                assert_never(verdict)
        if not isinstance(verdict, Drop | Disconnect):
            work.note(tx, claim, why if _is_for_athletes(error) else f"{kind}: the log says more")
    outages.answered(runtime.database, claim, error, now=now)


def _is_for_athletes(error: Exception) -> bool:
    """Other errors may name hosts, or quote a query; one of settings is for whoever runs the server."""
    return isinstance(error, FOR_ATHLETES) and not isinstance(error, ConfigurationError)


def _disconnect(runtime: Runtime, tx: Transaction, error: Exception) -> list[Event]:
    """Mark the connection that was refused."""
    if not isinstance(error, AccessLost):
        return []  # no connection was asked: there is nothing to reconnect
    connection = error.connection
    return disconnecting.refused(
        tx, connection, error.refusal, runtime.rights.get(connection.provider), now=runtime.now()
    )


@contextmanager
def _renewed(database: Database, claim: Claim, lease_s: float) -> Iterator[None]:
    """Keep the lease while the unit is worked on: a slow answer is no death."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(min(RENEW_EVERY_S, lease_s / 3)):
            try:
                with database.transaction() as tx:
                    if not work.renew(tx, claim, lease_s=lease_s):
                        return
            except Exception:
                LOGGER.exception("the lease of %s %s could not be renewed", claim.kind, claim.subject)

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
