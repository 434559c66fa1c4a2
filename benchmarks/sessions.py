"""Made-up sessions, as Strava would send them: what the benchmarks of metrics decode and measure."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import numpy as np

from training_analyzer.sdk import Athlete, Column, RawDocument, Sex, Thresholds

ATHLETE: Final = Athlete(
    sex=Sex.FEMALE,
    birth_year=1990,
    thresholds=Thresholds(
        functional_threshold_power_w=250,
        threshold_heart_rate_bpm=168,
        max_heart_rate_bpm=186,
        resting_heart_rate_bpm=48,
        critical_power_w=245,
        anaerobic_capacity_j=18_000,
        weight_kg=62,
        threshold_speed_mps=4.2,
    ),
)
"""With everything set that a metric may ask for."""


@dataclass(frozen=True, slots=True)
class Session:
    """One session's documents, and the columns that they were made from."""

    started_at: datetime
    documents: tuple[RawDocument, ...]
    power_w: Column
    heart_rate_bpm: Column
    speed_mps: Column


def session(seconds: int, *, day: date, number: int = 1, sport: str = "Ride") -> Session:
    """Return a session at 1 Hz with ten channels, and a reading of each in every second."""
    generator = np.random.default_rng(number)
    run = sport == "Run"
    hills = np.sin(np.arange(seconds) / 700 + number)
    power_w = np.clip(200 + 60 * hills + generator.normal(0, 60, seconds), 0, None).round()
    power_w[generator.random(seconds) < 0.05] = 0
    heart_rate_bpm = (140 + 15 * hills + np.cumsum(generator.normal(0, 0.1, seconds)) % 10).round()
    speed_mps = np.clip((3.2 if run else 8.0) - hills + generator.normal(0, 0.2, seconds), 0.5, None).round(1)
    distance_m = np.cumsum(speed_mps).round(1)
    # A barometer writes in steps, and not in every second another one.
    altitude_m = (5 * (400 + 60 * hills)).round() / 5
    streams = {
        "time": list(range(seconds)),
        "watts": power_w.astype(int).tolist(),
        "heartrate": heart_rate_bpm.astype(int).tolist(),
        "velocity_smooth": speed_mps.tolist(),
        "distance": distance_m.tolist(),
        "altitude": altitude_m.tolist(),
        "cadence": generator.integers(75, 95, seconds).tolist(),
        "temp": [18] * seconds,
        "moving": [True] * seconds,
        "latlng": [[45.0 + second * 1e-5, 7.0 + second * 1e-5] for second in range(seconds)],
    }
    started_at = datetime.combine(day, time(6), UTC)
    summary = {
        "id": number,
        "start_date": started_at.isoformat(),
        "elapsed_time": seconds,
        "moving_time": seconds,
        "sport_type": sport,
        "device_watts": True,
        "distance": float(distance_m[-1]),
        "total_elevation_gain": 400,
        "average_watts": float(power_w.mean()),
        "average_heartrate": float(heart_rate_bpm.mean()),
        "upload_id": number,
    }
    return Session(
        started_at,
        (
            RawDocument(kind="summary", media_type="application/json", body=json.dumps(summary).encode()),
            RawDocument(
                kind="streams",
                media_type="application/json",
                body=json.dumps({key: {"data": data} for key, data in streams.items()}).encode(),
            ),
        ),
        power_w,
        heart_rate_bpm,
        speed_mps,
    )


def year(*, until: date, sessions: int = 300) -> list[Session]:
    """Return a year of one athlete: rides and runs of 45 minutes to 2:15 hours, 90 minutes on average."""
    minutes = np.linspace(45, 135, sessions).round().astype(int)
    np.random.default_rng(1).shuffle(minutes)
    return [
        session(
            int(60 * length),
            day=until - timedelta(days=int(number * 365 / sessions)),
            number=number + 1,
            sport="Run" if number % 3 == 0 else "Ride",
        )
        for number, length in enumerate(minutes.tolist())
    ]
