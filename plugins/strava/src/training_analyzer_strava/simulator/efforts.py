"""
How hard a session is at each moment: intensity as a fraction of the threshold (power, or the pace like
it).
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEADY = {
    "recovery": 0.52,
    "easy": 0.62,
    "endurance": 0.70,
    "long": 0.70,
    "race": 0.86,
    "half_marathon": 0.93,
    "hike": 0.52,
    "still": 0.06,
    "strength": 0.22,
    "swim": 0.68,
    "intervals": 0.60,
    "sweet_spot": 0.62,
}
# effort: repetitions, seconds and intensity of the work, seconds and intensity of the rest
REPEATED = {
    "intervals": (5, 240, 1.07, 180, 0.50),
    "sweet_spot": (3, 900, 0.90, 300, 0.55),
}
RACES = ("race", "half_marathon")
WARM_UP_S = 900.0
COOL_DOWN_S = 420.0


def intensity_over(effort: str, elapsed_s: Floats, total_s: float) -> Floats:
    """The planned intensity at each of `elapsed_s` in a session of `total_s` seconds."""
    steady = STEADY[effort]
    intensity = np.full(elapsed_s.shape, steady)
    warming = np.clip(elapsed_s / min(WARM_UP_S, total_s / 4), 0, 1)
    intensity *= 0.8 + 0.2 * warming if effort not in RACES else 1.0
    if effort in REPEATED:
        repetitions, work_s, work, rest_s, rest = REPEATED[effort]
        block_s = work_s + rest_s
        fitting = int(np.clip((total_s - WARM_UP_S - COOL_DOWN_S) // block_s, 1, repetitions))
        begins_s = min(WARM_UP_S, total_s / 4)
        inside = (elapsed_s >= begins_s) & (elapsed_s < begins_s + fitting * block_s)
        working = (elapsed_s - begins_s) % block_s < work_s
        intensity = np.where(inside, np.where(working, work, rest), intensity)
    return intensity
