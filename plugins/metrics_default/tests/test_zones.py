"""Time in heart-rate zones: whose zones, and to which zone an edge belongs."""

from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.sdk import Athlete, Distribution, Measurement, Sport, Summary, Thresholds

Measure = Callable[..., dict[str, Measurement]]


def zones(measure: Measure, heart_rate: object, sport: Sport = Sport.RIDE, **known: object) -> Measurement:
    athlete = Athlete(thresholds=Thresholds.model_validate(known))
    return measure(heart_rate=heart_rate, sport=sport, athlete=athlete)["time_in_heart_rate_zones"]


def found(measurement: Measurement) -> Distribution:
    assert isinstance(measurement.value, Distribution)
    return measurement.value


def test_the_athletes_own_zones_come_first(measure: Measure) -> None:
    made = zones(
        measure,
        [100, 120, 150, 150, 200],
        heart_rate_zones_bpm=(111, 139, 152, 166),
        threshold_heart_rate_bpm=165,
    )
    assert made.method == "athlete_zones"
    assert found(made) == Distribution(bounds=(111, 139, 152, 166), seconds=(1, 1, 2, 0, 1))


@pytest.mark.parametrize(("bpm", "zone"), [(110, 0), (111, 1), (138, 1), (139, 2), (166, 4)])
def test_exactly_on_an_edge_belongs_to_the_zone_above(measure: Measure, bpm: float, zone: int) -> None:
    made = zones(measure, [bpm], heart_rate_zones_bpm=(111, 139, 152, 166))
    assert found(made).seconds[zone] == 1


@pytest.mark.parametrize(("sport", "first_bpm"), [(Sport.RIDE, 121.5), (Sport.RUN, 127.5)])
def test_friel_draws_them_from_the_threshold(measure: Measure, sport: Sport, first_bpm: float) -> None:
    made = zones(measure, [140, 141, 150], sport, threshold_heart_rate_bpm=150, max_heart_rate_bpm=190)
    assert made.method == "friel"
    assert made.thresholds == {"threshold_heart_rate_bpm": 150}
    assert found(made).bounds[0] == first_bpm
    assert len(found(made).seconds) == 7
    assert found(made).seconds[4] == 1  # 150 is 100 %: zone 5a


def test_an_edge_that_is_a_percentage_is_exact_too(measure: Measure) -> None:
    made = zones(measure, [141], threshold_heart_rate_bpm=150)  # 94 % of 150, which binary cannot write
    assert found(made).seconds == (0, 0, 0, 1, 0, 0, 0)


def test_edwards_draws_them_from_the_maximum(measure: Measure) -> None:
    made = zones(measure, [90, 100, 180], max_heart_rate_bpm=200)
    assert made.method == "edwards"
    assert found(made) == Distribution(bounds=(100, 120, 140, 160, 180), seconds=(1, 1, 0, 0, 0, 1))


def test_without_any_there_are_no_zones(measure: Measure) -> None:
    assert zones(measure, [100, 120]).reason == "no_zones"


def test_the_seconds_add_up_to_those_with_a_reading(measure: Measure) -> None:
    heart_rate = np.random.default_rng(5).uniform(80, 200, 2000)
    heart_rate[::70] = np.nan  # isolated: the last one holds
    heart_rate[700:777] = np.nan
    seconds = np.arange(2000.0)
    seconds[500:] += 300
    made = measure(heart_rate=heart_rate, seconds=seconds)["time_in_heart_rate_zones"]
    assert sum(found(made).seconds) == 2000 - 77 - 1  # nothing holds before the first reading


def test_an_average_says_nothing_of_zones(measure: Measure) -> None:
    with_average = measure(summary=Summary(average_heart_rate_bpm=140), moving_s=60)
    assert with_average["time_in_heart_rate_zones"].reason == "no_samples"
    assert measure(power=np.full(60, 100))["time_in_heart_rate_zones"].reason == "no_heart_rate"


def test_the_athletes_own_pace_zones_come_first(measure: Measure) -> None:
    runner = Athlete(thresholds=Thresholds(pace_zones_mps=(2.5, 3.5), threshold_speed_mps=4))
    speed = np.repeat([2.0, 2.5, 3.0, 3.5], 60)
    made = measure(speed=speed, sport=Sport.RUN, athlete=runner)["time_in_pace_zones"]
    assert made.method == "athlete_zones"
    assert found(made) == Distribution(bounds=(2.5, 3.5), seconds=(60, 120, 60))
    assert "time_in_pace_zones" in measure(speed=speed, sport=Sport.ROW, athlete=runner)
    assert "time_in_pace_zones" not in measure(speed=speed, sport=Sport.RIDE, athlete=runner)


def test_pace_zones_without_any_threshold(measure: Measure) -> None:
    made = measure(speed=np.full(60, 3.0), sport=Sport.RUN, athlete=Athlete())
    assert made["time_in_pace_zones"].reason == "no_threshold_speed"
    assert "time_in_pace_zones" not in measure(speed=np.full(60, 3.0), sport=Sport.ROW, athlete=Athlete())
