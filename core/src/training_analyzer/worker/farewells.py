"""Connections that were refused before the terms named a day of erasing: they are given one."""

import json

from training_analyzer import pipeline
from training_analyzer.ingestion import disconnecting
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, connections, marks
from training_analyzer.storage.database import Transaction, act_as

AT_ONCE = 100


def date_farewells(runtime: Runtime) -> int:
    """
    Look at every athlete's connections once, and again when the terms have changed; return for how many.

    Whoever dies at it begins anew: what has its day is not given another.
    """
    terms = {name: rights.erase_within_days for name, rights in sorted(runtime.rights.items())}
    with runtime.database.transaction() as tx:
        if not marks.changed(tx, "erase_within_days", json.dumps(terms)):
            return 0
        return _date_all(runtime)


def _date_all(runtime: Runtime) -> int:
    """A transaction for each few athletes, so that nobody's work waits for everybody's."""
    dated = 0
    behind = None
    while True:
        with runtime.database.transaction() as tx:
            page = athletes.every_id(tx, behind=behind, at_most=AT_ONCE)
            for athlete_id in page:
                act_as(tx, athlete_id)
                dated += sum(_date(runtime, tx, one) for one in connections.undated(tx, athlete_id))
        if len(page) < AT_ONCE:
            return dated
        behind = page[-1]


def _date(runtime: Runtime, tx: Transaction, connection: connections.StoredConnection) -> bool:
    rights = runtime.rights.get(connection.provider)
    if rights is None:
        return False  # its plugin is not active; when it is, the terms have changed
    events = disconnecting.dated(tx, connection, rights, now=runtime.now())
    pipeline.record(tx, events, now=runtime.now())
    return bool(events)
