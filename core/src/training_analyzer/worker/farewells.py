"""Connections that were refused before the terms named a day of erasing: they are given one."""

import json
from collections.abc import Collection

from training_analyzer import pipeline
from training_analyzer.ingestion import disconnecting
from training_analyzer.runtime import Runtime
from training_analyzer.storage import athletes, connections, marks
from training_analyzer.storage.database import Transaction, act_as

AT_ONCE = 100


def date_farewells(runtime: Runtime) -> int:
    """
    Look at all connections with providers whose terms name days, and named none before; return for how many.

    What was known of a provider that is not active, or did not start, stays known. Whoever dies at it begins
    anew: what has its day is not given another.
    """
    terms = {name: rights.erase_within_days for name, rights in runtime.rights.items()}
    with runtime.database.transaction() as tx:
        known: dict[str, int | None] = json.loads(marks.find(tx, "erase_within_days") or "{}")
        marks.changed(tx, "erase_within_days", json.dumps(known | terms, sort_keys=True))
        begun = {name for name, days in terms.items() if days is not None and known.get(name) is None}
        return _date_all(runtime, begun) if begun else 0


def _date_all(runtime: Runtime, providers: Collection[str]) -> int:
    """A transaction for each few athletes, so that nobody's work waits for everybody's."""
    dated = 0
    behind = None
    while True:
        with runtime.database.transaction() as tx:
            page = athletes.every_id(tx, behind=behind, at_most=AT_ONCE)
            for athlete_id in page:
                act_as(tx, athlete_id)
                undated = connections.undated(tx, athlete_id, providers)
                dated += sum(_date(runtime, tx, one) for one in undated)
        if len(page) < AT_ONCE:
            return dated
        behind = page[-1]


def _date(runtime: Runtime, tx: Transaction, connection: connections.StoredConnection) -> bool:
    rights = runtime.rights[connection.provider]
    events = disconnecting.dated(tx, connection, rights, now=runtime.now())
    pipeline.record(tx, events, now=runtime.now())
    return bool(events)
