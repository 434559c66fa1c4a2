"""Of which metrics a number can be said, by its unit."""

from typing import Final

SAID_OF: Final[dict[str | None, frozenset[str]]] = {
    "time": frozenset({"time", "longest", "easy", "moderate", "hard", "sleep", "ground_contact"}),
    "length": frozenset({"distance", "elevation", "descent", "longest", "race"}),
    "days": frozenset(
        {"since_rest", "rest_day", "training_day", "since_last", "history", "streak", "threshold", "race"}
    ),
    "power": frozenset(
        {
            "power",
            "average_power",
            "normalized_power",
            "best_power",
            "threshold_power",
            "threshold",
            "longest",
        }
    ),
    "beats": frozenset(
        {
            "heart_rate",
            "resting_heart_rate",
            "max_heart_rate",
            "threshold_heart_rate",
            "threshold",
            "stroke_rate",
        }
    ),
    "ascent": frozenset({"elevation", "speed"}),
    "speed": frozenset({"speed", "threshold_pace", "threshold"}),
    "pace": frozenset({"speed", "threshold_pace", "threshold", "intervals"}),
    "energy": frozenset({"energy"}),
    "mass": frozenset({"weight"}),
    "variability": frozenset({"hrv", "ground_contact"}),
    "steps": frozenset({"cadence"}),
    "turns": frozenset({"cadence"}),
    "power per weight": frozenset({"power", "threshold_power"}),
    "temperature": frozenset({"temperature"}),
    "oxygen": frozenset({"vo2max"}),
}
"""What a number with a unit can be said of. Numbers without one, and percentages, can be said of all."""
IN_ONE_UNIT: Final = frozenset[str]().union(
    *(SAID_OF[dimension] for dimension in ("power", "beats", "turns", "mass", "variability", "temperature"))
) - {"longest", "threshold"} | {"fitness", "fatigue", "form", "monotony", "load"}
"""Metrics that are measured in no more than one unit."""
