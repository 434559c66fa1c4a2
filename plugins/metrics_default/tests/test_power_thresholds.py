"""Threshold power and critical power found in training, and what proves nothing."""

from dataclasses import replace

import numpy as np
import pytest

from plugins.metrics_default.tests.trained import activity, given_of, held, hyperbola, only
from training_analyzer.sdk import Confidence, Curve, MeasuredActivity, Measurement, ThresholdSuggestion
from training_analyzer_metrics_default.curves import DURATIONS_S, POWER_CURVE, mean_maximal
from training_analyzer_metrics_default.fitted_power import CriticalPower
from training_analyzer_metrics_default.threshold_power import ThresholdPower


def test_threshold_power_is_found_in_the_best_ride_and_never_lowered() -> None:
    hard = activity(power={300.0: 320, 1200.0: 280}, days_ago=5)
    easy = activity(power={300.0: 220, 1200.0: 200})
    found = only(ThresholdPower().detect(given_of(hard, easy)))
    assert dict(found.values) == {"functional_threshold_power_w": 269}
    assert (found.valid_from, found.confidence) == (hard.day, Confidence.MEDIUM)
    assert found.evidence[0].activity_id == hard.id
    assert list(ThresholdPower().detect(given_of(easy, functional_threshold_power_w=250))) == []


@pytest.mark.parametrize(
    ("watts", "bpm", "known_w", "confidence", "caveat"),
    [
        (120, None, None, Confidence.LOW, True),  # two steady, easy rides
        (120, 120, None, Confidence.LOW, True),
        (280, 170, None, Confidence.HIGH, False),  # of a maximum of 190
        (280, 170, 270, Confidence.HIGH, False),
        (280, None, 270, Confidence.HIGH, False),
    ],
)
def test_a_steady_ride_is_a_threshold_only_where_it_was_hard(
    watts: float, bpm: float | None, known_w: float | None, confidence: Confidence, caveat: bool
) -> None:
    def ride(watts: float) -> MeasuredActivity:
        power = held(lambda _: watts, up_to_s=7200)
        return (
            activity(power=power)
            if bpm is None
            else activity(power=power, heart_rate=dict.fromkeys(power, bpm))
        )

    known = {} if known_w is None else {"functional_threshold_power_w": known_w}
    rides = ride(watts), ride(0.98 * watts)
    found = only(ThresholdPower().detect(given_of(*rides, max_heart_rate_bpm=190, **known)))
    assert found.values["functional_threshold_power_w"] == watts
    assert found.confidence is confidence
    assert ("only if that was as hard as you could" in found.explanation) is caveat


def test_short_and_long_efforts_on_one_curve_tell_of_a_threshold_but_not_for_sure() -> None:
    long = activity(power={1200.0: 280})
    for short, confidence in ((320, Confidence.MEDIUM), (290, Confidence.LOW)):
        both = given_of(long, activity(power={300.0: short, 1200.0: 275}))
        found = only(ThresholdPower().detect(both))
        assert found.confidence is confidence
        assert "only if" in found.explanation
    alone = activity(power={300.0: 330})
    assert only(ThresholdPower().detect(given_of(alone))).confidence is Confidence.LOW


def test_critical_power_needs_efforts_short_and_long() -> None:
    def found(*seconds: float) -> list[ThresholdSuggestion]:
        rides = [activity(power={s: hyperbola()(s)}) for s in seconds]
        return list(CriticalPower().detect(given_of(*rides)))

    made = only(found(180, 300, 1200))
    assert dict(made.values) == {"critical_power_w": 250, "anaerobic_capacity_j": 20_000}
    assert (made.method, made.confidence) == ("work_time_linear", Confidence.HIGH)
    assert any("by power_inverse_time: 250 W and 20.0 kJ" in one.text for one in made.evidence)
    assert found(180, 300) == found(720, 900, 1200) == found(300, 1200) == []
    one_even_ride = activity(power=held(lambda _: 250.0, up_to_s=3600))
    assert list(CriticalPower().detect(given_of(one_even_ride))) == []


def test_an_effort_and_rest_are_no_longer_effort() -> None:
    """3 minutes at 360 W and one at 150 W are none of 4 minutes; those after 8 minutes none of 10."""
    parts = ((600, 150), (180, 360), (600, 150), (480, 310), (600, 150), (1200, 270), (600, 150))
    readings = np.concatenate([np.full(seconds, float(watts)) for seconds, watts in parts])
    bests = mean_maximal(readings, np.zeros(readings.size, dtype=np.intp), DURATIONS_S)
    ride = activity(power=dict(zip(map(float, bests.durations_s), bests.means, strict=True)))
    curve = Curve(seconds=bests.durations_s, values=bests.means, starts_s=bests.starts)
    measured = {POWER_CURVE.key: Measurement(key=POWER_CURVE.key, value=curve)}
    found = only(CriticalPower().detect(given_of(replace(ride, measurements=measured))))
    assert [one.text for one in found.evidence if "by" not in one.text] == [
        "3 min at 360 W",
        "8 min at 310 W",
        "20 min at 270 W",
    ]
    slope, intercept = np.polyfit([180, 480, 1200], [180 * 360, 480 * 310, 1200 * 270], 1)
    assert found.values["critical_power_w"] == round(slope)
    assert found.values["anaerobic_capacity_j"] == pytest.approx(intercept, abs=50)


def test_a_fast_start_does_not_undo_an_effort() -> None:
    """What follows it is ridden at critical power, which is no rest."""
    curves = ({120.0: 390, 300.0: 320}, {720.0: 278}, {1200.0: 267})
    found = only(CriticalPower().detect(given_of(*(activity(power=curve) for curve in curves))))
    assert [one.text for one in found.evidence[:2]] == ["2 min at 390 W", "5 min at 320 W"]


def test_the_bests_of_one_ride_are_no_sure_critical_power() -> None:
    at_s = dict.fromkeys((120.0, 300.0, 720.0, 1200.0), 0.0)
    one = activity(power={s: hyperbola()(s) for s in at_s})
    curve = one.measurements[POWER_CURVE.key].value
    assert isinstance(curve, Curve)
    apart = Measurement(
        key=POWER_CURVE.key, value=curve.model_copy(update={"starts_s": (0.0, 900.0, 1800.0, 3600.0)})
    )
    found = only(CriticalPower().detect(given_of(replace(one, measurements={POWER_CURVE.key: apart}))))
    assert found.confidence is Confidence.MEDIUM


def test_an_effort_of_long_ago_is_said_to_be() -> None:
    for days_ago, confidence, old in ((42, Confidence.MEDIUM, False), (43, Confidence.LOW, True)):
        ride = activity(power={1200.0: 280}, days_ago=days_ago)
        found = only(ThresholdPower().detect(given_of(ride, functional_threshold_power_w=250)))
        assert found.confidence is confidence
        assert ("six weeks ago" in found.explanation) is old
        assert found.values["functional_threshold_power_w"] == pytest.approx(269, abs=3)  # it does not decay
