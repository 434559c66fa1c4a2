"""Insights are told which thresholds their numbers may rest on: no other one changes any of them."""

from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.analysis.gathering import Meaning
from training_analyzer.sdk import Athlete, Measurement, Sport, Thresholds

Measure = Callable[..., dict[str, Measurement]]
MEANING = Meaning.of_plugin("metrics_default")
KEYS = {*MEANING.of_activities, MEANING.power_curve, MEANING.best_efforts}
OTHERS = {"critical_power_w": 250, "anaerobic_capacity_j": 20_000, "weight_kg": 70}


def test_what_is_known_of_every_threshold() -> None:
    assert MEANING.rests_on | {*OTHERS} == {*Thresholds.model_fields}


@pytest.mark.parametrize("sport", [Sport.RIDE, Sport.RUN, Sport.SWIM, Sport.WALK])
@pytest.mark.parametrize("name", OTHERS)
def test_no_other_threshold_changes_a_number(measure: Measure, man: Athlete, sport: Sport, name: str) -> None:
    def measured(**more: float) -> dict[str, object]:
        known = man.thresholds.model_copy(update=more)
        hour = np.linspace(0, 60, 3600)
        made = measure(
            power=200 + hour,
            heart_rate=130 + hour / 2,
            speed=np.full(3600, 3.0),
            sport=sport,
            athlete=man.model_copy(update={"thresholds": known}),
        )
        return {key: found.value for key, found in made.items() if f"metrics_default.{key}" in KEYS}

    assert measured()["load"]
    assert measured() == measured(**{name: OTHERS[name]})
