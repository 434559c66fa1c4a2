"""What detectors of thresholds share: efforts out of curves, how they are told, and what their age does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from training_analyzer.sdk import Confidence, Curve, Evidence, MeasuredActivity, MetricKey
from training_analyzer_metrics_default.curves import POWER_CURVE

RECENT_DAYS: Final = 42
"""The time constant of fitness: a threshold of longer ago may have faded, or grown (ours)."""
_ONE_LESS: Final = {
    Confidence.HIGH: Confidence.MEDIUM,
    Confidence.MEDIUM: Confidence.LOW,
    Confidence.LOW: Confidence.LOW,
}


@dataclass(frozen=True, slots=True)
class PowerEffort:
    """The best of one duration, and where it was."""

    seconds: float
    power_w: float
    activity_id: UUID
    day: date
    start_s: float | None

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            text=f"{spoken(self.seconds)} at {self.power_w:.0f} W",
            day=self.day,
            activity_id=self.activity_id,
            start_s=self.start_s,
        )


def power_efforts(activity: MeasuredActivity) -> Iterator[PowerEffort]:
    """Yield each duration of the activity's power curve."""
    measured = activity.measurements.get(POWER_CURVE.key)
    if measured is None or not isinstance(measured.value, Curve):
        return
    curve = measured.value
    starts = curve.starts_s or (None,) * len(curve.values)
    for seconds, power_w, start_s in zip(curve.seconds, curve.values, starts, strict=True):
        yield PowerEffort(seconds, power_w, activity.id, activity.day, start_s)


def points_of(activity: MeasuredActivity, key: MetricKey) -> list[tuple[float, float]]:
    """Return each duration of a curve, and the value there; nothing where there is no curve."""
    measured = activity.measurements.get(key)
    if measured is None or not isinstance(measured.value, Curve):
        return []
    return list(zip(measured.value.seconds, measured.value.values, strict=True))


def spoken(seconds: float) -> str:
    """Write a duration as athletes say it."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def aged(explanation: str, confidence: Confidence, day: date, today: date) -> tuple[str, Confidence]:
    """
    Say of an effort of long ago that it is, and be less sure of it.

    A value itself never decays: how fast a threshold fades, training alone does not tell.
    """
    if (today - day).days <= RECENT_DAYS:
        return explanation, confidence
    return f"{explanation} That was more than six weeks ago: it may have changed since.", _ONE_LESS[
        confidence
    ]
