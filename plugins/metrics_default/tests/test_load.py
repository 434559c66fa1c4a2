"""The one load: which measure is chosen, and that all are on one scale."""

from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.sdk import Athlete, Measurement, Sport, Summary

Measure = Callable[..., dict[str, Measurement]]
HOUR = 3600
POWER = np.full(HOUR, 260.0)
HEART_RATE = np.full(HOUR, 165.0)
FROM_METER = Summary(average_power_w=250, weighted_power_w=260, power_is_measured=True)
SPEED = np.full(HOUR, 4.0)
FELT = Summary(perceived_exertion=7)
FELT_AND_HEART = Summary(perceived_exertion=9, average_heart_rate_bpm=165)
HEART = Summary(average_heart_rate_bpm=165)


def with_hole(readings: np.ndarray[tuple[int], np.dtype[np.float64]]) -> object:
    holed = readings.copy()
    holed[: HOUR // 4] = np.nan
    return holed


@pytest.mark.parametrize(
    ("parts", "method", "estimated"),
    [
        ({"power": POWER, "heart_rate": HEART_RATE}, "power", False),
        ({"heart_rate": HEART_RATE}, "heart_rate", False),
        ({"power": with_hole(POWER), "heart_rate": HEART_RATE}, "heart_rate", False),
        ({"heart_rate": HEART_RATE, "summary": FROM_METER}, "heart_rate", False),
        ({"moving_s": HOUR, "summary": FROM_METER}, "power_summary", True),
        ({"moving_s": HOUR, "summary": HEART}, "heart_rate_summary", True),
        ({"power": with_hole(POWER), "summary": FROM_METER}, "power_summary", True),
        ({"heart_rate": with_hole(HEART_RATE), "summary": HEART}, "heart_rate_summary", True),
        ({"power": POWER, "heart_rate": HEART_RATE, "sport": Sport.RUN}, "power", False),
        ({"power": POWER, "speed": SPEED, "sport": Sport.RUN, "indoor": True}, "pace", False),
        ({"speed": with_hole(SPEED), "heart_rate": HEART_RATE, "sport": Sport.RUN}, "heart_rate", False),
        (
            {"heart_rate": HEART_RATE, "moving_s": HOUR, "distance_m": 14_400, "sport": Sport.RUN},
            "heart_rate",
            False,
        ),
        (
            {"moving_s": HOUR, "distance_m": 14_400, "summary": HEART, "sport": Sport.RUN},
            "pace_summary",
            True,
        ),
        ({"moving_s": HOUR, "summary": FELT_AND_HEART}, "heart_rate_summary", True),
        ({"moving_s": HOUR, "summary": FELT}, "rpe", True),
        ({"moving_s": HOUR, "distance_m": 14_400, "summary": FELT, "sport": Sport.ROW}, "rpe", True),
        ({"power": POWER, "heart_rate": HEART_RATE, "sport": Sport.SWIM}, "heart_rate", False),
    ],
)
def test_an_hour_at_threshold_is_100_by_every_method(
    measure: Measure, man: Athlete, parts: dict[str, object], method: str, estimated: bool
) -> None:
    paced = man.model_copy(
        update={"thresholds": man.thresholds.model_copy(update={"threshold_speed_mps": 4})}
    )
    load = measure(**parts, athlete=paced)["load"]
    assert load.value == pytest.approx(100)
    assert (load.method, load.estimated) == (method, estimated)
    assert load.thresholds or method == "rpe"


@pytest.mark.parametrize("holed", [False, True])
@pytest.mark.parametrize("summary", [Summary(), Summary(average_power_w=0, power_is_measured=True)])
def test_a_meter_that_is_paired_and_dead_is_none(measure: Measure, holed: bool, summary: Summary) -> None:
    dead = np.zeros(HOUR)
    made = measure(power=with_hole(dead) if holed else dead, heart_rate=HEART_RATE, summary=summary)
    assert made["load"].value == pytest.approx(100)
    assert (made["load"].method, made["load"].estimated) == ("heart_rate", False)
    for name in ("average_power", "normalized_power", "work", "load_power", "max_power"):
        assert made[name].reason == "nothing_but_zeros"
    assert made["high_intensity_time"].method == "heart_rate_friel"
    assert made["dropped_readings"].value == 0


def test_of_a_dead_meter_a_summary_tells_nothing_either(measure: Measure) -> None:
    summary = Summary(average_power_w=0, weighted_power_w=0, power_is_measured=True)
    made = measure(moving_s=HOUR, summary=summary)
    assert made["load"].method == "duration"
    assert made["training_stress_score"].reason == "nothing_but_zeros"


def test_every_candidate_is_kept(measure: Measure, man: Athlete) -> None:
    paced = man.model_copy(
        update={"thresholds": man.thresholds.model_copy(update={"threshold_speed_mps": 4})}
    )
    made = measure(
        power=POWER * 0.9,
        heart_rate=HEART_RATE,
        speed=SPEED,
        sport=Sport.RUN,
        indoor=True,
        summary=FELT,
        athlete=paced,
    )
    assert made["load"].value == made["load_pace"].value == pytest.approx(100)
    assert made["load_power"].value == pytest.approx(81)
    assert made["load_heart_rate"].value == pytest.approx(100)
    assert made["load_rpe"].value == pytest.approx(100)
    assert made["load_duration"].value == pytest.approx(100 * (0.65 * 1.1) ** 2)
    assert made["load_rpe"].estimated
    assert made["load_duration"].estimated


def test_candidates_that_are_not_there_say_why(measure: Measure) -> None:
    made = measure(moving_s=HOUR, sport=Sport.RUN)
    assert made["load_power"].reason == "no_power"
    assert made["load_pace"].reason == "no_distance"
    assert made["load_heart_rate"].reason == "no_heart_rate"
    assert made["load_rpe"].reason == "no_perceived_exertion"
    assert "load_pace" not in measure(moving_s=HOUR, sport=Sport.RIDE)


@pytest.mark.parametrize("sport", list(Sport))
def test_there_is_always_a_load_where_there_is_a_duration(measure: Measure, sport: Sport) -> None:
    load = measure(moving_s=HOUR, sport=sport, athlete=Athlete())["load"]
    assert isinstance(load.value, float)
    assert 10 < load.value < 60
    assert load.method == "duration"
    assert load.estimated


def test_an_easy_hour_on_the_bike_without_any_sensor(measure: Measure) -> None:
    assert measure(moving_s=HOUR)["load"].value == pytest.approx(42.25)


def test_elapsed_time_serves_where_moving_time_is_unknown(measure: Measure) -> None:
    load = measure(moving_s=0, elapsed_s=2 * HOUR, sport=Sport.STRENGTH)["load"]
    assert load.value == pytest.approx(200 * (0.65 * 0.7) ** 2)


def test_nothing_lasts_no_time(measure: Measure) -> None:
    assert measure(moving_s=0)["load"].reason == "no_duration"


def test_thresholds_decide_what_can_be_chosen(measure: Measure, man: Athlete) -> None:
    no_ftp = man.model_copy(
        update={"thresholds": man.thresholds.model_copy(update={"functional_threshold_power_w": None})}
    )
    assert measure(power=POWER, heart_rate=HEART_RATE, athlete=no_ftp)["load"].method == "heart_rate"


def test_power_that_a_service_guessed_is_not_chosen(measure: Measure) -> None:
    guessed = Summary(average_power_w=260)
    assert measure(power=POWER, summary=guessed)["load"].method == "duration"


def test_an_assumed_threshold_makes_the_load_an_estimate(measure: Measure, man: Athlete) -> None:
    assumed = man.model_copy(
        update={"thresholds": man.thresholds.model_copy(update={"threshold_heart_rate_bpm": None})}
    )
    load = measure(heart_rate=HEART_RATE, athlete=assumed)["load"]
    assert (load.method, load.estimated) == ("heart_rate", True)


@pytest.mark.parametrize(("share", "method"), [(0.91, "power"), (0.9, "power"), (0.89, "heart_rate")])
def test_ninety_percent_of_the_moving_time_is_enough(measure: Measure, share: float, method: str) -> None:
    power = POWER.copy()
    power[round(share * HOUR) :] = np.nan
    assert measure(power=power, heart_rate=HEART_RATE)["load"].method == method
