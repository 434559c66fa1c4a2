"""What a device has recorded of an outing, rounded as Strava rounds it: columns of equal length."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training_analyzer_strava.simulator.efforts import Floats
from training_analyzer_strava.simulator.faults import encoded
from training_analyzer_strava.simulator.world import Streams

DECIMALS = {"distance": 1, "altitude": 1, "velocity_smooth": 3, "grade_smooth": 1, "latlng": 6}


@dataclass(frozen=True)
class Samples:
    """
    Time in whole seconds from the start, whether the athlete moved in the step that ends there, and the
    readings.

    A reading that is missing is NaN; a channel that the device has not is not there. `latlng` has two
    columns.
    """

    time_s: npt.NDArray[np.int64]
    moving: npt.NDArray[np.bool_]
    readings: dict[str, Floats]

    def reading(self, channel: str) -> Floats | None:
        """One channel without its missing readings; None if the device has no such channel."""
        values = self.readings.get(channel)
        return None if values is None else values[~np.isnan(values)]

    @property
    def moving_s(self) -> int:
        """How long the athlete moved: the steps that end in a moving sample."""
        return int(np.diff(self.time_s)[self.moving[1:]].sum())

    def as_streams(self, keys: Collection[str]) -> Streams:
        """Those of Strava's streams `keys` that there are."""
        readings = {key: values for key, values in self.readings.items() if key in keys}
        data = {key: _encoded_reading(key, values) for key, values in readings.items()}
        if "time" in keys:
            data["time"] = encoded(self.time_s.tolist())
        if "moving" in keys:
            data["moving"] = encoded(self.moving.tolist())
        by = "distance" if "distance" in self.readings else "time"
        return Streams(data, self.time_s.size, by)


def rounded(channel: str, values: Floats) -> Floats:
    """Readings with the number of decimals that Strava sends."""
    return np.round(values, DECIMALS.get(channel, 0))


def _encoded_reading(channel: str, values: Floats) -> bytes:
    missing = np.flatnonzero(np.isnan(values)) if values.ndim == 1 else ()
    listed = values.tolist() if channel in DECIMALS else np.nan_to_num(values).astype(int).tolist()
    for index in missing:
        listed[index] = None
    return encoded(listed)
