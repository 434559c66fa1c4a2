"""Measuring: just what is stale, and nothing that one bad activity or plugin could stop."""

import threading
from collections.abc import Iterable
from datetime import timedelta, timezone

import pytest

from tests.conftest import NOW
from tests.core.processing.conftest import Training
from tests.fakes.metrics import Counting, Failing, Minutes, RunningTotal, metric
from tests.fakes.provider import FakeProvider
from training_analyzer.ingestion import listing, planning
from training_analyzer.processing import measuring
from training_analyzer.processing.measuring import BATCH, MAX_ATTEMPTS
from training_analyzer.processing.plan import Plan
from training_analyzer.sdk import ActivityInput, ActivityMetrics, Measurement, RawActivity, Sport
from training_analyzer.storage import connections, listings, recordings
from training_analyzer.storage.thresholds import DatedThreshold


def titles(training: Training, *days_ago: int) -> None:
    """Add an activity for each, without streams, called by how long ago it was."""
    for number in days_ago:
        training.service.add(number, NOW, title=str(number), has_streams=False)


def with_calculators(training: Training, *more: ActivityMetrics) -> None:
    training.runtime.plan = Plan((Minutes(), *more), (RunningTotal(),), lambda _: "some_plugin")


def test_after_measuring_nothing_is_stale(training: Training) -> None:
    titles(training, 1, 2, 3)
    training.work_off()
    assert training.stale().recordings == ()
    before = training.written()
    assert set(before) == {"1", "2", "3"}
    training.owe_measuring()
    training.work_off()
    assert training.written() == before


def test_a_new_threshold_measures_just_what_it_touches(training: Training) -> None:
    titles(training, 1, 10, 20)
    training.service.add(5, NOW, title="run", sport="run", has_streams=False)
    training.set_thresholds(
        DatedThreshold("functional_threshold_power_w", 200, NOW.date() - timedelta(days=30))
    )
    training.work_off()
    before = training.written()
    since = NOW.date() - timedelta(days=15)
    training.set_thresholds(DatedThreshold("functional_threshold_power_w", 250, since))
    assert len(training.stale().recordings) == 3
    training.owe_measuring()
    training.work_off()
    after = training.written()
    assert {title for title in after if after[title] != before[title]} == {"1", "10", "run"}
    assert training.stale().recordings == ()

    training.set_thresholds(DatedThreshold("functional_threshold_power_w", 260, since, Sport.RUN))
    training.owe_measuring()
    training.work_off()
    last = training.written()
    assert {title for title in last if last[title] != after[title]} == {"run"}


def test_a_raised_version_measures_everything_again(training: Training) -> None:
    class Better(Minutes):
        version = 2

    titles(training, 1, 2)
    training.work_off()
    before = training.written()
    training.runtime.plan = Plan((Better(),), (RunningTotal(),), lambda _: "fake")
    training.owe_measuring()
    training.work_off()
    after = training.written()
    assert all(after[title] != before[title] for title in ("1", "2"))
    assert training.ask("SELECT DISTINCT version FROM measurements") == [(2,)]


def test_other_bytes_of_the_same_activity_are_stored_and_not_measured(training: Training) -> None:
    counting = Counting()
    with_calculators(training, counting)
    titles(training, 1)
    training.work_off()
    (before,) = training.written().values()
    counting.asked = 0
    training.service.sessions[0].title = "Called otherwise"
    training.sync()
    assert training.written() == {"Called otherwise": before}
    assert counting.asked == 0
    assert training.ask("SELECT count(*) FROM documents") == [(2,)]
    assert training.stale().recordings == ()


def test_what_makes_no_sense_is_parked_with_its_document_and_the_rest_goes_on(training: Training) -> None:
    titles(training, 1, 3)
    training.service.add(2, NOW, title="nonsense", has_streams=False)
    training.work_off()
    assert set(training.written()) == {"1", "3"}
    assert training.ask("SELECT problem, activity_id FROM recordings WHERE problem IS NOT NULL") == [
        ("fake sent what makes no sense: it makes no sense", None)
    ]
    assert training.ask("SELECT count(*) FROM documents") == [(3,)]
    assert training.stale().recordings == ()


def test_new_bytes_give_what_was_parked_another_try(training: Training) -> None:
    session = training.service.add(2, NOW, title="nonsense", has_streams=False)
    training.work_off()
    session.minutes = 61  # other bytes, the same nonsense
    training.sync()
    assert training.stale().recordings == (), "parked again, with the new bytes"
    session.title = "sense"
    training.sync()
    assert set(training.written()) == {"sense"}
    assert training.ask("SELECT problem, problem_digest FROM recordings") == [(None, None)]


def test_what_was_well_before_is_well_again(training: Training) -> None:
    """The third version is the first one: nothing is measured, but nothing is parked either."""
    session = training.service.add(2, NOW, title="good", has_streams=False)
    training.work_off()
    before = training.written()
    session.title = "nonsense"
    training.sync()
    assert training.written() == before, "the numbers of the last good version stay"
    assert training.ask("SELECT problem IS NULL FROM recordings") == [(False,)]
    session.title = "good"
    training.sync()
    assert training.written() == before
    assert training.ask("SELECT problem FROM recordings") == [(None,)]
    assert training.stale().recordings == ()


def test_more_bad_ones_than_a_batch_do_not_stand_in_the_way(training: Training) -> None:
    for number in range(BATCH + 5):
        training.service.add(number / 10, NOW, title="nonsense", minutes=number + 1, has_streams=False)
    titles(training, 20)
    training.work_off()
    for session in training.service.sessions[:-1]:
        session.minutes += 1
    training.sync()
    assert set(training.written()) == {"20"}
    assert training.stale().recordings == ()


def test_a_plugin_that_breaks_is_named(training: Training, caplog: pytest.LogCaptureFixture) -> None:
    titles(training, 1, 2)

    def fault(method: str, subject: str) -> None:
        if (method, subject) == ("translate", "2"):
            raise KeyError("moving_time")

    training.service.fault = fault
    training.work_off()
    assert training.ask("SELECT problem FROM recordings WHERE problem IS NOT NULL") == [
        ("the plugin fake failed: KeyError: 'moving_time'",)
    ]
    assert set(training.written()) == {"1"}
    assert "the plugin fake failed" in caplog.text


def test_a_value_that_postgresql_cannot_hold_stays_alone(training: Training) -> None:
    class Strange(ActivityMetrics):
        metrics = (metric("strange.number"),)

        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            method = {"nul": "with \0", "half": "with \ud83d"}.get(given.activity.title, "plain")
            yield Measurement(key="strange.number", value=1, method=method)

    with_calculators(training, Strange())
    titles(training, 1, 3)
    for number, title in enumerate(("nul", "half")):
        training.service.add(2 + number / 10, NOW, title=title, has_streams=False)
    training.work_off()
    assert set(training.written()) == {"1", "3"}
    problems = training.ask("SELECT problem FROM recordings WHERE problem IS NOT NULL")
    assert len(problems) == 2
    assert all("cannot be stored" in str(problem) for (problem,) in problems)


def test_a_start_is_kept_whatever_the_time_zone(training: Training) -> None:
    of_old = timezone(-timedelta(minutes=44, seconds=30))  # as Monrovia's was until 1972
    session = training.service.add(1, NOW, title="1", has_streams=False)
    session.started_at = session.started_at.astimezone(of_old)
    training.work_off()
    assert training.ask("SELECT started_at FROM activities") == [(session.started_at,)]


def test_a_calculator_that_fails_is_named_and_the_others_go_on(
    training: Training, caplog: pytest.LogCaptureFixture
) -> None:
    class Infinite(ActivityMetrics):
        metrics = (metric("infinite.number"),)

        def measure(self, given: ActivityInput) -> Iterable[Measurement]:
            yield Measurement(key="infinite.number", value=1, thresholds={"ftp": float("nan")})

    with_calculators(training, Failing(), Infinite())
    titles(training, 1)
    training.work_off()
    assert training.ask("SELECT key, value, reason FROM measurements ORDER BY key") == [
        ("failing.number", None, "calculator_failed"),
        ("fake.load", 60.0, None),
        ("infinite.number", None, "calculator_failed"),
    ]
    assert "some_plugin: ZeroDivisionError: by design" in caplog.text
    assert training.stale().recordings == (), "it is not tried again until something changes"


def test_an_activity_that_ends_its_process_is_parked_and_the_rest_goes_on(training: Training) -> None:
    """The first attempt takes a whole batch along; after that, each suspect is tried alone."""
    training.work_off()
    titles(training, 2, 4, 6, 8)
    killers = {"4", "6"}

    class Killed(BaseException):
        """As if the process had ended: nothing is settled."""

    def fault(method: str, subject: str) -> None:
        if method == "translate" and subject in killers:
            raise Killed(subject)

    training.service.fault = fault
    deaths: list[str] = []
    for _ in range(20):
        try:
            training.sync() if not deaths else training.work_off()
        except Killed as killed:
            deaths.append(str(killed))
            with training.transaction() as tx:
                tx.exec_driver_sql(
                    "UPDATE work SET lease_until = now() - interval '1 s' WHERE lease_until > now()"
                )
        else:
            break
    assert len(deaths) == 1 + 2 * (MAX_ATTEMPTS - 1), "the batch, and then each alone"
    assert set(training.written()) == {"2", "8"}
    assert training.ask("SELECT count(*) FROM work WHERE state = 'parked'") == [(0,)], (
        "only the activities are"
    )
    problems = training.ask("SELECT problem FROM recordings WHERE problem IS NOT NULL")
    assert problems == [("measuring it ended the worker, or failed, 3 times in a row",)] * 2

    killers.clear()
    for session in training.service.sessions:
        session.minutes = 30
    training.sync()
    assert set(training.written()) == {"2", "4", "6", "8"}, "new bytes, another try"
    assert training.ask("SELECT DISTINCT attempts, problem FROM recordings") == [(0, None)]


def test_a_history_is_measured_in_batches_newest_first(training: Training) -> None:
    for number in range(2 * BATCH + 10):
        training.service.add(1 + number / 4, NOW, title=str(number), has_streams=False)
    translated: list[str] = []
    training.service.fault = lambda method, title: translated.append(title) if method == "translate" else None
    training.work_off()
    assert translated == [str(number) for number in range(2 * BATCH + 10)]
    assert training.ask("SELECT fence FROM work WHERE kind = 'measure'") == [(3,)], "claimed for each batch"
    assert len(training.series()) == 29


def test_an_athlete_without_activities_has_no_days(training: Training) -> None:
    training.owe_measuring()
    training.work_off()
    assert training.series() == {}
    assert training.ask("SELECT state FROM work WHERE kind = 'measure'") == [("owed",)], "for midnight"


def test_documents_that_arrive_before_their_batch_is_measured_are_measured_with_it(
    training: Training,
) -> None:
    titles(training, 1)
    training.work_off()
    with_calculators(training)
    training.set_thresholds(DatedThreshold("weight_kg", 70, NOW.date() - timedelta(days=9)))
    with training.transaction() as tx:
        batch = measuring.choose(
            tx, training.athlete_id, training.runtime.plan, training.runtime.registry.providers
        )
    session = training.service.sessions[0]
    session.minutes = 10
    with training.transaction() as tx:
        recordings.receive(tx, training.athlete_id, training.connection_id, "fake", _raw(training), now=NOW)
    with training.transaction() as tx:
        measuring.measure_batch(
            tx, training.athlete_id, batch, training.runtime.plan, training.runtime.registry.providers
        )
    assert training.stale().recordings == ()
    assert training.ask("SELECT value FROM measurements WHERE key = 'fake.load'") == [(10.0,)]


def test_activities_can_be_made_again_from_what_was_received(training: Training) -> None:
    titles(training, 1, 2)
    training.service.add(3, NOW, title="3")
    training.work_off()
    numbers = "SELECT a.title, m.key, m.value FROM measurements m JOIN activities a ON a.id = m.activity_id ORDER BY 1"
    before, series = training.ask(numbers), training.series()
    asked = len(training.service.calls)
    with training.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM activities")
        tx.exec_driver_sql("DELETE FROM days")
    training.owe_measuring()
    training.work_off()
    assert training.ask(numbers) == before
    assert training.series() == series
    assert len(training.service.calls) == asked, "without a single request"


@pytest.mark.slow
def test_listing_and_measuring_the_same_activities_do_not_wait_in_a_circle(training: Training) -> None:
    """A page comes oldest first, a batch is measured newest first."""
    titles(training, *range(1, 41))
    training.work_off()
    with training.transaction() as tx:
        connection = connections.find(tx, training.connection_id)
        (window,) = [
            one for one in listings.of_connection(tx, training.connection_id) if one.purpose == "recent"
        ]
    assert connection is not None
    page_of = FakeProvider(training.service).page_of
    errors: list[Exception] = []
    ended = threading.Event()

    def list_again() -> None:
        minutes = 0
        while not ended.is_set():
            minutes += 1
            for session in training.service.sessions:
                session.minutes = 60 + minutes % 7
            try:
                with training.transaction() as tx:
                    page = page_of(reversed(training.service.sessions))
                    listing.store_page(
                        tx,
                        connection,
                        window,
                        page,
                        training.runtime.horizon,
                        asks=planning.Asks(looks_up=False, requests_a_day=None),
                        asked_at=NOW,
                        priority="low",
                        now=NOW,
                    )
            except Exception as error:  # noqa: BLE001 - shown below
                errors.append(error)

    thread = threading.Thread(target=list_again)
    thread.start()
    try:
        for _ in range(25):
            with training.transaction() as tx:
                batch = measuring.choose(
                    tx, training.athlete_id, training.runtime.plan, training.runtime.registry.providers
                )
            with training.transaction() as tx:
                measuring.measure_batch(
                    tx, training.athlete_id, batch, training.runtime.plan, training.runtime.registry.providers
                )
    finally:
        ended.set()
        thread.join()
    assert errors == []


def _raw(training: Training) -> RawActivity:
    (raw,) = FakeProvider(training.service).page_of(training.service.sessions).activities
    return raw


def test_a_batch_ends_where_its_columns_fill_the_memory(
    training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "ENOUGH_BYTES", 0)
    for days_ago in (1, 2, 3):
        training.service.add(days_ago, NOW, title=str(days_ago))
    training.work_off()
    assert set(training.written()) == {"1", "2", "3"}
    assert training.stale().recordings == ()
