"""
Summaries of generated activities, with the keys, their order and their absences as recorded.

`average_cadence`, `average_temp`, the power figures, the heart-rate figures, `suffer_score` and `elev_*`
are absent where nothing was measured; `upload_id_str` is absent and `upload_id` null for a manual entry;
places that are not known are `[]`; `start_date_local` is the wall clock with a false Z; the zone's
offset in `timezone` ignores summer.
"""

from typing import Any

from training_analyzer_strava.simulator.figures import figures_of, present
from training_analyzer_strava.simulator.polyline import encoded_polyline, thinned
from training_analyzer_strava.simulator.samples import Samples
from training_analyzer_strava.simulator.season import Outing

DEVICE_SINCE_ORDINAL = 739_551  # 2025-10-27, when summaries began to name the device
# our sports: Strava's sport_type, its older type, and workout_type by effort (None: the key is absent)
SPORTS: dict[str, tuple[str, str, dict[str, int | None] | None]] = {
    "Ride": ("Ride", "Ride", {"race": 11, "intervals": 12, "sweet_spot": 12, "": 10}),
    "GravelRide": ("GravelRide", "Ride", {"": 10}),
    "VirtualRide": ("VirtualRide", "VirtualRide", {"": 10}),
    "IndoorRide": ("Ride", "Ride", {"": 10}),
    "Run": ("Run", "Run", {"half_marathon": 1, "endurance": 2, "": 0}),
    "TrailRun": ("TrailRun", "Run", {"": None}),
    "Hike": ("Hike", "Hike", None),
    "Swim": ("Swim", "Swim", None),
    "Yoga": ("Yoga", "Yoga", {"": None}),
    "WeightTraining": ("WeightTraining", "WeightTraining", {"": 30}),
}
NOUNS = {
    "Run": "Run",
    "TrailRun": "Trail Run",
    "GravelRide": "Gravel Ride",
    "WeightTraining": "Weight Training",
}
NAMES = {
    ("Ride", "intervals"): "5 x 4 min",
    ("VirtualRide", "intervals"): "5 x 4 min on the trainer",
    ("Ride", "sweet_spot"): "Sweet spot",
    ("IndoorRide", "sweet_spot"): "Sweet spot, indoors",
    ("Ride", "race"): "Gran fondo",
    ("Run", "half_marathon"): "Half marathon",
    ("Run", "endurance"): "Long run",
}
MANUAL_RUN_M_S = 2.85


def summary_of(athlete_id: int, outing: Outing, samples: Samples | None) -> dict[str, Any]:
    """SummaryActivity."""
    session = outing.session
    sport_type, older_type, workout_types = SPORTS[session.sport]
    figures = _manual_figures(outing) if samples is None else figures_of(samples)
    places = None if samples is None else samples.readings.get("latlng")
    has_heartrate = "average_heartrate" in figures
    number = outing.activity_id
    summary: dict[str, Any] = {
        "resource_state": 2,
        "athlete": {"id": athlete_id, "resource_state": 1},
        "name": name_of(outing),
        **present(figures, "distance", "moving_time", "elapsed_time", "total_elevation_gain"),
        "type": older_type,
        "sport_type": sport_type,
    }
    if workout_types is not None:
        summary["workout_type"] = workout_types.get(session.effort, workout_types[""])
    if outing.start.toordinal() >= DEVICE_SINCE_ORDINAL and samples is not None:
        summary["device_name"] = device_of(outing)
    summary |= {
        "id": number,
        "start_date": f"{outing.start:%Y-%m-%dT%H:%M:%SZ}",
        "start_date_local": f"{outing.start_local:%Y-%m-%dT%H:%M:%SZ}",
        "timezone": "(GMT+01:00) Europe/Berlin",
        "utc_offset": float(outing.utc_offset_s),
        "location_city": None,
        "location_state": None,
        "location_country": None,
        "achievement_count": number % 5 if samples else 0,
        "kudos_count": 0 if session.only_me else number % 17,
        "comment_count": 0,
        "athlete_count": 1,
        "photo_count": 0,
        "map": {
            "id": f"a{number}",
            "summary_polyline": "" if places is None else encoded_polyline(thinned(places, 120)),
            "resource_state": 2,
        },
        "trainer": places is None and samples is not None,
        "commute": False,
        "manual": samples is None,
        "private": session.only_me,
        "visibility": "only_me" if session.only_me else "everyone",
        "flagged": False,
        "gear_id": gear_of(outing),
        "start_latlng": [] if places is None else places[0].tolist(),
        "end_latlng": [] if places is None else places[-1].tolist(),
        **present(figures, "average_speed", "max_speed", "average_cadence", "average_temp"),
        **present(
            figures, "average_watts", "max_watts", "weighted_average_watts", "device_watts", "kilojoules"
        ),
        "has_heartrate": has_heartrate,
        **present(figures, "average_heartrate", "max_heartrate"),
        "heartrate_opt_out": False,
        "display_hide_heartrate_option": has_heartrate,
        **present(figures, "elev_high", "elev_low"),
        "upload_id": None if samples is None else number + 1_100_000_000,
    }
    if samples is not None:
        summary["upload_id_str"] = str(summary["upload_id"])
    summary |= {
        "external_id": None if samples is None else f"garmin_ping_{number + 400_000_000_000}",
        "from_accepted_tag": False,
        "pr_count": 0,
        "total_photo_count": 0,
        "has_kudoed": False,
        **present(figures, "suffer_score"),
    }
    return summary


def name_of(outing: Outing) -> str:
    """What the athlete calls the outing; else what Strava would call it, by the time of day."""
    session = outing.session
    if (session.sport, session.effort) in NAMES:
        return NAMES[session.sport, session.effort]
    hour = outing.start_local.hour
    moment = next(
        word
        for until, word in ((11, "Morning"), (14, "Lunch"), (18, "Afternoon"), (24, "Evening"))
        if hour < until
    )
    sport_type = SPORTS[session.sport][0]
    return f"{moment} {NOUNS.get(sport_type, sport_type)}"


def device_of(outing: Outing) -> str:
    rides = outing.session.sport in ("Ride", "GravelRide", "IndoorRide")
    return (
        "Zwift" if outing.session.sport == "VirtualRide" else "Garmin Edge 840" if rides else "Garmin Fenix 7"
    )


def gear_of(outing: Outing) -> str | None:
    if "Ride" in outing.session.sport:
        return "b7000001"
    return "g7000002" if outing.session.sport in ("Run", "TrailRun", "Hike") else None


def _manual_figures(outing: Outing) -> dict[str, Any]:
    moving_s = round(outing.minutes) * 60
    return {
        "distance": round(moving_s * MANUAL_RUN_M_S, -2),
        "moving_time": moving_s,
        "elapsed_time": moving_s,
        "total_elevation_gain": 0,
        "average_speed": MANUAL_RUN_M_S,
        "max_speed": 0,
    }
