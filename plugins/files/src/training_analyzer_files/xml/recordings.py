"""What TCX and GPX have in common: recordings of points, and how they become activities."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import numpy as np

from training_analyzer.sdk import Activity, BadData, Channel, Column, Lap, Samples, Summary
from training_analyzer_files.columns import samples_from
from training_analyzer_files.errors import LimitReached
from training_analyzer_files.order import APART_S, in_order_and_near
from training_analyzer_files.sports import is_indoor, sport_of
from training_analyzer_files.timing import EARLIEST, believable, offset_by_longitude, started_at
from training_analyzer_files.totals import MOST, believed, checked, possible
from training_analyzer_files.xml.pieces import Piece

COLUMNS: Final = (
    Channel.LATITUDE_DEG,
    Channel.LONGITUDE_DEG,
    Channel.ALTITUDE_M,
    Channel.DISTANCE_M,
    Channel.HEART_RATE_BPM,
    Channel.CADENCE_RPM,
    Channel.SPEED_MPS,
    Channel.POWER_W,
    Channel.TEMPERATURE_C,
)
"""The order of readings in a point, after its time."""
PLACE: Final[Mapping[Channel, int]] = {channel: place for place, channel in enumerate(COLUMNS, start=1)}
NO_READINGS: Final = (math.nan,) * (1 + len(COLUMNS))

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius, IUGG."""
_SHORTEST_PAUSE_S = 30.0
_PAUSE_IN_STEPS = 10.0


@dataclass(slots=True)
class LapRead:
    """A lap as TCX states it."""

    begins: float
    timer_s: float = math.nan
    distance_m: float = math.nan
    calories_kcal: float = math.nan
    average_heart_rate_bpm: float = math.nan
    max_heart_rate_bpm: float = math.nan


@dataclass(slots=True)
class RecordingRead:
    """One activity of a file, as read."""

    sport_word: str = ""
    title: str = ""
    device: str = ""
    begins: float = math.nan
    """Where the file states a start apart from its points."""
    points: list[list[float]] = field(default_factory=list)
    laps: list[LapRead] = field(default_factory=list)
    piece: Piece | None = None
    """Where it stands in its file."""

    def add_point(self, point: list[float], limit: int) -> None:
        if len(self.points) >= limit:
            raise LimitReached(f"The file holds more than {limit:,} points, which is the limit.")
        self.points.append(point)

    @property
    def has_times(self) -> bool:
        """Whether any point has a time, believable or not."""
        return any(not math.isnan(point[0]) for point in self.points)

    @property
    def began(self) -> float:
        """When it began: the first lap or point, in Unix seconds; NaN where nothing says."""
        stated = [lap.begins for lap in self.laps[:1]] + [point[0] for point in self.points]
        return next((time for time in stated if time >= EARLIEST), self.begins)


def unix_time(text: str) -> float:
    """Return Unix seconds; NaN where the text is no time. A time without a zone is UTC."""
    try:
        time = datetime.fromisoformat(text.strip())
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return math.nan


def number(text: str) -> float:
    """Return a number; NaN where the text is none, or none that can be."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if abs(value) <= MOST else math.nan


def activity_of(recording: RecordingRead) -> Activity:
    """Make an activity of a recording. Raises `BadData` where its times make no sense."""
    if math.isnan(recording.began):
        raise BadData("No point of this recording has a time.")
    samples, began = _samples(recording)
    pauses = 0.0 if samples is None else _pauses_s(samples.seconds)
    recorded = 0.0 if samples is None else float(samples.seconds[-1])
    timer = believed(_total(lap.timer_s for lap in recording.laps), recorded)
    last = recording.laps[-1] if recording.laps else None
    stated = 0.0 if last is None or math.isnan(last.timer_s) else last.begins - began + last.timer_s
    elapsed = checked(max(recorded, believed(stated, recorded) or 0.0))
    indoor = is_indoor(recording.sport_word)
    return Activity(
        sport=sport_of(recording.sport_word),
        sport_name=recording.sport_word,
        title=recording.title,
        started_at=started_at(began),
        utc_offset_s=0 if indoor else offset_by_longitude(samples),
        utc_offset_is_guessed=True,
        elapsed_s=elapsed,
        moving_s=max(0.0, min(timer or elapsed - pauses, elapsed)),
        distance_m=possible(elapsed, *_ways(recording, samples)),
        indoor=indoor,
        device=recording.device,
        summary=_summary(recording.laps, samples),
        laps=tuple(_laps(recording.laps, began, elapsed)),
        samples=samples,
    )


def _samples(recording: RecordingRead) -> tuple[Samples | None, float]:
    """Return the samples, and when they begin: a lap may be said to begin after its first point."""
    table = np.array(recording.points or [list(NO_READINGS)], dtype=np.float64)
    times = believable(table[:, 0])
    order = in_order_and_near(times)
    if not order.size:
        return None, recording.began
    began = _began(recording.laps, float(times[order[0]]))
    channels = {channel: table[:, place] for channel, place in PLACE.items()}
    samples = samples_from(times, order, began, channels)
    return None if samples is None else _with_way(samples), began


def _began(laps: list[LapRead], first: float) -> float:
    """Return when a recording began whose first point has this time: a lap half a day before had no clock."""
    if not laps or not laps[0].begins >= EARLIEST:
        return first
    ends = laps[0].begins + max(0, laps[0].timer_s)  # of NaN, 0
    return min(laps[0].begins, first) if first - ends < APART_S else first


def _with_way(samples: Samples) -> Samples:
    """Add the way from place to place over the sphere, where the file states no distance."""
    latitude, longitude = samples.get(Channel.LATITUDE_DEG), samples.get(Channel.LONGITUDE_DEG)
    if samples.get(Channel.DISTANCE_M) is not None or latitude is None or longitude is None:
        return samples
    placed = ~np.isnan(latitude)
    latitude, longitude = np.radians(latitude[placed]), np.radians(longitude[placed])
    haversine = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    steps = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
    travelled = np.full(placed.shape, np.nan)
    travelled[placed] = np.concatenate([[0.0], np.cumsum(steps)])
    return Samples(samples.seconds, {**samples.channels, Channel.DISTANCE_M: travelled}, samples.left_out)


def _pauses_s(seconds: Column) -> float:
    """Return how long nothing was recorded: steps far longer than this recording's usual ones."""
    steps = np.diff(seconds)
    if not steps.size:
        return 0.0
    pause = max(_SHORTEST_PAUSE_S, _PAUSE_IN_STEPS * float(np.median(steps)))
    return float(steps[steps > pause].sum())


def _ways(recording: RecordingRead, samples: Samples | None) -> Iterable[float | None]:
    """Yield the distance: as the laps state it, then as the points do."""
    yield _total(lap.distance_m for lap in recording.laps)
    travelled = None if samples is None else samples.get(Channel.DISTANCE_M)
    yield None if travelled is None else float(np.nanmax(travelled))


def _summary(laps: list[LapRead], samples: Samples | None) -> Summary:
    """Join what the laps say. The average is over the time of the laps that state one."""
    weighed = [
        (lap.average_heart_rate_bpm, lap.timer_s)
        for lap in laps
        if lap.average_heart_rate_bpm > 0 and lap.timer_s > 0
    ]
    total_s = sum(timer_s for _, timer_s in weighed)
    highest = [lap.max_heart_rate_bpm for lap in laps if lap.max_heart_rate_bpm > 0]
    return Summary(
        average_heart_rate_bpm=sum(rate * timer_s for rate, timer_s in weighed) / total_s
        if weighed
        else None,
        max_heart_rate_bpm=max(highest, default=None),
        calories_kcal=_total(lap.calories_kcal for lap in laps),
        power_is_measured=samples is not None and samples.get(Channel.POWER_W) is not None,
    )


def _laps(laps: list[LapRead], began: float, elapsed: float) -> list[Lap]:
    """A lap lasts until the next one begins: TCX states its time without pauses."""
    begins = [min(lap.begins - began, elapsed) for lap in laps]
    ends = [*begins[1:], elapsed]  # of no lap, one too many
    return [
        Lap(start_s=begin, elapsed_s=end - begin, distance_m=lap.distance_m if lap.distance_m >= 0 else None)
        for lap, begin, end in zip(laps, begins, ends, strict=False)
        if 0 <= begin <= end
    ]


def _total(values: Iterable[float]) -> float | None:
    """Return the sum of what is known and above zero; None where nothing is, or it is no sum that can be."""
    total = sum(value for value in values if value > 0)
    return total if 0 < total <= MOST else None
