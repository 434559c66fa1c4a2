"""
What the device makes of an outing: stops, automatic pauses, dropouts, fewer samples, a strap left at home.

Everything hangs on the outing's own random generator: the same outing gives the same samples, always.
"""

import numpy as np
import numpy.typing as npt

from training_analyzer_strava.simulator.efforts import RACES, Floats
from training_analyzer_strava.simulator.motion import MOTIONS, Motion
from training_analyzer_strava.simulator.physiology import heart_rate, wandering
from training_analyzer_strava.simulator.samples import Samples, rounded
from training_analyzer_strava.simulator.season import Outing
from training_analyzer_strava.simulator.terrain import HOME, VIRTUAL_ISLAND, loop

Indices = npt.NDArray[np.int64]
INDOORS = ("VirtualRide", "IndoorRide", "Swim", "Yoga", "WeightTraining")
CHANCE_OF_HEART_RATE = {"Swim": 0.5, "Yoga": 0.8, "Run": 0.95, "TrailRun": 0.95}
CHANCE_OF_DROPOUTS = 0.3
CHANCE_OF_FEWER_SAMPLES = 0.3
LONGEST_RECORDED_STOP_S = 40
PAUSES_AFTER_S = 3
HOURS_BEFORE_A_CAFE = 2
SHORTEST_WITH_DROPOUTS = 1_000


def samples_of(seed: int, outing: Outing) -> Samples:
    """The recording of one outing of the athlete of `seed`."""
    random = np.random.default_rng([seed, outing.activity_id])
    sport = outing.session.sport
    motion = MOTIONS[sport](random, outing)
    source, stopped, dropped = _stops(random, outing, motion.intensity.size)
    intensity = np.where(stopped, 0.0, motion.intensity[source])
    moving = ~stopped if motion.resting is None else motion.resting[source] == 0
    moving[0] = motion.distance_m is None
    readings = _readings(random, outing, motion, source, moving)
    if random.random() < CHANCE_OF_HEART_RATE.get(sport, 1.0):
        readings["heartrate"] = heart_rate(random, intensity)
    kept = np.flatnonzero(~dropped)
    if sport in ("Run", "TrailRun", "Hike") and random.random() < CHANCE_OF_FEWER_SAMPLES:
        kept = _fewer(random, kept, moving)
    if sport == "Swim" and "heartrate" not in readings:
        kept = _ends_of_lengths(readings["distance"], moving)
    samples = Samples(
        time_s=kept,
        moving=moving[kept],
        readings={channel: rounded(channel, values[kept]) for channel, values in readings.items()},
    )
    _drop_out(random, samples)
    return samples


def _readings(
    random: np.random.Generator,
    outing: Outing,
    motion: Motion,
    source: Indices,
    moving: npt.NDArray[np.bool_],
) -> dict[str, Floats]:
    """All channels but heart rate, once a second from start to end, stops included."""
    readings: dict[str, Floats] = {}
    if motion.distance_m is not None:
        distance_m = motion.distance_m[source]
        speed_m_s = np.diff(distance_m, prepend=distance_m[0])
        smooth = np.convolve(speed_m_s, np.full(3, 1 / 3), mode="same")
        readings["distance"] = distance_m
        readings["velocity_smooth"] = np.where(moving, smooth, 0.0)
    if motion.altitude_m is not None and motion.grade is not None:
        readings["altitude"] = np.round(motion.altitude_m[source] * 5) / 5  # a barometer's steps of 0.2 m
        readings["grade_smooth"] = 100 * motion.grade[source]
        home = VIRTUAL_ISLAND if outing.session.sport == "VirtualRide" else HOME
        readings["latlng"] = loop(random, readings["distance"], home)
    if motion.power_w is not None:
        readings["watts"] = np.where(moving, motion.power_w[source], 0.0)
    if motion.cadence is not None:
        readings["cadence"] = np.where(moving, motion.cadence[source], 0.0)
    if outing.session.sport != "Swim":
        readings["temp"] = _temperature(random, outing, source.size)
    return readings


def _stops(
    random: np.random.Generator, outing: Outing, size: int
) -> tuple[Indices, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """
    For each second from start to end: which moving second it shows, whether it is a stop, whether it was
    not recorded.

    Short stops (traffic lights) are recorded; in long ones (a view, a café) the device pauses, and time
    skips.
    """
    lasts_s = np.ones(size, dtype=np.int64)
    if outing.session.sport not in INDOORS and outing.session.effort not in RACES:
        hours = size / 3600
        for _ in range(random.poisson(1.6 * hours)):
            lasts_s[random.integers(60, size - 60)] += random.integers(8, LONGEST_RECORDED_STOP_S)
        for _ in range(random.poisson(0.6 * hours)):
            lasts_s[random.integers(300, size - 60)] += random.integers(60, 360)
        if outing.session.effort == "long" and hours > HOURS_BEFORE_A_CAFE:
            lasts_s[int(size * random.uniform(0.45, 0.65))] += random.integers(600, 1_500)
    source = np.repeat(np.arange(size), lasts_s)
    starts = np.cumsum(lasts_s) - lasts_s
    since_s = np.arange(source.size) - starts[source]
    stopped = since_s > 0
    paused = lasts_s[source] > LONGEST_RECORDED_STOP_S + 1
    dropped = paused & (since_s > PAUSES_AFTER_S) & (since_s < lasts_s[source] - 1)
    return source, stopped, dropped


def _fewer(random: np.random.Generator, kept: Indices, moving: npt.NDArray[np.bool_]) -> Indices:
    """A device that writes a sample only every few seconds, and whenever the athlete stops or goes on."""
    chosen = np.cumsum(random.integers(1, 6, kept.size))
    mask = np.zeros(kept.size, dtype=bool)
    mask[chosen[chosen < kept.size]] = True
    mask[[0, -1]] = True
    turning = np.flatnonzero(np.diff(moving[kept]))
    mask[turning] = mask[turning + 1] = True
    return kept[mask]


def _ends_of_lengths(distance_m: Floats, moving: npt.NDArray[np.bool_]) -> Indices:
    """A watch in a pool without a strap writes one sample for each length and each rest."""
    lengths = np.floor(distance_m / 25.0 + 1e-6)
    mask = np.diff(lengths, append=lengths[-1] + 1) > 0
    mask[:-1] |= np.diff(moving)
    mask[0] = True
    return np.flatnonzero(mask)


def _temperature(random: np.random.Generator, outing: Outing, size: int) -> Floats:
    if outing.session.sport in INDOORS:
        return np.full(size, 20.0) + np.linspace(0, 3, size)
    season = 10.5 - 9.5 * np.cos(2 * np.pi * (outing.start_local.timetuple().tm_yday - 20) / 365)
    hour = outing.start_local.hour + np.arange(size) / 3600
    by_day = 4.0 * np.cos(2 * np.pi * (hour - 15) / 24)
    return np.asarray(season + by_day + random.normal(0, 2.5) + wandering(random, size, 600.0, 0.7))


def _drop_out(random: np.random.Generator, samples: Samples) -> None:
    """Now and then a sensor is lost for a while: no reading, which is not the same as zero."""
    for channel, longest_s in (("watts", 12), ("heartrate", 150)):
        values = samples.readings.get(channel)
        if values is None or values.size < SHORTEST_WITH_DROPOUTS or random.random() > CHANCE_OF_DROPOUTS:
            continue
        for _ in range(random.integers(1, 6)):
            begin = random.integers(200, values.size - 200)
            values[begin : begin + random.integers(2, longest_s)] = np.nan
