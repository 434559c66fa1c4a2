"""What a body, a bicycle and a place can show: a reading outside is a sensor's error, and is missing."""

from typing import Final

from training_analyzer.sdk import FASTEST_SESSION_MPS, Channel, Sport

POWER_W: Final = (0.0, 2500.0)
"""Track sprinters peak below 2,500 W; known glitches are near 21,700 W."""
HEART_RATE_BPM: Final = (25.0, 230.0)
"""
Above: 208 - 0.7 * age (Tanaka 2001, doi:10.1016/S0735-1097(00)01054-8) with three standard deviations
of 10, for a child of ten. Zero is how devices write "no reading".
"""
CADENCE_RPM: Final = (0.0, 300.0)
"""Some services count both feet of a runner: sprinters reach 280 steps in a minute."""
ALTITUDE_M: Final = (-500.0, 9000.0)
"""From below the Dead Sea's shore to above Everest."""

FASTEST_MPS: Final = {
    Sport.RUN: 12.5,
    Sport.WALK: 12.5,
    Sport.HIKE: 12.5,
    Sport.RIDE: 40.0,
    Sport.SWIM: 3.0,
    Sport.ROW: 8.0,
    Sport.NORDIC_SKI: 30.0,
    Sport.ALPINE_SKI: 71.0,
}
"""
Faster is a jump of the position. Run: Bolt's 12.4 m/s of 2009. Ride: descents of 130 km/h, and some.
Swim: 50 m in 20 s is 2.5 m/s. Row: an eight's 6.4 m/s, and some. Ski: 255 km/h.
"""
FASTEST_OTHERS_MPS: Final = 71.0

UNBELIEVABLE_SHARE: Final = 0.1
"""Where more than this share of a sensor's readings is too high to be true, none is believed (ours)."""


def of(channel: Channel, sport: Sport) -> tuple[float, float] | None:
    """Return the lowest and highest sound reading; None where any is."""
    if channel is Channel.SPEED_MPS:
        return 0.0, fastest_mps(sport)
    return {
        Channel.POWER_W: POWER_W,
        Channel.HEART_RATE_BPM: HEART_RATE_BPM,
        Channel.CADENCE_RPM: CADENCE_RPM,
        Channel.ALTITUDE_M: ALTITUDE_M,
    }.get(channel)


def fastest_mps(sport: Sport) -> float:
    return FASTEST_MPS.get(sport, FASTEST_OTHERS_MPS)


def sound_heart_rate(bpm: float | None) -> float | None:
    """Return a summary's heart rate, or None where no heart beats so."""
    lowest, highest = HEART_RATE_BPM
    return bpm if bpm is not None and lowest <= bpm <= highest else None


def sound_session_speed(speed_mps: float, sport: Sport) -> bool:
    """Say whether a whole session can have been that fast."""
    return 0 < speed_mps <= FASTEST_SESSION_MPS[sport]
