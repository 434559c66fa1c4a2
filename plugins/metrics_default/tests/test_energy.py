"""Calories: which measure comes first, and Keytel's equations."""

from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.sdk import Athlete, Measurement, Sex, Sport, Summary, Thresholds

Measure = Callable[..., dict[str, Measurement]]
HOUR = 3600
HEART = np.full(HOUR, 140.0)


def athlete(sex: Sex | None, weight_kg: float | None = 60) -> Athlete:
    return Athlete(sex=sex, birth_year=1996, thresholds=Thresholds(weight_kg=weight_kg))


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


@pytest.mark.parametrize(
    ("sex", "kj_per_min"),
    [
        (Sex.MALE, -55.0969 + 0.6309 * 140 + 0.1988 * 60 + 0.2017 * 30),
        (Sex.FEMALE, -20.4022 + 0.4472 * 140 - 0.1263 * 60 + 0.074 * 30),
    ],
)
def test_keytel_by_sex(measure: Measure, sex: Sex, kj_per_min: float) -> None:
    made = measure(heart_rate=HEART, athlete=athlete(sex))["calories"]
    assert value(made) == pytest.approx(60 * kj_per_min / 4.184)
    assert (made.method, made.estimated) == ("heart_rate", True)


def test_a_heart_at_rest_burns_nothing_negative(measure: Measure) -> None:
    heart_rate = np.concatenate((np.full(HOUR, 140.0), np.full(HOUR, 40.0)))
    alone = value(measure(heart_rate=HEART, athlete=athlete(Sex.MALE))["calories"])
    assert value(measure(heart_rate=heart_rate, athlete=athlete(Sex.MALE))["calories"]) == pytest.approx(
        alone
    )


@pytest.mark.parametrize(
    ("parts", "method", "kcal"),
    [
        ({"power": np.full(HOUR, 200), "heart_rate": HEART, "summary": Summary(calories_kcal=650)}, "device", 650),
        ({"power": np.full(HOUR, 200), "heart_rate": HEART}, "power", 720),
        ({"power": np.full(HOUR, 200), "heart_rate": HEART, "sport": Sport.RUN}, "heart_rate", None),
        ({"moving_s": HOUR}, "met", 7.5 * 60),
        ({"moving_s": HOUR, "sport": Sport.WALK}, "met", 3.5 * 60),
    ],
)  # fmt: skip
def test_the_best_measure_comes_first(
    measure: Measure, parts: dict[str, object], method: str, kcal: float | None
) -> None:
    made = measure(**parts, athlete=athlete(Sex.FEMALE))["calories"]
    assert made.method == method
    assert kcal is None or value(made) == pytest.approx(kcal)


def test_without_a_weight_there_is_nothing_to_go_by(measure: Measure) -> None:
    assert measure(heart_rate=HEART, athlete=athlete(Sex.MALE, None))["calories"].reason == "no_weight"
    assert measure(moving_s=0, athlete=athlete(Sex.MALE))["calories"].reason == "no_duration"
