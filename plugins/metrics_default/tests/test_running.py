"""Running: pace on slopes, its stress, cadence and stride."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_analyzer.sdk import Athlete, Measurement, Sport, Thresholds
from training_analyzer_metrics_default.settings import GapModel
from training_analyzer_metrics_default.slopes import STRAVA, TRAININGPEAKS, factor_of, trainingpeaks_factor_of

Measure = Callable[..., dict[str, Measurement]]
RUNNER = Athlete(thresholds=Thresholds(threshold_speed_mps=4))


def value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float)
    return measurement.value


def slope(share: float, *, speed_mps: float = 3.0, seconds: int = 1800) -> Mapping[str, object]:
    """A run at a constant speed up a constant slope."""
    distance = np.arange(seconds) * speed_mps
    return {
        "distance": distance,
        "speed": np.full(seconds, speed_mps),
        "altitude": 500 + share * distance,
        "distance_m": seconds * speed_mps,
        "sport": Sport.RUN,
        "athlete": RUNNER,
    }


def test_an_hour_on_the_flat_at_threshold_pace_is_100(measure: Measure) -> None:
    made = measure(**slope(0, speed_mps=4, seconds=3600))
    assert value(made["running_training_stress"]) == pytest.approx(100)
    for name in ("average_pace", "grade_adjusted_pace", "normalized_graded_pace"):
        assert value(made[name]) == pytest.approx(250)
    assert made["load"].method == "pace"
    assert value(made["load"]) == pytest.approx(100)
    assert made["running_training_stress"].thresholds == {"threshold_speed_mps": 4}


@pytest.mark.parametrize(
    ("percent", "factor"), [(-10, 0.876), (-4, 0.918), (0, 1), (5, 1.1815), (10, 1.459), (30, 3.158)]
)
def test_a_constant_slope_has_the_factor_of_the_table(
    measure: Measure, percent: float, factor: float
) -> None:
    made = measure(**slope(percent / 100, speed_mps=2))
    assert value(made["grade_adjusted_pace"]) == pytest.approx(500 / factor, rel=1e-6)
    assert made["grade_adjusted_pace"].method == "strava"
    expected = np.interp(percent, *TRAININGPEAKS)
    assert value(made["normalized_graded_pace"]) == pytest.approx(500 / expected, rel=1e-6)


def test_minetti_can_be_chosen(measure: Measure) -> None:
    made = measure(**slope(0.1), gap_model=GapModel.MINETTI)
    cost = 155.4e-5 - 30.4e-4 - 43.3e-3 + 46.3e-2 + 1.95 + 3.6
    assert value(made["grade_adjusted_pace"]) == pytest.approx(1000 / 3 / (cost / 3.6), rel=1e-6)
    assert made["grade_adjusted_pace"].method == "minetti"


def test_minettis_cost_is_lowest_near_20_percent_downhill() -> None:
    slopes = np.linspace(-0.45, 0.45, 901)
    cost = 3.6 * factor_of(slopes, GapModel.MINETTI)
    assert slopes[cost.argmin()] == pytest.approx(-0.2, abs=0.03)
    assert cost.min() == pytest.approx(1.8, abs=0.05)


@given(st.floats(-0.45, 0.45))
def test_every_factor_is_positive_and_one_on_the_flat(share: float) -> None:
    slopes = np.array([share, 0.0])
    for factors in (
        factor_of(slopes, GapModel.STRAVA),
        factor_of(slopes, GapModel.MINETTI),
        trainingpeaks_factor_of(slopes),
    ):
        assert factors[0] > 0
        assert factors[1] == pytest.approx(1)


def test_tables_ascend() -> None:
    assert (np.diff(STRAVA[0]) > 0).all()
    assert (np.diff(TRAININGPEAKS[0]) > 0).all()


def test_beyond_45_percent_counts_as_45(measure: Measure) -> None:
    made = measure(**slope(0.8, speed_mps=1))
    assert value(made["grade_adjusted_pace"]) == pytest.approx(1000 / 4.286, rel=1e-6)


def test_surges_cost_more_than_their_average(measure: Measure) -> None:
    speed = np.tile(np.repeat([5.0, 3.0], 120), 8)
    made = measure(speed=speed, distance_m=speed.sum(), sport=Sport.RUN, athlete=RUNNER, indoor=True)
    assert value(made["normalized_graded_pace"]) < 250
    assert value(made["average_pace"]) == pytest.approx(250)
    assert made["grade_adjusted_pace"].reason == "no_altitude"


@pytest.mark.parametrize(("indoor", "estimated"), [(True, False), (False, True)])
def test_without_altitude_it_is_an_estimate_unless_indoors(
    measure: Measure, indoor: bool, estimated: bool
) -> None:
    made = measure(speed=np.full(3600, 4.0), sport=Sport.RUN, athlete=RUNNER, indoor=indoor)
    stress = made["running_training_stress"]
    assert value(stress) == pytest.approx(100)
    assert (stress.method, stress.estimated) == ("pace", estimated)


def test_a_summary_stands_in_and_is_marked(measure: Measure) -> None:
    made = measure(moving_s=1800, distance_m=7200, sport=Sport.RUN, athlete=RUNNER)
    stress = made["running_training_stress"]
    assert value(stress) == pytest.approx(50)
    assert (stress.method, stress.estimated) == ("summary", True)
    assert made["load"].method == "pace_summary"
    assert made["load"].estimated


def test_a_pause_changes_no_intensity(measure: Measure) -> None:
    parts = dict(slope(0.03))
    seconds = np.arange(1800.0)
    seconds[900:] += 600
    one, other = measure(**parts), measure(**parts, seconds=seconds)
    for name in ("grade_adjusted_pace", "normalized_graded_pace", "running_training_stress"):
        assert value(other[name]) == pytest.approx(value(one[name]), rel=1e-9)


def test_half_a_recording_gives_way_to_the_summary(measure: Measure) -> None:
    speed = np.full(3600, 4.0)
    speed[1800:] = np.nan
    alone = measure(speed=speed, sport=Sport.RUN, athlete=RUNNER)
    assert alone["running_training_stress"].reason == "low_coverage"
    helped = measure(speed=speed, distance_m=14_400, sport=Sport.RUN, athlete=RUNNER)
    assert helped["running_training_stress"].method == "summary"


@pytest.mark.parametrize(("rpm", "method"), [(85, "one_foot"), (170, "both_feet")])
def test_cadence_counts_both_feet(measure: Measure, rpm: float, method: str) -> None:
    cadence = np.full(600, float(rpm))
    cadence[:60] = 0
    made = measure(cadence=cadence, speed=np.full(600, 3.4), sport=Sport.RUN)
    assert (value(made["running_cadence"]), made["running_cadence"].method) == (170, method)
    assert value(made["stride_length"]) == pytest.approx(3.4 / (170 / 60))


def test_what_a_run_lacks_is_named(measure: Measure) -> None:
    made = measure(heart_rate=np.full(600, 150), sport=Sport.RUN)
    assert made["grade_adjusted_pace"].reason == "no_speed"
    assert made["running_cadence"].reason == made["stride_length"].reason == "no_cadence"
    assert made["average_pace"].reason == made["running_training_stress"].reason == "no_distance"
    moved = measure(speed=np.full(60, 3.0), sport=Sport.RUN)
    assert moved["running_training_stress"].reason == "no_threshold_speed"
    assert (
        measure(speed=np.zeros(60), sport=Sport.RUN)["normalized_graded_pace"].reason == "nothing_but_zeros"
    )
    assert measure(speed=np.full(20, 3.0), sport=Sport.RUN)["normalized_graded_pace"].reason == "too_short"


def test_of_a_treadmill_without_speed_the_summary_tells(measure: Measure) -> None:
    runner = Athlete(thresholds=Thresholds(threshold_speed_mps=4))
    made = measure(
        speed=np.zeros(3600), sport=Sport.RUN, indoor=True, distance_m=10_000, moving_s=3600, athlete=runner
    )
    assert value(made["average_pace"]) == 360
    assert made["normalized_graded_pace"].reason == made["speed_curve"].reason == "nothing_but_zeros"
    assert value(made["running_training_stress"]) == pytest.approx(100 * (10 / 14.4) ** 2)
    assert made["running_training_stress"].estimated
    assert made["low_intensity_time"].reason == "no_intensity_zones"


@pytest.mark.parametrize(("missing_s", "estimated"), [(180, False), (800, True)])
def test_where_the_altitude_is_missing_the_speed_still_counts(
    measure: Measure, missing_s: int, estimated: bool
) -> None:
    runner = Athlete(thresholds=Thresholds(threshold_speed_mps=4))
    speed = np.tile(np.repeat([5.0, 3.0], 60), 30)
    altitude = np.full(3600, 100.0)
    altitude[1000 : 1000 + missing_s] = np.nan
    run = {"speed": speed, "distance": np.cumsum(speed), "sport": Sport.RUN, "athlete": runner}
    flat, holed = measure(**run, altitude=np.full(3600, 100.0)), measure(**run, altitude=altitude)
    for name in ("normalized_graded_pace", "running_training_stress"):
        assert value(holed[name]) == pytest.approx(value(flat[name]))
        assert (holed[name].method, holed[name].estimated) == ("graded_pace", estimated)


def test_a_ride_has_no_pace(measure: Measure) -> None:
    assert "average_pace" not in measure(speed=np.full(60, 8.0), sport=Sport.RIDE)


def test_a_swim_is_paced_by_100_metres_and_costs_its_cube(measure: Measure) -> None:
    swimmer = Athlete(thresholds=Thresholds(threshold_speed_mps=1.25))
    made = measure(moving_s=3600, distance_m=4500, sport=Sport.SWIM, athlete=swimmer)
    assert value(made["swim_pace"]) == 80
    assert value(made["swim_training_stress"]) == pytest.approx(100)
    assert (made["load"].method, made["load"].estimated) == ("pace", False)
    easy = measure(moving_s=3600, distance_m=3600, sport=Sport.SWIM, athlete=swimmer)
    assert value(easy["swim_training_stress"]) == pytest.approx(100 * 0.8**3)
    assert (
        measure(moving_s=60, distance_m=60, sport=Sport.SWIM)["swim_training_stress"].reason
        == "no_threshold_speed"
    )
    assert measure(moving_s=60, distance_m=600, sport=Sport.SWIM)["swim_pace"].reason == "unsound_distance"
