"""How any stretch of days divides into easy, moderate and hard time."""

from datetime import date

import pytest

from training_analyzer.sdk import Measurement, PeriodInput
from training_analyzer_metrics_default.intensity import TIMES
from training_analyzer_metrics_default.intensity_periods import POLARIZATION, SHARES, IntensityOfPeriods


def measured(*times_s: float) -> dict[str, Measurement]:
    known = {
        metric.key: Measurement(key=metric.key, value=float(seconds))
        for metric, seconds in zip(TIMES, times_s, strict=False)
    }
    given = PeriodInput(date(2026, 6, 1), date(2026, 6, 7), None, 3, 3600, 0, 0, known)
    return {one.key: one for one in IntensityOfPeriods().measure(given)}


def test_shares_add_up_and_much_easy_and_some_hard_is_polarized() -> None:
    made = measured(8000, 500, 1500)
    assert [made[metric.key].value for metric in SHARES] == pytest.approx([80, 5, 15])
    index = made[POLARIZATION.key].value
    assert index == pytest.approx(2.38, abs=0.01)  # log10(0.80 / 0.05 * 0.15 * 100)


@pytest.mark.parametrize("times_s", [(), (0, 0, 0)])
def test_without_time_in_zones_there_is_nothing_to_say(times_s: tuple[float, ...]) -> None:
    assert {one.reason for one in measured(*times_s).values()} == {"no_intensity_time"}


def test_more_hard_than_easy_has_no_index() -> None:
    made = measured(100, 100, 800)
    assert made[POLARIZATION.key].reason == "harder_than_easy"
    assert made[SHARES[2].key].value == pytest.approx(80)
