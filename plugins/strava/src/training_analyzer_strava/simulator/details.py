"""
Details of generated activities: the summary and what only `/activities/{id}` has.

There is one lap, the whole activity; splits per kilometre and per mile wherever there is a distance.
`best_efforts` is there for runs only, and empty; so is `segment_efforts`, for all.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from training_analyzer_strava.simulator.figures import present
from training_analyzer_strava.simulator.polyline import encoded_polyline, thinned
from training_analyzer_strava.simulator.samples import Samples
from training_analyzer_strava.simulator.season import Outing
from training_analyzer_strava.simulator.summaries import device_of


def detail_of(summary: dict[str, Any], outing: Outing, samples: Samples | None) -> dict[str, Any]:
    """DetailedActivity: the summary and what only the detail has."""
    places = None if samples is None else samples.readings.get("latlng")
    detail = summary | {
        "resource_state": 3,
        "description": None,
        "calories": calories_of(summary),
        "perceived_exertion": None,
        "prefer_perceived_exertion": None,
        "segment_efforts": [],
        "map": summary["map"]
        | {
            "polyline": "" if places is None else encoded_polyline(thinned(places, 2_000)),
            "resource_state": 3,
        },
        "gear": gear_summary(summary["gear_id"]),
        "photos": {"primary": None, "count": 0},
        "stats_visibility": [
            {"type": kind, "visibility": "everyone"}
            for kind in ("heart_rate", "pace", "power", "speed", "calories")
        ],
        "hide_from_home": False,
        "embed_token": f"{outing.activity_id:040x}",
        "private_note": "",
        "available_zones": (["heartrate"] if summary["has_heartrate"] else [])
        + (["power"] if "average_watts" in summary else []),
    }
    if samples is not None:
        detail["device_name"] = device_of(outing)
        detail["laps"] = [_whole_lap(summary, samples)]
    if summary["type"] == "Run":
        detail["best_efforts"] = []
    if summary["distance"] and samples is not None:
        detail["splits_metric"] = _splits(samples, 1_000.0)
        detail["splits_standard"] = _splits(samples, 1_609.344)
    return detail


def gear_summary(gear_id: str | None) -> dict[str, Any] | None:
    if gear_id is None:
        return None
    name, kilometres = ("Road bike", 21_480.0) if gear_id.startswith("b") else ("Running shoes", 512.0)
    return {
        "id": gear_id,
        "primary": True,
        "name": name,
        "nickname": None,
        "resource_state": 2,
        "retired": False,
        "distance": round(kilometres * 1000),
        "converted_distance": kilometres,
    }


def calories_of(summary: dict[str, Any]) -> float:
    """
    Kilocalories: from work where power is known (a quarter of the energy becomes work), else by time and
    heart.
    """
    if "kilojoules" in summary:
        return float(round(summary["kilojoules"] / 4.184 / 0.24))
    beats = summary.get("average_heartrate", 120.0)
    return float(round(summary["moving_time"] / 60 * max(2.0, 0.11 * (beats - 60))))


def _whole_lap(summary: dict[str, Any], samples: Samples) -> dict[str, Any]:
    return {
        "id": summary["id"] * 4,
        "resource_state": 2,
        "name": "Lap 1",
        "activity": {"id": summary["id"], "visibility": summary["visibility"], "resource_state": 1},
        "athlete": summary["athlete"],
        **present(summary, "elapsed_time", "moving_time", "start_date", "start_date_local", "distance"),
        **present(summary, "average_speed", "max_speed"),
        "lap_index": 1,
        "split": 1,
        "start_index": 0,
        "end_index": int(samples.time_s.size - 1),
        **present(summary, "total_elevation_gain", "average_cadence", "device_watts", "average_watts"),
        **present(summary, "average_heartrate", "max_heartrate"),
    }


def _splits(samples: Samples, length_m: float) -> list[dict[str, Any]]:
    """One split for each `length_m`, the last one shorter."""
    distance_m = samples.readings["distance"]
    altitude_m = samples.readings.get("altitude", np.zeros(distance_m.size))
    beats = samples.readings.get("heartrate")
    marks = np.arange(length_m, distance_m[-1], length_m)
    bounds = [0, *np.searchsorted(distance_m, marks).tolist(), distance_m.size - 1]
    steps_s = np.diff(samples.time_s, prepend=0) * samples.moving
    splits = []
    for number, (begin, end) in enumerate(pairwise(bounds), start=1):
        covered_m = float(distance_m[end] - distance_m[begin])
        moving_s = int(steps_s[begin + 1 : end + 1].sum())
        split = {
            "distance": round(covered_m, 1),
            "elapsed_time": int(samples.time_s[end] - samples.time_s[begin]),
            "elevation_difference": round(float(altitude_m[end] - altitude_m[begin]), 1),
            "moving_time": moving_s,
            "split": number,
            "average_speed": round(covered_m / moving_s, 2) if moving_s else 0.0,
            "average_grade_adjusted_speed": None,
            "pace_zone": 0,
        }
        if beats is not None and not np.isnan(beats[begin : end + 1]).all():
            split["average_heartrate"] = float(np.nanmean(beats[begin : end + 1]))
        splits.append(split)
    return splits
