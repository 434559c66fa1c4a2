"""Disconnecting and erasing: the providers are told, and everything that there is goes at once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from training_analyzer.domain.errors import TrainingAnalyzerError
from training_analyzer.domain.events import AccessRevoked, Disconnected, Event
from training_analyzer.domain.rights import DataRights
from training_analyzer.ingestion import revoking
from training_analyzer.ingestion.grants import account
from training_analyzer.ingestion.source import Source
from training_analyzer.sdk import (
    Account,
    DataProvider,
    Forbidden,
    MissingScope,
    PluginError,
    Window,
)
from training_analyzer.storage import connections, erasing, work
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Database, Transaction
from training_analyzer.storage.erasing import Asker, Erasure
from training_analyzer.storage.secrets import KeyRing

LOGGER = logging.getLogger(__name__)

AHEAD_OF_TIME: Final = timedelta(days=2)
"""They left before we noticed, and the program may stand still when the time is up."""
NOTICE: Final = timedelta(days=7)
"""Who was refused before there was a day of erasing is told of it so long before, at least."""
BAD_HOURS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "days": timedelta(days=3)}
"""After a refusal that may have been an error of the provider's own, it is asked again: a request each."""
DAILY: Final = "daily"
UNCLEAR: Final = timedelta(days=1)
"""After an answer that does not say whether the athlete has left, the provider is asked again."""
ERASED: Final = (
    "{why}, so everything that came from there has been erased here. Connect the account again to start anew."
)
"""What the athlete is told of it."""


def revoke(
    database: Database, source: Source | None, connection: StoredConnection, keys: KeyRing, *, now: datetime
) -> bool:
    """
    Tell the provider that the athlete has disconnected; return whether it knows.

    Whatever the provider says, we go on: with the grant erased, we cannot ask again.
    """
    if source is None:
        LOGGER.warning("%s was not told of a disconnection: its plugin is not active", connection.provider)
        return False
    if source.oauth is None:
        return True
    try:
        with account(database, source, connection, keys, purpose="revoke", priority="high", now=now) as ready:
            source.oauth.revoke(ready.http, ready.grant)
    except (PluginError, TrainingAnalyzerError) as error:
        if revoking.has_ended(error):
            return True  # it lets us in no more: there is nothing left to end
        LOGGER.warning("%s was not told of a disconnection: %s", connection.provider, error)
        return False
    return True


def try_access(provider: DataProvider, account: Account, *, now: datetime) -> None:
    """Ask whether we are still let in, with one request. Raises NotAuthorized where we are not."""
    provider.list_activities(account, Window(since=now, until=now + timedelta(seconds=1)), None)


def is_farewell(refusal: Exception) -> bool:
    """Tell whether a refusal says that the grant has ended, and not only that something is not allowed."""
    return not isinstance(refusal, MissingScope | Forbidden)


def refused(
    tx: Transaction,
    connection: StoredConnection,
    refusal: Exception,
    rights: DataRights | None,
    *,
    now: datetime,
) -> list[Event]:
    """
    The provider no longer lets us in: mark the connection, unless the athlete made it anew meanwhile.

    They may have left without a word, so what came from there goes in the time that its terms allow,
    unless they connect again or we are let in after all. A permission that is missing is no farewell.
    """
    if isinstance(refusal, Forbidden) and connection.status == connections.RECONNECT:
        return []  # that says less than what is known
    erase_at = None
    if rights is not None and is_farewell(refusal):
        erase_at = _erase_at(rights, refused_at=now)
    problem = str(refusal)
    if erase_at is not None:
        problem += f" Connect again by {erase_at:%Y-%m-%d}, or what came from there is erased here."
    if not connections.mark_reconnect(tx, connection.id, problem, unless_after=connection.updated_at):
        return []
    if isinstance(refusal, MissingScope):
        erases_no_more(tx, connection.id)  # they let us in, to less than we need
        return [_revoked(connection)]
    pauses = {DAILY: UNCLEAR} if isinstance(refusal, Forbidden) else _not_tried(tx, connection)
    return [_revoked(connection, erase_at, tuple((name, now + pause) for name, pause in pauses.items()))]


def _not_tried(tx: Transaction, connection: StoredConnection) -> dict[str, timedelta]:
    """
    Return when to ask again, but for what was asked lately. The longest pause is always among it.

    Whoever lets us in when asked, and refuses what we do then, would have us list everything every hour;
    and two bad hours some days apart are two.
    """
    units = {f"{connection.id}/{name}": name for name in BAD_HOURS}
    longest = max(BAD_HOURS.values())
    settled = work.settled_since(tx, ("let_in",), list(units), work.moment(tx) - longest)
    tried = {units[unit] for unit in settled}
    return {name: pause for name, pause in BAD_HOURS.items() if name not in tried or pause == longest}


def still_refused(
    tx: Transaction, connection: StoredConnection, rights: DataRights, *, now: datetime
) -> list[Event]:
    """Asked again, the provider refuses as whoever the athlete has left: that has its day, or gets it."""
    undated = connections.undated(tx, connection.athlete_id, [connection.provider])
    return [event for one in undated if one.id == connection.id for event in dated(tx, one, rights, now=now)]


def dated(tx: Transaction, connection: StoredConnection, rights: DataRights, *, now: datetime) -> list[Event]:
    """
    Name the day of erasing for a connection, locked, that was refused when there was no such day.

    Whether the athlete has left, or only a permission is missing, was not kept: on that day the provider is
    asked, and what came from there goes only if it says the former.
    """
    erase_at = _erase_at(rights, refused_at=connection.updated_at)
    if erase_at is None:
        return []
    erase_at = max(erase_at, now + NOTICE)
    problem = (
        f"{connection.problem or 'It does not let this server in.'} Connect again by {erase_at:%Y-%m-%d}: "
        "if this server is refused then, what came from there is erased here."
    )
    connections.say_more(tx, connection.id, problem)
    return [_revoked(connection, erase_at)]


def _erase_at(rights: DataRights, *, refused_at: datetime) -> datetime | None:
    if rights.erase_within_days is None:
        return None
    allowed = timedelta(days=rights.erase_within_days)
    return refused_at + allowed - min(AHEAD_OF_TIME, allowed / 2)


def left(
    tx: Transaction, connection: StoredConnection, why: str, rights: DataRights, *, now: datetime
) -> list[Event]:
    """
    The athlete has disconnected us at the provider, who confirmed it: mark the connection.

    Where the provider's terms ask for it, what came from there is erased at once.
    """
    erases = rights.erase_within_days is not None
    problem = ERASED.format(why="You disconnected this server there") if erases else why
    if not connections.mark_reconnect(tx, connection.id, problem, unless_after=connection.updated_at):
        return []
    if not erases:
        return [_revoked(connection)]
    erases_no_more(tx, connection.id)
    return [_revoked(connection), *_empty(tx, connection, now=now)]


def not_back(tx: Transaction, connection_id: UUID, *, now: datetime) -> list[Event]:
    """The athlete has not connected again in time, and is refused still: erase what came from there."""
    connection = connections.find(tx, connection_id, lock=True)
    if connection is None or connection.status == connections.ACTIVE:
        return []
    events = _empty(tx, connection, now=now)
    if events:
        why = "This server has not been let in there for a long time"
        connections.mark_reconnect(tx, connection.id, ERASED.format(why=why))
    return events


def lacks_permission(tx: Transaction, connection: StoredConnection, problem: str) -> list[Event]:
    """Asked once more before erasing, the provider lets us in, to less than we need: nothing is erased."""
    connections.mark_reconnect(tx, connection.id, problem, unless_after=connection.updated_at)
    return []


def erases_no_more(tx: Transaction, connection_id: UUID) -> None:
    """Owe no erasing: the athlete is back, or what there was is gone. Not for who does the erasing."""
    work.forget(tx, "erase", str(connection_id))


def asks_no_more(tx: Transaction, connection_id: UUID) -> None:
    """Forget when to ask again, as the connection is in use: what was not asked does not count as asked."""
    work.forget_unasked(tx, "let_in", [f"{connection_id}/{name}" for name in (*BAD_HOURS, DAILY)])


def _revoked(
    connection: StoredConnection,
    erase_at: datetime | None = None,
    ask_again_at: tuple[tuple[str, datetime], ...] = (),
) -> AccessRevoked:
    return AccessRevoked(
        athlete_id=connection.athlete_id,
        connection_id=connection.id,
        provider=connection.provider,
        erase_at=erase_at,
        ask_again_at=ask_again_at,
    )


def _empty(tx: Transaction, connection: StoredConnection, *, now: datetime) -> list[Event]:
    """Erase all but the connection itself; record it, if there was anything."""
    erased = erasing.erase_connection(tx, connection, keep_it=True)
    if erased.is_nothing and connection.status == connections.RECONNECT:
        return []  # as after a farewell that comes twice
    erasing.remember(
        tx,
        "connection",
        erased,
        asked_by="provider",
        told=[connection.provider],
        not_told=[],
        now=now,
    )
    return [Disconnected(athlete_id=connection.athlete_id, provider=connection.provider)]


def erase(
    tx: Transaction, connection: StoredConnection, *, asked_by: Asker, told: bool, now: datetime
) -> tuple[Erasure, Disconnected]:
    """Erase what came from the connection; return the record of it, and what happened."""
    erased = erasing.erase_connection(tx, connection)
    erasure = erasing.remember(
        tx,
        "connection",
        erased,
        asked_by=asked_by,
        told=[connection.provider] if told else [],
        not_told=[] if told else [connection.provider],
        now=now,
    )
    return erasure, Disconnected(athlete_id=connection.athlete_id, provider=connection.provider)


def erase_athlete(
    database: Database,
    source: Callable[[str], Source | None],
    athlete_id: UUID,
    keys: KeyRing,
    *,
    asked_by: Asker,
    now: datetime,
) -> Erasure:
    """
    Tell every provider, then erase the athlete; return the record of it.

    Killed between the two, it can be done again: providers that know already say so.
    """
    with database.transaction(athlete_id) as tx:
        connected = connections.of_athlete(tx, athlete_id)
    knows = {
        connection.provider: revoke(database, source(connection.provider), connection, keys, now=now)
        for connection in connected
    }
    for name, told in revoking.tell_before_erasing(database, source, athlete_id, keys).items():
        knows[name] = told and knows.get(name, True)

    def erase_all(tx: Transaction) -> Erasure:
        return erasing.remember(
            tx,
            "athlete",
            erasing.erase_athlete(tx, athlete_id),
            asked_by=asked_by,
            told=sorted(name for name, told in knows.items() if told),
            not_told=sorted(name for name, told in knows.items() if not told),
            now=now,
        )

    return database.insist(athlete_id, erase_all)
