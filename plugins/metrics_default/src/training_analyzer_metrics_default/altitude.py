"""Altitude without the jumps that no body makes: what ascent, climbs and slopes are made from."""

from typing import Final

import numpy as np

from training_analyzer.sdk import Column, Sport
from training_analyzer_metrics_default import limits
from training_analyzer_metrics_default.slopes import STEEPEST
from training_analyzer_metrics_default.track import latest

LONGEST_STALE_S: Final = 10.0
"""Some devices write a new altitude only now and then: a step may have taken so long (ours)."""
FEW_CHANGES: Final = 5
"""Fewer say nothing of a device's habit (ours)."""
HABIT: Final = 0.25
"""Its habit is this quantile of the times between changes: on the flat, many of them are long (ours)."""


def without_jumps(altitude_m: Column, seconds: Column, sport: Sport) -> tuple[Column, int]:
    """
    Return the altitude without its jumps, and how many there were: the very column, where there is none.

    What lies before a jump is moved to where it joins what lies behind it, so that nothing rises there.
    """
    known = np.isfinite(altitude_m)
    whole = np.count_nonzero(known) == known.size
    height_m, moment_s = (altitude_m, seconds) if whole else (altitude_m[known], seconds[known])
    step_m, fastest_mps = np.diff(height_m), STEEPEST * limits.fastest_mps(sport)
    if np.abs(step_m).max(initial=0.0) <= fastest_mps:  # not even in a second: that is cheaply told
        return altitude_m, 0
    too_fast = np.abs(step_m) > fastest_mps * np.maximum(np.diff(moment_s), 1.0)
    if not too_fast.any():
        return altitude_m, 0
    stale_s = moment_s[1:] - moment_s[latest(np.append(True, step_m != 0))[:-1]]
    stale_s = np.minimum(stale_s, _written_each_s(step_m, moment_s))
    # Exactly zero is what devices write before they know: it was no height that lasted.
    stale_s[height_m[:-1] == 0] = 0.0
    jumped = too_fast & (np.abs(step_m) > fastest_mps * stale_s)
    step_m[~jumped] = 0.0
    joined_m = altitude_m.copy()
    joined_m[known] += np.append(np.cumsum(step_m[::-1])[::-1], 0.0)
    return joined_m, int(np.count_nonzero(jumped))


def _written_each_s(step_m: Column, moment_s: Column) -> float:
    """Return how seldom the device writes a new altitude: not, how long it was level once."""
    between_s = np.diff(moment_s[1:][step_m != 0])
    return (
        min(float(np.quantile(between_s, HABIT)), LONGEST_STALE_S) if between_s.size >= FEW_CHANGES else 0.0
    )
