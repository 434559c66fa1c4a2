"""What can be true of an activity's own time and distance, in SQL, for sums over activities `a`."""

from typing import Final

from training_analyzer.domain.plausible import FASTEST_SESSION_MPS, LONGEST_SESSION_S

_WHENS: Final = " ".join(f"WHEN '{sport}' THEN {mps}" for sport, mps in FASTEST_SESSION_MPS.items())
_SECONDS: Final = "COALESCE(NULLIF(a.moving_s, 0), a.elapsed_s)"
_IS_TOO_FAR: Final = f"({_SECONDS} > 0 AND a.distance_m > {_SECONDS} * CASE a.sport {_WHENS} END)"
_IS_TOO_LONG: Final = f"GREATEST(a.moving_s, a.elapsed_s) > {LONGEST_SESSION_S}"

MOVING_S: Final = f"CASE WHEN {_IS_TOO_LONG} THEN 0 ELSE a.moving_s END"
ELAPSED_S: Final = f"CASE WHEN {_IS_TOO_LONG} THEN 0 ELSE a.elapsed_s END"
DISTANCE_M: Final = f"CASE WHEN {_IS_TOO_FAR} THEN NULL ELSE a.distance_m END"
IS_UNSOUND: Final = f"({_IS_TOO_LONG} OR COALESCE({_IS_TOO_FAR}, false))"
"""Whether a sum leaves out the time or the distance."""
