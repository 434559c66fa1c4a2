"""The contract that detectors of thresholds keep."""

from collections.abc import Mapping
from datetime import date

import pytest

from training_analyzer.sdk import DetectionInput, ThresholdDetector, ThresholdSuggestion

TODAY = date(2026, 6, 15)


class DetectorContract:
    """
    The contract of `ThresholdDetector`. Give the fixtures `detector` and `inputs`.

    `inputs`: what it finds something in, by a name for each. What holds nothing is added.
    """

    @pytest.fixture
    def detector(self) -> ThresholdDetector:
        raise NotImplementedError("give a fixture `detector` that returns your ThresholdDetector")

    @pytest.fixture
    def inputs(self) -> Mapping[str, DetectionInput]:
        raise NotImplementedError("give a fixture `inputs` with a DetectionInput in which there is something")

    def test_names_itself_and_its_needs(self, detector: ThresholdDetector) -> None:
        assert detector.name.isidentifier(), "`name` is lower-case letters, digits and underscores"
        assert detector.name.lower() == detector.name, "`name` is lower case"
        assert isinstance(detector.needs, frozenset), "`needs` is a frozenset of metric keys"
        assert detector.needs, "`needs` names at least one metric"
        assert isinstance(detector.beside, frozenset), "`beside` is a frozenset of metric keys"
        assert detector.days >= 1, "`days` is at least one"

    def test_finds_nothing_in_nothing(
        self, detector: ThresholdDetector, inputs: Mapping[str, DetectionInput]
    ) -> None:
        assert list(detector.detect(DetectionInput(TODAY, (), {}))) == []
        for name, given in inputs.items():
            bare = tuple(type(one)(one.id, one.sport, one.day, one.moving_s, {}) for one in given.activities)
            found = list(detector.detect(DetectionInput(given.today, bare, given.athletes)))
            assert found == [], f"{name}: it finds something where nothing was measured"

    def test_finds_something(self, detector: ThresholdDetector, inputs: Mapping[str, DetectionInput]) -> None:
        for name, given in inputs.items():
            found = list(detector.detect(given))
            assert found, f"{name}: nothing is found"
            assert all(isinstance(one, ThresholdSuggestion) for one in found), (
                f"{name}: yield ThresholdSuggestion objects"
            )

    def test_suggests_once_for_a_sport_and_a_method(
        self, detector: ThresholdDetector, inputs: Mapping[str, DetectionInput]
    ) -> None:
        for name, given in inputs.items():
            places = [(one.sport, one.method) for one in detector.detect(given)]
            assert len(places) == len(set(places)), f"{name}: two for one sport and method: {places}"

    def test_explains_itself(self, detector: ThresholdDetector, inputs: Mapping[str, DetectionInput]) -> None:
        for name, given in inputs.items():
            for one in detector.detect(given):
                assert one.explanation.endswith("."), f"{name}: the explanation is a sentence"
                assert one.valid_from <= given.today, f"{name}: it holds from a day to come on"

    def test_is_repeatable(self, detector: ThresholdDetector, inputs: Mapping[str, DetectionInput]) -> None:
        first = {name: list(detector.detect(given)) for name, given in inputs.items()}
        for name in reversed(list(inputs)):
            assert list(detector.detect(inputs[name])) == first[name], f"{name}: another result later"
