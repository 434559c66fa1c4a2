"""Fewer points of a recording, for a chart that could not show them all."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training_analyzer.domain.activity import Channel, Column, Samples

HALF_TURN_DEG: Final = 180.0
TURN_DEG: Final = 360.0

Places = NDArray[np.intp]
"""Where among the samples each point begins."""


def recorded(samples: Samples) -> list[Channel]:
    """Return the channels that hold any reading, in the order in which channels are declared."""
    return [channel for channel in Channel if samples.get(channel) is not None]


def chosen(samples: Samples, channels: Iterable[Channel]) -> Samples:
    """Return these channels alone."""
    return Samples(samples.seconds, {one: samples.channels[one] for one in channels}, samples.left_out)


def points(samples: Samples, resolution_s: int) -> int:
    """Return how many points `thinned` makes of them."""
    return _firsts(samples, resolution_s).size


def thinned(samples: Samples, resolution_s: int) -> Samples:
    """
    Return one point for each `resolution_s` seconds since the start in which there is a sample.

    A point stands at the beginning of its seconds, and has the mean of the readings in them. Missing
    readings count for nothing; where there is no reading at all, it stays missing.
    """
    if not len(samples):
        return samples
    firsts = _firsts(samples, resolution_s)
    return Samples(
        np.floor(samples.seconds[firsts] / resolution_s) * resolution_s,
        {
            channel: _longitudes(readings, firsts)
            if channel is Channel.LONGITUDE_DEG
            else _means(readings, firsts)
            for channel, readings in samples.channels.items()
        },
        samples.left_out,
    )


def _firsts(samples: Samples, resolution_s: int) -> Places:
    numbers = np.floor(samples.seconds / resolution_s)
    return np.flatnonzero(np.diff(numbers, prepend=np.nan) != 0)


def _means(readings: Column, firsts: Places) -> Column:
    there = ~np.isnan(readings)
    sums = np.add.reduceat(np.where(there, readings, 0.0), firsts)
    counts = np.add.reduceat(there.astype(np.float64), firsts)
    means: Column = np.divide(sums, counts, out=np.full(firsts.size, np.nan), where=counts > 0)
    return means


def _longitudes(readings: Column, firsts: Places) -> Column:
    """Return the means; between 179° and -179° lies the date line, and not Greenwich."""
    there = readings[~np.isnan(readings)]
    if not there.size or np.ptp(there) <= HALF_TURN_DEG:
        return _means(readings, firsts)
    means = _means(readings % TURN_DEG, firsts)
    means[means > HALF_TURN_DEG] -= TURN_DEG
    return means
