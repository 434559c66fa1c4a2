"""
The figures of an activity's summary, computed from its samples with Strava's own definitions.

- Average power: mean over the moving samples, a missing one counted as zero; energy is that times the
  moving time.
- Weighted average power: 25 s exponentially weighted average, fourth-power mean. It is not normalized
  power.
- Average heart rate: mean of all readings; average cadence: mean of the readings that are not zero.
- Elevation gain: sum of all rises of the altitude stream.

Checked against Strava's figures for recorded activities (virtual ride: 161.7 and 168.0 W, 156.8 bpm,
cadence 77).
"""

from typing import Any

import numpy as np

from training_analyzer_strava.simulator.efforts import Floats
from training_analyzer_strava.simulator.physiology import exponential_average
from training_analyzer_strava.simulator.samples import Samples

WEIGHTED_POWER_TIME_CONSTANT_S = 25.0
ZONE_BOUNDS_BPM = (122, 142, 156, 168)
# An imitation of Relative Effort, which Strava does not publish: points per hour in each heart-rate zone.
EFFORT_PER_HOUR = np.array([15.0, 40.0, 90.0, 180.0, 230.0])


def figures_of(samples: Samples) -> dict[str, Any]:
    """Those keys of a summary that follow from the samples; what the device did not measure is absent."""
    distance_m = samples.readings.get("distance")
    covered_m = 0.0 if distance_m is None else float(distance_m[-1])
    speed = samples.readings.get("velocity_smooth")
    figures: dict[str, Any] = {
        "distance": covered_m,
        "moving_time": samples.moving_s,
        "elapsed_time": int(samples.time_s[-1]),
        "total_elevation_gain": 0,
        "average_speed": round(covered_m / samples.moving_s, 3),
        "max_speed": 0 if speed is None else float(speed.max()),
    }
    return figures | _land(samples) | _cadence_and_temperature(samples) | _power(samples) | _heart(samples)


def present(figures: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Those of the keys that there are."""
    return {key: figures[key] for key in keys if key in figures}


def weighted_power_w(power_w: Floats) -> float:
    """The fourth-power mean of the 25 s exponentially weighted average of power, given once a second."""
    smooth = exponential_average(power_w, WEIGHTED_POWER_TIME_CONSTANT_S)
    return float(np.mean(smooth**4) ** 0.25)


def _land(samples: Samples) -> dict[str, Any]:
    altitude_m = samples.readings.get("altitude")
    if altitude_m is None:
        return {}
    return {
        "total_elevation_gain": round(float(np.clip(np.diff(altitude_m), 0, None).sum()), 1),
        "elev_high": float(altitude_m.max()),
        "elev_low": float(altitude_m.min()),
    }


def _cadence_and_temperature(samples: Samples) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    cadence, temperature = samples.reading("cadence"), samples.reading("temp")
    if cadence is not None:
        figures["average_cadence"] = round(float(cadence[cadence > 0].mean()), 1)
    if temperature is not None:
        figures["average_temp"] = round(float(temperature.mean()))
    return figures


def _power(samples: Samples) -> dict[str, Any]:
    watts = samples.readings.get("watts")
    if watts is None:
        return {}
    moving_w = np.nan_to_num(watts)[samples.moving]
    average_w = round(float(moving_w.mean()), 1)
    return {
        "average_watts": average_w,
        "max_watts": int(moving_w.max()),
        "weighted_average_watts": round(weighted_power_w(moving_w)),
        "device_watts": True,
        "kilojoules": round(average_w * samples.moving_s / 1000, 1),
    }


def _heart(samples: Samples) -> dict[str, Any]:
    beats = samples.reading("heartrate")
    if beats is None:
        return {}
    hours = (
        np.bincount(np.digitize(beats, ZONE_BOUNDS_BPM), minlength=5) / beats.size * samples.moving_s / 3600
    )
    return {
        "average_heartrate": round(float(beats.mean()), 1),
        "max_heartrate": float(beats.max()),
        "suffer_score": float(round(float(hours @ EFFORT_PER_HOUR))),
    }
