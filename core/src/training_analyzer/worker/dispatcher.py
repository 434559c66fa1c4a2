"""
The dispatcher: rings the bell for whatever is owed and due, one dispatcher at a time.

It keeps the queue short, so that what is urgent never stands behind what is not, and rings again
for what nobody answered: so Redis may be emptied at any moment.
"""

import logging
import time
from collections.abc import Callable
from typing import Final

import redis

from training_analyzer.domain.events import QueueName
from training_analyzer.queue import HIGH, LOW, Doorbell
from training_analyzer.runtime import Runtime
from training_analyzer.storage import expired, marks, work
from training_analyzer.storage.parked import retry_everything
from training_analyzer.worker.farewells import date_farewells
from training_analyzer.worker.purging import owe_purges
from training_analyzer.worker.uploading import sweep

LOGGER = logging.getLogger(__name__)

ROOM: Final = 10
"""Bells that may wait in each queue: enough to keep workers busy, few enough to stay fair."""
PATIENCE_S: Final = 15.0
"""A bell that nobody answered in this time is rung again."""
PATIENCE_AT_NOTHING_S: Final = 3.0
"""The same, where no bell waits in the queue: it was answered a moment ago, or lost with Redis."""
TICK_S: Final = 1.0
DONE_KEPT_S: Final = 3 * 24 * 3600.0
"""People may look at what was done yesterday; athletes' turns go by the last day."""
LOOK_EVERY_S: Final = 600.0
"""How often it is looked for what may be kept no longer, for lists that were given up, and for uploads
that never came to their end."""
AGAIN_S: Final = {
    "list": 6 * 3600.0,
    "look_up": 24 * 3600.0,
    "look_again": 24 * 3600.0,
    "profile": 24 * 3600.0,
    "check_access": 24 * 3600.0,
    "let_in": 24 * 3600.0,
    "erase": 24 * 3600.0,
    "revoke": 24 * 3600.0,
}
"""
What was given up and is tried again by itself, after how long. A list that was given up would be the last
one; of the others, nobody else would ask again, either.
"""


def dispatch(runtime: Runtime, *, stopped: Callable[[], bool]) -> None:
    """Ring until `stopped`. Waits its turn where another dispatcher is at it."""
    doorbell = Doorbell(runtime.redis)
    with runtime.database.listen() as listener:
        if not listener.is_only():
            LOGGER.info("another dispatcher is at work; waiting for its end")
        begun = False
        looked_at = -LOOK_EVERY_S
        while not stopped():
            if listener.is_only():
                if not begun:
                    begin(runtime)
                    begun = True
                if time.monotonic() - looked_at > LOOK_EVERY_S:
                    owe_purges(runtime)
                    sweep(runtime)
                    keep_house(runtime)
                    looked_at = time.monotonic()
                _ring_all(runtime, doorbell)
            listener.wait(TICK_S)


def begin(runtime: Runtime) -> None:
    """Look at what a restart may have changed: credentials, calculators, plugins, terms."""
    with runtime.database.transaction() as tx:
        work.open_all(tx)
    with runtime.database.transaction() as tx:
        # It holds the mark, and nothing that others need, until all is tried again: who dies begins anew.
        if marks.changed(tx, "plugins", runtime.plugins_digest):
            retried = retry_everything(runtime.database.transaction)
            if retried.total:
                LOGGER.info("Plugins have changed: %d that were given up are tried again", retried.total)
    with runtime.database.transaction() as tx:
        changed = marks.changed(tx, "calculators", runtime.plan.whole_digest)
        athletes = work.owe_again(tx, "measure") if changed else 0
    if dated := date_farewells(runtime):
        LOGGER.info("%d refused connections have a day now on which what they brought is erased", dated)
    if athletes:
        LOGGER.info("The calculators have changed: %d athletes are measured again", athletes)


def keep_house(runtime: Runtime) -> None:
    """Try again what nobody else would; remove what is long done, and what has expired."""
    now = runtime.now()
    with runtime.database.transaction() as tx:
        for kind, idle_s in AGAIN_S.items():
            work.retry_parked(tx, kind=kind, idle_s=idle_s)
        work.remove_done(tx, older_than_s=DONE_KEPT_S)
        athletes = expired.athletes_with_expired(tx, now=now)
    for athlete_id in athletes:
        with runtime.database.transaction(athlete_id) as tx:
            expired.forget_expired(tx, now=now)


def _ring_all(runtime: Runtime, doorbell: Doorbell) -> None:
    for name in (HIGH, LOW):
        try:
            ring(runtime, doorbell, name)
        except redis.RedisError as error:
            LOGGER.warning("Redis does not answer, and will be tried again: %s", error)


def ring(runtime: Runtime, doorbell: Doorbell, name: QueueName) -> int:
    """Ring for the units whose turn it is, as far as there is room; return for how many."""
    waiting = doorbell.waiting(name)
    room = ROOM - waiting
    if room <= 0:
        return 0
    patience_s = PATIENCE_S if waiting else PATIENCE_AT_NOTHING_S
    with runtime.database.transaction() as tx:
        due = work.ring(tx, name, now=runtime.now(), room=room, patience_s=patience_s)
        # Before the commit: where Redis fails, nothing was rung.
        doorbell.ring(name, due)
    return len(due)
