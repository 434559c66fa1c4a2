"""Late uploads, edits and deletions: found without a word from the service, and believed after asking."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeProvider, FakeService, raw_of
from training_analyzer import pipeline
from training_analyzer.ingestion import listing
from training_analyzer.ingestion.listing import Again, list_again, look_up_owed
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import NotFound, Page
from training_analyzer.storage import listings, recordings, work
from training_analyzer.storage.connections import StoredConnection

Connection = Callable[[], StoredConnection]


def ask_again(runtime: Runtime, connection: StoredConnection, purpose: Again) -> None:
    with runtime.database.transaction(connection.athlete_id) as tx:
        event = list_again(tx, connection, purpose, runtime.horizon, now=runtime.now())
        pipeline.record(tx, [event], now=runtime.now())


def hint(runtime: Runtime, connection: StoredConnection, external_id: str) -> None:
    with runtime.database.transaction(connection.athlete_id) as tx:
        pipeline.record(tx, [look_up_owed(connection, external_id, "high")], now=runtime.now())


def stored(runtime: Runtime, athlete_id: UUID) -> dict[str, tuple[bool, bool]]:
    """Return what is here: by id, whether there is an activity, and whether it has streams."""
    with runtime.database.transaction(athlete_id) as tx:
        rows = tx.execute(
            text("""
                SELECT external_id, activity_id IS NOT NULL, fetched_at IS NOT NULL FROM recordings
            """)
        ).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def test_a_late_upload_of_an_old_ride_is_found_by_the_daily_listing(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Connection,
    work_off: Callable[[], int],
) -> None:
    service.add(3, NOW)
    whose = connection().athlete_id
    work_off()
    service.add(200, NOW)
    clock.advance(seconds=6 * 3600)
    work_off()
    assert set(stored(runtime, whose)) == {"1"}, "the last weeks do not show it"
    clock.advance(days=1)
    work_off()
    assert stored(runtime, whose) == {"1": (True, True), "2": (True, True)}
    assert service.asked("look_up") == []


def test_what_a_complete_list_does_not_show_is_looked_up_and_removed(
    runtime: Runtime, service: FakeService, connection: Connection, work_off: Callable[[], int]
) -> None:
    for days_ago in (1, 2, 100):
        service.add(days_ago, NOW)
    made = connection()
    work_off()
    service.sessions = [session for session in service.sessions if session.external_id == "1"]
    ask_again(runtime, made, "full")
    work_off()
    assert sorted(service.asked("look_up")) == ["2", "3"]
    assert set(stored(runtime, made.athlete_id)) == {"1"}
    with runtime.database.transaction(made.athlete_id) as tx:
        for table, left in (("documents", 2), ("activities", 1), ("measurements", 1)):
            count = (
                f"SELECT count(DISTINCT {'activity_id' if table == 'measurements' else 'id'}) FROM {table}"
            )
            assert tx.execute(text(count)).scalar() == left, table
        assert tx.execute(text("SELECT min(day) FROM days")).scalar() == (NOW - timedelta(days=1)).date()
    ask_again(runtime, made, "full")
    work_off()
    assert len(service.asked("look_up")) == 2, "nothing is asked for twice"


def test_what_is_still_there_is_not_removed_by_a_list_that_lacks_it(
    runtime: Runtime, service: FakeService, connection: Connection, work_off: Callable[[], int]
) -> None:
    """The services lists forget now and then; only being asked counts."""
    service.add(1, NOW)
    hidden = service.add(2, NOW)
    made = connection()
    work_off()

    def lacking(method: str, subject: str) -> None:
        hidden.started_at = NOW - timedelta(days=9000 if method == "list" else 2)

    service.fault = lacking
    ask_again(runtime, made, "recent")
    work_off()
    assert service.asked("look_up") == ["2"]
    assert set(stored(runtime, made.athlete_id)) == {"1", "2"}


def test_a_list_that_misses_very_much_is_doubted_and_asked_for_again(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Connection,
    work_off: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOK_UPS", 2)
    there = [service.add(100 + number, NOW) for number in range(5)]
    made = connection()
    work_off()
    service.sessions = []
    ask_again(runtime, made, "full")
    work_off()
    assert service.asked("look_up") == []
    service.sessions = there
    clock.advance(seconds=4 * 3600 + 1)
    work_off()
    assert service.asked("look_up") == [], "it was an empty answer, no more"
    service.sessions = []
    for looked_up in (0, 2, 4, 5):
        clock.advance(days=1 if looked_up == 0 else 4.01 / 24)
        work_off()
        assert len(service.asked("look_up")) == looked_up
    assert stored(runtime, made.athlete_id) == {}


def test_those_that_are_there_still_hold_up_none_that_are_gone(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Connection,
    work_off: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lists forget two for good, which come first by their names; three others are gone."""
    monkeypatch.setattr(listing, "MOST_LOOK_UPS", 2)
    hidden = [service.add(100 + number, NOW) for number in range(5)][:2]
    made = connection()
    work_off()
    service.sessions = hidden

    def lacking(method: str, subject: str) -> None:
        for number, session in enumerate(hidden):
            session.started_at = NOW - timedelta(days=9000 if method == "list" else 100 + number)

    service.fault = lacking
    for _ in range(5):
        clock.advance(days=1.01)
        work_off()
    assert set(stored(runtime, made.athlete_id)) == {"1", "2"}


def test_a_listing_that_was_not_there_is_no_witness(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Connection,
    work_off: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOK_UPS", 2)
    for number in range(3):
        service.add(100 + number, NOW)
    made = connection()
    work_off()

    def no_list(method: str, subject: str) -> None:
        if method == "list":
            raise NotFound("There is no such list.")

    service.fault = no_list
    ask_again(runtime, made, "full")
    work_off()
    service.fault = lambda _method, _subject: None
    service.sessions = []
    for looked_up in (0, 2):
        ask_again(runtime, made, "full")
        work_off()
        assert len(service.asked("look_up")) == looked_up


def test_what_is_stored_is_listed_however_old_it_is_and_nothing_else_of_that_age(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Connection,
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    made = connection()
    work_off()
    old = service.add(900, NOW)
    service.add(600, NOW)
    hint(runtime, made, "2")  # its title was edited
    work_off()
    clock.advance(days=1.01)
    work_off()
    assert set(stored(runtime, made.athlete_id)) == {"1", "2"}, "what nobody told of is too old"
    assert service.asked("look_up") == ["2"], "the list shows it: nobody asks for it again"
    service.sessions.remove(old)
    clock.advance(days=1.01)
    work_off()
    clock.advance(days=1.01)
    work_off()
    assert set(stored(runtime, made.athlete_id)) == {"1"}


def test_a_hint_stores_what_is_new_with_two_requests(
    runtime: Runtime, service: FakeService, connection: Connection, work_off: Callable[[], int]
) -> None:
    made = connection()
    work_off()
    service.add(300, NOW)
    before = len(service.calls)
    for _ in range(5):
        hint(runtime, made, "1")
    work_off()
    assert service.calls[before:] == [("look_up", "1"), ("fetch", "1")]
    assert stored(runtime, made.athlete_id) == {"1": (True, True)}
    hint(runtime, made, "1")
    hint(runtime, made, "99")
    work_off()
    assert service.asked("fetch") == ["1"], "what is here is not fetched again"
    assert set(stored(runtime, made.athlete_id)) == {"1"}


def test_a_cropped_ride_gets_new_streams_and_a_deleted_one_goes(
    runtime: Runtime, service: FakeService, connection: Connection, work_off: Callable[[], int]
) -> None:
    session = service.add(5, NOW)
    made = connection()
    work_off()
    session.minutes = 30
    hint(runtime, made, "1")
    work_off()
    assert service.asked("fetch") == ["1", "1"]
    with runtime.database.transaction(made.athlete_id) as tx:
        assert tx.execute(text("SELECT elapsed_s FROM activities")).scalar() == 1800
    service.sessions.clear()
    hint(runtime, made, "1")
    work_off()
    assert stored(runtime, made.athlete_id) == {}
    with runtime.database.transaction(made.athlete_id) as tx:
        assert tx.execute(text("SELECT count(*) FROM days")).scalar() == 0


def test_streams_that_were_asked_for_before_a_crop_do_not_count(
    runtime: Runtime, service: FakeService, connection: Connection, work_off: Callable[[], int]
) -> None:
    session = service.add(5, NOW)
    made = connection()
    cropped: list[bool] = []

    def crop(method: str, subject: str) -> None:
        if method == "fetch" and not cropped:
            cropped.append(True)
            session.minutes = 20
            with runtime.database.transaction(made.athlete_id) as tx:
                events = listing.receive(
                    tx, made, raw_of(session), runtime.horizon, seen_at=work.moment(tx), now=NOW
                )
                pipeline.record(tx, events, now=NOW)

    service.fault = crop
    work_off()
    assert service.asked("fetch") == ["1", "1"]
    with runtime.database.transaction(made.athlete_id) as tx:
        recording = recordings.of_connection(tx, made.id, "1")
        assert recording
        assert not recording.wants_fetch


def test_a_page_that_was_asked_for_before_a_deletion_does_not_undo_it(
    runtime: Runtime, service: FakeService, connection: Connection, work_off: Callable[[], int]
) -> None:
    session = service.add(1, NOW)
    made = connection()
    work_off()
    ask_again(runtime, made, "recent")
    with runtime.database.transaction(made.athlete_id) as tx:
        number = listings.planned(tx, made.id)
        assert number
        window = listings.find(tx, number)
        asked_at = work.moment(tx)
    assert window
    page = Page(activities=(raw_of(session),), next_cursor="more")
    service.sessions.clear()
    hint(runtime, made, "1")
    with runtime.database.transaction() as tx:
        tx.execute(text("UPDATE work SET not_before = 'infinity' WHERE kind = 'list'"))
    work_off()
    assert stored(runtime, made.athlete_id) == {}
    with runtime.database.transaction(made.athlete_id) as tx:
        listing.store_page(
            tx,
            made,
            window,
            page,
            runtime.horizon,
            asks=listing.Asks.of(FakeProvider(service)),
            asked_at=asked_at,
            priority="high",
            now=NOW,
        )
    assert stored(runtime, made.athlete_id) == {}
