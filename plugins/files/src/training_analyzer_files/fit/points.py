"""The points of a FIT session as samples: channels, pauses, and pool lengths where nothing else is."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from training_analyzer.sdk import BadData, Channel, Column, Samples
from training_analyzer_files.columns import samples_from
from training_analyzer_files.fit.decoding import Message, Messages
from training_analyzer_files.fit.pool import pool_length_of
from training_analyzer_files.fit.strap import with_stored
from training_analyzer_files.fit.structure import RECORD
from training_analyzer_files.order import MOST_MISPLACED, in_order

_FIELDS: Mapping[Channel, tuple[str, ...]] = {
    Channel.DISTANCE_M: ("distance",),
    Channel.SPEED_MPS: ("enhanced_speed", "speed"),
    Channel.HEART_RATE_BPM: ("heart_rate",),
    Channel.POWER_W: ("power",),
    Channel.CADENCE_RPM: ("cadence",),
    Channel.ALTITUDE_M: ("enhanced_altitude", "altitude"),
    Channel.LATITUDE_DEG: ("position_lat",),
    Channel.LONGITUDE_DEG: ("position_long",),
    Channel.TEMPERATURE_C: ("temperature",),
}
"""Fields of a point, the more exact first. Cadence is in revolutions; of a run, of one leg."""
_NATIVE = frozenset(
    {"timestamp", "fractional_cadence"} | {name for names in _FIELDS.values() for name in names}
)
_NATIVE_POWER = 7
"""The number of `power` among the fields of a point, to which a developer field may say it is equal."""
_STOPS = frozenset({"stop", "stop_all", "stop_disable", "stop_disable_all"})


def samples_of(
    points: Mapping[str, Column], messages: Messages, session: Message, begins: float, ends: float
) -> Samples | None:
    """Return what was recorded in [begins, ends). Raises `BadData` where the clock jumped."""
    samples = _of_points(points, messages, begins, ends) if "timestamp" in points else None
    samples = samples or _of_lengths(messages.get("length", ()), session, begins, ends)
    return samples and with_stored(samples, messages.get("hr", ()), begins)


def _of_points(
    points: Mapping[str, Column], messages: Messages, begins: float, ends: float
) -> Samples | None:
    times = points["timestamp"]
    inside = _inside(times, begins, ends, is_last=not _follows(messages, ends))
    inside &= ~_paused(times, messages.get("event", ()))
    places: np.typing.NDArray[np.bool_] | slice = slice(None) if inside.all() else inside
    channels = {channel: column[places] for channel, column in _channels(points, messages)}
    if Channel.DISTANCE_M in channels:
        channels[Channel.DISTANCE_M] = _from_start(points["distance"], times, begins, inside)
    return samples_from(times[places], in_order(times[places]), begins, channels)


def _follows(messages: Messages, ends: float) -> bool:
    return any(session.get("start_time") == ends for session in messages.get("session", ()))


def _inside(times: Column, begins: float, ends: float, *, is_last: bool) -> np.typing.NDArray[np.bool_]:
    """Tell which points lie in a session. Raises `BadData` where many lie past the end of the last one."""
    inside: np.typing.NDArray[np.bool_] = (times >= begins) & (times < ends)
    astray = int((times >= ends).sum()) if is_last else 0
    if astray > MOST_MISPLACED * (astray + int(inside.sum())):
        raise BadData(f"The clock jumped: {astray:,} of {times.size:,} points lie after the session's end.")
    return inside


def _paused(times: Column, events: Iterable[Message]) -> np.typing.NDArray[np.bool_]:
    """Tell which points a device took while its timer stood still: a pause is a gap."""
    timer = sorted(
        (
            (float(event["timestamp"]), str(event.get("event_type")))
            for event in events
            if event.get("event") == "timer" and "timestamp" in event
        ),
        key=lambda event: event[0],
    )
    paused = np.zeros(times.shape, dtype=np.bool_)
    for (stopped, kind), (went_on, following) in itertools.pairwise(timer):
        if kind in _STOPS and following == "start":
            paused |= (times > stopped) & (times < went_on)
    return paused


def _channels(points: Mapping[str, Column], messages: Messages) -> Iterable[tuple[Channel, Column]]:
    for channel, names in _FIELDS.items():
        if channel is Channel.POWER_W:
            names = (*names, *_developers_power(messages))  # noqa: PLW2901 - the same fields, and more
        columns = [points[name] for name in names if name in points]
        if not columns:
            continue
        column = columns[0]
        for less_exact in columns[1:]:
            column = np.where(np.isnan(column), less_exact, column)
        if channel is Channel.CADENCE_RPM and "fractional_cadence" in points:
            column = column + np.nan_to_num(points["fractional_cadence"])
        yield channel, column


def developers_fields(messages: Messages) -> Iterable[str]:
    """Name the developers' fields that tell something where the profile's own tell nothing."""
    described = {str(field.get("field_name")) for field in messages.get("field_description", ())}
    yield from (name for names in _FIELDS.values() for name in names if name in described)
    yield from _developers_power(messages)


def _developers_power(messages: Messages) -> Iterable[str]:
    """Name the developers' fields that hold power, such as a foot pod's."""
    for field in messages.get("field_description", ()):
        name = field.get("field_name")
        of_point = str(field.get("native_mesg_num")) in {"record", str(RECORD)}
        is_power = field.get("native_field_num") == _NATIVE_POWER
        if of_point and is_power and isinstance(name, str) and name not in _NATIVE:
            yield name


def _from_start(
    distance: Column, times: Column, begins: float, inside: np.typing.NDArray[np.bool_]
) -> Column:
    """
    Return distances since the session's start.

    Some devices count on from session to session: then the first point goes on from the last before.
    """
    before = distance[(times < begins) & ~np.isnan(distance)]
    within = distance[inside]
    known = within[~np.isnan(within)]
    goes_on = before.size > 0 and known.size > 0 and known[0] >= before[-1] > 0
    return within - before[-1] if goes_on else within


def _of_lengths(lengths: Sequence[Message], session: Message, begins: float, ends: float) -> Samples | None:
    """Return a sample at the end of each length of the pool, for swims recorded by lengths alone."""
    size = pool_length_of(session)
    if size is None:
        return None
    swum = [
        length
        for length in lengths
        if isinstance(start := length.get("start_time"), int | float)
        and begins <= start < ends
        and isinstance(length.get("total_elapsed_time"), int | float)
    ]
    if not swum:
        return None
    active = np.array([length.get("length_type") != "idle" for length in swum])
    times = np.array(
        [length["start_time"] + length["total_elapsed_time"] for length in swum], dtype=np.float64
    )
    readings = {
        Channel.DISTANCE_M: np.cumsum(active) * size,
        Channel.SPEED_MPS: _readings(swum, "avg_speed"),
        Channel.CADENCE_RPM: _readings(swum, "avg_swimming_cadence"),
    }
    return samples_from(times, in_order(times), begins, readings)


def _readings(messages: Sequence[Message], key: str) -> Column:
    values = [value if isinstance(value := message.get(key), int | float) else np.nan for message in messages]
    return np.array(values, dtype=np.float64)
