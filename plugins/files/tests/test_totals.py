"""What files state of whole sessions is believed where it can be."""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.files.tests.made_files import (
    LAP,
    UINT32,
    file_id,
    fit,
    message,
    moment,
    ride_points,
    session,
    stamp,
    tcx,
    tcx_activity,
)
from training_analyzer.sdk import Activity, BadData
from training_analyzer_files import exports
from training_analyzer_files.totals import FASTEST_MPS, LONGEST_S

Translated = Callable[[bytes], Activity]
DAY_S = 86_400
COLUMNS = ["Activity ID", "Activity Date", "Activity Name", "Activity Type", "Activity Description"]
COLUMNS += ["Elapsed Time", "Moving Time", "Distance", "Distance", "Elevation Gain"]


def stating(element: str, value: object, content: bytes) -> bytes:
    """Say something else in all elements of a name."""
    said = rf"<{element}>[\d.]+</{element}>", f"<{element}>{value}</{element}>"
    return re.sub(*said, content.decode()).encode()


@pytest.mark.parametrize("seconds", ["1e12", "1.7e308", 40 * DAY_S, DAY_S])
def test_the_points_tell_where_a_lap_is_said_to_last_for_ever(
    translated: Translated, seconds: object
) -> None:
    activity = translated(stating("TotalTimeSeconds", seconds, tcx()))
    assert (activity.elapsed_s, activity.moving_s) == (9, 9)


def test_a_lap_may_go_on_for_hours_after_the_last_point(translated: Translated) -> None:
    activity = translated(stating("TotalTimeSeconds", 3600, tcx()))
    assert (activity.elapsed_s, activity.moving_s) == (3600, 3600)


def test_without_points_a_session_of_weeks_is_refused(translated: Translated) -> None:
    bare = re.sub(rb"<Track>.*?</Track>", b"", tcx(), flags=re.DOTALL)
    assert translated(stating("TotalTimeSeconds", 29 * DAY_S, bare)).elapsed_s == 29 * DAY_S
    with pytest.raises(BadData, match="said to have lasted 31 days"):
        translated(stating("TotalTimeSeconds", 31 * DAY_S, bare))
    with pytest.raises(BadData, match="said to have lasted 40 days"):
        translated(fit(file_id(), session(0, 40 * DAY_S)))


def test_the_points_tell_how_far_it_was_where_nobody_gets_so_far(translated: Translated) -> None:
    far = tcx().replace(b"<DistanceMeters>27</DistanceMeters>", b"<DistanceMeters>1e8</DistanceMeters>")
    assert translated(far).distance_m == 27
    assert translated(stating("DistanceMeters", "1e8", tcx())).distance_m is None, "the points say so, too"
    content = fit(file_id(), ride_points(), session(0, 60, (9, UINT32, 4_000_000_000)))
    assert translated(content).distance_m == pytest.approx(59 * 8)


def test_a_timer_that_ran_for_weeks_is_none(translated: Translated) -> None:
    weeks = (8, UINT32, 45 * DAY_S * 1000)
    activity = translated(fit(file_id(), ride_points(), session(0, 45 * DAY_S, weeks)))
    assert (activity.elapsed_s, activity.moving_s) == (59, 59)
    activity = translated(fit(file_id(), ride_points(), session(0, 45 * DAY_S, (8, UINT32, 60_000))))
    assert (activity.elapsed_s, activity.moving_s) == (60, 60)


def test_a_pause_of_days_is_one(translated: Translated) -> None:
    activity = translated(fit(file_id(), ride_points(), session(0, 3 * DAY_S, (8, UINT32, 60_000))))
    assert (activity.elapsed_s, activity.moving_s) == (3 * DAY_S, 60)


def test_a_lap_of_another_year_is_none_of_this_session(translated: Translated) -> None:
    years = 20 * 365 * DAY_S
    late = message(LAP, (253, UINT32, stamp(years)), (2, UINT32, stamp(years)), (7, UINT32, 1000))
    ends = message(18, (253, UINT32, stamp(years + 10)), (2, UINT32, stamp(0)), (8, UINT32, 60_000))
    assert translated(fit(file_id(), ride_points(), late, ends)).laps == ()
    of_both = tcx_activity().replace("</Lap>", f'</Lap><Lap StartTime="{moment(years)}"></Lap>')
    activity = translated(tcx(of_both))
    assert (activity.elapsed_s, activity.laps[0].elapsed_s) == (9, 9)


@pytest.mark.parametrize("far", ["1e308", "1e12", "-5", "nan"])
def test_no_number_of_a_lap_or_point_breaks_the_rest(translated: Translated, far: str) -> None:
    content = tcx()
    for element in ("Calories", "Value", "DistanceMeters", "x:Watts", "x:Speed", "AltitudeMeters"):
        content = stating(element, far, content)
    activity = translated(content)
    # The way is then that from place to place: nowhere.
    assert (activity.elapsed_s, activity.moving_s, activity.distance_m) == (9, 9, 0)
    assert activity.summary.calories_kcal is None
    assert activity.summary.max_heart_rate_bpm is None


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0, allow_infinity=True), min_size=5, max_size=5))
def test_a_row_of_a_list_becomes_what_can_be_or_nothing(numbers: list[float]) -> None:
    row = ["1", "Mar 2, 2026, 5:06:07 AM", "By hand", "Run", "", *map(str, numbers)]
    details = {"source": "strava", "columns": COLUMNS, "values": row}
    try:
        activity = exports.manual_activity(details)
    except BadData:
        assert not 0 < numbers[0] <= LONGEST_S
        return
    assert activity.moving_s <= activity.elapsed_s <= LONGEST_S
    for way in (activity.distance_m, activity.ascent_m):
        assert way is None or way <= activity.elapsed_s * FASTEST_MPS
