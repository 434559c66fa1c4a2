"""
Connecting an athlete's account: there and back through the provider's consent page.

`begin` makes a state that is random, bound to the athlete, used once and good for ten minutes; `checked`
holds it against what comes back before anything else. A grant for which a code was exchanged is never
dropped: the service may accept no former one of the account any more. Where the connection does not come
to stand, `hand_on` gives it to whoever has the account here, and `end` ends it where nobody does.
"""

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from training_analyzer.domain.errors import AlreadyExists, ConnectionRefused, Missing
from training_analyzer.domain.events import Connected, Event
from training_analyzer.ingestion import disconnecting, profiles
from training_analyzer.ingestion.planning import Horizon, begin_listings
from training_analyzer.ingestion.source import Caller, Source
from training_analyzer.sdk import (
    Callback,
    Grant,
    Misconfigured,
    MissingScope,
    NotAuthorized,
    PluginError,
    SupportsOAuth,
    SupportsProfile,
)
from training_analyzer.storage import athletes, connections, oauth_states, receipts
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.oauth_states import OAuthState
from training_analyzer.storage.secrets import KeyRing

LOGGER = logging.getLogger(__name__)

STATE_LIFETIME: Final = timedelta(minutes=10)


def begin(tx: Transaction, source: Source, athlete_id: UUID, *, redirect_uri: str, now: datetime) -> str:
    """Return the address of the provider's consent page. Raises Missing where it has none."""
    oauth = _oauth(source)
    state = secrets.token_urlsafe(32)
    oauth_states.remember(
        tx, state, OAuthState(athlete_id, source.name, redirect_uri), expires_at=now + STATE_LIFETIME
    )
    return oauth.authorization_url(redirect_uri=redirect_uri, state=state)


def take_state(tx: Transaction, query: Mapping[str, str], *, now: datetime) -> OAuthState | None:
    """Use up the state that came back; None where it is not one of ours, or too old."""
    return oauth_states.take(tx, query.get("state", ""), now=now)


def checked(begun: OAuthState | None, provider: str) -> OAuthState:
    """Return the state if it is this provider's. Raises ConnectionRefused; the state is used up already."""
    if begun is None or begun.provider != provider:
        raise ConnectionRefused(
            "This link was used already, is older than ten minutes, or was not made here. "
            "Begin again with connecting the account.",
            code="unknown_state",
        )
    return begun


def exchange(source: Source, begun: OAuthState, query: Mapping[str, str]) -> Grant:
    """Turn the code of the redirect into a grant. Raises ConnectionRefused, with what to do next."""
    title = source.provider.info.title
    if "error" in query:
        raise ConnectionRefused(
            f"{title} was not connected, because access was denied ({query['error']}). Nothing was stored. "
            "To connect, begin again and choose to authorize.",
            code="access_denied",
        )
    if not query.get("code"):
        raise ConnectionRefused(f"{title} sent no code back. Begin again.", code="no_code")
    caller = Caller(begun.athlete_id, None, "token", "first")
    try:
        with source.client(caller) as http:
            return _oauth(source).exchange_code(
                http, Callback(code=query["code"], query=dict(query)), redirect_uri=begun.redirect_uri
            )
    except MissingScope as error:
        raise ConnectionRefused(str(error), code="missing_scope") from error
    except Misconfigured as error:
        raise ConnectionRefused(
            f"{title} does not accept this server's application. Tell whoever runs it: {error}",
            code="misconfigured",
        ) from error
    except NotAuthorized as error:
        raise ConnectionRefused(f"{title} refused the connection: {error}", code="refused") from error
    except PluginError as error:
        raise ConnectionRefused(
            f"{title} could not be connected now: {error} Begin again in a moment.", code="unavailable"
        ) from error


def confirm(tx: Transaction, begun: OAuthState) -> None:
    """
    Hold on to the athlete and their password as they were when the consent came back.

    Raises ConnectionRefused where either is gone: a password that is changed ends what was begun before.
    """
    if not athletes.has_password(tx, begun.athlete_id, begun.password_hash):
        raise ConnectionRefused(
            "Your password was changed, or you were erased here, while the account was being connected. "
            "Begin again with connecting the account.",
            code="ended_meanwhile",
        )


def complete(
    tx: Transaction,
    source: Source,
    athlete_id: UUID,
    grant: Grant,
    keys: KeyRing,
    *,
    horizon: Horizon,
    now: datetime,
) -> tuple[UUID, list[Event]]:
    """Store the grant and begin to list; return the connection and what happened."""
    try:
        connection_id = connections.save(tx, athlete_id, source.name, grant, keys)
    except AlreadyExists as error:
        raise ConnectionRefused(
            f"This {source.provider.info.title} account is connected to another athlete here. "
            "Disconnect it there first.",
            code="account_taken",
        ) from error
    disconnecting.erases_no_more(tx, connection_id)
    return connection_id, _begin(tx, source, athlete_id, connection_id, horizon, now=now)


def hand_on(
    tx: Transaction, source: Source, grant: Grant, keys: KeyRing, *, horizon: Horizon, now: datetime
) -> list[Event] | None:
    """
    Give a grant to the connection that has its account, whosever it is: its owner has just consented.

    That connection is then as if made again. Returns what happened, or None where nobody has the account.
    """
    owner = receipts.act_for(tx, source.name, grant.account_id)
    if owner is None:
        return None
    _, athlete_id = owner
    return complete(tx, source, athlete_id, grant, keys, horizon=horizon, now=now)[1]


def end(source: Source, grant: Grant) -> None:
    """End a grant at the provider that nobody has use for. What it answers changes nothing here."""
    try:
        with source.client(Caller(None, None, "revoke")) as http:
            _oauth(source).revoke(http, grant)
    except PluginError as error:
        LOGGER.warning("%s was not told that an account is not connected here: %s", source.name, error)


def let_in_again(
    tx: Transaction, source: Source, connection: StoredConnection, *, horizon: Horizon, now: datetime
) -> list[Event]:
    """
    The provider lets us in after all: go on as if the athlete had connected again.

    Nothing happens where the connection is in use, or was refused since.
    """
    if not connections.mark_active(tx, connection.id, unless_after=connection.updated_at):
        return []
    return _begin(tx, source, connection.athlete_id, connection.id, horizon, now=now)


def _begin(
    tx: Transaction, source: Source, athlete_id: UUID, connection_id: UUID, horizon: Horizon, *, now: datetime
) -> list[Event]:
    disconnecting.asks_no_more(tx, connection_id)
    connected = Connected(athlete_id=athlete_id, connection_id=connection_id, provider=source.name)
    events: list[Event] = [connected, *begin_listings(tx, connected, horizon, now=now)]
    if isinstance(source.provider, SupportsProfile):
        events.append(profiles.owed(tx, connected, now=now))
    return events


def _oauth(source: Source) -> SupportsOAuth:
    if source.oauth is None:
        raise Missing(f"{source.provider.info.title} is not connected by consent in a browser")
    return source.oauth
