"""What cleaning did is told with the activity: what was left out, what held, what stayed missing."""

from collections.abc import Callable

import numpy as np
import pytest

from training_analyzer.sdk import Activity, Measurement, Samples, Sport

Measure = Callable[..., dict[str, Measurement]]
ALWAYS = {"dropped_readings"}
NAMES = ("dropped_", "held_", "missing_", "paused_", "repeated_", "position_", "clock_")


def told(made: dict[str, Measurement]) -> dict[str, tuple[float, str]]:
    """Return value and method of everything that cleaning says."""
    return {
        name: (one.value, one.method)
        for name, one in made.items()
        if name.startswith(NAMES) and isinstance(one.value, float)
    }


def test_of_a_sound_recording_there_is_nothing_to_tell(measure: Measure) -> None:
    made = measure(power=np.full(600, 200.0), heart_rate=np.full(600, 140.0))
    assert told(made) == {"dropped_readings": (0, "samples")}


def test_a_spike_is_dropped_and_the_reading_before_it_holds(measure: Measure) -> None:
    power = np.full(600, 200.0)
    power[[100, 101, 300]] = 21_733
    assert told(measure(power=power)) == {
        "dropped_readings": (3, "samples"),
        "dropped_power_readings": (3, "too_high"),
        "held_power_time": (3, "held"),
    }


def test_a_long_dropout_stays_missing(measure: Measure) -> None:
    heart_rate = np.full(600, 140.0)
    heart_rate[200:230] = 0  # how devices write that there is none
    heart_rate[400:403] = np.nan
    assert told(measure(heart_rate=heart_rate)) == {
        "dropped_readings": (0, "samples"),
        "held_heart_rate_time": (3, "held"),
        "missing_heart_rate_time": (30, "not_filled"),
    }


def test_pauses_and_seconds_without_a_sample_are_told_apart(measure: Measure) -> None:
    seconds = np.concatenate((np.arange(0, 100, 2), np.arange(400, 500)))
    made = measure(power=np.full(150, 200.0), seconds=seconds, moving_s=199)
    assert told(made) == {
        "dropped_readings": (0, "samples"),
        "held_time": (49, "held"),
        "paused_time": (301, "not_filled"),
    }


def test_a_clock_that_was_set_is_told_with_its_time(measure: Measure) -> None:
    seconds = np.arange(1200.0)
    seconds[600:] += 200_000
    found = told(measure(power=np.full(1200, 200.0), seconds=seconds))
    assert found["clock_jumps"] == (1, "left_out")
    assert found["clock_jump_time"] == (200_000, "left_out")
    assert "paused_time" not in found


def test_jumps_of_the_position_are_counted(measure: Measure) -> None:
    distance = np.arange(600.0) * 3
    distance[300:] += 5000
    found = told(measure(distance=distance, sport=Sport.RUN))
    assert found["position_jumps"] == (1, "not_spanned")


def test_a_sensor_that_raves_is_dropped_as_a_whole(measure: Measure) -> None:
    heart_rate = np.full(600, 140.0)
    heart_rate[:200] = 240
    found = told(measure(heart_rate=heart_rate))
    assert found["dropped_heart_rate_readings"] == (600, "too_high_and_unbelievable")


@pytest.mark.parametrize("left_out", [0, 7])
def test_samples_out_of_order_are_told_by_the_provider(
    make: Callable[..., Activity], measure: Measure, left_out: int
) -> None:
    activity = make(power=np.full(60, 200.0))
    assert activity.samples is not None
    cut = Samples(activity.samples.seconds, activity.samples.channels, left_out=left_out)
    found = told(measure(activity.model_copy(update={"samples": cut})))
    assert found.get("repeated_samples") == ((7, "left_out") if left_out else None)
    assert (cut.digest() == activity.samples.digest()) is (left_out == 0)
