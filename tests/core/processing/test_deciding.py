"""What becomes of suggestions that the athlete decided on: they hold from now on, and do not come back."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.conftest import NOW
from training_analyzer.processing import detecting, profile
from training_analyzer.processing.detecting import Found
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Confidence, Sport, ThresholdSuggestion
from training_analyzer.storage import suggestions, thresholds
from training_analyzer.storage.suggestions import Made, Origin
from training_analyzer.storage.thresholds import DatedThreshold

FTP = "functional_threshold_power_w"
TODAY = NOW.date()


def day(days_ago: int) -> date:
    return TODAY - timedelta(days=days_ago)


class Athlete:
    """What tests find out, decide and set for an athlete."""

    def __init__(self, runtime: Runtime, athlete_id: UUID) -> None:
        self.runtime, self.id = runtime, athlete_id

    def set_value(self, watts: float, days_ago: int, sport: Sport | None = Sport.RIDE) -> None:
        with self.runtime.database.transaction(self.id) as tx:
            profile.store(tx, self.id, [DatedThreshold(FTP, watts, day(days_ago), sport)])

    def find(
        self, values: Mapping[str, float], days_ago: int = 60, later: int = 0, origin: Origin = "training"
    ) -> list[UUID]:
        """Suggest these values from a day on, `later` days from now; return what is open then."""
        made = ThresholdSuggestion(
            values=dict(values),
            sport=Sport.RIDE,
            valid_from=day(days_ago),
            method="best",
            confidence=Confidence.LOW,
            explanation="From your best effort.",
        )
        found = Found((Made("fake", made, frozenset()),), frozenset({"fake"}), origin)
        now = NOW + timedelta(days=later)
        with self.runtime.database.transaction(self.id) as tx:
            detecting.suggest(tx, self.id, found, today=now.date(), now=now)
            return [one.id for one in suggestions.of_athlete(tx, self.id, status="open")]

    def accept(self, suggestion: UUID, days_ago: int | None = None, later: int = 0) -> None:
        with self.runtime.database.transaction(self.id) as tx:
            valid_from = None if days_ago is None else day(days_ago)
            profile.accept(tx, self.id, suggestion, valid_from=valid_from, now=NOW + timedelta(days=later))

    def dismiss(self, suggestion: UUID) -> None:
        with self.runtime.database.transaction(self.id) as tx:
            profile.dismiss(tx, suggestion, now=NOW)

    def values(self) -> list[tuple[object, int]]:
        """Return each stored value, and of how many days ago it is."""
        with self.runtime.database.transaction(self.id) as tx:
            stored = thresholds.of_athlete(tx, self.id)
        return [(one.value, (TODAY - one.valid_from).days) for one in stored]


@pytest.fixture
def athlete(runtime: Runtime, athlete_id: UUID) -> Athlete:
    return Athlete(runtime, athlete_id)


def test_what_is_accepted_takes_the_place_of_the_value_that_holds(athlete: Athlete) -> None:
    athlete.set_value(250, 100)
    athlete.set_value(260, 10)
    (found,) = athlete.find({FTP: 270}, days_ago=60)
    athlete.accept(found)
    assert athlete.values() == [(250, 100), (270, 10)]
    assert athlete.find({FTP: 270}, days_ago=60) == []


@pytest.mark.parametrize(("days_ago", "sport"), [(70, Sport.RIDE), (10, None), (-5, Sport.RIDE)])
def test_what_holds_no_longer_than_the_suggestion_s_day_or_elsewhere_stays(
    athlete: Athlete, days_ago: int, sport: Sport | None
) -> None:
    """An older value, one for all sports, and one of a day to come."""
    athlete.set_value(260, days_ago, sport)
    (found,) = athlete.find({FTP: 270}, days_ago=60)
    athlete.accept(found)
    assert sorted(athlete.values(), key=str) == sorted([(260, days_ago), (270, 60)], key=str)


def test_values_that_belong_together_hold_from_one_day_on(athlete: Athlete) -> None:
    pair = {"critical_power_w": 250.0, "anaerobic_capacity_j": 20_000.0}
    with athlete.runtime.database.transaction(athlete.id) as tx:
        own = DatedThreshold("critical_power_w", 240.0, day(10), Sport.RIDE)
        thresholds.store(tx, athlete.id, [own])
    (found,) = athlete.find(pair)
    athlete.accept(found)
    assert athlete.values() == [(20_000, 10), (250, 10)]


def test_what_was_accepted_comes_back_only_with_newer_training(athlete: Athlete) -> None:
    athlete.set_value(260, 10)
    (found,) = athlete.find({FTP: 270}, days_ago=60)
    athlete.accept(found, days_ago=60)  # the athlete wants it so: 260 holds today
    assert athlete.values() == [(270, 60), (260, 10)]
    assert athlete.find({FTP: 270}, days_ago=60) == []
    assert athlete.find({FTP: 271}, days_ago=20, later=30) == [], "of before the decision"
    assert len(athlete.find({FTP: 280}, days_ago=60)) == 1
    assert len(athlete.find({FTP: 270}, days_ago=-20, later=30)) == 1


def test_what_a_provider_goes_on_saying_was_decided_with_its_first_word(athlete: Athlete) -> None:
    (found,) = athlete.find({FTP: 270}, days_ago=0, origin="provider")
    athlete.accept(found)
    athlete.set_value(250, -10)
    assert athlete.find({FTP: 270}, days_ago=-30, later=30, origin="provider") == []
    (other,) = athlete.find({FTP: 290}, days_ago=-30, later=30, origin="provider")
    athlete.accept(other, later=30)
    assert len(athlete.find({FTP: 270}, days_ago=-60, later=60, origin="provider")) == 1


@pytest.mark.parametrize("decided", ["accepted", "dismissed"])
@pytest.mark.parametrize(
    ("critical_w", "capacity_j", "news"),
    [(250, 20_700, False), (250, 18_200, False), (250, 23_000, True), (260, 20_000, True)],
)
def test_a_capacity_that_wobbles_makes_no_news(
    athlete: Athlete, decided: str, critical_w: float, capacity_j: float, news: bool
) -> None:
    (found,) = athlete.find({"critical_power_w": 250.0, "anaerobic_capacity_j": 20_000.0})
    if decided == "accepted":
        athlete.accept(found)
    else:
        athlete.dismiss(found)
    open_now = athlete.find({"critical_power_w": critical_w, "anaerobic_capacity_j": capacity_j})
    assert bool(open_now) is news
