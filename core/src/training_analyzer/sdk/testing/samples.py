"""Activities, athletes and days to test with: ordinary ones, and every kind that breaks careless code."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from training_analyzer.sdk import (
    Activity,
    Athlete,
    Channel,
    Column,
    DailyInput,
    Lap,
    MetricKey,
    Samples,
    Sex,
    Sport,
    Summary,
    Thresholds,
)

STARTED: Final = datetime(2026, 5, 1, 6, 30, tzinfo=UTC)
SECONDS: Final = 3900
"""Long enough for every best effort up to an hour."""


def manual_activity() -> Activity:
    """A session typed in by hand: nothing but a duration."""
    return Activity(
        sport=Sport.OTHER,
        sport_name="Yoga",
        started_at=STARTED,
        utc_offset_s=7200,
        elapsed_s=1800,
        moving_s=1800,
        manual=True,
    )


def summary_activity(sport: Sport = Sport.RIDE) -> Activity:
    """A session of which only the provider's summary is known."""
    return Activity(
        sport=sport,
        sport_name=sport.value,
        started_at=STARTED,
        utc_offset_s=7200,
        elapsed_s=3700,
        moving_s=3600,
        distance_m=30_000,
        ascent_m=210,
        summary=Summary(
            average_heart_rate_bpm=142,
            max_heart_rate_bpm=171,
            average_power_w=188,
            weighted_power_w=203,
            power_is_measured=True,
            work_kj=677,
            average_cadence_rpm=84,
            calories_kcal=650,
            perceived_exertion=5,
        ),
    )


def full_activity(sport: Sport = Sport.RIDE) -> Activity:
    """Sixty-five minutes with every channel, a reading each second, a summary and laps."""
    seconds = np.arange(SECONDS, dtype=np.float64)
    return summary_activity(sport).model_copy(
        update={
            "elapsed_s": float(SECONDS),
            "moving_s": float(SECONDS),
            "laps": (Lap(start_s=0, elapsed_s=1950), Lap(start_s=1950, elapsed_s=1950, distance_m=15_000)),
            "samples": Samples(seconds, _channels(seconds)),
        }
    )


def gappy_activity(sport: Sport = Sport.RIDE) -> Activity:
    """A pause of ten minutes, sparse recording after it, and readings missing here and there."""
    seconds = np.concatenate([np.arange(1200.0), np.arange(1800.0, 3600.0, 3.0)])
    channels = _channels(seconds)
    for number, readings in enumerate(channels.values()):
        readings[number::11] = np.nan
        readings[40:90] = np.nan
    return full_activity(sport).model_copy(
        update={"elapsed_s": 3600.0, "moving_s": 3000.0, "samples": Samples(seconds, channels)}
    )


def silent_activity(sport: Sport = Sport.RIDE) -> Activity:
    """Every channel is there, and none holds a reading."""
    seconds = np.arange(600, dtype=np.float64)
    channels = {channel: np.full(600, np.nan) for channel in Channel}
    return manual_activity().model_copy(update={"sport": sport, "samples": Samples(seconds, channels)})


def zero_activity(sport: Sport = Sport.RIDE) -> Activity:
    """Every channel reads zero throughout: data, but nothing to divide by."""
    seconds = np.arange(600, dtype=np.float64)
    channels = {channel: np.zeros(600) for channel in Channel}
    return manual_activity().model_copy(update={"sport": sport, "samples": Samples(seconds, channels)})


def instant_activity(sport: Sport = Sport.RIDE, readings: int = 0) -> Activity:
    """A recording that was stopped as it was started: no duration, and no reading or just one."""
    seconds = np.arange(readings, dtype=np.float64)
    return Activity(
        sport=sport,
        started_at=STARTED,
        elapsed_s=0,
        moving_s=0,
        distance_m=0,
        samples=Samples(seconds, _channels(seconds)),
    )


def activities() -> Mapping[str, Activity]:
    """Return all of these by name, the ordinary ones in the sports that metrics tell apart."""
    return {
        "manual": manual_activity(),
        **{f"{sport.value}, summary only": summary_activity(sport) for sport in _SPORTS},
        **{f"{sport.value}, all channels": full_activity(sport) for sport in _SPORTS},
        **{f"{sport.value}, gaps": gappy_activity(sport) for sport in _SPORTS},
        "no readings in any channel": silent_activity(),
        "nothing but zeros": zero_activity(),
        "no samples at all in the columns": instant_activity(),
        "one sample": instant_activity(readings=1),
        "two samples": instant_activity(readings=2),
    }


def known_athlete(sex: Sex = Sex.FEMALE) -> Athlete:
    """An athlete of whom everything is known."""
    return Athlete(
        sex=sex,
        birth_year=1990,
        thresholds=Thresholds(
            functional_threshold_power_w=240,
            threshold_heart_rate_bpm=168,
            max_heart_rate_bpm=188,
            resting_heart_rate_bpm=48,
            threshold_speed_mps=3.6,
            critical_power_w=232,
            anaerobic_capacity_j=18_000,
            weight_kg=64,
            heart_rate_zones_bpm=(120, 140, 155, 170),
            power_zones_w=(130, 180, 215, 250, 290, 360),
        ),
    )


def athletes() -> Mapping[str, Athlete]:
    """Return athletes by name: one of whom nothing is known, and two of whom everything is."""
    return {
        "unknown athlete": Athlete(),
        "woman": known_athlete(Sex.FEMALE),
        "man": known_athlete(Sex.MALE),
    }


def days(needs: frozenset[MetricKey] = frozenset(), *, length: int = 400) -> DailyInput:
    """Return a regular athlete's days: every needed metric on five days of seven, a third of it estimated."""
    trained = np.arange(length) % 7 < 5
    total = np.where(trained, 60.0 + np.arange(length) % 13 * 5, 0.0)
    return DailyInput(
        first_day=date(2025, 4, 28),
        days=length,
        totals={need: _fixed(total) for need in needs},
        estimated={need: _fixed(total / 3) for need in needs},
        series={need: _fixed(total) for need in needs},
        activities=_fixed(trained),
        moving_s=_fixed(np.where(trained, 3600.0, 0.0)),
        distance_m=_fixed(np.where(trained, 25_000.0, 0.0)),
    )


def idle_days(needs: frozenset[MetricKey] = frozenset(), *, length: int = 60) -> DailyInput:
    """Return days on which nothing happened."""
    nothing = _fixed(np.zeros(length))
    columns = dict.fromkeys(needs, nothing)
    return replace(
        days(needs, length=length),
        totals=columns,
        estimated=columns,
        series=columns,
        activities=nothing,
        moving_s=nothing,
        distance_m=nothing,
    )


def day_ranges(needs: frozenset[MetricKey]) -> Mapping[str, DailyInput]:
    """Return ranges of days by name: long, short, idle, and one whose needed series begin late."""
    late = np.full(120, np.nan)
    late[42:] = 50.0
    return {
        "a year": days(needs),
        "one day": days(needs, length=1),
        "eight days": days(needs, length=8),
        "idle": idle_days(needs),
        "series that begin late": replace(days(needs, length=120), series=dict.fromkeys(needs, _fixed(late))),
    }


_SPORTS: Final = (Sport.RIDE, Sport.RUN, Sport.SWIM)


def _channels(seconds: Column) -> dict[Channel, Column]:
    wave = np.sin(seconds / 60)
    return {
        Channel.DISTANCE_M: seconds * 4.0,
        Channel.SPEED_MPS: 4.0 + wave / 2,
        Channel.HEART_RATE_BPM: 140 + 15 * wave,
        Channel.POWER_W: np.where(seconds % 120 < 10, 0.0, 190 + 60 * wave),
        Channel.CADENCE_RPM: 86 + 4 * wave,
        Channel.ALTITUDE_M: 400 + 30 * np.sin(seconds / 600),
        Channel.LATITUDE_DEG: 47.0 + seconds * 3e-5,
        Channel.LONGITUDE_DEG: 8.0 + seconds * 1e-5,
        Channel.TEMPERATURE_C: 18 + wave,
        Channel.MOVING: np.ones_like(seconds),
    }


def _fixed(column: ArrayLike) -> Column:
    """Return a column that nobody can write to."""
    fixed = np.array(column, dtype=np.float64)
    fixed.flags.writeable = False
    return fixed
