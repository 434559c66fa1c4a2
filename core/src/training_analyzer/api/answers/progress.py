"""How far a connection has come."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.events import Priority


class ListingProgress(Answer):
    """A window of activities that the provider is asked for."""

    since: datetime
    """Where the window begins."""
    until: datetime
    """Where the window ends."""
    listed: int
    """How many activities were found so far."""
    done: bool
    """The provider has no more in this window."""


class RecordingProgress(Answer):
    """How many recordings there are, and how complete they are."""

    since: datetime | None
    """The day from which these are counted; null: all of them."""
    recordings: int
    """How many there are."""
    complete: int
    """With everything that the provider holds of them."""
    without_more: int
    """Of which the provider holds no more than the list says."""
    given_up: int
    """Of which no more could be fetched. Each stands in `parked` of the connection, with the reason."""
    parked: int
    """That could not be read. They are kept, and tried again when something changes."""


class AllRecordings(Answer):
    """How complete the newest weeks are, and everything."""

    initial: RecordingProgress
    """Of the newest weeks."""
    all: RecordingProgress
    """Of everything that is listed, the newest weeks included."""


class OwedUnits(Answer):
    """Work that is to be done."""

    kind: str
    """What is to be done."""
    priority: Priority
    """What goes first."""
    units: int
    """How many of this kind and priority."""


class QuotaProgress(Answer):
    """How much of a quota the whole server has used in its current window."""

    name: str
    """As the provider's plugin calls it."""
    limit: int
    """How many requests fit into a window."""
    used: int
    """How many were made in this one."""
    window_s: int
    """How long a window is."""
    resets_at: datetime
    """When the next window begins."""


class ParkedUnit(Answer):
    """A unit of work that was given up, and why."""

    kind: str
    """What was to be done."""
    failures: int
    """How often it failed."""
    reason: str
    """What it failed for last."""


class WaitingUnits(Answer):
    """Work that cannot go on now, and why."""

    kind: str
    """What is to be done."""
    units: int
    """How many are held up alike."""
    reason: str
    """What kind of trouble it is, and what it said."""
    until: datetime
    """When it is tried again, as far as is known now: of several units, the first."""


class Frontier(Answer):
    """What has been listed: everything that began between these two."""

    since: datetime | None
    """As far back as lists have been read; null before the first page."""
    until: datetime | None
    """When a list that reaches up to the newest activities was last complete."""
    complete: bool
    """Nothing older is still to be listed."""


class ProgressAnswer(Answer):
    """How far a connection has come."""

    connection_id: UUID
    """The connection that was asked for."""
    provider: str
    """The service that it is to."""
    status: Literal["active", "reconnect"]
    """`reconnect`: nothing new comes before the athlete consents once more."""
    problem: str | None
    """What the athlete has to do; null where all is well."""
    summaries_complete: bool
    """Every activity of the year is listed."""
    initial_complete: bool
    """The newest weeks are listed, and everything that the provider holds of them is here."""
    listings: dict[str, ListingProgress]
    """By purpose: `initial`, `history`, `recent`, `full`; of each the newest, which may be planned."""
    frontier: Frontier
    """What has been listed."""
    recordings: AllRecordings
    """How many there are, and how complete."""
    requests: dict[str, int]
    """Spent on this connection, by purpose."""
    owed: list[OwedUnits]
    """Of the athlete's work."""
    requests_owed: int
    """That this work needs of the provider."""
    arrives_at: datetime | None
    """
    When the last of them will have been sent, as the quota stands now and with everybody's turns; null
    where nothing is owed, or nobody can tell. Not before what is `waiting` is tried again: whether the
    provider answers then, and what comes up meanwhile, is not foreseen.
    """
    quota: list[QuotaProgress] | None
    """Null where it cannot be told now."""
    opens_at: datetime | None
    """When the provider's quota opens again; null where it is open."""
    waiting: list[WaitingUnits]
    """What the athlete's work for this connection waits for; empty where it goes on."""
    parked: list[ParkedUnit]
    """What was given up of the athlete's work."""
    rejected: list[str]
    """Why records of the provider were not taken for activities."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen that is worth waiting for."""
        return self.status != "active" or (self.summaries_complete and self.initial_complete)
