"""What the tests measure: recordings made up on the spot, and the calculators in their order."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Athlete,
    Channel,
    DailyInput,
    DailyMetrics,
    DailySeries,
    Measurement,
    Samples,
    Sex,
    Sport,
    Summary,
    Thresholds,
)
from training_analyzer_metrics_default.plugin import DefaultMetricsPlugin
from training_analyzer_metrics_default.settings import GapModel, LoadAverage, MetricsSettings

MAN = Athlete(
    sex=Sex.MALE,
    thresholds=Thresholds(
        functional_threshold_power_w=260,
        threshold_heart_rate_bpm=165,
        max_heart_rate_bpm=190,
        resting_heart_rate_bpm=50,
    ),
)


def made_activity(
    *,
    power: ArrayLike | None = None,
    heart_rate: ArrayLike | None = None,
    moving: ArrayLike | None = None,
    cadence: ArrayLike | None = None,
    speed: ArrayLike | None = None,
    distance: ArrayLike | None = None,
    altitude: ArrayLike | None = None,
    seconds: ArrayLike | None = None,
    sport: Sport = Sport.RIDE,
    summary: Summary | None = None,
    moving_s: float | None = None,
    elapsed_s: float | None = None,
    distance_m: float | None = None,
    ascent_m: float | None = None,
    indoor: bool = False,
) -> Activity:
    columns = {
        channel: np.asarray(readings, dtype=float)
        for channel, readings in (
            (Channel.POWER_W, power),
            (Channel.HEART_RATE_BPM, heart_rate),
            (Channel.MOVING, moving),
            (Channel.CADENCE_RPM, cadence),
            (Channel.SPEED_MPS, speed),
            (Channel.DISTANCE_M, distance),
            (Channel.ALTITUDE_M, altitude),
        )
        if readings is not None
    }
    samples = None
    if columns:
        length = next(iter(columns.values())).size
        samples = Samples(
            np.arange(float(length)) if seconds is None else np.asarray(seconds, dtype=float), columns
        )
    # Every sample stands for a second, unless the test says otherwise.
    spent_s = (0 if samples is None else len(samples)) if moving_s is None else moving_s
    return Activity(
        sport=sport,
        started_at=datetime(2026, 5, 4, 9, tzinfo=UTC),
        elapsed_s=spent_s if elapsed_s is None else elapsed_s,
        moving_s=spent_s,
        distance_m=distance_m,
        ascent_m=ascent_m,
        indoor=indoor,
        summary=summary or Summary(),
        samples=samples,
    )


def measured(
    activity: Activity, athlete: Athlete = MAN, gap_model: GapModel = GapModel.STRAVA
) -> dict[str, Measurement]:
    """Run every calculator on the activity; return the measurements by their short names."""
    known: dict[str, Measurement] = {}
    for calculator in DefaultMetricsPlugin(MetricsSettings(gap_model=gap_model)).register_metrics():
        if isinstance(calculator, ActivityMetrics):
            given = ActivityInput(
                activity, athlete, {key: known[key] for key in calculator.needs if key in known}
            )
            for measurement in calculator.measure(given):
                assert measurement.key not in known
                known[measurement.key] = measurement
    return {key.removeprefix("metrics_default."): found for key, found in known.items()}


def daily(
    loads: Sequence[float],
    estimated: Sequence[float] | None = None,
    *,
    moving_s: ArrayLike | None = None,
    distance_m: ArrayLike | None = None,
    intensities_s: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
    load_average: LoadAverage = LoadAverage.EXPONENTIAL,
) -> dict[str, DailySeries]:
    """Run the daily calculators; return the series by their short names."""
    total = np.asarray(loads, dtype=float)
    nothing = np.zeros_like(total)
    easy_s, moderate_s, hard_s = (nothing, nothing, nothing) if intensities_s is None else intensities_s
    guessed = np.zeros_like(total) if estimated is None else np.asarray(estimated, dtype=float)
    given = DailyInput(
        first_day=date(2026, 1, 1),
        days=total.size,
        totals={
            "metrics_default.load": total,
            "metrics_default.low_intensity_time": np.asarray(easy_s, dtype=float),
            "metrics_default.moderate_intensity_time": np.asarray(moderate_s, dtype=float),
            "metrics_default.high_intensity_time": np.asarray(hard_s, dtype=float),
        },
        estimated={"metrics_default.load": guessed},
        series={},
        activities=(total > 0).astype(float),
        moving_s=total if moving_s is None else np.asarray(moving_s, dtype=float),
        distance_m=total if distance_m is None else np.asarray(distance_m, dtype=float),
    )
    plugin = DefaultMetricsPlugin(MetricsSettings(load_average=load_average))
    return {
        series.key.removeprefix("metrics_default."): series
        for calculator in plugin.register_metrics()
        if isinstance(calculator, DailyMetrics)
        for series in calculator.measure(given)
    }


@pytest.fixture(scope="session")
def man() -> Athlete:
    """FTP 260 W; heart rate 50 at rest, 165 at threshold, 190 at most."""
    return MAN


@pytest.fixture(scope="session")
def make() -> Callable[..., Activity]:
    return made_activity


@pytest.fixture(scope="session")
def measure() -> Callable[..., dict[str, Measurement]]:
    """Measure an activity, or one made from keyword arguments, for `athlete`."""

    def run(
        activity: Activity | None = None,
        *,
        athlete: Athlete = MAN,
        gap_model: GapModel = GapModel.STRAVA,
        **parts: object,
    ) -> dict[str, Measurement]:
        return measured(activity or made_activity(**parts), athlete, gap_model)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def days() -> Callable[..., dict[str, DailySeries]]:
    return daily


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Real recordings, which lie beside the repository and are not part of it."""
    folder = Path(__file__).resolve().parents[3].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real recordings in ../shared/data are not here")
    return folder
