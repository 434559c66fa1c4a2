"""What may be said of an athlete's body."""

from datetime import date

import pytest
from pydantic import ValidationError

from training_analyzer.domain.athlete import Thresholds, ThresholdSuggestion
from training_analyzer.domain.insight import Confidence


def suggestion(**values: object) -> ThresholdSuggestion:
    return ThresholdSuggestion(
        values=values,
        valid_from=date(2026, 6, 1),
        method="work_time_linear",
        confidence=Confidence.MEDIUM,
        explanation="From your best efforts.",
    )


@pytest.mark.parametrize("zones", [(), (150, 120), (120, 120), (0, 120), tuple(range(1, 22))])
def test_zones_begin_one_above_the_other(zones: tuple[float, ...]) -> None:
    for name in ("heart_rate_zones_bpm", "power_zones_w", "pace_zones_mps"):
        with pytest.raises(ValidationError):
            Thresholds.model_validate({name: zones})


def test_a_suggestion_holds_thresholds_that_belong_together() -> None:
    made = suggestion(critical_power_w=251.0, anaerobic_capacity_j=18_500.0)
    assert ThresholdSuggestion.model_validate_json(made.model_dump_json()) == made
    assert suggestion(power_zones_w=(150.0, 200.0)).values == {"power_zones_w": (150.0, 200.0)}


@pytest.mark.parametrize("values", [{}, {"critical_power": 251.0}, {"critical_power_w": -1.0}])
def test_a_suggestion_of_something_else_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        suggestion(**values)
