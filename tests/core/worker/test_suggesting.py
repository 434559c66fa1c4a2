"""Suggestions: found after measuring, asked of providers seldom, and never applied by themselves."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import NOW, StoppedClock
from tests.fakes.provider import FakeProvider, FakeService
from tests.fakes.registry import registry_of
from training_analyzer.processing import detecting
from training_analyzer.registry.registry import Registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import (
    Account,
    BadData,
    Confidence,
    DetectionInput,
    MissingScope,
    RawDocument,
    Sport,
    SupportsProfile,
    ThresholdDetector,
    ThresholdSuggestion,
)
from training_analyzer.storage import connections, suggestions, thresholds
from training_analyzer.storage.suggestions import Made, StoredSuggestion
from training_analyzer.storage.thresholds import DatedThreshold


def suggested(watts: float, **more: object) -> ThresholdSuggestion:
    return ThresholdSuggestion.model_validate(
        {
            "values": {"functional_threshold_power_w": watts},
            "sport": Sport.RIDE,
            "valid_from": NOW.date(),
            "method": "minutes",
            "confidence": Confidence.LOW,
            "explanation": "From your loads.",
            **more,
        }
    )


class Finder(ThresholdDetector):
    """Takes the highest load for a threshold."""

    name = "finder"
    needs = frozenset({"fake.load"})
    days = 30

    def __init__(self) -> None:
        self.seen: list[DetectionInput] = []
        self.fails = False

    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        self.seen.append(given)
        if self.fails:
            raise ZeroDivisionError("by design")
        loads = [float(str(one.measurements["fake.load"].value)) for one in given.activities]
        if loads:
            yield suggested(max(loads))


class Farther(Finder):
    """Looks back a year, and at how high the heart beat, too."""

    name = "farther"
    beside = frozenset({"fake.beat"})
    days = 365


class Knowing(FakeProvider, SupportsProfile):
    """Knows a threshold of its athlete."""

    said = b"250"
    keeps_to_itself = False

    def fetch_profile(self, account: Account) -> tuple[RawDocument, ...]:
        if self.keeps_to_itself:
            raise MissingScope("the profile is not shared", scopes={"profile"})
        self.service.answer(account.http, "profile", account.grant.account_id)
        return (RawDocument(kind="profile", media_type="text/plain", body=self.said),)

    def read_profile(
        self, documents: Sequence[RawDocument], *, received_on: date
    ) -> Iterable[ThresholdSuggestion]:
        try:
            watts = float(documents[0].body)
        except ValueError as error:
            raise BadData("no number") from error
        yield suggested(watts, method="profile_ftp", valid_from=received_on)


@pytest.fixture
def finder() -> Finder:
    return Finder()


@pytest.fixture
def provider(service: FakeService) -> Knowing:
    return Knowing(service)


@pytest.fixture
def registry(provider: Knowing, finder: Finder) -> Registry:
    return registry_of(provider, detectors=[("fake", finder)])


@pytest.fixture
def found(runtime: Runtime, athlete_id: UUID) -> Callable[[str], list[StoredSuggestion]]:
    def of_method(method: str) -> list[StoredSuggestion]:
        with runtime.database.transaction(athlete_id) as tx:
            return [one for one in suggestions.of_athlete(tx, athlete_id) if one.suggestion.method == method]

    return of_method


Found = Callable[[str], list[StoredSuggestion]]


def watts(found: list[StoredSuggestion]) -> list[object]:
    return [one.suggestion.values["functional_threshold_power_w"] for one in found if one.status == "open"]


def train(
    service: FakeService, work_off: Callable[[], int], clock: StoppedClock, *minutes: int, first: int = 1
) -> None:
    for number, long in enumerate(minutes, first):
        service.add(number, NOW, minutes=long)
    work_off()
    clock.advance(seconds=6)  # until things have settled
    work_off()


def test_what_training_shows_is_suggested_and_not_applied(
    runtime: Runtime,
    athlete_id: UUID,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    finder: Finder,
    found: Found,
) -> None:
    service.add(40, NOW, minutes=600)  # longer ago than it looks back
    connect()
    train(service, work_off, clock, 60, 90)
    assert watts(found("minutes")) == [90]
    given = finder.seen[-1]
    assert [(one.day, one.sport, one.moving_s) for one in given.activities] == [
        (NOW.date() - timedelta(days=2), Sport.RIDE, 5400),
        (NOW.date() - timedelta(days=1), Sport.RIDE, 3600),
    ]
    assert found("minutes")[0].providers == ("fake",), "of whose recordings it was found"
    with runtime.database.transaction(athlete_id) as tx:
        assert thresholds.of_athlete(tx, athlete_id) == []


def test_a_suggestion_rests_on_those_whose_recordings_its_own_detector_saw(
    runtime: Runtime,
    athlete_id: UUID,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    finder: Finder,
) -> None:
    """What another finder saw, and what has none of the numbers that it needs, is not behind it."""
    connect()
    train(service, work_off, clock, 60, 90, 80)
    farther = Farther()
    with runtime.database.transaction(athlete_id) as tx:
        ids = tx.execute(text("SELECT id FROM activities ORDER BY started_at")).scalars().all()
        for activity_id, source, days_ago in zip(ids, ("own", "walked", "old"), (1, 2, 100), strict=True):
            tx.execute(
                text("UPDATE activities SET sources = ARRAY[:source], local_date = :day WHERE id = :id"),
                {"id": activity_id, "source": source, "day": NOW.date() - timedelta(days=days_ago)},
            )
        tx.execute(
            text("""
                UPDATE measurements m SET key = 'fake.beat' FROM activities a
                WHERE a.id = m.activity_id AND a.sources = '{walked}'
            """)
        )
        tx.execute(
            text("""
                INSERT INTO measurements (athlete_id, activity_id, key, value, version)
                SELECT athlete_id, id, 'fake.beat', 150, 1 FROM activities WHERE sources = '{old}'
            """)
        )
        detectors = [("fake", finder), ("fake", farther)]
        found = detecting.detect(tx, athlete_id, detectors, today=NOW.date())
    assert [one.providers for one in found.suggestions] == [{"own"}, {"own", "old"}]
    assert len(finder.seen[-1].activities) == 1, "what is not given to it cannot be behind it"
    seen = [set(one.measurements) for one in farther.seen[-1].activities]
    assert seen == [{"fake.load"}, {"fake.load", "fake.beat"}]


@pytest.mark.parametrize(
    ("holds", "dismissed", "news"),
    [(90.5, None, []), (80.0, None, [90]), (None, 88.0, []), (None, 80.0, [90])],
)
def test_only_news_is_suggested(
    runtime: Runtime,
    athlete_id: UUID,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    found: Found,
    holds: float | None,
    dismissed: float | None,
    news: list[object],
) -> None:
    with runtime.database.transaction(athlete_id) as tx:
        if holds is not None:
            own = DatedThreshold("functional_threshold_power_w", holds, NOW.date(), Sport.RIDE)
            thresholds.store(tx, athlete_id, [own])
        if dismissed is not None:
            suggestions.replace_open(
                tx,
                athlete_id,
                [Made("fake", suggested(dismissed), frozenset({"fake"}))],
                origin="training",
                of_sources=["fake"],
                now=NOW,
            )
            (one,) = suggestions.of_athlete(tx, athlete_id)
            suggestions.decide(tx, one.id, "dismissed", now=NOW)
    connect()
    train(service, work_off, clock, 90)
    assert watts(found("minutes")) == news


def test_a_detector_that_fails_takes_nothing_back(
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    finder: Finder,
    found: Found,
    runtime: Runtime,
    athlete_id: UUID,
    caplog: pytest.LogCaptureFixture,
) -> None:
    connect()
    train(service, work_off, clock, 60)
    before = found("minutes")
    finder.fails = True
    with runtime.database.transaction(athlete_id) as tx:
        tx.execute(text("UPDATE work SET state = 'owed', not_before = '-infinity' WHERE kind = 'detect'"))
    work_off()
    assert found("minutes") == before
    assert "the plugin fake failed to look for thresholds (finder)" in caplog.text


def test_a_provider_is_asked_once_a_month_and_not_for_connecting_again(
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    found: Found,
) -> None:
    connect()
    work_off()
    assert service.asked("profile") == ["account-1"]
    assert watts(found("profile_ftp")) == [250]
    clock.advance(days=10)
    connect()
    work_off()
    clock.advance(days=19)
    work_off()
    assert len(service.asked("profile")) == 1
    clock.advance(days=1.1)
    work_off()
    assert len(service.asked("profile")) == 2


def test_what_training_shows_leaves_alone_what_the_provider_said(
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    clock: StoppedClock,
    found: Found,
) -> None:
    """Here the detector's plugin is the provider's too: both speak in one name."""
    connect()
    train(service, work_off, clock, 60)
    assert (watts(found("profile_ftp")), watts(found("minutes"))) == ([250], [60])


@pytest.mark.parametrize("said", [b"much", b"9999"])
def test_a_profile_that_makes_no_sense_is_kept_and_suggests_nothing(
    provider: Knowing,
    service: FakeService,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
    runtime: Runtime,
    athlete_id: UUID,
    found: Found,
    said: bytes,
) -> None:
    provider.said = said
    connection_id = connect()
    work_off()
    assert found("profile_ftp") == []
    with runtime.database.transaction(athlete_id) as tx:
        from training_analyzer.storage import profiles

        assert [one.body for one in profiles.documents(tx, connection_id)] == [said]


def test_a_profile_that_is_not_shared_does_not_cost_the_connection(
    runtime: Runtime,
    athlete_id: UUID,
    provider: Knowing,
    found: Found,
    connect: Callable[[], UUID],
    work_off: Callable[[], int],
) -> None:
    provider.keeps_to_itself = True
    connection_id = connect()
    work_off()
    with runtime.database.transaction(athlete_id) as tx:
        connection = connections.find(tx, connection_id)
        assert connection is not None
        assert connection.status == connections.ACTIVE
    assert found("profile_ftp") == []
