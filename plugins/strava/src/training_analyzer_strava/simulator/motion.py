"""
An outing while it moves: distance, effort and what the sensors would show, once a second, without any
stop.
"""

from dataclasses import dataclass

import numpy as np

from training_analyzer_strava.simulator.efforts import STEADY, Floats, intensity_over
from training_analyzer_strava.simulator.physiology import (
    FTP_W,
    THRESHOLD_SPEED_M_S,
    exponential_average,
    riding_speed,
    running_cost,
    running_fraction,
    wandering,
)
from training_analyzer_strava.simulator.season import Outing
from training_analyzer_strava.simulator.terrain import HILLS, altitude_profile

RIDE_STEP_M = 10.0
RUN_STEP_M = 5.0
TYPICAL_RIDE_M_S = 7.4
STEEPEST_DESCENT_PEDALLED = 0.045
LEAST_PEDALLED_W = 25.0
ROAD_COASTS_BEYOND = 2.1  # standard deviations of a wandering mood
TRAINER_COASTS_BEYOND = 3.6
HELD_ABOVE = 0.8  # whoever trains or races hard holds the power, uphill and downhill


@dataclass(frozen=True)
class Motion:
    """Columns of one row a second; a column is None where the sport or the device has no such thing."""

    intensity: Floats
    distance_m: Floats | None = None
    altitude_m: Floats | None = None
    grade: Floats | None = None
    power_w: Floats | None = None
    cadence: Floats | None = None
    resting: Floats | None = None
    """1 where a swimmer rests at the wall."""


def ride_outdoors(random: np.random.Generator, outing: Outing) -> Motion:
    """A ride over hills: power follows plan and grade, speed follows from both."""
    planned_s = outing.minutes * 60
    ftp_w = FTP_W * outing.form
    route_m = np.arange(0, max(5_000.0, planned_s * TYPICAL_RIDE_M_S), RIDE_STEP_M)
    altitude_m = altitude_profile(random, route_m, HILLS[outing.session.sport])
    grade = np.gradient(altitude_m, RIDE_STEP_M)
    pushing = np.where(grade > 0, 1 + 3.0 * np.minimum(grade, 0.08), 1 + grade / STEEPEST_DESCENT_PEDALLED)
    reached_s = route_m / TYPICAL_RIDE_M_S
    for _ in range(2):  # the plan is told in time, the hills in distance: the second pass fits them together
        intensity = intensity_over(outing.session.effort, reached_s, planned_s)
        held = np.where(intensity > HELD_ABOVE, np.clip(pushing, 0.9, 1.05), np.maximum(pushing, 0))
        power_w = ftp_w * held * intensity
        reached_s = np.cumsum(RIDE_STEP_M / riding_speed(power_w, grade))
    seconds = np.arange(0, int(reached_s[-1]) + 1, dtype=float)
    distance_m = np.interp(seconds, reached_s, route_m)
    power_w = _pedalled(random, np.interp(seconds, reached_s, power_w), outdoors=True)
    return Motion(
        intensity=power_w / ftp_w,
        distance_m=distance_m,
        altitude_m=np.interp(distance_m, route_m, altitude_m),
        grade=np.interp(distance_m, route_m, grade),
        power_w=power_w,
        cadence=_pedal_cadence(random, power_w, np.interp(distance_m, route_m, grade)),
    )


def ride_indoors(random: np.random.Generator, outing: Outing) -> Motion:
    """A ride on a trainer: power as planned, a distance that the trainer makes up, no place."""
    seconds = np.arange(0, round(outing.minutes * 60), dtype=float)
    ftp_w = FTP_W * outing.form
    planned_w = ftp_w * intensity_over(outing.session.effort, seconds, outing.minutes * 60)
    power_w = _pedalled(random, exponential_average(planned_w, 3.0), outdoors=False)
    speed_m_s = riding_speed(exponential_average(power_w, 15.0), np.zeros(seconds.size))
    return Motion(
        intensity=power_w / ftp_w,
        distance_m=np.cumsum(speed_m_s) - speed_m_s[0],
        power_w=power_w,
        cadence=_pedal_cadence(random, power_w, np.zeros(seconds.size)),
    )


def go_on_foot(random: np.random.Generator, outing: Outing) -> Motion:
    """A run or a hike: speed follows from effort and grade."""
    planned_s = outing.minutes * 60
    hiking = outing.session.sport == "Hike"
    flat_m_s = 1.55 if hiking else THRESHOLD_SPEED_M_S * outing.form
    typical = 0.8 if hiking else running_fraction(STEADY[outing.session.effort])
    route_m = np.arange(0, max(1_500.0, planned_s * flat_m_s * typical), RUN_STEP_M)
    altitude_m = altitude_profile(random, route_m, HILLS[outing.session.sport])
    grade = np.gradient(altitude_m, RUN_STEP_M)
    pace = 1 + exponential_average(random.normal(0, 0.35, route_m.size), 40.0)
    reached_s = route_m / (typical * flat_m_s)
    for _ in range(2):
        intensity = intensity_over(outing.session.effort, reached_s, planned_s) * pace
        level_m_s = flat_m_s * (np.ones(route_m.size) if hiking else running_fraction(intensity))
        speed_m_s = np.clip(level_m_s / running_cost(grade), 0.45 * level_m_s, 1.25 * level_m_s)
        reached_s = np.cumsum(RUN_STEP_M / speed_m_s)
    effort = intensity * np.clip(1 + 1.6 * grade, 0.75, 1.2)
    seconds = np.arange(0, int(reached_s[-1]) + 1, dtype=float)
    distance_m = np.interp(seconds, reached_s, route_m)
    speed_m_s = np.interp(seconds, reached_s, speed_m_s)
    steps = 56.0 + wandering(random, seconds.size, 20.0, 2.0) if hiking else 74.0 + 3.4 * speed_m_s
    return Motion(
        intensity=np.interp(seconds, reached_s, effort),
        distance_m=distance_m,
        altitude_m=np.interp(distance_m, route_m, altitude_m),
        grade=np.interp(distance_m, route_m, grade),
        cadence=steps + wandering(random, seconds.size, 8.0, 1.2),
    )


def swim_in_a_pool(random: np.random.Generator, outing: Outing) -> Motion:
    """Repetitions of 100 and 200 m in a pool of 25 m, with rests at the wall."""
    total_s = outing.minutes * 60
    speed_m_s: list[Floats] = []
    elapsed_s = 0
    while elapsed_s < total_s:
        repetition_m = float(random.choice([100.0, 100.0, 200.0, 400.0]))
        swum_s = round(repetition_m / random.uniform(1.05, 1.25))
        rest_s = int(random.integers(15, 40))
        speed_m_s += [np.full(swum_s, repetition_m / swum_s), np.zeros(rest_s)]
        elapsed_s += swum_s + rest_s
    speed = np.concatenate([[0.0], *speed_m_s[:-1]])
    swimming = (speed > 0).astype(float)
    return Motion(
        intensity=swimming * intensity_over("swim", np.arange(speed.size, dtype=float), speed.size),
        distance_m=np.cumsum(speed),
        resting=1 - swimming,
    )


def train_on_the_spot(random: np.random.Generator, outing: Outing) -> Motion:
    """Yoga and weights: a heart rate and nothing else."""
    seconds = np.arange(0, round(outing.minutes * 60), dtype=float)
    intensity = intensity_over(outing.session.effort, seconds, outing.minutes * 60)
    return Motion(intensity=np.maximum(intensity + wandering(random, seconds.size, 60.0, 0.08), 0))


MOTIONS = {
    "Ride": ride_outdoors,
    "GravelRide": ride_outdoors,
    "VirtualRide": ride_outdoors,
    "IndoorRide": ride_indoors,
    "Run": go_on_foot,
    "TrailRun": go_on_foot,
    "Hike": go_on_foot,
    "Swim": swim_in_a_pool,
    "Yoga": train_on_the_spot,
    "WeightTraining": train_on_the_spot,
}


def _pedalled(random: np.random.Generator, planned_w: Floats, *, outdoors: bool) -> Floats:
    """Power as a meter shows it: rough, and zero in the moments in which nobody pedals."""
    size = planned_w.size
    roughness = 0.11 if outdoors else 0.03
    rough = planned_w * (1 + wandering(random, size, 4.0, roughness) + random.normal(0, roughness / 2, size))
    coasting = wandering(random, size, 6.0, 1.0) > (ROAD_COASTS_BEYOND if outdoors else TRAINER_COASTS_BEYOND)
    return np.where(coasting | (planned_w < LEAST_PEDALLED_W), 0.0, np.clip(rough, 0, 950))


def _pedal_cadence(random: np.random.Generator, power_w: Floats, grade: Floats) -> Floats:
    turning = 88.0 - 160.0 * np.clip(grade, 0, 0.08) + wandering(random, power_w.size, 12.0, 3.0)
    return np.where(power_w > 0, turning, 0.0)
