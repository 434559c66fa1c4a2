"""
An activity as a FIT file: what Garmin's profile calls an activity file.

Times are whole seconds, as FIT's are; of several samples in one second the last stays. Numbers of
messages, fields and enumerations are those of the FIT profile, version 21.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np

from training_analyzer.sdk import Activity, BadData, Channel, Sport, SwimStroke
from training_analyzer_files.timing import EARLIEST
from training_analyzer_files.writing.fit_messages import (
    ENUM,
    SINT8,
    SINT32,
    UINT8,
    UINT16,
    UINT32,
    Field,
    Values,
    fit_file,
    message,
    messages,
)
from training_analyzer_files.writing.sessions import WrittenLap, laps_of, pauses_of

FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC).timestamp()
SEMICIRCLES: Final = 2**31 / 180

FILE_ID, SESSION, LAP, RECORD, EVENT, ACTIVITY, LENGTH = 0, 18, 19, 20, 21, 34, 101
TIMER, SESSION_EVENT, LAP_EVENT, ACTIVITY_EVENT, LENGTH_EVENT = 0, 8, 9, 26, 28
START, STOP, STOP_ALL = 0, 1, 4
ACTIVITY_FILE: Final = 4
DEVELOPMENT: Final = 255
"""The manufacturer's number for programs without one of their own."""

TIMESTAMP: Final = Field(253, UINT32)
INDEX: Final = Field(254, UINT16)
EVENT_FIELD, EVENT_TYPE = Field(0, ENUM), Field(1, ENUM)

CHANNELS: Final[Mapping[Channel, Field]] = {
    Channel.LATITUDE_DEG: Field(0, SINT32, SEMICIRCLES),
    Channel.LONGITUDE_DEG: Field(1, SINT32, SEMICIRCLES),
    Channel.ALTITUDE_M: Field(78, UINT32, 5, 500),
    Channel.DISTANCE_M: Field(5, UINT32, 100),
    Channel.SPEED_MPS: Field(73, UINT32, 1000),
    Channel.HEART_RATE_BPM: Field(3, UINT8),
    Channel.POWER_W: Field(7, UINT16),
    Channel.TEMPERATURE_C: Field(13, SINT8),
}
CADENCE, FRACTIONAL_CADENCE = Field(4, UINT8), Field(53, UINT8, 128)

SPORTS: Final[Mapping[Sport, tuple[int, int]]] = {
    Sport.RIDE: (2, 0),
    Sport.RUN: (1, 0),
    Sport.SWIM: (5, 0),
    Sport.WALK: (11, 0),
    Sport.HIKE: (17, 0),
    Sport.ROW: (15, 0),
    Sport.NORDIC_SKI: (12, 0),
    Sport.ALPINE_SKI: (13, 0),
    Sport.STRENGTH: (10, 20),
    Sport.OTHER: (0, 0),
}
"""Sport and sub-sport."""
INDOOR: Final[Mapping[Sport, int]] = {Sport.RIDE: 6, Sport.RUN: 1, Sport.ROW: 14, Sport.WALK: 27}
LAP_SWIMMING: Final = 17
STROKES: Final[Mapping[SwimStroke, int]] = {
    SwimStroke.FREESTYLE: 0,
    SwimStroke.BACKSTROKE: 1,
    SwimStroke.BREASTSTROKE: 2,
    SwimStroke.BUTTERFLY: 3,
    SwimStroke.DRILL: 4,
    SwimStroke.MIXED: 5,
}


def write_fit(activity: Activity) -> bytes:
    """Return the activity as a FIT file. Raises `BadData` where its time is none that FIT can hold."""
    begins = activity.started_at.timestamp()
    if begins < EARLIEST:
        raise BadData("FIT files cannot hold a session of that time.")
    clock = _Clock(begins)
    laps = laps_of(activity)
    return fit_file(
        message(
            FILE_ID,
            [
                (Field(0, ENUM), ACTIVITY_FILE),
                (Field(1, UINT16), DEVELOPMENT),
                (Field(2, UINT16), 0),
                (Field(4, UINT32), clock(0)),
            ],
            [(8, _plain(activity.device))] if _plain(activity.device) else (),
        ),
        *_timer(activity, clock),
        *_records(activity, clock),
        *_lengths(activity, clock),
        *_laps(activity, laps, clock),
        _session(activity, laps, clock),
        message(
            ACTIVITY,
            [
                (TIMESTAMP, clock(activity.elapsed_s)),
                (Field(0, UINT32, 1000), activity.moving_s),
                (Field(1, UINT16), 1),
                (Field(2, ENUM), 0),
                (Field(3, ENUM), ACTIVITY_EVENT),
                (Field(4, ENUM), STOP),
                (
                    Field(5, UINT32),
                    None
                    if activity.utc_offset_is_guessed
                    else clock(activity.elapsed_s) + activity.utc_offset_s,
                ),
            ],
        ),
    )


class _Clock:
    """Turns seconds since the start into FIT's time: whole seconds since its epoch."""

    def __init__(self, begins: float) -> None:
        self._begins = begins - FIT_EPOCH

    def __call__(self, seconds: float) -> int:
        return math.floor(self._begins + seconds)

    def column(self, seconds: Values) -> Values:
        stamps: Values = np.floor(self._begins + seconds)
        return stamps


def _timer(activity: Activity, clock: _Clock) -> Iterator[bytes]:
    """Yield when the timer ran: a stop and a start around each pause."""
    moments: list[tuple[int, int]] = [(clock(0), START)]
    for pause in pauses_of(activity):
        moments += [(clock(pause.begins), STOP_ALL), (clock(pause.ends), START)]
    moments.append((clock(activity.elapsed_s), STOP_ALL))
    stamps, kinds = [moment for moment, _ in moments], [kind for _, kind in moments]
    yield messages(EVENT, [(TIMESTAMP, stamps), (EVENT_FIELD, [TIMER] * len(moments)), (EVENT_TYPE, kinds)])


def _records(activity: Activity, clock: _Clock) -> Iterator[bytes]:
    samples = activity.samples
    if samples is None or not len(samples):
        return
    stamps = clock.column(samples.seconds)
    kept = np.append(np.diff(stamps) > 0, True)
    columns: list[tuple[Field, Values]] = [(TIMESTAMP, stamps[kept])]
    for channel, field in CHANNELS.items():
        readings = samples.get(channel)
        if readings is not None:
            columns.append((field, readings[kept]))
    cadence = samples.get(Channel.CADENCE_RPM)
    if cadence is not None:
        whole = np.floor(cadence[kept])
        columns += [(CADENCE, whole), (FRACTIONAL_CADENCE, cadence[kept] - whole)]
    yield messages(RECORD, columns)


def _lengths(activity: Activity, clock: _Clock) -> Iterator[bytes]:
    lengths = activity.lengths
    if not lengths:
        return
    elapsed = [length.elapsed_s for length in lengths]
    yield messages(
        LENGTH,
        [
            (INDEX, list(range(len(lengths)))),
            (TIMESTAMP, [clock(length.start_s + length.elapsed_s) for length in lengths]),
            (EVENT_FIELD, [LENGTH_EVENT] * len(lengths)),
            (EVENT_TYPE, [STOP] * len(lengths)),
            (Field(2, UINT32), [clock(length.start_s) for length in lengths]),
            (Field(3, UINT32, 1000), elapsed),
            (Field(4, UINT32, 1000), elapsed),
            (
                Field(5, UINT16),
                [math.nan if length.strokes is None else length.strokes for length in lengths],
            ),
            (Field(7, ENUM), [STROKES.get(length.stroke, math.nan) for length in lengths]),
            (Field(12, ENUM), [int(length.swum) for length in lengths]),
        ],
    )


def _laps(activity: Activity, laps: Sequence[WrittenLap], clock: _Clock) -> Iterator[bytes]:
    sport, _ = _sport(activity)
    yield messages(
        LAP,
        [
            (INDEX, list(range(len(laps)))),
            (TIMESTAMP, [clock(lap.ends) for lap in laps]),
            (EVENT_FIELD, [LAP_EVENT] * len(laps)),
            (EVENT_TYPE, [STOP] * len(laps)),
            (Field(2, UINT32), [clock(lap.begins) for lap in laps]),
            (Field(7, UINT32, 1000), [lap.ends - lap.begins for lap in laps]),
            (Field(8, UINT32, 1000), [lap.timer_s for lap in laps]),
            (Field(9, UINT32, 100), [lap.distance_m for lap in laps]),
            (Field(25, ENUM), [sport] * len(laps)),
        ],
    )


def _session(activity: Activity, laps: Sequence[WrittenLap], clock: _Clock) -> bytes:
    said = activity.summary
    sport, sub_sport = _sport(activity)
    swum = sum(length.swum for length in activity.lengths)
    return message(
        SESSION,
        [
            (INDEX, 0),
            (TIMESTAMP, clock(activity.elapsed_s)),
            (EVENT_FIELD, SESSION_EVENT),
            (EVENT_TYPE, STOP),
            (Field(2, UINT32), clock(0)),
            (Field(5, ENUM), sport),
            (Field(6, ENUM), sub_sport),
            (Field(7, UINT32, 1000), activity.elapsed_s),
            (Field(8, UINT32, 1000), activity.moving_s),
            (Field(9, UINT32, 100), activity.distance_m),
            (Field(11, UINT16), said.calories_kcal),
            (Field(16, UINT8), said.average_heart_rate_bpm),
            (Field(17, UINT8), said.max_heart_rate_bpm),
            (Field(18, UINT8), said.average_cadence_rpm),
            (Field(19, UINT8), said.max_cadence_rpm),
            (Field(20, UINT16), said.average_power_w if said.power_is_measured else None),
            (Field(21, UINT16), said.max_power_w if said.power_is_measured else None),
            (Field(22, UINT16), activity.ascent_m),
            (Field(23, UINT16), said.descent_m),
            (Field(25, UINT16), 0),
            (Field(26, UINT16), len(laps)),
            (Field(28, ENUM), 0),
            (Field(33, UINT16), swum or None),
            (Field(34, UINT16), said.normalized_power_w),
            (Field(44, UINT16, 100), activity.pool_length_m),
            (Field(48, UINT32, 1000), said.work_kj if said.power_is_measured else None),
        ],
    )


def _sport(activity: Activity) -> tuple[int, int]:
    sport, sub_sport = SPORTS[activity.sport]
    if activity.sport is Sport.SWIM and activity.pool_length_m:
        return sport, LAP_SWIMMING
    return sport, INDOOR.get(activity.sport, sub_sport) if activity.indoor else sub_sport


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()
