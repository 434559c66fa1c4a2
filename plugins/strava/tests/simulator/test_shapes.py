"""The keys of generated summaries, compared with recorded ones of the same kind."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from training_analyzer_strava.simulator.recorded import RecordedAthlete

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application

KINDS: dict[str, dict[str, Any]] = {
    "run": {"sport_type": "Run", "manual": False, "has_heartrate": True, "trainer": False},
    "run without heart rate": {"sport_type": "Run", "manual": False, "has_heartrate": False},
    "trail run": {"sport_type": "TrailRun", "has_heartrate": True},
    "swim": {"sport_type": "Swim", "manual": False, "trainer": True, "has_heartrate": True},
    "hike": {"sport_type": "Hike", "has_heartrate": True},
    "manual run": {"sport_type": "Run", "manual": True},
    "weights": {"sport_type": "WeightTraining", "manual": False, "has_heartrate": True},
}
NEWER = {"device_name"}  # in summaries since 2025-10-27, after the recording
POWER = {"average_watts", "max_watts", "weighted_average_watts", "kilojoules", "device_watts"}


def of_kind(rows: list[dict[str, Any]], kind: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in rows if all(row.get(key) == value for key, value in kind.items())]


@pytest.mark.parametrize("name", KINDS)
def test_keys_and_types_are_those_of_a_recorded_summary(
    name: str, connected: "Application", recorded_athlete: RecordedAthlete
) -> None:
    recorded = of_kind(
        [
            json.loads(recorded_athlete.activity_summary(listed.activity_id))
            for listed in recorded_athlete.activities(recorded_athlete.newest_instant)
        ],
        KINDS[name],
    )
    generated = of_kind(connected.activities() + connected.activities(page=2), KINDS[name])
    assert recorded
    assert generated
    seen = {frozenset(row) for row in recorded}
    for row in generated:
        assert frozenset(row.keys() - NEWER) in seen | {shape - {"average_temp"} for shape in seen}
        assert row["map"].keys() == recorded[0]["map"].keys()
    types: dict[str, set[type]] = {}
    for row in recorded:
        for key, value in row.items():
            types.setdefault(key, set()).add(type(value))
    for row in generated:
        for key in row.keys() - NEWER:
            assert type(row[key]) in types[key] | {int, float} if types[key] & {int, float} else types[key], (
                key
            )


def test_a_ride_with_power_adds_the_power_figures_and_a_run_has_none(connected: "Application") -> None:
    rows = connected.activities()
    ride = of_kind(rows, {"sport_type": "Ride", "trainer": False})[0]
    run = of_kind(rows, {"sport_type": "Run", "manual": False, "has_heartrate": True})[0]
    assert ride.keys() - run.keys() == POWER
    assert run.keys() <= ride.keys()


def test_absent_is_not_null_and_an_unknown_place_is_an_empty_list(connected: "Application") -> None:
    rows = connected.activities() + connected.activities(page=2)
    manual = of_kind(rows, {"manual": True})[0]
    swim = of_kind(rows, {"sport_type": "Swim", "has_heartrate": False})[0]
    assert manual["upload_id"] is None
    assert "upload_id_str" not in manual
    for row in (manual, swim):
        assert row["start_latlng"] == row["end_latlng"] == []
        assert row["map"]["summary_polyline"] == ""
        assert (
            not {"average_heartrate", "max_heartrate", "suffer_score", "elev_high", "average_watts"}
            & row.keys()
        )
