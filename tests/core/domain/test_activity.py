"""Activities and samples: what they refuse, and which changes a metric would notice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from training_analyzer.domain.activity import Activity, Channel, Lap, Samples, Summary
from training_analyzer.domain.sport import Sport

STARTED = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
POWER = Samples(np.arange(3.0), {Channel.POWER_W: np.array([0.0, np.nan, 200.0])})


def ride(**more: Any) -> Activity:
    return Activity(
        **{"sport": Sport.RIDE, "started_at": STARTED, "elapsed_s": 3600, "moving_s": 3500, **more}
    )


@pytest.mark.parametrize(
    "seconds", [[0.0, 0.0], [1.0, 0.0], [0.0, np.nan], [0.0, np.inf], [[0.0], [1.0]]], ids=str
)
def test_seconds_rise_and_are_numbers(seconds: list[float]) -> None:
    with pytest.raises(ValueError, match=r"strictly increasing|one column"):
        Samples(np.array(seconds))


def test_channels_are_as_long_as_the_seconds() -> None:
    with pytest.raises(ValueError, match="power_w has 2 readings for 3 seconds"):
        Samples(np.arange(3.0), {Channel.POWER_W: np.array([1.0, 2.0])})


def test_samples_are_nobody_s_to_change() -> None:
    mine = np.array([1.0, 2.0, 3.0])
    samples = Samples(np.arange(3.0), {Channel.POWER_W: mine})
    mine[0] = 99
    column = samples.get(Channel.POWER_W)
    assert column is not None
    assert column[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 99


def test_a_channel_without_a_reading_is_absent_and_zeros_are_readings() -> None:
    samples = Samples(
        np.arange(2.0), {Channel.POWER_W: np.zeros(2), Channel.HEART_RATE_BPM: np.full(2, np.nan)}
    )
    assert samples.get(Channel.POWER_W) is not None
    assert samples.get(Channel.HEART_RATE_BPM) is None
    assert samples.get(Channel.ALTITUDE_M) is None
    assert len(samples) == 2


@pytest.mark.parametrize(
    ("offset_s", "day"), [(0, date(2026, 6, 15)), (7200, date(2026, 6, 16)), (-84_600, date(2026, 6, 15))]
)
def test_the_day_is_the_athlete_s_own(offset_s: int, day: date) -> None:
    assert ride(utc_offset_s=offset_s).local_date == day


@pytest.mark.parametrize(
    "wrong",
    [
        {"moving_s": float("inf")},
        {"distance_m": float("nan")},
        {"elapsed_s": -1},
        {"started_at": datetime(2026, 6, 15)},  # noqa: DTZ001 - without a zone, which is the point
        {"summary": {"average_power_w": float("inf")}},
        {"unheard_of": 1},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ride(**wrong)


@pytest.mark.parametrize("same", [{"title": "Evening"}, {"private": True}, {"device": "watch"}], ids=str)
def test_what_no_metric_looks_at_changes_no_fingerprint(same: dict[str, object]) -> None:
    assert ride(**same).fingerprint() == ride().fingerprint()


CHANGES: list[dict[str, Any]] = [
    {"sport": Sport.RUN},
    {"sport_name": "GravelRide"},
    {"started_at": STARTED + timedelta(seconds=1)},
    {"utc_offset_s": 3600},
    {"moving_s": 3499},
    {"distance_m": 1},
    {"indoor": True},
    {"manual": True},
    {"summary": Summary(average_power_w=200)},
    {"laps": (Lap(start_s=0, elapsed_s=1),)},
    {"samples": POWER},
    {"samples": Samples(POWER.seconds, {Channel.SPEED_MPS: POWER.channels[Channel.POWER_W]})},
    {"samples": Samples(POWER.seconds + 1, POWER.channels)},
    {"samples": Samples(POWER.seconds)},
]


def test_what_a_metric_may_look_at_changes_the_fingerprint() -> None:
    prints = [ride(**change).fingerprint() for change in [{}, *CHANGES]]
    assert len(set(prints)) == len(prints)
    assert prints == [ride(**change).fingerprint() for change in [{}, *CHANGES]]


@given(st.lists(st.floats(width=64), min_size=1, max_size=20), st.data())
def test_any_reading_that_differs_is_noticed(readings: list[float], data: st.DataObject) -> None:
    column = np.array(readings)
    changed = column.copy()
    changed[data.draw(st.integers(0, len(readings) - 1))] = 12345.678
    seconds = np.arange(float(len(readings)))
    one, other = (Samples(seconds, {Channel.POWER_W: one}).digest() for one in (column, changed))
    assert (one == other) == np.array_equal(column, changed, equal_nan=True)


@pytest.mark.parametrize(
    "said",
    [
        {"elapsed_s": 1e8},
        {"moving_s": 1e308},
        {"distance_m": 1.7e308},
        {"ascent_m": 1e10},
        {"distance_m": -1},
        {"summary": {"calories_kcal": 1e300}},
        {"laps": [{"start_s": 0, "elapsed_s": 1e12}]},
    ],
    ids=str,
)
def test_what_no_session_has_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="equal to"):
        ride(**said)


def test_a_session_that_was_left_running_for_weeks_is_one() -> None:
    assert ride(elapsed_s=90 * 86_400).elapsed_s == 90 * 86_400


@pytest.mark.parametrize("name", ["title", "description", "sport_name", "device", "gear"])
def test_a_letter_that_cannot_be_stored_costs_no_session(name: str) -> None:
    assert getattr(ride(**{name: "Mor\0ning \ud83d Ride \U0001f6b4"}), name) == "Morning ? Ride \U0001f6b4"


def test_endless_texts_are_cut() -> None:
    activity = ride(title="a" * 100_000, description="b" * 100_000)
    assert (len(activity.title), len(activity.description)) == (500, 20_000)
