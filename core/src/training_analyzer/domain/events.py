"""What happened: the words in which ingestion, processing and analysis speak to one another."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from training_analyzer.domain.insight import InsightKind
from training_analyzer.domain.values import Value

Priority = Literal["first", "high", "low"]
"""
`first`: what gives a newcomer their first numbers. `high`: somebody waits for it. `low`: a history.

In the order of the alphabet, so that PostgreSQL and Python know which is the more urgent.
"""
QueueName = Literal["high", "low"]
"""Where it waits for a worker: what is first goes first in `high`."""


class AthleteEvent(Value):
    """Something that happened to one athlete's data."""

    athlete_id: UUID


class Connected(AthleteEvent):
    """The athlete connected, or reconnected, a provider."""

    connection_id: UUID
    provider: str


class ListingOwed(AthleteEvent):
    """A window of a connection's activities has to be listed, or more pages of it."""

    listing_id: int
    provider: str
    priority: Priority
    delay_s: float = 0


class RecordingReceived(AthleteEvent):
    """New or changed documents of one recording are stored."""

    recording_id: int
    priority: Priority = "high"
    """First in a newcomer's first list; low where they are part of a history that comes in bit by bit."""


class UploadReceived(AthleteEvent):
    """Files were handed over, or more of them are to be read."""

    upload_id: UUID
    priority: Priority


class UploadRead(AthleteEvent):
    """The last of the files that were handed over is read."""

    upload_id: UUID


class FetchOwed(AthleteEvent):
    """A recording has more to give than its summary."""

    recording_id: int
    provider: str
    priority: Priority
    started_at_epoch_s: int
    delay_s: float = 0


class LookUpOwed(AthleteEvent):
    """It is said, or missing in a list, that one activity changed or is gone: the provider is asked."""

    connection_id: UUID
    provider: str
    external_id: str
    priority: Priority
    again_in_s: float = 0
    """Set where the provider has just said that it is gone: it is asked once more, so long after that."""


class AccessInDoubt(AthleteEvent):
    """It is said that the athlete has disconnected us at the provider, which is asked."""

    connection_id: UUID
    provider: str


class RevocationOwed(AthleteEvent):
    """The athlete has disconnected, and the provider did not hear of it."""

    connection_id: UUID
    """Gone here."""
    provider: str


class RecordingRemoved(AthleteEvent):
    """A recording is gone at its provider, and so it is here, with what was made of it alone."""

    provider: str


class MeasuringUnfinished(AthleteEvent):
    """More is stale than one unit of work may take on."""

    priority: Priority = "high"


class ProfileOwed(AthleteEvent):
    """A provider is to be asked what it knows of the athlete's body."""

    connection_id: UUID
    provider: str
    delay_s: float = 0


class ThresholdsSuggested(AthleteEvent):
    """There are new suggestions, for the athlete to accept or dismiss."""

    suggestions: int


class ThresholdsChanged(AthleteEvent):
    """What is known of the athlete changed, from this day on."""

    first_day: date


class DaysChanged(AthleteEvent):
    """Daily series were rewritten from this day on."""

    first_day: date
    next_midnight_s: float
    """Seconds until the athlete's next day begins, when the series have to grow by a day."""


class InsightOwed(AthleteEvent):
    """There is something new to say, or the athlete asks. `key`: which session or question; else empty."""

    kind: InsightKind
    key: str = ""
    asked: bool = False
    """Who asks is answered, also where nothing is known of them."""


class StyleChanged(AthleteEvent):
    """The athlete wants to read in another language, other units or another tone."""


class InsightWritten(AthleteEvent):
    """An insight was stored."""

    insight_id: UUID


class InsightPostponed(AthleteEvent):
    """Something that passes kept an AI from writing."""

    subject: str
    """Of the unit of work."""
    until: datetime


class AccessRevoked(AthleteEvent):
    """The provider no longer lets us in: the athlete has to reconnect."""

    connection_id: UUID
    provider: str
    erase_at: datetime | None = None
    """When what came from there has to go, unless they do; None: its terms ask for nothing."""
    ask_again_at: tuple[tuple[str, datetime], ...] = ()
    """When the provider is asked whether it was an error of its own, each time under its name."""


class Disconnected(AthleteEvent):
    """The athlete disconnected a provider, and everything from there is erased."""

    provider: str


class Expired(AthleteEvent):
    """What may be kept no longer was erased. `more`: not all of it yet."""

    more: bool


Event = (
    Connected
    | Disconnected
    | ListingOwed
    | LookUpOwed
    | AccessInDoubt
    | RevocationOwed
    | RecordingReceived
    | RecordingRemoved
    | UploadReceived
    | UploadRead
    | FetchOwed
    | MeasuringUnfinished
    | ProfileOwed
    | ThresholdsSuggested
    | ThresholdsChanged
    | DaysChanged
    | InsightOwed
    | InsightWritten
    | InsightPostponed
    | StyleChanged
    | AccessRevoked
    | Expired
)
