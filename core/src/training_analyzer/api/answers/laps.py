"""The parts of a session, as the API answers with them."""

from typing import Self

from training_analyzer.api.answers.answer import Answer
from training_analyzer.domain.activity import Activity, PoolLength, SwimStroke


class LapAnswer(Answer):
    """A part of a session, as the device or the athlete cut it."""

    start_s: float
    """Seconds since the start of the activity."""
    elapsed_s: float
    """How long it took, pauses included."""
    distance_m: float | None
    """Null where it was not recorded."""


class LengthAnswer(Answer):
    """One length of a pool, or a rest at the wall."""

    start_s: float
    """Seconds since the start of the activity."""
    elapsed_s: float
    """How long it took."""
    swum: bool
    """False: a rest."""
    strokes: int | None
    """Null where they were not counted."""
    stroke: SwimStroke
    """As the device guessed it from the movement of the arm."""
    swolf: float | None
    """Seconds and strokes together. Null for rests, drills, and where strokes were not counted."""
    pace_s_per_100m: float | None
    """Null for rests, and where the pool's length is not known."""

    @classmethod
    def of(cls, length: PoolLength, pool_length_m: float | None) -> Self:
        counts = length.swum and length.strokes and length.stroke is not SwimStroke.DRILL
        return cls(
            start_s=length.start_s,
            elapsed_s=length.elapsed_s,
            swum=length.swum,
            strokes=length.strokes,
            stroke=length.stroke,
            swolf=length.elapsed_s + length.strokes if counts and length.strokes else None,
            pace_s_per_100m=length.elapsed_s * 100 / pool_length_m if length.swum and pool_length_m else None,
        )


class LapsAnswer(Answer):
    """The parts of a session."""

    laps: list[LapAnswer]
    """As the device or the athlete cut them, in order."""
    pool_length_m: float | None
    """Of a swim in a pool; else null."""
    lengths: list[LengthAnswer]
    """Of a pool, where the device counted them."""

    @classmethod
    def of(cls, activity: Activity) -> Self:
        return cls(
            laps=[
                LapAnswer(start_s=lap.start_s, elapsed_s=lap.elapsed_s, distance_m=lap.distance_m)
                for lap in activity.laps
            ],
            pool_length_m=activity.pool_length_m,
            lengths=[LengthAnswer.of(length, activity.pool_length_m) for length in activity.lengths],
        )
