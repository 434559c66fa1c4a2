"""Which sport a session was of."""

from enum import StrEnum


class Sport(StrEnum):
    """The sports that training metrics tell apart. Everything else is OTHER."""

    RIDE = "ride"
    RUN = "run"
    SWIM = "swim"
    WALK = "walk"
    HIKE = "hike"
    ROW = "row"
    NORDIC_SKI = "nordic_ski"
    ALPINE_SKI = "alpine_ski"
    STRENGTH = "strength"
    OTHER = "other"
