"""
The generated athlete's body: threshold, cost of motion, and a heart that follows effort late and drifts
upwards.
"""

from typing import TypeVar

import numpy as np

from training_analyzer_strava.simulator.efforts import Floats

FTP_W = 260.0
THRESHOLD_SPEED_M_S = 4.05  # running, about 4:07 per km
RESTING_BPM = 48.0
MAXIMUM_BPM = 186.0
THRESHOLD_BPM = 168.0
BPM_AT_NO_EFFORT = 86.0
ATHLETE_KG = 74.0
BIKE_KG = 9.0

GRAVITY = 9.81
ROLLING = 0.005  # road tyres on asphalt
DRAG_KG_M = 0.5 * 1.2 * 0.32  # half the density of air times the drag area on the hoods
SLOWEST_RIDE_M_S = 2.0
BRAKING_FROM_M_S = 12.0
BRAKING_RANGE_M_S = 7.5


def exponential_average(values: Floats, time_constant_s: float) -> Floats:
    """
    An exponentially weighted average over samples of one second, from zero.

    It is computed block by block, so that the growing weights stay within the range of numbers.
    """
    kept = np.exp(-1.0 / time_constant_s)
    length = max(1, min(values.size, int(20 * time_constant_s)))
    blocks = -(-values.size // length)
    padded = np.zeros(blocks * length)
    padded[: values.size] = values * (1 - kept)
    powers = kept ** np.arange(length)
    rows = np.cumsum(padded.reshape(blocks, length) / powers, axis=1) * powers
    carried = 0.0
    for block in range(blocks):
        rows[block] += carried * kept * powers
        carried = float(rows[block, -1])
    return np.asarray(rows.ravel()[: values.size])


def wandering(random: np.random.Generator, size: int, time_constant_s: float, deviation: float) -> Floats:
    """Noise with a memory: it wanders about zero with the given standard deviation."""
    alpha = 1 - np.exp(-1.0 / time_constant_s)
    return exponential_average(
        random.normal(0, deviation * np.sqrt((2 - alpha) / alpha), size), time_constant_s
    )


def riding_speed(power_w: Floats, grade: Floats) -> Floats:
    """
    The steady speed (m/s) at a power on a grade: the root of P = v (m g (grade + rolling) + drag v²).

    Newton's method from above, where the cubic is convex and the iteration cannot overshoot.
    """
    resistance = (ATHLETE_KG + BIKE_KG) * GRAVITY * (grade + ROLLING)
    speed = np.full(power_w.shape, 35.0)
    for _ in range(10):
        speed -= (DRAG_KG_M * speed**3 + resistance * speed - power_w) / (
            3 * DRAG_KG_M * speed**2 + resistance
        )
        speed = np.maximum(speed, 0.5)
    too_fast = np.maximum(speed - BRAKING_FROM_M_S, 0)
    braked = np.minimum(speed, BRAKING_FROM_M_S) + BRAKING_RANGE_M_S * np.tanh(too_fast / BRAKING_RANGE_M_S)
    return np.asarray(np.maximum(braked, SLOWEST_RIDE_M_S))


def running_cost(grade: Floats) -> Floats:
    """
    The energy cost of running on a grade relative to the flat; Minetti et al. 2002, doi
    10.1152/japplphysiol.01177.2001.
    """
    polynomial = np.polynomial.Polynomial([3.6, 19.5, 46.3, -43.3, -30.4, 155.4])
    return np.asarray(polynomial(grade) / 3.6)


Intensity = TypeVar("Intensity", float, Floats)


def running_fraction(intensity: Intensity) -> Intensity:
    """The speed on the flat, as a fraction of the threshold speed, that an effort yields."""
    return 0.35 + 0.65 * intensity


def heart_rate(random: np.random.Generator, intensity: Floats) -> Floats:
    """
    Beats per minute for an intensity given each second.

    The steady state is linear (86 at no effort, 168 at the threshold); the heart gets there in about
    half a minute, drifts upwards by some beats an hour, and has its days.
    """
    steady = BPM_AT_NO_EFFORT + (THRESHOLD_BPM - BPM_AT_NO_EFFORT) * intensity
    late = exponential_average(exponential_average(steady - BPM_AT_NO_EFFORT, 26.0), 9.0) + BPM_AT_NO_EFFORT
    elapsed_h = np.arange(intensity.size) / 3600
    drift = 5.0 * np.maximum(elapsed_h - 1 / 3, 0) * float(intensity.mean()) / 0.7
    of_the_day = float(np.clip(random.normal(0, 2), -4, 4))
    beats = late + drift + of_the_day + wandering(random, intensity.size, 45.0, 1.6)
    return np.clip(beats, RESTING_BPM + 8, MAXIMUM_BPM)
