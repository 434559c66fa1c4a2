"""Late uploads, edits and deletions: found without a word from the service, and believed after asking."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.conftest import NOW
from tests.core.ingestion.conftest import Account
from tests.fakes.provider import FakeProvider, FakeService, raw_of
from training_analyzer import pipeline
from training_analyzer.domain.events import Event
from training_analyzer.ingestion import listing, looking_up, planning
from training_analyzer.sdk import NotFound, Page
from training_analyzer.storage import listings, recordings, work


def test_a_late_upload_of_an_old_ride_is_found_by_the_daily_listing(
    account: Account, service: FakeService
) -> None:
    service.add(3, NOW)
    account.begin()
    service.add(200, NOW)
    account.wait(seconds=6 * 3600)
    assert set(account.stored()) == {"1"}, "the last weeks do not show it"
    account.wait(days=1)
    assert account.stored() == {"1": (True, True), "2": (True, True)}
    assert service.asked("look_up") == []


def test_what_a_complete_list_does_not_show_is_looked_up_and_removed(
    account: Account, service: FakeService
) -> None:
    for days_ago in (1, 2, 100):
        service.add(days_ago, NOW)
    made = account.begin()
    service.sessions = [session for session in service.sessions if session.external_id == "1"]
    account.list_again("full")
    assert sorted(service.asked("look_up")) == ["2", "3"]
    assert set(account.stored()) == {"1", "2", "3"}, "it may have been a moment's error"
    account.wait(seconds=3600)
    assert sorted(service.asked("look_up")) == ["2", "2", "3", "3"]
    assert set(account.stored()) == {"1"}
    with account.runtime.database.transaction(made.athlete_id) as tx:
        for table, left in (("documents", 2), ("activities", 1), ("measurements", 1)):
            count = (
                f"SELECT count(DISTINCT {'activity_id' if table == 'measurements' else 'id'}) FROM {table}"
            )
            assert tx.execute(text(count)).scalar() == left, table
        assert tx.execute(text("SELECT min(day) FROM days")).scalar() == (NOW - timedelta(days=1)).date()
    account.list_again("full")
    assert len(service.asked("look_up")) == 4, "what is gone is not asked for again"


def test_what_is_still_there_is_not_removed_by_a_list_that_lacks_it(
    account: Account, service: FakeService
) -> None:
    """The services lists forget now and then; only being asked counts."""
    service.add(1, NOW)
    hidden = service.add(2, NOW)
    account.begin()

    def lacking(method: str, subject: str) -> None:
        hidden.started_at = NOW - timedelta(days=9000 if method == "list" else 2)

    service.fault = lacking
    account.list_again("recent")
    assert service.asked("look_up") == ["2"]
    assert set(account.stored()) == {"1", "2"}


def test_a_list_that_misses_very_much_is_doubted_and_asked_for_again(
    account: Account, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOK_UPS", 2)
    there = [service.add(100 + number, NOW) for number in range(5)]
    account.begin()
    service.sessions = []
    account.list_again("full")
    assert service.asked("look_up") == []
    service.sessions = there
    account.wait(seconds=4 * 3600 + 1)
    assert service.asked("look_up") == [], "it was an empty answer, no more"
    service.sessions = []
    for looked_up in (0, 2, 4, 5):
        account.wait(days=1 if looked_up == 0 else 3.01 / 24)
        assert len(set(service.asked("look_up"))) == looked_up
        account.wait(seconds=3601)
    assert account.stored() == {}


def test_those_that_are_there_still_hold_up_none_that_are_gone(
    account: Account, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists forget two for good, which come first by their names; three others are gone."""
    monkeypatch.setattr(listing, "MOST_LOOK_UPS", 2)
    hidden = [service.add(100 + number, NOW) for number in range(5)][:2]
    account.begin()
    service.sessions = hidden

    def lacking(method: str, subject: str) -> None:
        for number, session in enumerate(hidden):
            session.started_at = NOW - timedelta(days=9000 if method == "list" else 100 + number)

    service.fault = lacking
    for _ in range(5):
        account.wait(days=1.01)
        account.wait(seconds=3601)
    assert set(account.stored()) == {"1", "2"}


def test_a_listing_that_was_not_there_is_no_witness(
    account: Account, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOK_UPS", 2)
    for number in range(3):
        service.add(100 + number, NOW)
    account.begin()

    def no_list(method: str, subject: str) -> None:
        if method == "list":
            raise NotFound("There is no such list.")

    service.fault = no_list
    account.list_again("full")
    service.fault = lambda _method, _subject: None
    service.sessions = []
    for looked_up in (0, 2):
        account.list_again("full")
        assert len(service.asked("look_up")) == looked_up


def test_what_is_stored_is_listed_however_old_it_is_and_nothing_else_of_that_age(
    account: Account, service: FakeService
) -> None:
    service.add(1, NOW)
    account.begin()
    old = service.add(900, NOW)
    service.add(600, NOW)
    account.hear_of("2")  # its title was edited
    account.work_off()
    account.wait(days=1.01)
    assert set(account.stored()) == {"1", "2"}, "what nobody told of is too old"
    assert service.asked("look_up") == ["2"], "the list shows it: nobody asks for it again"
    service.sessions.remove(old)
    account.wait(days=1.01)
    account.wait(days=1.01)
    assert set(account.stored()) == {"1"}


def test_a_hint_stores_what_is_new_with_two_requests(account: Account, service: FakeService) -> None:
    account.begin()
    service.add(300, NOW)
    before = len(service.calls)
    for _ in range(5):
        account.hear_of("1")
    account.work_off()
    assert service.calls[before:] == [("look_up", "1"), ("fetch", "1")]
    assert account.stored() == {"1": (True, True)}
    account.hear_of("1")
    account.hear_of("99")
    account.work_off()
    assert service.asked("fetch") == ["1"], "what is here is not fetched again"
    assert set(account.stored()) == {"1"}


def test_a_cropped_ride_gets_new_streams_and_a_deleted_one_goes(
    account: Account, service: FakeService
) -> None:
    session = service.add(5, NOW)
    made = account.begin()
    session.minutes = 30
    account.hear_of("1")
    account.work_off()
    assert service.asked("fetch") == ["1", "1"]
    with account.runtime.database.transaction(made.athlete_id) as tx:
        assert tx.execute(text("SELECT elapsed_s FROM activities")).scalar() == 1800
    service.sessions.clear()
    account.hear_of("1")
    account.work_off()
    account.wait(seconds=90)
    assert account.stored() == {}
    with account.runtime.database.transaction(made.athlete_id) as tx:
        assert tx.execute(text("SELECT count(*) FROM days")).scalar() == 0


def hide_once(service: FakeService, times: int = 1) -> None:
    """Let the service say that there is no such activity, so often, and know it again afterwards."""
    left = [None] * times

    def fault(method: str, _subject: str) -> None:
        if method == "look_up" and left:
            left.pop()
            raise NotFound("There is no such activity.")

    service.fault = fault


def test_a_new_activity_that_the_service_does_not_know_for_a_moment_arrives(
    account: Account, service: FakeService
) -> None:
    account.begin()
    service.add(0.01, NOW)
    hide_once(service)
    account.hear_of("1")
    account.work_off()
    assert account.stored() == {}
    account.wait(seconds=90)
    assert account.stored() == {"1": (True, True)}


def test_what_the_service_does_not_know_for_a_moment_is_not_removed(
    account: Account, service: FakeService
) -> None:
    """One save may give several hints, a second apart: what each of them is answered is one answer."""
    service.add(60, NOW)
    service.add(1, NOW)
    made = account.begin()
    account.wait(seconds=30)
    hide_once(service, times=2)
    for _ in range(2):
        account.hear_of("1")
        account.work_off()
    account.wait(seconds=90)
    account.wait(days=1)
    assert service.asked("look_up") == ["1", "1", "1"]
    assert set(account.stored()) == {"1", "2"}
    with account.runtime.database.transaction(made.athlete_id) as tx:
        assert tx.execute(text("SELECT count(*) FROM insights")).scalar() != 0


def test_what_is_there_again_is_not_asked_for_once_more(account: Account, service: FakeService) -> None:
    service.add(1, NOW)
    account.begin()
    hide_once(service)
    for _ in range(2):
        account.hear_of("1")
        account.work_off()
    account.wait(seconds=90)
    assert service.asked("look_up") == ["1", "1"]


def test_streams_that_were_asked_for_before_a_crop_do_not_count(
    account: Account, service: FakeService
) -> None:
    session = service.add(5, NOW)
    made = account.now
    cropped: list[bool] = []

    def crop(method: str, subject: str) -> None:
        if method == "fetch" and not cropped:
            cropped.append(True)
            session.minutes = 20
            with account.runtime.database.transaction(made.athlete_id) as tx:
                events = listing.receive(
                    tx, made, raw_of(session), account.runtime.horizon, seen_at=work.moment(tx), now=NOW
                )
                pipeline.record(tx, events, now=NOW)

    service.fault = crop
    account.work_off()
    assert service.asked("fetch") == ["1", "1"]
    with account.runtime.database.transaction(made.athlete_id) as tx:
        recording = recordings.of_connection(tx, made.id, "1")
        assert recording
        assert not recording.wants_fetch


def test_a_page_that_was_asked_for_before_a_deletion_does_not_undo_it(
    account: Account, service: FakeService
) -> None:
    session = service.add(1, NOW)
    made = account.begin()
    with account.runtime.database.transaction(made.athlete_id) as tx:
        event = planning.list_again(tx, made, "recent", account.runtime.horizon, now=NOW)
        pipeline.record(tx, [event], now=NOW)
    with account.runtime.database.transaction(made.athlete_id) as tx:
        number = listings.planned(tx, made.id)
        assert number
        window = listings.find(tx, number)
        asked_at = work.moment(tx)
    assert window
    page = Page(activities=(raw_of(session),), next_cursor="more")
    service.sessions.clear()
    account.hear_of("1")
    with account.runtime.database.transaction() as tx:
        tx.execute(text("UPDATE work SET not_before = 'infinity' WHERE kind = 'list'"))
    account.work_off()
    account.wait(seconds=90)
    assert account.stored() == {}
    with account.runtime.database.transaction(made.athlete_id) as tx:
        listing.store_page(
            tx,
            made,
            window,
            page,
            account.runtime.horizon,
            asks=planning.Asks.of(FakeProvider(service)),
            asked_at=asked_at,
            priority="high",
            now=NOW,
        )
    assert account.stored() == {}


def test_a_recording_is_taken_before_the_question_whether_it_is_gone(
    account: Account, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by the worker that asks it the second time: otherwise the two would wait for each other."""
    session = service.add(1, NOW)
    account.begin()
    account.refuse(NotFound("gone"))
    account.hear_of("1")
    account.work_off()
    free: list[bool] = []

    def receive(*_args: object, **_options: object) -> list[Event]:
        with account.runtime.database.transaction() as other:
            taken = text("SELECT id FROM work WHERE kind = 'look_again' FOR UPDATE SKIP LOCKED")
            free.append(other.execute(taken).one_or_none() is not None)
        return []

    monkeypatch.setattr(looking_up, "receive", receive)
    with account.runtime.database.transaction(account.now.athlete_id) as tx:
        looking_up.store(
            tx,
            account.now,
            "1",
            raw_of(session),
            account.runtime.horizon,
            priority="high",
            is_second=False,
            asked_at=work.moment(tx),
            now=NOW,
        )
        assert not tx.execute(text("SELECT id FROM work WHERE kind = 'look_again'")).all()
    assert free == [True]
