"""Providers, and an athlete's connections to them."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.rights import DataRights
from training_analyzer.sdk import SupportsOAuth
from training_analyzer.storage.connections import ACTIVE, StoredConnection


class ProviderAnswer(Answer):
    """A service that activities can come from."""

    name: str
    """Names it in requests."""
    title: str
    """As people call it."""
    homepage: str
    """Of the service."""
    connectable: bool
    """Whether an athlete connects it by consent in a browser: `POST /connections`."""
    upload_endings: list[str] | None
    """How names of files end that it reads (`POST /uploads`), empty for any; null where it reads none."""
    rights: DataRights
    """What may be done here with its data."""
    ai_permitted_by_terms: bool
    """Where this differs from `rights.ai`, whoever runs this server has departed from the terms."""
    attribution: str
    """What the terms want to be shown beside the data; empty: nothing."""


class ProviderList(Answer):
    """Services that activities can come from."""

    items: list[ProviderAnswer]
    """Those whose plugin is active."""


class ConsentAnswer(Answer):
    """Where to send the athlete's browser."""

    provider: str
    """The one that will ask for consent."""
    authorization_url: str
    """Send the browser there. It comes back to this server."""
    expires_at: datetime
    """Until then consent has to be given."""


class ConnectionAnswer(Answer):
    """An athlete's account at a provider."""

    id: UUID
    """Of the connection, not of the account."""
    provider: str
    """The service that the account is at."""
    account_id: str
    """As the provider names the account."""
    status: Literal["active", "reconnect"]
    """`reconnect`: the athlete has to consent once more before anything new comes."""
    problem: str | None
    """What the athlete has to do; null where all is well."""
    scopes: list[str]
    """What the athlete permitted, in the provider's words."""
    withheld: str | None
    """What stays away because it was not permitted, and what to do about it; null where nothing does."""
    created_at: datetime
    """When it was connected first."""

    @classmethod
    def of(cls, connection: StoredConnection, provider: object) -> Self:
        """`provider`: None where its plugin is not active."""
        withheld = (
            provider.withheld(frozenset(connection.scopes)) if isinstance(provider, SupportsOAuth) else ""
        )
        return cls(
            id=connection.id,
            provider=connection.provider,
            account_id=connection.account_id,
            status="active" if connection.status == ACTIVE else "reconnect",
            problem=connection.problem,
            scopes=list(connection.scopes),
            withheld=withheld or None,
            created_at=connection.created_at,
        )


class ConnectionList(Answer):
    """The athlete's accounts at providers."""

    items: list[ConnectionAnswer]
    """The oldest first."""


class SyncAnswer(Answer):
    """The newest activities will be listed."""

    connection_id: UUID
    """The connection that was asked for."""
    progress: str
    """Where to look."""
    not_before: datetime | None
    """Set where such a list has just ended: then the next one begins."""
