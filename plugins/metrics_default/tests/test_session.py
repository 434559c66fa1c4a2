"""The session: its times, its speed, and what cannot be true of it."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pytest

from training_analyzer.sdk import Athlete, Measurement, Sport, Summary, Thresholds

Measure = Callable[..., dict[str, Measurement]]
TWENTY_DAYS_S: Final = 20 * 86_400


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def test_the_four_times_of_a_ride_with_a_stop_and_a_pause(measure: Measure) -> None:
    speed = np.repeat([8.0, 0.0, 8.0], [600, 60, 540])
    cadence = np.where(np.arange(1200) % 4 == 0, 0.0, 85.0) * (speed > 0)
    seconds = np.arange(1200.0)
    seconds[800:] += 300
    made = measure(speed=speed, cadence=cadence, seconds=seconds)
    assert value(made["elapsed_time"]) == 1500
    assert value(made["recording_time"]) == 1200
    assert value(made["moving_time"]) == 1140
    assert value(made["pedalling_time"]) == 855


def test_a_summary_knows_two_of_the_times(measure: Measure) -> None:
    made = measure(moving_s=3000, elapsed_s=3600)
    assert (value(made["elapsed_time"]), value(made["moving_time"])) == (3600, 3000)
    assert made["recording_time"].reason == made["pedalling_time"].reason == "no_samples"
    assert "pedalling_time" not in measure(moving_s=3000, sport=Sport.RUN)


def test_who_stands_unpaused_is_no_slower(measure: Measure) -> None:
    speed = np.repeat([3.0, 0.0, 3.0], [1800, 600, 1800])
    made = measure(speed=speed, sport=Sport.RUN, distance_m=10_800, moving_s=4200)
    assert value(made["moving_time"]) == 3600
    assert value(made["average_pace"]) == pytest.approx(1000 / 3)
    assert value(made["average_speed"]) == pytest.approx(10.8)
    assert made["average_speed"].method == "samples"


@pytest.mark.parametrize("recorded", [True, False], ids=["a distance", "a summary"])
def test_a_sensor_that_drops_to_zero_while_the_distance_grows_tells_of_no_stop(
    measure: Measure, recorded: bool
) -> None:
    speed = np.repeat([3.0, 0.0], [1500, 2100])
    distance = 3.0 * np.arange(3600) if recorded else None
    made = measure(speed=speed, distance=distance, distance_m=10_800, sport=Sport.RUN)
    assert value(made["moving_time"]) == 3600
    assert value(made["average_pace"]) == pytest.approx(1000 / 3)
    assert value(made["average_speed"]) == pytest.approx(10.8)


def test_a_dropout_and_a_stop_are_told_apart_also_by_a_distance_that_lags(measure: Measure) -> None:
    moves = np.repeat([3.0, 0.0, 3.0, 3.0], [1000, 600, 1000, 1000])
    distance = np.cumsum(moves)
    distance[1000:1004] -= (9, 6, 3, 0)
    distance[998:1000] = distance[1000]
    speed = moves.copy()
    speed[2600:2900] = 0
    made = measure(speed=speed, distance=distance, distance_m=9000, sport=Sport.RUN)
    assert value(made["moving_time"]) == 3000
    assert value(made["average_speed"]) == pytest.approx(10.8)


def test_a_swimmer_s_rest_is_none_of_the_length_that_is_told_behind_it(measure: Measure) -> None:
    speed = np.tile(np.repeat([0.0, 1.0], [30, 50]), 20)
    distance = np.repeat(50.0 * np.arange(1, 21), 80) - 50 * (np.arange(1600) % 80 < 79)
    made = measure(speed=speed, distance=distance, distance_m=1000, sport=Sport.SWIM)
    assert value(made["moving_time"]) == 1000
    assert value(made["swim_pace"]) == pytest.approx(100)


def test_a_swimmer_s_sensor_that_drops_out_makes_nobody_faster(measure: Measure) -> None:
    made = measure(speed=np.repeat([1.0, 0.0], [600, 1000]), distance_m=1600, sport=Sport.SWIM)
    assert (value(made["moving_time"]), made["moving_time"].method) == (1600, "summary")
    assert value(made["swim_pace"]) == pytest.approx(100)


@pytest.mark.parametrize(
    ("seconds", "missing"), [(2000, slice(0, 0)), (3600, slice(0, 600))], ids=["cut short", "a dropout"]
)
def test_where_samples_tell_of_a_part_only_the_service_tells_of_the_whole(
    measure: Measure, seconds: int, missing: slice
) -> None:
    speed = np.full(seconds, 3.0)
    speed[missing] = np.nan
    made = measure(speed=speed, sport=Sport.RUN, distance_m=10_800, moving_s=3600)
    assert (value(made["moving_time"]), made["moving_time"].method) == (3600, "summary")
    assert value(made["average_pace"]) == pytest.approx(1000 / 3)


def test_who_was_lost_for_a_minute_moved_on(measure: Measure) -> None:
    speed = np.repeat([3.0, 0.0, 3.0], [1770, 600, 1770])
    seconds = np.arange(4140.0)
    seconds[200:] += 60  # no sample, but the device counted on
    speed[1000:1030] = np.nan
    made = measure(speed=speed, seconds=seconds, sport=Sport.RUN, distance_m=10_800, moving_s=4200)
    assert value(made["moving_time"]) == 3600
    assert value(made["average_pace"]) == pytest.approx(1000 / 3)


def test_an_hour_of_36_kilometres(measure: Measure) -> None:
    made = measure(moving_s=3600, distance_m=36_000)
    assert value(made["average_speed"]) == 36
    assert measure(moving_s=3600)["average_speed"].reason == "no_distance"


def test_101_kilometres_in_40_minutes_are_not_believed(measure: Measure) -> None:
    made = measure(moving_s=2432, distance_m=101_529)
    assert made["average_speed"].reason == "unsound_distance"
    assert value(made["load"]) == pytest.approx(100 * 2432 / 3600 * 0.65**2)


def test_a_clock_that_jumped_adds_no_time(measure: Measure) -> None:
    seconds = np.arange(3600.0)
    seconds[1800:] += TWENTY_DAYS_S
    spent_s = TWENTY_DAYS_S + 3600
    made = measure(heart_rate=np.full(3600, 165), seconds=seconds, moving_s=spent_s, elapsed_s=spent_s)
    assert value(made["elapsed_time"]) == value(made["recording_time"]) == 3600
    assert value(made["load"]) == pytest.approx(100)
    assert made["load"].method == "heart_rate"
    assert value(made["dropped_readings"]) == 1


@pytest.mark.parametrize("told", [True, False])
def test_a_night_and_a_day_of_rest_is_a_pause_where_the_elapsed_time_has_it_in_it(
    measure: Measure, told: bool
) -> None:
    spent, rested_s = 4000, 30 * 3600
    seconds = np.arange(2.0 * spent)
    seconds[spent:] += rested_s
    power = np.full(2 * spent, 150.0)
    power[spent - 200 : spent + 200] = 350
    elapsed_s = 2 * spent + rested_s if told else 2 * spent
    rider = Athlete(thresholds=Thresholds(critical_power_w=250, anaerobic_capacity_j=21_000))
    made = measure(power=power, seconds=seconds, elapsed_s=elapsed_s, athlete=rider)
    assert value(made["elapsed_time"]) == elapsed_s
    assert value(made["recording_time"]) == 2 * spent
    if told:
        assert value(made["paused_time"]) == rested_s
        assert value(made["lowest_anaerobic_reserve"]) == pytest.approx(1, abs=0.1)
    else:
        assert value(made["clock_jumps"]) == 1
        assert value(made["lowest_anaerobic_reserve"]) == pytest.approx(-19, abs=0.1)


def test_a_step_of_days_is_a_pause_where_the_elapsed_time_was_made_of_the_samples(measure: Measure) -> None:
    seconds = np.arange(3600.0)
    seconds[1800:] += 5 * 86_400
    made = measure(heart_rate=np.full(3600, 150), seconds=seconds, elapsed_s=seconds[-1])
    assert value(made["elapsed_time"]) == 5 * 86_400 + 3600
    assert value(made["recording_time"]) == 3600
    assert "clock_jumps" not in made or made["clock_jumps"].value == 0


def test_a_session_of_twenty_days_has_no_load(measure: Measure) -> None:
    made = measure(moving_s=TWENTY_DAYS_S, summary=Summary(average_heart_rate_bpm=150))
    for name in ("load", "elapsed_time", "moving_time", "heart_rate_training_stress"):
        assert made[name].reason == "no_duration"


def test_a_jump_of_the_position_is_no_distance(measure: Measure) -> None:
    distance = np.arange(1000.0) * 3
    distance[500:] += 90_000
    made = measure(distance=distance, distance_m=92_997, sport=Sport.RUN)
    assert value(made["average_speed"]) == pytest.approx(10.8, rel=0.01)
    assert made["average_speed"].method == "samples"
    assert value(made["dropped_readings"]) == 1


def test_what_a_sensor_raves_is_named(measure: Measure) -> None:
    heart_rate = np.tile([150.0, 240.0], 600)
    made = measure(heart_rate=heart_rate, power=np.full(1200, 3000.0))
    for name in ("average_heart_rate", "max_heart_rate", "trimp", "heart_rate_training_stress"):
        assert made[name].reason == "unsound_heart_rate"
    for name in ("average_power", "normalized_power", "training_stress_score", "max_power"):
        assert made[name].reason == "unsound_power"
    assert made["load"].method == "duration"
    assert value(made["dropped_readings"]) == 2400
