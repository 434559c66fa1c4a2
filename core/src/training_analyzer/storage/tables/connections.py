"""Athletes' accounts at providers, what has been listed of each, and what that has cost."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    athlete_key,
    count,
    list_of_words,
    moment,
    number_key,
    raw_bytes,
    reference,
    uuid_key,
    words,
)


class ConnectionRow(Table, table=True):
    __tablename__ = "connections"
    __table_args__ = (
        UniqueConstraint("provider", "account_id"),
        CheckConstraint("status IN ('active', 'reconnect')", name="connections_status"),
    )

    id: Identifier = uuid_key()
    athlete_id: Identifier = athlete_key()
    provider: str = words()
    account_id: str = words()
    status: str = words("active")
    problem: str | None = words(nullable=True)
    """What the athlete is told, while `status` is `reconnect`."""
    scopes: list[str] = list_of_words()
    grant_key: str = words()
    """Which key of the ring encrypted the grant."""
    grant_sealed: bytes = raw_bytes()
    created_at: Moment = moment(now=True)
    updated_at: Moment = moment(now=True)


class RevocationRow(Table, table=True):
    """A grant of a connection that is gone here, and of which the provider does not know."""

    __tablename__ = "revocations"

    connection_id: Identifier = uuid_key()
    athlete_id: Identifier = athlete_key()
    provider: str = words()
    account_id: str = words()
    grant_key: str = words()
    grant_sealed: bytes = raw_bytes()
    until: Moment = moment()
    """Then it goes, whether the provider knows or not."""


class ListingRow(Table, table=True):
    """A window of a connection's activities, and how far it has been listed."""

    __tablename__ = "listings"
    __table_args__ = (Index("listings_connection", "connection_id", "purpose"),)

    id: int = number_key()
    athlete_id: Identifier = athlete_key()
    connection_id: Identifier = reference("connections.id")
    purpose: str = words()
    """`initial`, `history`, `recent` or `full`."""
    since: Moment = moment()
    until: Moment = moment()
    cursor: str | None = words(nullable=True)
    listed: int = count()
    requests: int = count()
    """Pages that were asked for."""
    reached: Moment | None = moment(nullable=True)
    """When the oldest activity began that has been listed so far."""
    begun_at: Moment | None = moment(nullable=True)
    """When the first page was asked for, by PostgreSQL's clock."""
    done_at: Moment | None = moment(nullable=True)
    created_at: Moment = moment(now=True)


class RequestCountRow(Table, table=True):
    """How many requests a connection has spent, by purpose."""

    __tablename__ = "request_counts"

    connection_id: Identifier = reference("connections.id", primary_key=True)
    purpose: str = words(primary_key=True)
    athlete_id: Identifier = athlete_key()
    requests: int = count()
