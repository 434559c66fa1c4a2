"""Routes as text, in Google's encoded polyline format, which Strava's maps use."""

import numpy as np

from training_analyzer_strava.simulator.efforts import Floats

DEGREES_PER_UNIT = 1e-5
FIVE_BITS = 0x1F
MORE_FOLLOWS = 0x20
FIRST_CHARACTER = 63


def encoded_polyline(latlng: Floats) -> str:
    """Latitudes and longitudes (n, 2) as an encoded polyline."""
    units = np.round(latlng / DEGREES_PER_UNIT).astype(int)
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), dtype=int))
    return "".join(_encoded_step(step) for step in steps.ravel().tolist())


def thinned(latlng: Floats, points: int) -> Floats:
    """At most `points` of the places, evenly chosen, the first and the last among them."""
    if len(latlng) <= points:
        return latlng
    return np.asarray(latlng[np.linspace(0, len(latlng) - 1, points).round().astype(int)])


def _encoded_step(step: int) -> str:
    value = ~(step << 1) if step < 0 else step << 1
    characters = []
    while value > FIVE_BITS:
        characters.append(chr((MORE_FOLLOWS | (value & FIVE_BITS)) + FIRST_CHARACTER))
        value >>= 5
    characters.append(chr(value + FIRST_CHARACTER))
    return "".join(characters)
