"""Other impulses: Edwards, Lucia, the average's, and how it felt."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.sdk import Athlete, Measurement, Sex, Sport, Summary, Thresholds

Measure = Callable[..., dict[str, Measurement]]
WOMAN = Athlete(sex=Sex.FEMALE, thresholds=Thresholds(max_heart_rate_bpm=200, resting_heart_rate_bpm=50))


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def test_edwards_weighs_five_zones_and_nothing_below(measure: Measure) -> None:
    heart_rate = np.repeat([90.0, 100, 120, 140, 160, 180], 600)
    made = measure(heart_rate=heart_rate, athlete=WOMAN)
    assert value(made["edwards_trimp"]) == pytest.approx(10 * (1 + 2 + 3 + 4 + 5))


def test_lucia_needs_two_thresholds_and_takes_no_others_for_them(measure: Measure) -> None:
    heart_rate = np.repeat([120.0, 150, 170], 600)
    two = Athlete(thresholds=Thresholds(heart_rate_zones_bpm=(140, 165)))
    assert value(measure(heart_rate=heart_rate, athlete=two)["lucia_trimp"]) == pytest.approx(60)
    five = Athlete(
        thresholds=Thresholds(heart_rate_zones_bpm=(110, 130, 150, 170), threshold_heart_rate_bpm=165)
    )
    assert measure(heart_rate=heart_rate, athlete=five)["lucia_trimp"].reason == "no_two_thresholds"


def test_the_average_is_named_as_such_and_lower_where_the_effort_was_uneven(measure: Measure) -> None:
    made = measure(heart_rate=np.repeat([100.0, 180.0], 1800), athlete=WOMAN)
    share = 90 / 150
    assert value(made["trimp_from_average"]) == pytest.approx(60 * share * 0.86 * math.exp(1.67 * share))
    assert made["trimp_from_average"].method == "average_heart_rate"
    assert value(made["trimp_from_average"]) < 0.95 * value(made["trimp"])


def test_how_it_felt_times_how_long_it_took(measure: Measure) -> None:
    made = measure(moving_s=3600, summary=Summary(perceived_exertion=7), sport=Sport.STRENGTH)
    assert value(made["session_rpe"]) == 420
    assert made["load"].method == "rpe"
    assert value(made["load"]) == pytest.approx(100)
    assert made["load"].estimated


@pytest.mark.parametrize("felt", [None, 0, 11, 20])
def test_a_feeling_on_no_scale_of_ten_is_none(measure: Measure, felt: float | None) -> None:
    made = measure(moving_s=3600, summary=Summary(perceived_exertion=felt))
    assert made["session_rpe"].reason == made["load_rpe"].reason == "no_perceived_exertion"


@pytest.mark.parametrize(
    ("athlete", "reason"),
    [(Athlete(), "no_max_heart_rate"), (Athlete(thresholds=WOMAN.thresholds), "no_sex")],
)
def test_what_is_not_known_is_named(measure: Measure, athlete: Athlete, reason: str) -> None:
    assert measure(heart_rate=np.full(60, 150.0), athlete=athlete)["trimp_from_average"].reason == reason


def test_sums_need_the_whole_session(measure: Measure) -> None:
    heart_rate = np.full(3600, 150.0)
    heart_rate[:1000] = np.nan
    made = measure(heart_rate=heart_rate, athlete=WOMAN)
    assert {made[name].reason for name in ("edwards_trimp", "lucia_trimp", "trimp_from_average")} == {
        "low_coverage"
    }


def test_lucia_takes_the_two_ventilatory_thresholds_before_any_zones(measure: Measure) -> None:
    known = Thresholds(
        first_ventilatory_threshold_bpm=140,
        second_ventilatory_threshold_bpm=170,
        heart_rate_zones_bpm=(120, 150),
    )
    heart_rate = np.repeat([139.0, 140.0, 170.0], 600)
    made = measure(heart_rate=heart_rate, athlete=Athlete(thresholds=known))
    assert value(made["lucia_trimp"]) == pytest.approx(10 * (1 + 2 + 3))
    assert made["lucia_trimp"].method == "ventilatory_thresholds"
    assert made["lucia_trimp"].thresholds == {
        "first_ventilatory_threshold_bpm": 140,
        "second_ventilatory_threshold_bpm": 170,
    }
    assert value(made["moderate_intensity_time"]) == 600
    assert made["low_intensity_time"].method == "heart_rate_ventilatory_thresholds"


def test_ventilatory_thresholds_in_the_wrong_order_are_named(measure: Measure) -> None:
    known = Thresholds(first_ventilatory_threshold_bpm=170, second_ventilatory_threshold_bpm=140)
    made = measure(heart_rate=np.full(600, 150.0), athlete=Athlete(thresholds=known))
    assert made["lucia_trimp"].reason == "thresholds_out_of_order"
    assert measure(heart_rate=np.full(600, 150.0), athlete=Athlete())["lucia_trimp"].reason == (
        "no_two_thresholds"
    )
