"""What services have told us: their hints, and the subscriptions through which they come."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from training_analyzer.storage.tables.table import (
    Identifier,
    Moment,
    Table,
    athlete_key,
    count,
    moment,
    number_key,
    reference,
    words,
)


class ReceiptRow(Table, table=True):
    """A hint about an athlete's account, stored before the service was answered."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("connection_id", "digest"),)

    id: int = number_key()
    athlete_id: Identifier = athlete_key()
    connection_id: Identifier = reference("connections.id")
    digest: str = words()
    """Of the event: a repetition has the same."""
    event: str = words()
    external_id: str | None = words(nullable=True)
    happened_at: Moment | None = moment(nullable=True)
    received_at: Moment = moment()
    times: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class IgnoredEventsRow(Table, table=True):
    """How many events of a day were about nobody and nothing of ours: a count, and no person's data."""

    __tablename__ = "ignored_events"

    provider: str = words(primary_key=True)
    reason: str = words(primary_key=True)
    day: date = Field(primary_key=True)
    events: int = count()


class WebhookSubscriptionRow(Table, table=True):
    """A subscription of ours at a service: events of others are ignored."""

    __tablename__ = "webhook_subscriptions"

    provider: str = words(primary_key=True)
    subscription_id: str = words(primary_key=True)
    callback_url: str = words()
    created_at: Moment = moment(now=True)
