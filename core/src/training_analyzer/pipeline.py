"""
What every event owes: the whole street, to be read from top to bottom.

A stage returns what happened. The work that this owes is written in the same transaction, so that
nothing can be forgotten between the two.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, assert_never

from training_analyzer.domain.events import (
    AccessInDoubt,
    AccessRevoked,
    Connected,
    DaysChanged,
    Disconnected,
    Event,
    Expired,
    FetchOwed,
    InsightOwed,
    InsightPostponed,
    InsightWritten,
    ListingOwed,
    LookUpOwed,
    MeasuringUnfinished,
    ProfileOwed,
    RecordingReceived,
    RecordingRemoved,
    RevocationOwed,
    StyleChanged,
    ThresholdsChanged,
    ThresholdsSuggested,
    UploadRead,
    UploadReceived,
)
from training_analyzer.domain.insight import InsightKind
from training_analyzer.storage import work
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.work import Owed

LET_HISTORY_GATHER: Final = timedelta(seconds=10)
"""A long history is measured in batches: nobody waits for a single activity of it."""
SOONEST: Final = (
    InsightKind.QUESTION,
    InsightKind.WEEK,
    InsightKind.STATE,
    InsightKind.ACTIVITY,
    InsightKind.MONTH,
)
"""Who asks is waiting; of the others, the week says most."""
ASKED: Final = "asked"
"""In place of a key, in the subject of a unit that writes what the athlete asked for."""
LET_THINGS_SETTLE: Final = timedelta(seconds=5)
"""An insight waits this long after the last numbers changed: more are probably on their way."""


def record(tx: Transaction, events: Iterable[Event], *, now: datetime) -> None:
    """Write what the events owe, in the transaction in which they happened."""
    units: dict[tuple[str, str], Owed] = {}
    for event in events:
        for unit in owed(event, now):
            same = units.get((unit.kind, unit.subject))
            units[unit.kind, unit.subject] = unit if same is None else _both(same, unit)
    work.owe(tx, units.values())


def owed(event: Event, now: datetime) -> Iterator[Owed]:  # noqa: C901, PLR0912 - a table: one case for each event
    """Return the work that an event owes."""
    athlete_id = event.athlete_id
    match event:
        case ListingOwed():
            yield Owed(
                "list",
                str(event.listing_id),
                athlete_id,
                event.priority,
                resource=event.provider,
                not_before=_in(event.delay_s, now),
            )
        case UploadReceived():
            yield Owed("upload", str(event.upload_id), athlete_id, event.priority)
        case LookUpOwed():
            yield Owed(
                "look_again" if event.again_in_s else "look_up",
                f"{event.connection_id}/{event.external_id}",
                athlete_id,
                event.priority,
                resource=event.provider,
                not_before=_in(event.again_in_s, now),
            )
        case AccessInDoubt():
            yield Owed("check_access", str(event.connection_id), athlete_id, "high", resource=event.provider)
        case RevocationOwed():
            yield Owed("revoke", str(event.connection_id), athlete_id, "low", resource=event.provider)
        case FetchOwed():  # the newest first
            yield Owed(
                "fetch",
                str(event.recording_id),
                athlete_id,
                event.priority,
                resource=event.provider,
                position=-event.started_at_epoch_s,
                not_before=_in(event.delay_s, now),
            )
        case ProfileOwed():
            yield Owed(
                "profile",
                str(event.connection_id),
                athlete_id,
                "low",
                resource=event.provider,
                not_before=_in(event.delay_s, now),
            )
        case RecordingReceived(priority="first"):
            yield Owed("measure", str(athlete_id), athlete_id, "first")
        case MeasuringUnfinished():
            yield Owed("measure", str(athlete_id), athlete_id, event.priority)
        case RecordingReceived(priority="low"):
            yield Owed("measure", str(athlete_id), athlete_id, "high", not_before=now + LET_HISTORY_GATHER)
        case RecordingReceived() | RecordingRemoved() | UploadRead() | ThresholdsChanged() | Disconnected():
            yield Owed("measure", str(athlete_id), athlete_id, "high")
        case Expired():
            yield Owed("measure", str(athlete_id), athlete_id, "high")
            if event.more:
                yield Owed("purge", str(athlete_id), athlete_id, "low")
        case DaysChanged():
            yield Owed("explain", str(athlete_id), athlete_id, "high", not_before=now + LET_THINGS_SETTLE)
            yield Owed("detect", str(athlete_id), athlete_id, "low", not_before=now + LET_THINGS_SETTLE)
            # A day without training is a day of the series too.
            yield Owed(
                "measure",
                str(athlete_id),
                athlete_id,
                "high",
                not_before=now + timedelta(seconds=event.next_midnight_s),
            )
        case InsightPostponed():
            yield Owed("explain", event.subject, athlete_id, "low", not_before=event.until)
        case InsightOwed():  # what is asked for, or worth saying; which it is, `explain` has looked up
            key = event.key or (ASKED if event.asked else "")
            subject = f"{athlete_id}/{event.kind}/{key}".rstrip("/")
            yield Owed("explain", subject, athlete_id, "high", position=SOONEST.index(event.kind))
        case StyleChanged():
            yield Owed("explain", str(athlete_id), athlete_id, "high")
        case AccessRevoked():
            for name, at in event.ask_again_at:
                subject = f"{event.connection_id}/{name}"
                yield Owed("let_in", subject, athlete_id, "high", resource=event.provider, not_before=at)
            if event.erase_at is not None:
                yield Owed(
                    "erase",
                    str(event.connection_id),
                    athlete_id,
                    "low",
                    resource=event.provider,
                    not_before=event.erase_at,
                )
        case Connected() | InsightWritten() | ThresholdsSuggested():
            return
        case _:
            assert_never(event)


def _in(delay_s: float, now: datetime) -> datetime | None:
    return now + timedelta(seconds=delay_s) if delay_s else None


def _both(one: Owed, other: Owed) -> Owed:
    """Owe a unit once for two causes of one transaction: the more urgent and the earlier of both."""
    moments = [unit.not_before for unit in (one, other)]
    earliest = None if None in moments else min(moment for moment in moments if moment is not None)
    return Owed(
        kind=one.kind,
        subject=one.subject,
        athlete_id=one.athlete_id,
        priority=min(one.priority, other.priority),
        resource=one.resource,
        position=min(one.position, other.position),
        not_before=earliest,
    )
