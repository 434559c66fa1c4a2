"""Detectors, one good and many bad. `fails` names the test that has to find the fault."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import count
from uuid import UUID

import pytest

from training_analyzer.sdk import (
    Athlete,
    Confidence,
    DetectionInput,
    MeasuredActivity,
    Measurement,
    Sport,
    ThresholdDetector,
    ThresholdSuggestion,
)
from training_analyzer.sdk.testing import DetectorContract

NEED = "other.best_hour"
ticks = count()


def suggested(watts: float, day: date, **more: object) -> ThresholdSuggestion:
    return ThresholdSuggestion.model_validate(
        {
            "values": {"functional_threshold_power_w": watts},
            "sport": Sport.RIDE,
            "valid_from": day,
            "method": "best_hour",
            "confidence": Confidence.HIGH,
            "explanation": "Your best hour.",
            **more,
        }
    )


class BestHour(ThresholdDetector):
    name = "best_hour"
    needs = frozenset({NEED})

    def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
        hours = [
            float(str(one.measurements[NEED].value)) for one in given.activities if NEED in one.measurements
        ]
        if hours:
            yield from self.suggest(max(hours), given.today)

    def suggest(self, watts: float, today: date) -> Iterable[ThresholdSuggestion]:
        yield suggested(watts, today)


class Contract(DetectorContract):
    made: type[ThresholdDetector] = BestHour

    @pytest.fixture
    def detector(self) -> ThresholdDetector:
        return self.made()

    @pytest.fixture
    def inputs(self) -> Mapping[str, DetectionInput]:
        measured = {NEED: Measurement(key=NEED, value=250.0)}
        activity = MeasuredActivity(UUID(int=1), Sport.RIDE, date(2026, 6, 1), 3600, measured)
        return {"a ride": DetectionInput(date(2026, 6, 2), (activity,), {Sport.RIDE: Athlete()})}


class TestGood(Contract):
    pass


class TestNameless(Contract):
    fails = "test_names_itself_and_its_needs"

    class made(BestHour):  # noqa: N801
        name = "Best Hour"


class TestInventive(Contract):
    fails = "test_finds_nothing_in_nothing"

    class made(BestHour):  # noqa: N801
        def detect(self, given: DetectionInput) -> Iterable[ThresholdSuggestion]:
            yield suggested(200, given.today)


class TestBlind(Contract):
    fails = "test_finds_something"

    class made(BestHour):  # noqa: N801
        def suggest(self, watts: float, today: date) -> Iterable[ThresholdSuggestion]:
            return ()


class TestTwice(Contract):
    fails = "test_suggests_once_for_a_sport_and_a_method"

    class made(BestHour):  # noqa: N801
        def suggest(self, watts: float, today: date) -> Iterable[ThresholdSuggestion]:
            yield suggested(watts, today)
            yield suggested(watts + 1, today)


class TestProphetic(Contract):
    fails = "test_explains_itself"

    class made(BestHour):  # noqa: N801
        def suggest(self, watts: float, today: date) -> Iterable[ThresholdSuggestion]:
            yield suggested(watts, today + timedelta(days=1))


class TestFickle(Contract):
    fails = "test_is_repeatable"

    class made(BestHour):  # noqa: N801
        def suggest(self, watts: float, today: date) -> Iterable[ThresholdSuggestion]:
            yield suggested(watts + next(ticks), today)
