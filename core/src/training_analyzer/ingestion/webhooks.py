"""
What services tell us: every event is stored before it is answered, and believed only after asking.

An event costs milliseconds here: one transaction that finds out whose it is, stores a receipt and owes
the request that will decide. So a repeated event is one receipt, one that comes late or out of order
asks the same question, and a forged one finds nothing but the truth. Two changes in one second may look
like a repetition: there the question is asked once more. Events of nobody here, and of subscriptions
that are not ours, are counted without saying whose they were.
"""

from datetime import datetime
from typing import Final

from training_analyzer.domain.errors import Missing
from training_analyzer.domain.events import AccessInDoubt, Event
from training_analyzer.ingestion.listing import look_up_owed
from training_analyzer.ingestion.source import Caller, Source
from training_analyzer.sdk import (
    AccountDisconnected,
    ActivityChanged,
    ActivityDeleted,
    Hint,
    NotFound,
    ProviderEvent,
    Subscription,
    SupportsWebhooks,
)
from training_analyzer.storage import connections, receipts
from training_analyzer.storage.database import Database, Transaction

UNKNOWN_ACCOUNT: Final = "unknown_account"
UNKNOWN_SUBSCRIPTION: Final = "unknown_subscription"
UNREADABLE: Final = "unreadable"
ABOUT_NOTHING: Final = "about_nothing"
"""Such as a change of an athlete's name: nothing that we keep."""
RECONNECT_FIRST: Final = "waits_for_reconnecting"


def receive(tx: Transaction, source: Source, event: ProviderEvent, *, now: datetime) -> list[Event]:
    """Store the receipt of an event, and return what it owes. The transaction acts for nobody before."""
    if event.subscription_id and not receipts.is_ours(tx, source.name, event.subscription_id):
        receipts.ignore(tx, source.name, UNKNOWN_SUBSCRIPTION, now=now)
        return []
    whose = receipts.act_for(tx, source.name, event.account_id)
    connection = connections.find(tx, whose[0]) if whose else None
    if whose is None or connection is None:
        receipts.ignore(tx, source.name, UNKNOWN_ACCOUNT, now=now)
        return []
    # Work that was refused may have marked it before the farewell came: what it owes, it owes all the same.
    if connection.status != connections.ACTIVE and not isinstance(event, AccountDisconnected):
        receipts.ignore(tx, source.name, RECONNECT_FIRST, now=now)  # everything is listed then
        return []
    is_news = receipts.store(
        tx,
        connection.athlete_id,
        connection.id,
        event.event,
        key=event.key or _key(event, now),
        external_id=None if isinstance(event, AccountDisconnected) else event.external_id,
        happened_at=event.happened_at,
        now=now,
    )
    if not is_news:
        return []
    match event:
        case ActivityChanged() | ActivityDeleted():
            return [look_up_owed(connection, event.external_id, "high")]
        case AccountDisconnected():
            return [
                AccessInDoubt(
                    athlete_id=connection.athlete_id,
                    connection_id=connection.id,
                    provider=connection.provider,
                )
            ]


def subscribe(database: Database, source: Source, callback_url: str) -> Subscription:
    """Let the service call this address, and remember the subscription as ours."""
    webhooks = webhooks_of(source)
    with source.client(Caller(None, None, "webhooks")) as http:
        made = webhooks.subscribe(http, callback_url=callback_url)
    with database.transaction() as tx:
        receipts.subscribed(tx, source.name, made)
    return made


def subscriptions(database: Database, source: Source, callback_url: str | None) -> list[Subscription]:
    """Ask the service for our subscriptions. One that calls this address is ours from now on."""
    webhooks = webhooks_of(source)
    with source.client(Caller(None, None, "webhooks")) as http:
        found = webhooks.subscriptions(http)
    with database.transaction() as tx:
        for one in found:
            if one.callback_url == callback_url:
                receipts.subscribed(tx, source.name, one)
    return list(found)


def unsubscribe(database: Database, source: Source, subscription_id: str) -> None:
    """End a subscription. One that the service does not know is forgotten here as well."""
    webhooks = webhooks_of(source)
    with source.client(Caller(None, None, "webhooks")) as http:
        try:
            webhooks.unsubscribe(http, subscription_id)
        except NotFound as error:
            with database.transaction() as tx:
                receipts.unsubscribed(tx, source.name, subscription_id)
            raise Missing(f"{source.name} has no subscription {subscription_id}") from error
    with database.transaction() as tx:
        receipts.unsubscribed(tx, source.name, subscription_id)


def webhooks_of(source: Source) -> SupportsWebhooks:
    """Return what the provider's plugin knows of webhooks. Raises Missing where that is nothing."""
    if not isinstance(source.provider, SupportsWebhooks):
        raise Missing(f"{source.provider.info.title} sends no webhooks")
    return source.provider


def _key(event: Hint, now: datetime) -> str:
    """Where a service gives nothing to tell repetitions by, each event is one of its own."""
    return f"{event.model_dump_json()}/{now.isoformat()}"
