"""An exponential average: what fitness, fatigue and a body's slow answer to power have in common."""

from typing import Final

import numpy as np

from training_analyzer.sdk import Column

CHUNK: Final = 1000
"""So that what has faded within a chunk stays a number, for every weight up to a half."""


def exponential_average(rows: Column, weight: float, *, start: Column | float = 0.0) -> Column:
    """
    Return y of shape `rows`, y[d] = y[d-1] + (rows[d] - y[d-1]) * weight, from `start`.

    Along the last axis. `weight` lies between 0 and 0.5.
    """
    averages = np.empty_like(rows, dtype=np.float64)
    kept = 1 - weight
    faded = kept ** np.arange(min(CHUNK, rows.shape[-1]))
    carried = np.zeros((*rows.shape[:-1], 1)) + np.asarray(start)[..., None]
    for first in range(0, rows.shape[-1], CHUNK):
        chunk = rows[..., first : first + CHUNK]
        fading = faded[: chunk.shape[-1]]
        # The recurrence, unrolled: every value fades from its own place on.
        sums = np.cumsum(chunk / fading, axis=-1) * weight
        averages[..., first : first + CHUNK] = fading * (sums + carried * kept)
        carried = averages[..., first + chunk.shape[-1] - 1, None]
    return averages
