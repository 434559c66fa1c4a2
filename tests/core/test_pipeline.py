"""What every event owes: the table, event by event. A new event without a row fails here."""

from datetime import date, timedelta
from typing import Final, get_args
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.conftest import NOW
from training_analyzer import pipeline
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
from training_analyzer.runtime import Runtime
from training_analyzer.storage.work import Owed

ANN, SOME = uuid4(), uuid4()
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(days=1)
MEASURE: Final = Owed("measure", str(ANN), ANN, "high")

OWES: Final[list[tuple[Event, list[Owed]]]] = [
    (Connected(athlete_id=ANN, connection_id=SOME, provider="fake"), []),
    (
        ListingOwed(athlete_id=ANN, listing_id=7, provider="fake", priority="high"),
        [Owed("list", "7", ANN, "high", resource="fake")],
    ),
    (
        ListingOwed(athlete_id=ANN, listing_id=7, provider="fake", priority="low", delay_s=60),
        [Owed("list", "7", ANN, "low", resource="fake", not_before=NOW + timedelta(minutes=1))],
    ),
    (RecordingReceived(athlete_id=ANN, recording_id=3), [MEASURE]),
    (
        RecordingReceived(athlete_id=ANN, recording_id=3, priority="first"),
        [Owed("measure", str(ANN), ANN, "first")],
    ),
    (
        RecordingReceived(athlete_id=ANN, recording_id=3, priority="low"),
        [Owed("measure", str(ANN), ANN, "high", not_before=NOW + timedelta(seconds=10))],
    ),
    (
        FetchOwed(athlete_id=ANN, recording_id=3, provider="fake", priority="low", started_at_epoch_s=1000),
        [Owed("fetch", "3", ANN, "low", resource="fake", position=-1000)],
    ),
    (
        LookUpOwed(athlete_id=ANN, connection_id=SOME, provider="fake", external_id="x/1", priority="low"),
        [Owed("look_up", f"{SOME}/x/1", ANN, "low", resource="fake")],
    ),
    (
        AccessInDoubt(athlete_id=ANN, connection_id=SOME, provider="fake"),
        [Owed("check_access", str(SOME), ANN, "high", resource="fake")],
    ),
    (RecordingRemoved(athlete_id=ANN, provider="fake"), [MEASURE]),
    (
        UploadReceived(athlete_id=ANN, upload_id=SOME, priority="low"),
        [Owed("upload", str(SOME), ANN, "low")],
    ),
    (UploadRead(athlete_id=ANN, upload_id=SOME), [MEASURE]),
    (MeasuringUnfinished(athlete_id=ANN), [MEASURE]),
    (
        MeasuringUnfinished(athlete_id=ANN, priority="first"),
        [Owed("measure", str(ANN), ANN, "first")],
    ),
    (ThresholdsChanged(athlete_id=ANN, first_day=date(2026, 6, 1)), [MEASURE]),
    (
        DaysChanged(athlete_id=ANN, first_day=date(2026, 6, 1), next_midnight_s=3600),
        [
            Owed("explain", str(ANN), ANN, "high", not_before=NOW + timedelta(seconds=5)),
            Owed("detect", str(ANN), ANN, "low", not_before=NOW + timedelta(seconds=5)),
            Owed("measure", str(ANN), ANN, "high", not_before=NOW + timedelta(hours=1)),
        ],
    ),
    (Disconnected(athlete_id=ANN, provider="fake"), [MEASURE]),
    (
        ProfileOwed(athlete_id=ANN, connection_id=SOME, provider="fake"),
        [Owed("profile", str(SOME), ANN, "low", resource="fake")],
    ),
    (ThresholdsSuggested(athlete_id=ANN, suggestions=2), []),
    (StyleChanged(athlete_id=ANN), [Owed("explain", str(ANN), ANN, "high")]),
    (
        InsightOwed(athlete_id=ANN, kind=InsightKind.WEEK),
        [Owed("explain", f"{ANN}/week", ANN, "high", position=1)],
    ),
    (
        InsightOwed(athlete_id=ANN, kind=InsightKind.WEEK, asked=True),
        [Owed("explain", f"{ANN}/week/asked", ANN, "high", position=1)],
    ),
    (
        InsightOwed(athlete_id=ANN, kind=InsightKind.QUESTION, key=str(SOME)),
        [Owed("explain", f"{ANN}/question/{SOME}", ANN, "high", position=0)],
    ),
    (InsightWritten(athlete_id=ANN, insight_id=SOME), []),
    (
        InsightPostponed(athlete_id=ANN, subject=str(ANN), until=NOW + timedelta(hours=9)),
        [Owed("explain", str(ANN), ANN, "low", not_before=NOW + timedelta(hours=9))],
    ),
    (AccessRevoked(athlete_id=ANN, connection_id=SOME, provider="fake"), []),
    (
        AccessRevoked(athlete_id=ANN, connection_id=SOME, provider="fake", erase_at=NOW + timedelta(days=28)),
        [Owed("erase", str(SOME), ANN, "low", resource="fake", not_before=NOW + timedelta(days=28))],
    ),
    (
        AccessRevoked(
            athlete_id=ANN,
            connection_id=SOME,
            provider="fake",
            ask_again_at=(("hour", SOON), ("day", LATER)),
        ),
        [
            Owed("let_in", f"{SOME}/hour", ANN, "high", resource="fake", not_before=SOON),
            Owed("let_in", f"{SOME}/day", ANN, "high", resource="fake", not_before=LATER),
        ],
    ),
    (
        RevocationOwed(athlete_id=ANN, connection_id=SOME, provider="fake"),
        [Owed("revoke", str(SOME), ANN, "low", resource="fake")],
    ),
    (Expired(athlete_id=ANN, more=False), [MEASURE]),
    (Expired(athlete_id=ANN, more=True), [MEASURE, Owed("purge", str(ANN), ANN, "low")]),
]


@pytest.mark.parametrize(("event", "units"), OWES, ids=lambda value: type(value).__name__)
def test_what_an_event_owes(event: Event, units: list[Owed]) -> None:
    assert list(pipeline.owed(event, NOW)) == units


def test_the_table_holds_every_event() -> None:
    assert {type(event) for event, _ in OWES} == set(get_args(Event))


@given(st.lists(st.tuples(st.sampled_from(["high", "low"]), st.sampled_from([0, 0, 5, 60]))))
def test_many_causes_of_one_transaction_owe_a_unit_once(causes: list[tuple[str, float]]) -> None:
    units = [
        unit
        for priority, delay_s in causes
        for unit in pipeline.owed(
            ListingOwed(athlete_id=ANN, listing_id=7, provider="fake", priority=priority, delay_s=delay_s),
            NOW,
        )
    ]
    if not units:
        return
    merged = units[0]
    for unit in units[1:]:
        merged = pipeline._both(merged, unit)
    assert merged.priority == min(priority for priority, _ in causes)
    soonest = min(delay_s for _, delay_s in causes)
    assert merged.not_before == (NOW + timedelta(seconds=soonest) if soonest else None)


def test_what_events_owe_is_written_with_them_or_not_at_all(runtime: Runtime, athlete_id: UUID) -> None:
    events: list[Event] = [
        RecordingReceived(athlete_id=athlete_id, recording_id=number) for number in range(3)
    ]

    def count() -> list[tuple[str, int]]:
        with runtime.database.transaction() as tx:
            return [tuple(row) for row in tx.execute(text("SELECT kind, requested FROM work"))]

    with runtime.database.transaction(athlete_id) as tx:
        pipeline.record(tx, events, now=NOW)
        tx.rollback()
    assert count() == []
    with runtime.database.transaction(athlete_id) as tx:
        pipeline.record(tx, events, now=NOW)
    assert count() == [("measure", 1)]
