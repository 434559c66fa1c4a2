"""How far a connection has come."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.events import Priority


class ListingProgress(Answer):
    """A window of activities that the provider is asked for."""

    since: datetime
    until: datetime
    listed: int
    done: bool


class RecordingProgress(Answer):
    """How many recordings there are, and how complete they are."""

    since: datetime | None
    recordings: int
    complete: int
    """With everything that the provider holds of them."""
    without_more: int
    """Of which the provider holds no more than the list says."""
    given_up: int
    """Of which no more could be fetched. Each stands in `parked` of the connection, with the reason."""
    parked: int
    """That could not be read. They are kept, and tried again when something changes."""


class AllRecordings(Answer):
    initial: RecordingProgress
    """Of the newest weeks."""
    all: RecordingProgress
    """Of everything that is listed, the newest weeks included."""


class OwedUnits(Answer):
    kind: str
    priority: Priority
    units: int


class QuotaProgress(Answer):
    """How much of a quota the whole server has used in its current window."""

    name: str
    limit: int
    used: int
    window_s: int
    resets_at: datetime


class ParkedUnit(Answer):
    """A unit of work that was given up, and why."""

    kind: str
    failures: int
    reason: str


class Frontier(Answer):
    """What has been listed: everything that began between these two."""

    since: datetime | None
    """As far back as lists have been read; None before the first page."""
    until: datetime | None
    """When a list that reaches up to the newest activities was last complete."""
    complete: bool
    """Nothing older is still to be listed."""


class ProgressAnswer(Answer):
    """How far a connection has come."""

    connection_id: UUID
    provider: str
    status: Literal["active", "reconnect"]
    problem: str | None
    summaries_complete: bool
    """Every activity of the year is listed."""
    initial_complete: bool
    """The newest weeks are listed, and everything that the provider holds of them is here."""
    listings: dict[str, ListingProgress]
    """By purpose: `initial`, `history`, `recent`, `full`; of each the newest, which may be planned."""
    frontier: Frontier
    recordings: AllRecordings
    requests: dict[str, int]
    """Spent on this connection, by purpose."""
    owed: list[OwedUnits]
    """Of the athlete's work."""
    requests_owed: int
    """That this work needs of the provider."""
    arrives_at: datetime | None
    """
    When the last of them will have been sent, as the quota stands now and with everybody's turns; None
    where nothing is owed, or nobody can tell. What comes up meanwhile is not foreseen.
    """
    quota: list[QuotaProgress] | None
    """None where it cannot be told now."""
    opens_at: datetime | None
    """When the provider's quota opens again; None where it is open."""
    parked: list[ParkedUnit]
    rejected: list[str]
    """Why records of the provider were not taken for activities."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen that is worth waiting for."""
        return self.status != "active" or (self.summaries_complete and self.initial_complete)
