"""Units: what they measure, and how they convert."""

from typing import Final

Dimension = str

UNITS: Final[dict[str, tuple[Dimension, float]]] = {
    "s": ("time", 1),
    "min": ("time", 60),
    "quarter_hour": ("time", 900),
    "h": ("time", 3600),
    "day": ("days", 1),
    "week": ("days", 7),
    "month": ("days", 30.4),
    "year": ("days", 365.25),
    "m": ("length", 1),
    "km": ("length", 1000),
    "mi": ("length", 1609.344),
    "ft": ("length", 0.3048),
    "yd": ("length", 0.9144),
    "m_per_s": ("speed", 1),
    "km_per_h": ("speed", 1 / 3.6),
    "mi_per_h": ("speed", 0.44704),
    "s_per_km": ("pace", 1),
    "min_per_km": ("pace", 60),
    "min_per_mi": ("pace", 60 / 1.609344),
    "min_per_100m": ("pace", 600),
    "s_per_100m": ("pace", 10),
    "min_per_500m": ("pace", 120),
    "s_per_500m": ("pace", 2),
    "m_per_h": ("ascent", 1),
    "W": ("power", 1),
    "W_per_kg": ("power per weight", 1),
    "bpm": ("beats", 1),
    "rpm": ("turns", 1),
    "spm": ("steps", 1),
    "kJ": ("energy", 1),
    "kcal": ("heat", 1),
    "percent": ("percent", 1),
    "times": ("times", 1),
    "kg": ("mass", 1),
    "lb": ("mass", 0.45359237),
    "ms": ("variability", 1),
    "ml": ("oxygen", 1),
    "celsius": ("temperature", 1),
    "points": ("number", 1),
}
"""By the names that the lexicons use. What a number is worth in the unit of its dimension."""

_OF_FACTS: Final = {
    "": "points",
    "%": "percent",
    "m/s": "m_per_s",
    "km/h": "km_per_h",
    "mph": "mi_per_h",
    "m/h": "m_per_h",
    "s/km": "s_per_km",
    "min/km": "min_per_km",
    "min/mi": "min_per_mi",
    "min/100m": "min_per_100m",
    "s/100m": "s_per_100m",
    "min/500m": "min_per_500m",
    "s/500m": "s_per_500m",
    "w/kg": "W_per_kg",
    "w": "W",
    "kj": "kJ",
    "days": "day",
    "rest days": "day",
    "rest day": "day",
    "hard days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
    "ml/kg/min": "ml",
    "°c": "celsius",
    "point": "points",
    "tss": "points",
    "sec": "s",
    "seconds": "s",
    "minutes": "min",
    "hours": "h",
    "miles": "mi",
    "feet": "ft",
    "yards": "yd",
    "watts": "W",
    "beats/min": "bpm",
    "percent": "percent",
}


def unit_of_fact(unit: str) -> tuple[Dimension, float]:
    """Return what a fact's unit measures. What is counted ("sessions") is a number without a unit."""
    name = _OF_FACTS.get(unit.lower(), unit.lower())
    return UNITS.get(name, ("number", 1))
