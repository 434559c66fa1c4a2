"""What a provider knows of the athlete's body: asked seldom, kept as received, and only ever suggested."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from training_analyzer.domain.athlete import ThresholdSuggestion
from training_analyzer.domain.events import Connected, ProfileOwed
from training_analyzer.sdk import Account, BadData, DataProvider, MissingScope, RawDocument, SupportsProfile
from training_analyzer.storage import profiles
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.storage.database import Transaction

LOGGER = logging.getLogger(__name__)

ASK_EVERY: Final = timedelta(days=30)
"""A threshold that the athlete keeps elsewhere changes a few times a year."""


def owed(tx: Transaction, connected: Connected, *, now: datetime) -> ProfileOwed:
    """Ask once what is stored is too old: connecting again is no reason to ask again."""
    received_at = profiles.received_at(tx, connected.connection_id)
    due_at = now if received_at is None else max(now, received_at + ASK_EVERY)
    return ProfileOwed(
        athlete_id=connected.athlete_id,
        connection_id=connected.connection_id,
        provider=connected.provider,
        delay_s=(due_at - now).total_seconds(),
    )


def again(connection: StoredConnection) -> ProfileOwed:
    """Ask again after a while."""
    return ProfileOwed(
        athlete_id=connection.athlete_id,
        connection_id=connection.id,
        provider=connection.provider,
        delay_s=ASK_EVERY.total_seconds(),
    )


def store(
    tx: Transaction, connection: StoredConnection, documents: Iterable[RawDocument], *, now: datetime
) -> None:
    profiles.store(tx, connection.athlete_id, connection.id, documents, received_at=now)


def fetch(provider: DataProvider, account: Account) -> tuple[RawDocument, ...]:
    """Return nothing where the provider has no profiles, or the athlete did not permit to read theirs."""
    if not isinstance(provider, SupportsProfile):
        return ()
    try:
        return provider.fetch_profile(account)
    except MissingScope as refusal:
        # It is a courtesy: what the athlete keeps to themselves does not cost them the connection.
        LOGGER.info("%s: the profile may not be read: %s", provider.info.name, refusal)
        return ()


def read(
    provider: DataProvider, documents: tuple[RawDocument, ...], *, received_on: date
) -> list[ThresholdSuggestion]:
    """Ask the provider's plugin. What makes no sense is logged, and suggests nothing."""
    if not documents or not isinstance(provider, SupportsProfile):
        return []
    try:
        return list(provider.read_profile(documents, received_on=received_on))
    except BadData as error:
        LOGGER.warning("%s sent a profile that makes no sense: %s", provider.info.name, error)
    except Exception:
        LOGGER.exception("the plugin %s failed to read a profile", provider.info.name)
    return []
