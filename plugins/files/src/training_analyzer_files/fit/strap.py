"""
Heart rates that a strap stored by itself, as under water, and handed over to the watch afterwards.

They stand in messages of their own (`hr` in the FIT profile). One states the time of the day and the strap's
own time; those behind it hold only the last twelve bits of the strap's time, several readings each. As in
Garmin's own SDK, a point gets the mean of what was stored since the point before.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from training_analyzer.sdk import Channel, Column, Samples
from training_analyzer_files.fit.decoding import Message

_TICKS_PER_S: Final = 1024
_TWELVE_BITS: Final = 0x1000
_ALL_BITS: Final = 1 << 32
_NO_RATE: Final = 0xFF
_LONGEST_S: Final = 60.0
"""What was stored longer before a point, as in a pause, says nothing of it."""


def with_stored(samples: Samples, messages: Sequence[Message], begins: float) -> Samples:
    """Add the heart rates of the strap to samples that begin at this Unix time, where they have none."""
    times, rates = _readings(messages)
    if not times.size:
        return samples
    times = times - begins
    places = np.searchsorted(samples.seconds, times)
    fits = (places < samples.seconds.size) & (times > -1)
    fits[fits] = samples.seconds[places[fits]] - times[fits] < _LONGEST_S
    number = np.bincount(places[fits], minlength=samples.seconds.size)
    total = np.bincount(places[fits], rates[fits], minlength=samples.seconds.size)
    stored = np.where(number > 0, np.rint(total / np.maximum(number, 1)), np.nan)
    known = samples.get(Channel.HEART_RATE_BPM)
    merged = stored if known is None else np.where(np.isnan(known), stored, known)
    if np.isnan(merged).all():
        return samples
    return Samples(samples.seconds, {**samples.channels, Channel.HEART_RATE_BPM: merged}, samples.left_out)


def _readings(messages: Sequence[Message]) -> tuple[Column, Column]:
    """Return Unix times and heart rates."""
    times: list[Column] = [np.empty(0)]
    rates: list[Column] = [np.empty(0)]
    anchor_s, anchor, last = np.nan, 0, 0
    for message in messages:
        beats = _numbers(message.get("filtered_bpm"))
        ticks = _ticks(message, last)
        if ticks.size != beats.size or not ticks.size:
            continue
        last = int(ticks[-1])
        if isinstance(stated := message.get("timestamp"), int | float):
            fraction = next(iter(_numbers(message.get("fractional_timestamp"))), 0.0)
            anchor_s, anchor = stated + np.nan_to_num(fraction), ticks[0]
        times.append(anchor_s + (ticks - anchor) / _TICKS_PER_S)
        rates.append(np.where((beats > 0) & (beats < _NO_RATE), beats, np.nan))
    every_time, every_rate = np.concatenate(times), np.concatenate(rates)
    is_known = np.isfinite(every_time) & np.isfinite(every_rate)
    return every_time[is_known], every_rate[is_known]


def _ticks(message: Message, last: int) -> "np.typing.NDArray[np.int64]":
    """Return when the strap measured, in 1024ths of a second by its clock, which goes on from `last`."""
    if isinstance(packed := message.get("event_timestamp_12"), bytes):
        octets = np.frombuffer(packed[: len(packed) // 3 * 3], np.uint8).astype(np.int64).reshape(-1, 3)
        first, second, third = octets.T
        bits = np.column_stack([first | (second & 0x0F) << 8, second >> 4 | third << 4]).ravel()
        period = _TWELVE_BITS
    else:
        whole = _numbers(message.get("event_timestamp")) * _TICKS_PER_S
        bits, period = np.rint(whole[(whole >= 0) & (whole < _ALL_BITS)]).astype(np.int64), _ALL_BITS
    return last + np.cumsum(np.diff(bits, prepend=last) % period)


def _numbers(value: object) -> Column:
    """Return the numbers of a field that may hold several, NaN for what is none."""
    several = value if isinstance(value, list) else [value]
    return np.array([one if isinstance(one, int | float) else np.nan for one in several], dtype=np.float64)
