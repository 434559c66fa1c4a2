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
    title: str
    homepage: str
    connectable: bool
    """Whether an athlete connects it by consent in a browser: `POST /connections`."""
    upload_endings: list[str] | None
    """How names of files end that it reads (`POST /uploads`), empty for any; null where it reads none."""
    rights: DataRights
    """What may be done here with its data."""
    ai_permitted_by_terms: bool
    """Where this differs from `rights.ai`, whoever runs this server has departed from the terms."""
    attribution: str


class ProviderList(Answer):
    items: list[ProviderAnswer]


class ConsentAnswer(Answer):
    """Where to send the athlete's browser."""

    provider: str
    authorization_url: str
    expires_at: datetime


class ConnectionAnswer(Answer):
    """An athlete's account at a provider."""

    id: UUID
    provider: str
    account_id: str
    status: Literal["active", "reconnect"]
    problem: str | None
    """What the athlete has to do; None where all is well."""
    scopes: list[str]
    withheld: str | None
    """What stays away because it was not permitted, and what to do about it; None where nothing does."""
    created_at: datetime

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
    items: list[ConnectionAnswer]


class SyncAnswer(Answer):
    """The newest activities will be listed."""

    connection_id: UUID
    progress: str
    """Where to look."""
