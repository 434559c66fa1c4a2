"""The land: closed loops from the athlete's door, with climbs as in a low mountain range."""

from dataclasses import dataclass

import numpy as np

from training_analyzer_strava.simulator.efforts import Floats

METRES_PER_DEGREE = 111_320.0
HOME = (47.9990, 7.8421)
VIRTUAL_ISLAND = (-11.6409, 166.9510)
HOME_ALTITUDE_M = 278.0


@dataclass(frozen=True)
class Hilliness:
    """How much climbing a kind of outing looks for: one climb in so many metres, so long, so steep."""

    metres_per_climb: float
    climb_m: tuple[float, float]
    grade: tuple[float, float]


HILLS = {
    "Ride": Hilliness(17_000, (2_500, 7_000), (0.035, 0.070)),
    "GravelRide": Hilliness(12_000, (1_500, 5_000), (0.035, 0.075)),
    "VirtualRide": Hilliness(14_000, (1_000, 3_000), (0.030, 0.060)),
    "Run": Hilliness(7_000, (400, 1_200), (0.015, 0.040)),
    "TrailRun": Hilliness(4_500, (900, 2_000), (0.060, 0.130)),
    "Hike": Hilliness(4_500, (1_500, 2_500), (0.090, 0.170)),
}


def altitude_profile(random: np.random.Generator, distance_m: Floats, hilliness: Hilliness) -> Floats:
    """Altitude (m) along a loop, at evenly spaced distances from its start; it ends about where it began."""
    total_m = float(distance_m[-1])
    altitude = np.full(distance_m.shape, HOME_ALTITUDE_M)
    climbs = max(1, round(total_m / hilliness.metres_per_climb))
    for climb in range(climbs):
        room_m = total_m / climbs
        length_m = min(random.uniform(*hilliness.climb_m), 0.45 * room_m)
        summit_m = room_m * (climb + random.uniform(0.45, 0.55))
        rise_m = length_m * random.uniform(*hilliness.grade)
        near = np.clip(1 - np.abs(distance_m - summit_m) / length_m, 0, 1)
        altitude += rise_m * (0.5 - 0.5 * np.cos(np.pi * near)) * 0.75 + rise_m * near * 0.25
    for wavelength_m in (900.0, 2_300.0):
        wave = np.sin(2 * np.pi * distance_m / wavelength_m + random.uniform(0, 2 * np.pi))
        altitude += (
            wave * random.uniform(0.5, 1.0) * 0.0022 * wavelength_m * np.sin(np.pi * distance_m / total_m)
        )
    return altitude


def loop(random: np.random.Generator, distance_m: Floats, home: tuple[float, float]) -> Floats:
    """Latitude and longitude along a winding loop whose length is the distance covered; shape (n, 2)."""
    total_m = max(float(distance_m[-1]), 1.0)
    angle = np.linspace(0, 2 * np.pi, 2_000)
    radius = np.ones(angle.shape)
    for harmonic in (2, 3, 5, 8, 13):
        radius += random.normal(0, 0.22 / harmonic**0.7) * np.cos(
            harmonic * angle + random.uniform(0, 2 * np.pi)
        )
    east, north = radius * np.cos(angle), radius * np.sin(angle)
    east, north = east - east[0], north - north[0]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(east), np.diff(north)))])
    scale_m = total_m / along[-1]
    covered = distance_m / scale_m
    turned = random.uniform(0, 2 * np.pi)
    east_m = np.interp(covered, along, east * np.cos(turned) - north * np.sin(turned)) * scale_m
    north_m = np.interp(covered, along, east * np.sin(turned) + north * np.cos(turned)) * scale_m
    latitude = home[0] + north_m / METRES_PER_DEGREE
    longitude = home[1] + east_m / (METRES_PER_DEGREE * np.cos(np.radians(home[0])))
    return np.column_stack([latitude, longitude])
