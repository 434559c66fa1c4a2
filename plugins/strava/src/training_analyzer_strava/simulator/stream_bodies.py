"""
Answers to requests for streams, built once and kept for the activities that were asked for last.

- `keys` is a comma list; a key that the activity lacks is missing from the answer, and an unknown one is
  ignored.
- `distance` comes even when it was not asked for; without `keys` it comes alone.
- With `key_by_type=true` the answer is an object, otherwise a list whose members have a `type`.
- Every stream is sent in full (`resolution` is always `high`); all of them have the same length, and a
  missing sample is null.
"""

from collections import OrderedDict

from training_analyzer_strava.simulator.world import Streams

STREAM_KEYS = (
    "moving",
    "latlng",
    "velocity_smooth",
    "grade_smooth",
    "cadence",
    "watts",
    "heartrate",
    "temp",
    "distance",
    "altitude",
    "time",
)


def wanted_keys(keys: str | None) -> tuple[str, ...]:
    """The streams to send for the parameter `keys`, in the order in which they are sent."""
    asked = {*(keys or "").split(","), "distance"}
    return tuple(key for key in STREAM_KEYS if key in asked)


def streams_body(streams: Streams, keys: tuple[str, ...], *, by_type: bool) -> bytes:
    """The answer's body."""
    tail = b',"series_type":"%b","original_size":%d,"resolution":"high"}' % (
        streams.series_type.encode(),
        streams.length,
    )
    present = [(key.encode(), streams.data[key]) for key in keys if key in streams.data]
    if by_type:
        return b"{" + b",".join(b'"%b":{"data":%b%b' % (key, data, tail) for key, data in present) + b"}"
    return b"[" + b",".join(b'{"type":"%b","data":%b%b' % (key, data, tail) for key, data in present) + b"]"


class StreamBodies:
    """Bodies by activity, keys and form; the activity that was asked for longest ago is dropped first."""

    def __init__(self, activities: int) -> None:
        self._activities = activities
        self._kept: OrderedDict[int, dict[tuple[tuple[str, ...], bool], bytes]] = OrderedDict()

    def kept(self, activity_id: int, keys: tuple[str, ...], *, by_type: bool) -> bytes | None:
        """The body that was built before; None if there is none."""
        bodies = self._kept.get(activity_id)
        if bodies is None:
            return None
        self._kept.move_to_end(activity_id)
        return bodies.get((keys, by_type))

    def drop(self, activity_id: int) -> None:
        """Forget an activity's bodies, because its streams have changed."""
        self._kept.pop(activity_id, None)

    def build(self, activity_id: int, streams: Streams, keys: tuple[str, ...], *, by_type: bool) -> bytes:
        """Build a body and keep it."""
        body = streams_body(streams, keys, by_type=by_type)
        self._kept.setdefault(activity_id, {})[keys, by_type] = body
        self._kept.move_to_end(activity_id)
        while len(self._kept) > self._activities:
            self._kept.popitem(last=False)
        return body
