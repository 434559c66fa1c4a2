"""Swimming: pace for 100 m, what the swim cost by pace, and SWOLF of a pool's lengths."""

from collections.abc import Iterable
from typing import ClassVar, Final

from training_analyzer.sdk import (
    Activity,
    ActivityInput,
    ActivityMetrics,
    Combination,
    Measurement,
    Metric,
    Sport,
    SwimStroke,
)
from training_analyzer_metrics_default.power import SECONDS_PER_HOUR
from training_analyzer_metrics_default.reasons import Reason, absent
from training_analyzer_metrics_default.session import moved_s, session_speed

SWIM_PACE: Final = Metric(
    key="metrics_default.swim_pace",
    title="Swim pace",
    unit="s/100m",
    explanation="The time that you took for 100 m, on average while swimming.",
    formula="100 * moving time / distance",
    source="arithmetic",
    edge_cases=("Rests at the wall do not count, where the device takes them out of its time.",),
    elsewhere={"Garmin": "the same, by timer time"},
)
SWIM_STRESS: Final = Metric(
    key="metrics_default.swim_training_stress",
    title="Swim training stress (sTSS)",
    unit="",
    explanation="What the swim cost, measured by pace: one hour at your threshold pace is 100.",
    formula="100 * hours on the move * (speed / threshold speed)^3",
    source="TrainingPeaks (Swim TSS); cubed, because water resists with the square of speed",
    combination=Combination.SUM,
    edge_cases=(
        "Made from distance and time, not from samples.",
        "Absent without a threshold pace for swimming.",
    ),
    elsewhere={"TrainingPeaks": "the same", "GoldenCheetah": "SwimScore: from a model of power"},
)
SWOLF: Final = Metric(
    key="metrics_default.swolf",
    title="SWOLF",
    unit="",
    explanation="Seconds and strokes for one length of the pool, added: less is more efficient.",
    formula="mean over lengths of (seconds + strokes)",
    source="Garmin's term; strokes as the device counts them (from memory)",
    decimals=1,
    edge_cases=(
        "Rests at the wall, drills and lengths without counted strokes are left out.",
        "Only swims in pools of one length compare: a length of 50 m takes about twice as much.",
    ),
    elsewhere={"Garmin": "the same, of each length and on average"},
)


class SwimmingMetrics(ActivityMetrics):
    """
    Pace, stress and SWOLF of a swim.

    Pace and stress are made from distance and moving time, also by definition: a pool's lengths are
    counted, and no satellite sees them.
    """

    family: ClassVar[str] = "Swimming"
    metrics: ClassVar[tuple[Metric, ...]] = (SWIM_PACE, SWIM_STRESS, SWOLF)
    thresholds: ClassVar[frozenset[str]] = frozenset({"threshold_speed_mps"})
    version: ClassVar[int] = 5

    def measure(self, given: ActivityInput) -> Iterable[Measurement]:
        if given.activity.sport is not Sport.SWIM:
            return []
        swolf = _swolf(given.activity)
        speed_mps = session_speed(given.activity)
        if isinstance(speed_mps, Reason):
            return [absent(SWIM_PACE, speed_mps), absent(SWIM_STRESS, speed_mps), swolf]
        pace = Measurement(key=SWIM_PACE.key, value=100 / speed_mps, method="distance")
        threshold_mps = given.athlete.thresholds.threshold_speed_mps
        if threshold_mps is None:
            return [pace, absent(SWIM_STRESS, Reason.NO_THRESHOLD_SPEED), swolf]
        hours = moved_s(given.activity) / SECONDS_PER_HOUR
        stress = Measurement(
            key=SWIM_STRESS.key,
            value=100 * hours * (speed_mps / threshold_mps) ** 3,
            method="pace",
            thresholds={"threshold_speed_mps": threshold_mps},
        )
        return [pace, stress, swolf]


def _swolf(activity: Activity) -> Measurement:
    """Return the mean over the lengths whose strokes were counted."""
    scores = [
        length.elapsed_s + length.strokes
        for length in activity.lengths
        if length.swum and length.strokes and length.stroke is not SwimStroke.DRILL
    ]
    if not scores:
        return absent(SWOLF, Reason.NO_STROKES)
    return Measurement(key=SWOLF.key, value=sum(scores) / len(scores), method="lengths")
