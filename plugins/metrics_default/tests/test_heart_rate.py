"""Heart rate: Banister's impulse in closed form, and the assumptions that are named."""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from training_analyzer.sdk import Athlete, Measurement, Sex, Summary, Thresholds

Measure = Callable[..., dict[str, Measurement]]
THRESHOLDS = {"max_heart_rate_bpm": 190, "resting_heart_rate_bpm": 50, "threshold_heart_rate_bpm": 165}


def athlete(sex: Sex | None = Sex.MALE, changed: Mapping[str, float | None] | None = None) -> Athlete:
    return Athlete(sex=sex, thresholds=Thresholds.model_validate({**THRESHOLDS, **(changed or {})}))


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


@pytest.mark.parametrize("sex", [Sex.MALE, Sex.FEMALE, None])
def test_an_hour_at_threshold_heart_rate_is_100(measure: Measure, sex: Sex | None) -> None:
    made = measure(heart_rate=np.full(3600, 165), athlete=athlete(sex))
    assert value(made["heart_rate_training_stress"]) == pytest.approx(100, rel=1e-12)


@pytest.mark.parametrize(("sex", "factor", "exponent"), [(Sex.MALE, 0.64, 1.92), (Sex.FEMALE, 0.86, 1.67)])
def test_the_impulse_has_its_closed_form(measure: Measure, sex: Sex, factor: float, exponent: float) -> None:
    made = measure(heart_rate=np.full(3600, 120), athlete=athlete(sex))
    assert value(made["trimp"]) == pytest.approx(60 * 0.5 * factor * math.exp(exponent * 0.5), rel=1e-12)
    assert made["trimp"].thresholds == {"max_heart_rate_bpm": 190, "resting_heart_rate_bpm": 50}


def test_each_sample_counts_by_itself_and_not_the_average(measure: Measure) -> None:
    uneven = np.repeat([100.0, 180.0], 1800)
    even = np.full(3600, uneven.mean())
    assert value(measure(heart_rate=uneven)["trimp"]) > 1.05 * value(measure(heart_rate=even)["trimp"])


def test_below_rest_counts_nothing_and_above_maximum_no_more_than_maximum(measure: Measure) -> None:
    assert value(measure(heart_rate=np.full(600, 45))["trimp"]) == 0
    at_most = value(measure(heart_rate=np.full(600, 190))["trimp"])
    assert value(measure(heart_rate=np.full(600, 220))["trimp"]) == at_most


def test_average_and_highest_are_weighted_by_time(measure: Measure) -> None:
    made = measure(heart_rate=[100, 160, 160], seconds=[0, 4, 5], moving_s=6)
    assert value(made["average_heart_rate"]) == pytest.approx((4 * 100 + 2 * 160) / 6)
    assert value(made["max_heart_rate"]) == 160


def test_a_heart_rate_of_zero_is_missing(measure: Measure) -> None:
    made = measure(heart_rate=[0, 120, *np.zeros(10), 140], moving_s=2)
    assert value(made["average_heart_rate"]) == 130
    assert measure(heart_rate=np.zeros(60))["average_heart_rate"].reason == "no_heart_rate"


def test_a_pause_earns_no_impulse(measure: Measure) -> None:
    heart_rate = np.random.default_rng(3).uniform(90, 180, 3600)
    paused = np.arange(3600.0)
    paused[1234:] += 1800
    without, with_pause = measure(heart_rate=heart_rate), measure(heart_rate=heart_rate, seconds=paused)
    for name in ("trimp", "heart_rate_training_stress", "average_heart_rate"):
        assert value(with_pause[name]) == pytest.approx(value(without[name]), rel=1e-12)


def test_without_a_threshold_85_percent_of_the_reserve_stands_in_and_is_named(measure: Measure) -> None:
    made = measure(
        heart_rate=np.full(3600, 50 + 0.85 * 140), athlete=athlete(changed={"threshold_heart_rate_bpm": None})
    )["heart_rate_training_stress"]
    assert value(made) == pytest.approx(100, rel=1e-12)
    assert made.method == "heart_rate_default_threshold"
    assert made.estimated
    assert made.thresholds["threshold_heart_rate_bpm"] == pytest.approx(169)


def test_without_the_sex_the_ratio_lies_between_the_two_and_the_impulse_is_absent(measure: Measure) -> None:
    easy = np.full(3600, 130)
    unknown, man, woman = (
        measure(heart_rate=easy, athlete=athlete(sex)) for sex in (None, Sex.MALE, Sex.FEMALE)
    )
    assert unknown["trimp"].reason == "no_sex"
    stress = unknown["heart_rate_training_stress"]
    low, high = (value(made["heart_rate_training_stress"]) for made in (man, woman))
    assert low < value(stress) < high
    assert value(stress) == pytest.approx((low + high) / 2, rel=0.01)
    assert stress.method == "heart_rate_unknown_sex"
    assert stress.estimated


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"max_heart_rate_bpm": None}, "no_max_heart_rate"),
        ({"resting_heart_rate_bpm": None}, "no_resting_heart_rate"),
        ({"resting_heart_rate_bpm": 190}, "thresholds_out_of_order"),
    ],
)
def test_thresholds_that_lack_or_contradict_are_named(
    measure: Measure, changed: dict[str, float | None], reason: str
) -> None:
    made = measure(heart_rate=np.full(60, 120), athlete=athlete(changed=changed))
    assert made["trimp"].reason == made["heart_rate_training_stress"].reason == reason
    assert value(made["average_heart_rate"]) == 120


@pytest.mark.parametrize("threshold_bpm", [45, 50, 195])
def test_a_threshold_outside_the_reserve_makes_no_stress(measure: Measure, threshold_bpm: float) -> None:
    made = measure(
        heart_rate=np.full(60, 120), athlete=athlete(changed={"threshold_heart_rate_bpm": threshold_bpm})
    )
    assert made["heart_rate_training_stress"].reason == "thresholds_out_of_order"
    assert made["trimp"].value is not None


def test_a_summary_stands_in_and_is_marked(measure: Measure) -> None:
    summary = Summary(average_heart_rate_bpm=165, max_heart_rate_bpm=181)
    made = measure(summary=summary, moving_s=3600)
    assert value(made["heart_rate_training_stress"]) == pytest.approx(100)
    assert value(made["average_heart_rate"]) == 165
    assert value(made["max_heart_rate"]) == 181
    for name in ("average_heart_rate", "max_heart_rate", "trimp", "heart_rate_training_stress"):
        assert made[name].estimated
        assert made[name].method == "summary"


def test_a_summary_that_no_heart_beats_is_not_believed(measure: Measure) -> None:
    made = measure(summary=Summary(average_heart_rate_bpm=3, max_heart_rate_bpm=300), moving_s=3600)
    names = ("average_heart_rate", "max_heart_rate", "trimp", "heart_rate_training_stress")
    assert {made[name].reason for name in names} == {"no_heart_rate"}


def test_half_a_recording_gives_way_to_the_summary(measure: Measure) -> None:
    half = np.full(3600, 150.0)
    half[1800:] = np.nan
    assert measure(heart_rate=half)["trimp"].reason == "low_coverage"
    helped = measure(heart_rate=half, summary=Summary(average_heart_rate_bpm=165))
    assert helped["heart_rate_training_stress"].method == "summary"
    assert value(helped["heart_rate_training_stress"]) == pytest.approx(100)
    assert value(helped["average_heart_rate"]) == 150


def test_readings_at_a_long_stop_do_not_stand_in_for_those_on_the_move(measure: Measure) -> None:
    heart_rate = np.full(3600, 150.0)
    heart_rate[:900] = np.nan  # lost while moving
    moving = np.repeat([1.0, 0.0], 1800)  # then half an hour in the café, recording
    made = measure(heart_rate=heart_rate, moving=moving, moving_s=1800)
    assert made["trimp"].reason == "low_coverage"


def test_a_recording_that_broke_off_is_no_sum_of_the_whole(measure: Measure) -> None:
    made = measure(heart_rate=np.full(1800, 150.0), moving_s=3600)
    assert made["trimp"].reason == "low_coverage"


def test_a_summary_counts_the_time_on_the_move(measure: Measure) -> None:
    made = measure(summary=Summary(average_heart_rate_bpm=165), moving_s=1800, elapsed_s=7200)
    assert value(made["heart_rate_training_stress"]) == pytest.approx(50)
