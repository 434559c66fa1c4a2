"""The lengths of a pool, as a watch counted them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from training_analyzer.sdk import PoolLength, SwimStroke
from training_analyzer_files.fit.decoding import Message

LONGEST_POOL_M: Final = 1000
_STROKES: Final[Mapping[str, SwimStroke]] = {
    **{str(stroke): stroke for stroke in SwimStroke},
    "im": SwimStroke.MIXED,
    "im_by_round": SwimStroke.MIXED,
    "rimo": SwimStroke.MIXED,
}


def pool_length_of(session: Message) -> float | None:
    """Return the length of the pool in metres; None where the session was in none."""
    size = session.get("pool_length")
    if isinstance(size, bool) or not isinstance(size, int | float) or not 0 < size < LONGEST_POOL_M:
        return None
    return float(size)


def lengths_of(messages: Sequence[Message], begins: float, ends: float) -> Iterator[PoolLength]:
    """Yield the lengths of a session, and the rests between them, in the order of the file."""
    for message in messages:
        start, elapsed = message.get("start_time"), message.get("total_elapsed_time")
        if not isinstance(start, int | float) or not isinstance(elapsed, int | float):
            continue
        if not begins <= start < ends or not 0 <= elapsed < ends - begins:
            continue
        strokes = message.get("total_strokes")
        yield PoolLength(
            start_s=start - begins,
            elapsed_s=elapsed,
            swum=message.get("length_type") != "idle",
            strokes=strokes if isinstance(strokes, int) and strokes >= 0 else None,
            stroke=_STROKES.get(str(message.get("swim_stroke")), SwimStroke.UNKNOWN),
        )
