"""Listing: window by window, page by page; nothing twice, and nothing between two windows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeService, summary_of
from tests.fakes.registry import registry_of
from training_analyzer import pipeline
from training_analyzer.ingestion.planning import list_again
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import BadData, NotFound, PluginError
from training_analyzer.storage import documents, listings, recordings, rejections, work
from training_analyzer.storage.connections import StoredConnection
from training_analyzer.worker.run import work_on

SIX_HOURS_S = 6 * 3600


def sync(runtime: Runtime, connection: StoredConnection) -> None:
    """Ask for the newest activities now."""
    with runtime.database.transaction(connection.athlete_id) as tx:
        event = list_again(tx, connection, "recent", runtime.horizon, now=runtime.now())
        pipeline.record(tx, [event], now=runtime.now())


def test_the_newest_weeks_come_first_and_a_year_follows(
    runtime: Runtime,
    service: FakeService,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    for days_ago in (0.5, 41, 43, 364, 366):
        service.add(days_ago, NOW)
    stored = connection()
    work_off()
    assert service.asked("list")[0] == "2026-05-04/1"
    assert sorted(service.asked("list")) == ["2025-06-15/1", "2025-06-15/2", "2026-05-04/1", "2026-05-04/2"]
    assert service.asked("fetch") == ["1", "2", "3", "4"], "each once, the newest first"
    with runtime.database.transaction(stored.athlete_id) as tx:
        windows = {window.purpose: window for window in listings.of_connection(tx, stored.id)}
        tally = recordings.tally(tx, stored.id, since=NOW - timedelta(days=400))
    assert windows["initial"].since == windows["history"].until, "no gap, no overlap"
    assert windows["initial"].until > NOW + timedelta(hours=12), "devices' clocks run ahead"
    assert {name: window.listed for name, window in windows.items()} == {
        "initial": 2,
        "history": 2,
        "recent": 0,
        "full": 0,
    }
    assert (tally.recordings, tally.complete, tally.without_more, tally.parked) == (4, 4, 0, 0)


def test_only_the_first_page_goes_before_everything_else(
    runtime: Runtime, service: FakeService, connect: Callable[[], UUID]
) -> None:
    service.page_size = 1
    for days_ago in (1, 2):
        service.add(days_ago, NOW)
    connect()

    def most_urgent() -> tuple[int, str, str]:
        with runtime.database.transaction() as tx:
            (unit, *_) = work.ring(tx, "high", now=runtime.now(), room=9, patience_s=0)
            row = tx.execute(text("SELECT id, kind, priority FROM work WHERE id = :id"), {"id": unit}).one()
        return row.id, row.kind, row.priority

    unit, kind, priority = most_urgent()
    assert (kind, priority) == ("list", "first")
    work_on(runtime, unit)
    measuring, kind, priority = most_urgent()
    assert (kind, priority) == ("measure", "first")
    work_on(runtime, measuring)
    work_on(runtime, unit)  # the second page
    assert service.asked("list") == ["2026-05-04/1", "2026-05-04/2"]
    with runtime.database.transaction() as tx:
        owed = tx.execute(
            text("SELECT kind, priority FROM work WHERE id IN (:list, :measure)"),
            {"list": unit, "measure": measuring},
        ).all()
    assert {tuple(row) for row in owed} == {("list", "high"), ("measure", "high")}


def test_short_pages_do_not_end_a_listing_and_an_empty_one_does(
    service: FakeService, connection: Callable[[], StoredConnection], work_off: Callable[[], int]
) -> None:
    for days_ago in range(1, 8):
        service.add(days_ago, NOW)
    service.page_size = 3
    connection()
    work_off()
    assert [asked for asked in service.asked("list") if "2026" in asked] == [
        f"2026-05-04/{page}" for page in (1, 2, 3, 4)
    ]
    assert len(service.asked("fetch")) == 7


def test_what_is_no_activity_is_kept_and_the_rest_arrives(
    runtime: Runtime,
    service: FakeService,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    broken = service.add(2, NOW, sport="broken")
    service.add(3, NOW)
    stored = connection()
    work_off()
    sync(runtime, stored)
    work_off()
    with runtime.database.transaction(stored.athlete_id) as tx:
        assert rejections.rejected(tx, stored.id) == ["it has no start"]
        assert tx.execute(text("SELECT sha256 FROM rejections")).scalar_one()
        assert tx.execute(text("SELECT count(*) FROM activities")).scalar() == 2
    assert summary_of(broken).body  # the very record, and it was not asked for more
    assert broken.external_id not in service.asked("fetch")


def test_listing_again_changes_nothing_and_fetches_nothing(
    runtime: Runtime,
    service: FakeService,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    service.add(1, NOW)
    service.add(2, NOW, has_streams=False)
    stored = connection()
    work_off()
    fetched = service.asked("fetch")

    def versions() -> list[object]:
        with runtime.database.transaction(stored.athlete_id) as tx:
            rows = tx.execute(text("SELECT id, sha256, xmin::text FROM documents ORDER BY id"))
            measured = tx.execute(text("SELECT id, xmin::text FROM activities ORDER BY id"))
            return [*rows.all(), *measured.all()]

    before = versions()
    sync(runtime, stored)
    work_off()
    assert versions() == before
    assert service.asked("fetch") == fetched == ["1"]
    assert service.asked("list")[-2:] == ["2026-06-01/1", "2026-06-01/2"]


def test_an_edited_summary_is_a_new_version_and_is_measured_anew(
    runtime: Runtime,
    service: FakeService,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    session = service.add(1, NOW, minutes=60)
    before = summary_of(session)
    stored = connection()
    work_off()
    session.minutes = 30
    sync(runtime, stored)
    work_off()
    with runtime.database.transaction(stored.athlete_id) as tx:
        old, new = [
            documents.find(tx, number)
            for number in tx.execute(
                text("SELECT id FROM documents WHERE kind = 'summary' ORDER BY id")
            ).scalars()
        ]
        value = tx.execute(text("SELECT value FROM measurements WHERE key = 'fake.load'")).scalar()
    assert (old, new) == (before, summary_of(session))
    assert value == 30
    assert service.asked("fetch") == ["1", "1"], "what was fetched before is that of a longer ride"


def test_a_listing_goes_on_where_it_failed(
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    for days_ago in range(1, 6):
        service.add(days_ago, NOW)
    service.page_size = 2
    failing = {"2026-05-04/2"}

    def fault(method: str, subject: str) -> None:
        if method == "list" and subject in failing:
            raise PluginError("strange")

    service.fault = fault
    connection()
    work_off()
    assert sorted(service.asked("fetch")) == ["1", "2"], "what was listed is not held up"
    failing.clear()
    clock.advance(seconds=16)
    work_off()
    assert [asked for asked in service.asked("list") if asked.startswith("2026")] == [
        *("2026-05-04/1", "2026-05-04/2", "2026-05-04/2", "2026-05-04/3", "2026-05-04/4"),
    ]
    assert sorted(service.asked("fetch")) == ["1", "2", "3", "4", "5"]


def test_recent_activities_are_listed_regularly_and_once(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    stored = connection()
    work_off()
    for round_ in range(1, 4):
        clock.advance(seconds=SIX_HOURS_S - 60)
        work_off()
        assert len(service.asked("list")) == 1 + round_, "not before its time"
        clock.advance(seconds=61)
        work_off()
        assert len(service.asked("list")) == 2 + round_
    with runtime.database.transaction(stored.athlete_id) as tx:
        listed = tx.execute(
            text("SELECT purpose, done_at IS NULL FROM listings ORDER BY purpose, done_at")
        ).all()
    assert [tuple(row) for row in listed] == [
        ("full", True),
        ("history", False),
        ("initial", False),
        ("recent", False),
        ("recent", True),
    ], "the newest of each that is done, and what is planned"


def test_everything_is_listed_again_once_a_day(
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    connection()
    work_off()
    for day in (1, 2):
        clock.advance(days=1)
        work_off()
        year_ago = f"{clock.moment - timedelta(days=365):%Y-%m-%d}"
        whole = [asked for asked in service.asked("list") if asked.startswith(year_ago)]
        assert whole == [f"{year_ago}/1"], f"on day {day}"


def test_asking_brings_the_planned_listing_forward(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    stored = connection()
    work_off()
    clock.advance(seconds=3600)
    service.add(0, clock.moment)
    for _ in range(5):
        sync(runtime, stored)
    work_off()
    assert [asked for asked in service.asked("list") if asked.startswith("2026-06")] == [
        "2026-06-01/1",
        "2026-06-01/2",
    ]
    assert service.asked("fetch") == ["1"]
    clock.advance(seconds=SIX_HOURS_S - 60)
    work_off()
    assert len(service.asked("list")) == 4, "the next one is planned from then"


def test_a_long_standstill_leaves_no_gap(
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    """What was planned before is done after it, and reaches up to now."""
    connection()
    work_off()
    for days_later in range(2, 60, 7):
        service.add(-days_later, NOW)
    clock.advance(days=60)
    work_off()
    assert sorted(map(int, service.asked("fetch"))) == list(range(1, 10))


def test_a_window_in_which_the_service_finds_nothing_is_done(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    def fault(method: str, _subject: str) -> None:
        if method == "list":
            raise NotFound("nobody of that name")

    service.fault = fault
    connection()
    work_off()
    service.fault = lambda _method, _subject: None
    service.add(0, NOW)
    clock.advance(seconds=SIX_HOURS_S + 1)
    work_off()
    assert service.asked("fetch") == ["1"], "the next listing asks again"


def test_a_page_of_nonsense_is_parked_and_asking_again_tries_again(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    def fault(method: str, subject: str) -> None:
        if method == "list" and subject.startswith("2025"):
            raise BadData("a page in Latin")

    service.fault = fault
    service.add(1, NOW)
    stored = connection()
    work_off()
    clock.advance(seconds=20)  # once more: it may have been cut off
    work_off()
    with runtime.database.transaction(stored.athlete_id) as tx:
        (parked,) = work.parked_of(tx, stored.athlete_id)
    assert (parked.kind, parked.last_error) == ("list", "BadData: a page in Latin")
    assert service.asked("fetch") == ["1"], "the newest weeks are not held up"


def test_a_plugin_that_is_switched_off_loses_nothing(
    runtime: Runtime,
    service: FakeService,
    clock: StoppedClock,
    connection: Callable[[], StoredConnection],
    work_off: Callable[[], int],
) -> None:
    """What is owed waits for it."""
    for days_ago in (1, 100):
        service.add(days_ago, NOW)
    stored = connection()
    with_plugin = runtime.registry
    runtime.registry = registry_of()
    for _ in range(8):
        work_off()
        clock.advance(seconds=1000)
    with runtime.database.transaction(stored.athlete_id) as tx:
        assert work.parked_of(tx, stored.athlete_id) == []
        reasons = tx.execute(
            text("""
                SELECT w.last_error, t.why FROM work w JOIN troubles t ON t.work_id = w.id
                WHERE w.kind = 'list' AND w.priority = 'first'
            """)
        ).one()
    assert reasons.last_error == "Misconfigured"
    assert "no active provider named 'fake'" in reasons.why
    runtime.registry = with_plugin
    work_off()
    assert service.asked("fetch") == ["1", "2"]


def test_the_cursor_is_the_provider_s_own(
    runtime: Runtime, connection: Callable[[], StoredConnection]
) -> None:
    stored = connection()
    with runtime.database.transaction(stored.athlete_id) as tx:
        (window,) = [one for one in listings.of_connection(tx, stored.id) if one.purpose == "initial"]
        later = NOW + timedelta(hours=1)

        def advance(cursor: str | None, reached: datetime | None, asked_at: datetime) -> None:
            listings.advance(tx, window.id, cursor=cursor, reached=reached, asked_at=asked_at, now=NOW)

        advance("a/b&c=\u00e9", NOW - timedelta(days=9), NOW)
        begun = listings.find(tx, window.id)
        assert begun is not None
        assert (begun.cursor, begun.requests, begun.done_at) == ("a/b&c=\u00e9", 1, None)
        advance(None, None, later)
        advance("late", NOW - timedelta(days=99), later)
        done = listings.find(tx, window.id)
        assert done is not None
        assert (done.cursor, done.requests, done.done_at) == (None, 2, NOW)
        assert (done.reached, done.begun_at) == (NOW - timedelta(days=9), NOW)
